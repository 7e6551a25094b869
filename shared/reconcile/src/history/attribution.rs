//! [`Attribution`]: which of the calls brought a finding about, and how far that can be said.

use std::collections::BTreeSet;

use time::{Duration, OffsetDateTime};

use super::bearing::Bearing;
use super::{Explained, LAG, WINDOW, Write};
use crate::drift::Drift;
use crate::report::{Outcome, Reported};

/// Runs come hourly: what is older than this was seen by an earlier run, and repaired if it made a difference.
const OLD: Duration = Duration::hours(2);

/// Who brought a finding about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// The call that explains the finding best.
    pub write: Write,
    /// Who else made such a call since we repaired it last: it may have been theirs that did it.
    pub others: BTreeSet<String>,
    /// Why it may have been another call altogether.
    pub doubts: BTreeSet<Doubt>,
}

/// A reason not to be sure of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// The call names only an id that nothing connects with a name any more.
    OnlyAnId,
    /// An earlier run should have met it already; a newer call may not be in the history yet.
    Old,
    /// The history did not answer everything that it was asked.
    NotAsked,
    /// A read that is denied may be denied by more than the call.
    Denial,
}

impl Attribution {
    /// Whether it can have been nobody else.
    pub fn is_certain(&self) -> bool {
        self.others.is_empty() && self.doubts.is_empty()
    }
}

/// So new that the history would hardly know of anything newer.
pub(super) fn is_fresh(write: &Write, started: OffsetDateTime) -> bool {
    write.time.is_some_and(|time| time > started - LAG)
}

impl Explained<'_> {
    /// Of the calls that can have done it since our last repair, the newest that is known to be about the resource; where that is old, the
    /// newest of all.
    pub(super) fn attribution(&self, one: &Reported, causes: &[(Bearing, &Write)]) -> Option<Attribution> {
        let is_new = |write: &Write| write.time.is_some_and(|time| time > one.seen_at - OLD);
        let rank = |(bearing, write): &&(Bearing, &Write)| {
            (*bearing == Bearing::Certain && is_new(write), write.time, *bearing)
        };
        let &(bearing, write) = causes.iter().max_by_key(rank)?;
        // What this run repaired, the runs before it would have repaired too. What is only reported may be there for months.
        let repaired = one.outcome == Outcome::Repaired;
        let since = if repaired && is_new(write) { write.time.map(|time| time - WINDOW) } else { None };
        let others = causes
            .iter()
            .filter(|(_, other)| other.actor != write.actor && other.time >= since)
            .filter(|(other, told)| *other >= bearing || told.time > write.time)
            .map(|(_, other)| other.who().to_owned())
            .collect();
        // Among the calls of others may be our own as long as we do not know who we are.
        let just_repaired = repaired && is_fresh(write, self.started);
        let asked = self.own.is_some() && (self.is_complete || just_repaired);
        let doubts = [
            (Doubt::OnlyAnId, bearing != Bearing::Certain),
            (Doubt::Old, !is_new(write)),
            (Doubt::NotAsked, !asked),
            (Doubt::Denial, matches!(one.finding.drift, Drift::Unreadable { .. })),
        ];
        let doubts = doubts.into_iter().filter(|(_, is)| *is).map(|(doubt, _)| doubt).collect();
        Some(Attribution { write: write.clone(), others, doubts })
    }
}
