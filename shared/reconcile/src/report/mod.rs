//! What a run says of itself.

mod advice;

use serde::{Serialize, Serializer};
use serde_json::Value;
use time::OffsetDateTime;

use crate::call::{Call, CallError};
use crate::drift::{Finding, Severity};
use crate::repair::{Attempt, BlockReason};

/// The result of a whole run.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Every finding of every pass, sorted by resource.
    pub findings: Vec<Reported>,
    /// Every call, in the order in which they were made.
    pub calls: Vec<Attempt>,
    /// How often the account was observed.
    pub passes: usize,
    /// When it was observed last.
    pub at: Option<OffsetDateTime>,
    /// What there is to say beside the findings: exceptions that are over or cover nothing.
    pub notes: Vec<String>,
}

/// The run in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing differed, but for agreed exceptions.
    InSync,
    /// Everything that differed was seen repaired.
    Healed,
    /// Something differs still.
    Drifted,
}

impl Verdict {
    /// The verdict as reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::InSync => "in_sync",
            Verdict::Healed => "healed",
            Verdict::Drifted => "drifted",
        }
    }
}

/// A finding and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reported {
    /// The finding as it was seen first.
    pub finding: Finding,
    /// What came of it.
    pub outcome: Outcome,
    /// The last call that was made for it.
    pub call: Option<Call>,
    /// When the compliance lock that the call put becomes immutable, as it was read back.
    pub immutable_at: Option<OffsetDateTime>,
}

/// What came of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was repaired, and seen to be.
    Repaired,
    /// It would be repaired; this was a preview.
    Planned,
    /// Nothing was called for it, or what was called is not seen yet.
    Blocked(BlockReason),
    /// AWS refused the call.
    Failed(CallError),
}

impl Outcome {
    /// The outcome as reports write it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Outcome::Repaired => "repaired",
            Outcome::Planned => "planned",
            Outcome::Blocked(_) => "blocked",
            Outcome::Failed(_) => "failed",
        }
    }
}

impl Report {
    /// The run in one word. An exception that somebody answers for is no drift.
    pub fn verdict(&self) -> Verdict {
        let mut open =
            self.findings.iter().filter(|one| one.outcome != Outcome::Blocked(BlockReason::Excepted));
        let repaired = |one: &Reported| one.outcome == Outcome::Repaired;
        match (open.clone().next(), open.all(repaired)) {
            (None, _) => Verdict::InSync,
            (Some(_), true) => Verdict::Healed,
            (Some(_), false) => Verdict::Drifted,
        }
    }

    /// The worst severity of all findings.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|one| one.finding.drift.severity()).max()
    }

    /// The same report of a run on a simulated account: what it calls repaired would be.
    pub fn into_preview(mut self) -> Report {
        for one in &mut self.findings {
            if one.outcome == Outcome::Repaired {
                one.outcome = Outcome::Planned;
            }
        }
        self
    }
}

/// The contract's form of a finding.
impl Serialize for Reported {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let facts = self.finding.drift.facts();
        Line {
            resource: &self.finding.resource,
            code: facts.code,
            severity: facts.severity,
            attribute: (!facts.attribute.is_empty()).then_some(facts.attribute),
            expected: facts.expected,
            observed: facts.observed,
            outcome: self.outcome.as_str(),
            reason: match &self.outcome {
                Outcome::Repaired | Outcome::Planned => None,
                Outcome::Blocked(reason) => Some(reason.code().to_owned()),
                Outcome::Failed(error) => Some(error.to_string()),
            },
            next_step: self.next_step(),
            call: self.call.as_ref().map(Call::action),
            immutable_at: self.immutable_at.map(crate::drift::timestamp),
        }
        .serialize(serializer)
    }
}

#[derive(Serialize)]
struct Line<'a> {
    resource: &'a crate::resource::ResourceId,
    code: &'static str,
    severity: Severity,
    attribute: Option<String>,
    expected: Value,
    observed: Value,
    outcome: &'static str,
    reason: Option<String>,
    next_step: Option<String>,
    call: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    immutable_at: Option<String>,
}
