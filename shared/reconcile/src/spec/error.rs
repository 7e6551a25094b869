//! What is said of a spec: every mistake of a refused one, and every warning of a valid one, with its place and its line, printed the
//! way a compiler prints one.

use std::fmt;
use std::ops::Range;

use super::reader::Spot;
use crate::words::{clean, clip, is_unseen, written_out};

/// One mistake in a spec.
pub type SpecError = SpecRemark;

/// One thing that a valid spec says, and that probably means something else than it seems to.
pub type SpecWarning = SpecRemark;

/// Something that is said of a place in a spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecRemark {
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// Where in the document, such as `plans[0].rules[1].schedule`; empty when the text is not TOML.
    pub path: String,
    /// What is wrong with it, and what to write instead.
    pub message: String,
    source_line: String,
    /// Where in `source_line` it is, in bytes.
    mark: Range<usize>,
}

impl SpecRemark {
    /// A remark of which only the place and the words are kept.
    pub fn in_words(line: usize, column: usize, path: &str, message: &str) -> Self {
        let (path, message) = (path.to_owned(), message.to_owned());
        Self { line, column, path, message, source_line: String::new(), mark: 0..0 }
    }
}

/// The most characters of a line that are shown before the place, and of it in all.
const SHOWN_BEFORE: usize = 400;
const SHOWN: usize = 800;
/// The most bytes of a message. Its beginning has what is wrong and its end what to write instead; a name of a megabyte is in between.
const LONGEST: usize = 600;
/// The most remarks that are printed of one spec.
pub const PRINTED: usize = 50;

/// All remarks of a spec, in the order of its lines, found in one walk through the text.
pub(super) fn remarks(source: &str, mut notes: Vec<(Spot, String)>) -> Vec<SpecRemark> {
    notes.sort_by(|(a, _), (b, _)| (a.span.start, &a.path).cmp(&(b.span.start, &b.path)));
    let (mut line, mut line_start, mut column, mut at) = (1, 0, 1, 0);
    let mut remarks = Vec::new();
    for (spot, message) in notes {
        let start = source.floor_char_boundary(spot.span.start.min(source.len())).max(at);
        let passed = &source[at..start];
        if let Some(newline) = passed.rfind('\n') {
            line += passed.matches('\n').count();
            line_start = at + newline + 1;
            column = 1 + source[line_start..start].chars().count();
        } else {
            column += passed.chars().count();
        }
        at = start;
        let before = &source[line_start..start];
        let end = source.floor_char_boundary(spot.span.end.min(source.len())).max(start);
        let (source_line, mark) = excerpt(before, &source[start..], end - start);
        let message = shortened(&written_out(&message));
        remarks.push(SpecRemark { line, column, path: spot.path, message, source_line, mark });
    }
    remarks
}

/// The part of a line around a place, each character as wide as it was and none that moves a terminal's cursor or turns a line around;
/// and where in it the place is.
fn excerpt(before: &str, rest: &str, length: usize) -> (String, Range<usize>) {
    let shown = |c: char| if c != '\t' && is_unseen(c) { '\u{fffd}' } else { c };
    let cut = before.char_indices().rev().nth(SHOWN_BEFORE - 1).map_or(0, |(at, _)| at);
    let mut text = String::from(if cut > 0 { "…" } else { "" });
    text.extend(before[cut..].chars().map(shown));
    let start = text.len();
    let mut end = start;
    for (at, c) in rest.char_indices().take(SHOWN - SHOWN_BEFORE).take_while(|(_, c)| *c != '\n') {
        text.push(shown(c));
        if at < length && !c.is_whitespace() {
            end = text.len();
        }
    }
    let cut = rest.chars().nth(SHOWN - SHOWN_BEFORE).is_some();
    let is_cut = cut && !rest.chars().take(SHOWN - SHOWN_BEFORE + 1).any(|c| c == '\n');
    let kept = text.trim_end().len().max(end);
    text.truncate(kept);
    if is_cut {
        text.push('…');
    }
    let first = text.get(start..).and_then(|text| text.chars().next()).map_or(0, char::len_utf8);
    (text, start..end.max(start + first))
}

/// The beginning and the end.
fn shortened(message: &str) -> String {
    if message.len() <= LONGEST {
        return message.to_owned();
    }
    let (head, tail) =
        (message.floor_char_boundary(LONGEST / 2), message.ceil_char_boundary(message.len() - LONGEST / 2));
    format!("{} ... {}", &message[..head], &message[tail..])
}

impl SpecRemark {
    /// The line of the spec that it is about; of a long one the part around the place.
    pub fn source_line(&self) -> &str {
        &self.source_line
    }

