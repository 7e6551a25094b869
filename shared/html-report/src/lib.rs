//! The report of a run as one HTML page that needs nothing else: the map of protection with the drift in place, the findings, and the
//! evidence. Pure: an answer and a spec go in, a text comes out.

mod answer;
mod map;
mod next_runs;
mod page;

use reconcile::desired::Desired;
use serde_json::Value;
use time::OffsetDateTime;

pub use next_runs::NextRuns;

/// What the page is made of.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The answer of the function, or of the terminal: the contract's JSON.
    pub answer: &'a Value,
    /// The spec that it was judged by.
    pub desired: &'a Desired,
    /// The next runs of the plans, where they are known.
    pub next_runs: &'a NextRuns,
    /// When the account was looked at.
    pub at: Option<OffsetDateTime>,
    /// What else the reader should know of the run, as label and value: who looked, where the spec came from, which endpoint.
    pub facts: &'a [(&'static str, String)],
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum HtmlError {
    /// The answer is not what the contract says.
    #[error("the answer is not one of drift-healer's")]
    Answer(#[from] serde_json::Error),
    /// The template could not be filled in.
    #[error("the page could not be made")]
    Template(#[from] minijinja::Error),
}

/// The page.
///
/// # Errors
/// When the answer lacks what the contract says.
pub fn html(source: &Source<'_>) -> Result<String, HtmlError> {
    page::render(source)
}
