//! Which attribute of a resource a drift is about, as a path of members and names.

use std::fmt;

/// A part of the path that a code declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment {
    /// A member of the spec's tables.
    Member(&'static str),
    /// The name of one of several.
    Named(Of),
}

/// What a name in a path is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A rule that the spec gives the plan.
    Rule,
    /// The destination of a copy that the spec gives one of the plan's rules.
    Copy,
    /// A managed policy that the spec gives the role.
    ManagedPolicy,
    /// Something that is not in the spec.
    Other,
}

/// An attribute of a resource; empty for the resource itself. Reports write it with dots:
/// `rules.daily_backup_rule.delete_after_days`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attribute(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Member(&'static str),
    Name(String),
}

impl Attribute {
    /// The resource itself.
    pub fn whole() -> Self {
        Self::default()
    }

    /// Deeper by a member.
    pub(super) fn member(mut self, name: &'static str) -> Self {
        self.0.push(Step::Member(name));
        self
    }

    /// Deeper by a name.
    pub(super) fn name(mut self, name: &str) -> Self {
        self.0.push(Step::Name(name.to_owned()));
        self
    }

    /// Whether it is the resource itself.
    pub fn is_whole(&self) -> bool {
        self.0.is_empty()
    }

    /// The member that the path begins with.
    pub(super) fn root(&self) -> Option<&'static str> {
        match self.0.first()? {
            Step::Member(name) => Some(name),
            Step::Name(_) => None,
        }
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps = self.0.iter().map(|step| match step {
            Step::Member(name) => name,
            Step::Name(name) => name.as_str(),
        });
        f.write_str(&steps.collect::<Vec<_>>().join("."))
    }
}
