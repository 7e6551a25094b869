//! What a run says of itself.

mod asked;
mod fingerprint;
mod outcome;
pub(crate) mod refusal;
mod reported;
mod told;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use crate::drift::Severity;
use crate::liveness::Liveness;
use crate::repair::CallMade;
use crate::resource::ResourceId;
use crate::words::Note;

pub use outcome::Outcome;
pub use reported::Reported;
pub use verdict::Verdict;

/// The result of a whole run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// Every finding of every pass, sorted by resource.
    pub findings: Vec<Reported>,
    /// Every call, in the order in which they were made.
    pub calls: Vec<CallMade>,
    /// How often the account was observed.
    pub passes: usize,
    /// When it was observed last.
    pub at: Option<OffsetDateTime>,
    /// The plans that were seen, by id, for events that name nothing else.
    pub plans: BTreeMap<String, ResourceId>,
    /// ARNs of the keys that were seen behind the spec's aliases and vaults, and of those that look like them where that was looked for.
    pub keys: BTreeSet<String>,
    /// What there is to say beside the findings: exceptions that are over or cover nothing, and what does not look alive.
    pub notes: Vec<Note>,
    /// Whether backups happen at all, as far as the first look tells.
    pub liveness: Liveness,
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

    /// Whether everything that is open is so only because it could not be read: then nothing is known to differ.
    pub fn is_only_unread(&self) -> bool {
        let mut open = self.findings.iter().filter(|one| one.is_open()).peekable();
        open.peek().is_some() && open.all(Reported::is_unread)
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
            one.repaired_at = None;
        }
        self
    }
}
