//! A run in the forms that other programs take.

mod junit;
mod markdown;
mod ocsf;

use html_report::{NextRuns, Source};

use crate::look::Look;
use crate::output::Format;
use crate::text::{self, Extent, Page};

/// A run in a form, ending with a line break.
pub fn render(look: &Look, format: Format, extent: Extent, page: Page) -> anyhow::Result<String> {
    Ok(match format {
        Format::Text => text::lines(look, extent, page).join("\n") + "\n",
        Format::Json => format!("{:#}\n", look.to_json()),
        Format::Markdown => markdown::page(look, extent.least),
        Format::Html => page_of(look)?,
        Format::Ocsf => format!("{:#}\n", ocsf::findings(look, extent.least)),
        Format::Junit => junit::suites(look, extent.least),
    })
}

fn page_of(look: &Look) -> anyhow::Result<String> {
    let report = &look.answer.report;
    let source = Source {
        answer: &look.answer.to_json(),
        desired: &look.desired,
        next_runs: &NextRuns::of(&report.liveness),
        at: report.at,
        facts: &look.facts(),
    };
    Ok(html_report::html(&source)?)
}
