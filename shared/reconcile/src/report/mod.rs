//! What a run says of itself.

mod advice;
mod aftermath;
mod commands;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use time::OffsetDateTime;

use crate::call::{Call, CallError};
use crate::drift::{Finding, Severity};
use crate::history::{Attribution, Contention};
use crate::repair::{Attempt, BlockReason};
use crate::resource::ResourceId;

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
    /// The plans that were seen, by id, for events that name nothing else.
    pub plans: BTreeMap<String, ResourceId>,
    /// What there is to say beside the findings: exceptions that are over or cover nothing.
    pub notes: Vec<String>,
}

/// The run in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
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
    /// The calls that were made for it, in their order.
    pub calls: Vec<Call>,
    /// When the compliance lock that the call put becomes immutable, as it was read back.
    pub immutable_at: Option<OffsetDateTime>,
    /// When it was seen first.
    pub seen_at: OffsetDateTime,
    /// When it was seen to be gone.
    pub repaired_at: Option<OffsetDateTime>,
    /// Who brought it about, if that is known.
    pub attribution: Option<Attribution>,
    /// That it is repaired and undone again and again.
    pub contention: Option<Contention>,
}

impl Reported {
    /// The last call that was made for it.
    pub fn call(&self) -> Option<&Call> {
        self.calls.last()
    }

    /// How bad it is. What somebody keeps undoing is worse than what happened once.
    pub fn severity(&self) -> Severity {
        let severity = self.finding.drift.severity();
        if self.contention.is_some() { severity.raised() } else { severity }
    }
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

    /// Whether an exception covers it.
    pub fn is_excepted(&self) -> bool {
        matches!(self, Outcome::Blocked(BlockReason::Excepted(_)))
    }
}

impl Report {
    /// The run in one word. An exception that somebody answers for is no drift.
    pub fn verdict(&self) -> Verdict {
        let mut open = self.findings.iter().filter(|one| !one.outcome.is_excepted());
        let repaired = |one: &Reported| one.outcome == Outcome::Repaired;
        match (open.clone().next(), open.all(repaired)) {
            (None, _) => Verdict::InSync,
            (Some(_), true) => Verdict::Healed,
            (Some(_), false) => Verdict::Drifted,
        }
    }

    /// The worst severity of all findings.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(Reported::severity).max()
    }

    /// The same report of a run on a simulated account: what it calls repaired would be.
    pub fn into_preview(mut self) -> Report {
        for one in &mut self.findings {
            if one.outcome == Outcome::Repaired {
                one.outcome = Outcome::Planned;
            }
            one.repaired_at = None;
        }
        self
    }
}