    /// Where in [`source_line`](Self::source_line) it is, in bytes.
    pub fn mark(&self) -> Range<usize> {
        self.mark.clone()
    }

    /// Where in the document, as a person can see it.
    pub fn place(&self) -> String {
        clip(&clean(&self.path), LONGEST)
    }

    /// Line and column, path and message, without a line break: a build script has one line for each of its warnings.
    pub fn in_one_line(&self) -> String {
        let Self { line, column, path, message, .. } = self;
        let path = if path.is_empty() { String::new() } else { format!("{}: ", self.place()) };
        format!("{line}:{column}: {path}{message}")
    }
}

impl fmt::Display for SpecRemark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.in_one_line())?;
        let number = self.line.to_string();
        let gutter = " ".repeat(number.len());
        // A tab is as wide in the caret's line as in the line above it.
        let before = self.source_line[..self.mark.start].chars();
        let indent: String = before.map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let width = self.source_line[self.mark.clone()].chars().count().max(1);
        writeln!(f, "{gutter} |")?;
        writeln!(f, "{number} | {}", self.source_line)?;
        write!(f, "{gutter} | {indent}{}", "^".repeat(width))
    }
}

impl std::error::Error for SpecRemark {}

/// All mistakes of one spec, in the order of its lines; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecErrors {
    file: String,
    errors: Vec<SpecError>,
}

impl SpecErrors {
    pub(super) fn new(errors: Vec<SpecError>) -> Self {
        Self { file: "desired.toml".to_owned(), errors }
    }

    /// The same mistakes, printed with another file name than `desired.toml`.
    pub fn in_file(self, file: &str) -> Self {
        Self { file: clean(file), ..self }
    }

    /// The mistakes that are printed, and how many there are beside them.
    pub fn printed(&self) -> (&[SpecError], usize) {
        let printed = &self.errors[..self.errors.len().min(PRINTED)];
        (printed, self.errors.len() - printed.len())
    }

    /// The name of the file.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// How many mistakes there are, and that the file is refused.
    pub fn verdict(&self) -> String {
        match self.errors.len() {
            1 => format!("1 mistake: {} is refused", self.file),
            count => format!("{count} mistakes: {} is refused", self.file),
        }
    }

    /// The mistakes, each alone.
    pub fn iter(&self) -> std::slice::Iter<'_, SpecError> {
        self.errors.iter()
    }
}

impl fmt::Display for SpecErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (printed, more) = self.printed();
        for error in printed {
            writeln!(f, "{}:{error}\n", self.file)?;
        }
        if more > 0 {
            writeln!(f, "... and {more} more\n")?;
        }
        f.write_str(&self.verdict())
    }
}

impl std::error::Error for SpecErrors {}

/// A valid spec that does not fit the account or the regions that it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// The account's partition is not one that ARNs have.
    #[error(
        "{0:?} is not a partition; take it from the function's own ARN, which begins with arn:aws: or, for example, arn:aws-us-gov:"
    )]
    Partition(String),
    /// The account is not an account id.
    #[error("{0:?} is not an account id; take the 12 digits from the function's own ARN")]
    Account(String),
    /// A region that overrides the spec's is not a region.
    #[error(
        "the {name} region is overridden with {region:?}, which is no region; write one such as us-east-1"
    )]
    Region {
        /// `primary` or `dr`.
        name: &'static str,
        /// What was given.
        region: String,
    },
    /// A region is overridden that the spec does not have.
    #[error(
        "the {0} region is overridden, but the spec has no such region; add it to [regions] or drop the override"
    )]
    NoSuchRegion(&'static str),
    /// After overriding, two of the spec's regions are one.
    #[error(
        "the regions {first} and {second} of the spec are both {region}; override them with different ones"
    )]
    SameRegion {
        /// One name.
        first: String,
        /// The other name.
        second: String,
        /// The region of both.
        region: String,
    },
    /// After overriding, two of the spec's regions are of two partitions.
    #[error(
        "the regions {first} ({first_region}) and {second} ({second_region}) of the spec are in two partitions; an account has regions of one partition only, so override them with regions of one"
    )]
    TwoPartitions {
        /// One name.
        first: String,
        /// Its region.
        first_region: String,
        /// The other name.
        second: String,
        /// Its region.
        second_region: String,
    },
    /// What is written twice in different ways.
    #[error("{0} is in the spec twice once the account is filled in; drop one of the two")]
    Twice(String),
    /// A region is not one of the account's.
    #[error(
        "the region {name} of the spec is {region}, which is not in {partition}, the partition of this account; override it with a region of that partition"
    )]
    OtherPartition {
        /// Its name.
        name: String,
        /// The region.
        region: String,
        /// The account's partition.
        partition: String,
    },
}
