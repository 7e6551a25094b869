//! What is said of a spec: every mistake of a refused one, and every warning of a valid one, with its place and its line, printed the
//! way a compiler prints one.

use std::fmt;

use super::reader::Spot;
use crate::words::is_unseen;

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
    width: usize,
}

impl SpecRemark {
    pub(super) fn new(source: &str, spot: &Spot, message: String) -> Self {
        let start = spot.span.start.min(source.len());
        let line_start = source[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = source[start..].find('\n').map_or(source.len(), |newline| start + newline);
        let end = spot.span.end.clamp(start, line_end);
        Self {
            line: source[..start].matches('\n').count() + 1,
            column: source[line_start..start].chars().count() + 1,
            path: spot.path.clone(),
            message,
            source_line: source[line_start..line_end].trim_end().to_owned(),
            width: source[start..end].trim_end().chars().count().max(1),
        }
    }

    /// The line of the spec that it is about.
    pub fn source_line(&self) -> &str {
        &self.source_line
    }

    /// Line and column, path and message, without a line break: a build script has one line for each of its warnings.
    pub fn in_one_line(&self) -> String {
        let Self { line, column, path, message, .. } = self;
        let path = if path.is_empty() { String::new() } else { format!("{path}: ") };
        format!("{line}:{column}: {path}{message}")
    }
}

impl fmt::Display for SpecRemark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.in_one_line())?;
        let number = self.line.to_string();
        let gutter = " ".repeat(number.len());
        // A tab is as wide in the caret's line as in the line above it.
        let indent: String = self
            .source_line
            .chars()
            .take(self.column - 1)
            .map(|c| if c == '\t' { '\t' } else { ' ' })
            .collect();
        writeln!(f, "{gutter} |")?;
        // Each as wide as before, and nothing that moves a terminal's cursor or turns a line around.
        let shown: String = self
            .source_line
            .chars()
            .map(|c| if c != '\t' && is_unseen(c) { '\u{fffd}' } else { c })
            .collect();
        writeln!(f, "{number} | {shown}")?;
        write!(f, "{gutter} | {indent}{}", "^".repeat(self.width))
    }
}

impl std::error::Error for SpecRemark {}

/// In the order of the lines.
pub(super) fn in_order(mut remarks: Vec<SpecRemark>) -> Vec<SpecRemark> {
    remarks.sort_by(|a, b| (a.line, a.column, &a.path).cmp(&(b.line, b.column, &b.path)));
    remarks
}

/// All mistakes of one spec, in the order of its lines; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecErrors {
    file: String,
    errors: Vec<SpecError>,
}

impl SpecErrors {
    pub(super) fn new(errors: Vec<SpecError>) -> Self {
        let errors = in_order(errors);
        Self { file: "desired.toml".to_owned(), errors }
    }

    /// The same mistakes, printed with another file name than `desired.toml`.
    pub fn in_file(self, file: &str) -> Self {
        Self { file: file.to_owned(), ..self }
    }

    /// The mistakes, each alone.
    pub fn iter(&self) -> std::slice::Iter<'_, SpecError> {
        self.errors.iter()
    }
}

impl fmt::Display for SpecErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for error in &self.errors {
            writeln!(f, "{}:{error}\n", self.file)?;
        }
        match self.errors.len() {
            1 => write!(f, "1 mistake: {} is refused", self.file),
            count => write!(f, "{count} mistakes: {} is refused", self.file),
        }
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
