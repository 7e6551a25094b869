//! [`Attribution`]: which of the calls brought a finding about, and how far that can be said.

use std::collections::BTreeSet;

use time::{Duration, OffsetDateTime};

use super::bearing::Bearing;
use super::{LAG, WINDOW, Write};
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

/// What is known besides the calls.
#[derive(Debug, Clone, Copy)]
pub(super) struct Knowledge {
    /// When the run began.
    pub(super) started: OffsetDateTime,
    /// Whether the history answered all that it was asked, and our own calls are known.
    pub(super) is_complete: bool,
    /// Whether our own calls are known.
    pub(super) knows_own: bool,
}

/// So new that the history would hardly know of anything newer.
pub(super) fn is_fresh(write: &Write, started: OffsetDateTime) -> bool {
    write.time.is_some_and(|time| time > started - LAG)
}

/// Of the calls that can have done it since our last repair, the newest that is known to be about the resource; where that is old, the
/// newest of all.
pub(super) fn attribution(
    one: &Reported,
    causes: &[(Bearing, &Write)],
    known: Knowledge,
) -> Option<Attribution> {
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
        .map(|(_, other)| named(other))
        .collect();
    let asked = known.is_complete || known.knows_own && repaired && is_fresh(write, known.started);
    let doubts = [
        (Doubt::OnlyAnId, bearing != Bearing::Certain),
        (Doubt::Old, !is_new(write)),
        (Doubt::NotAsked, !asked),
        (Doubt::Denial, matches!(one.finding.drift, Drift::Unreadable { .. })),
    ];
    let doubts = doubts.into_iter().filter(|(_, is)| *is).map(|(doubt, _)| doubt).collect();
    Some(Attribution { write: write.clone(), others, doubts })
}

pub(super) fn named(write: &Write) -> String {
    write.actor.clone().unwrap_or_else(|| "somebody unnamed".to_owned())
}
