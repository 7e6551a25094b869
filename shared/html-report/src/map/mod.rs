//! The map of protection: which rule of which plan writes into which vault, what keeps that vault, and where its copies go. Each thing
//! carries the mark of what was found about it.

mod arrange;
mod draw;
mod mark;

use serde::Serialize;

pub(crate) use draw::{draw, key_name};
pub(crate) use mark::{Mark, Marks};

/// A drawing, in its own units.
#[derive(Debug, Serialize)]
pub(crate) struct Map {
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) headings: Vec<Heading>,
    pub(crate) edges: Vec<Edge>,
    pub(crate) boxes: Vec<Box>,
}

/// A text over a column, or over the things of one region.
#[derive(Debug, Serialize)]
pub(crate) struct Heading {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) text: String,
}

/// A thing with its lines.
#[derive(Debug, Serialize)]
pub(crate) struct Box {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
    /// For who cannot see it: what it is, and what was found.
    pub(crate) label: String,
    pub(crate) mark: Mark,
    pub(crate) lines: Vec<Line>,
}

/// A line of a box.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    pub(crate) y: i32,
    /// As much as there is room for.
    pub(crate) text: String,
    /// All of it, where that is more.
    pub(crate) whole: Option<String>,
    pub(crate) is_title: bool,
    pub(crate) mark: Mark,
}

/// A way that recovery points take.
#[derive(Debug, Serialize)]
pub(crate) struct Edge {
    pub(crate) path: String,
    pub(crate) mark: Mark,
}
