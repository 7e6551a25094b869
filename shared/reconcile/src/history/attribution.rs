//! [`Attribution`]: which of the calls brought a finding about, and how sure that is.

use std::collections::BTreeSet;

use time::{Duration, OffsetDateTime};

use super::recorded_call::RecordedCall;
use super::relevance::{Cause, Relevance};
use super::times::{LAG, WINDOW};
use crate::drift::Drift;
use crate::report::{Outcome, Reported};

/// Runs come hourly: what is older than this was seen by an earlier run, and repaired if it made a difference.
const OLD: Duration = Duration::hours(2);

/// Who brought a finding about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// The call that explains the finding best.
    pub call: RecordedCall,
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
    /// Only the invocation tells it, and the history does not know it yet.
    Unconfirmed,
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

    /// Whether the event history knows the call.
    pub fn is_confirmed(&self) -> bool {
        !self.doubts.contains(&Doubt::Unconfirmed)
    }

    /// Whether nothing but a newer history could tell more.
    pub(super) fn waits_for_history(&self) -> bool {
        self.others.is_empty() && self.doubts == BTreeSet::from([Doubt::Unconfirmed])
    }
}

/// So new that the history would hardly know of anything newer.
pub(super) fn is_fresh(call: &RecordedCall, started: OffsetDateTime) -> bool {
    call.time.is_some_and(|time| time > started - LAG)
}

/// What is known about the question who did it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// When the run began.
    pub(super) started: OffsetDateTime,
    /// Whether it is known which calls are our own.
    pub(super) own: bool,
    /// Whether the event history answered all that it was asked.
    pub(super) complete: bool,
}

/// Of the calls that can have done it since our last repair, the newest that is known to be about the resource; where that is old, the
/// newest of all. What only the invocation tells comes after what the history knows of the same quarter of an hour: whoever may invoke
/// the function can make up the one, and nobody the other.
pub(super) fn attribute(one: &Reported, causes: &[Cause<'_>], known: Known) -> Option<Attribution> {
    let is_new = |call: &RecordedCall| call.time.is_some_and(|time| time > one.seen_at - OLD);
    let rank = |cause: &&Cause<'_>| {
        let fits = cause.relevance == Relevance::Certain && is_new(cause.call);
        let is_known = fits && cause.is_confirmed && is_fresh(cause.call, known.started);
        (is_known, fits, cause.call.time, cause.relevance)
    };
    let &Cause { relevance, call, is_confirmed } = causes.iter().max_by_key(rank)?;
    // What this run repaired, the runs before it would have repaired too. What is only reported may be there for months.
    let repaired = one.outcome == Outcome::Repaired;
    let since = if repaired && is_new(call) { call.time.map(|time| time - WINDOW) } else { None };
    let others = causes
        .iter()
        .filter(|other| other.call.actor != call.actor && other.call.time >= since)
        .filter(|other| other.relevance >= relevance || other.call.time > call.time)
        .map(|other| other.call.who().to_owned())
        .collect();
    // Among the calls of others may be our own as long as we do not know who we are.
    let just_repaired = repaired && is_fresh(call, known.started);
    let asked = known.own && (known.complete || just_repaired);
    let doubts = [
        (Doubt::OnlyAnId, relevance != Relevance::Certain),
        (Doubt::Unconfirmed, !is_confirmed),
        (Doubt::Old, !is_new(call)),
        (Doubt::NotAsked, !asked),
        (Doubt::Denial, matches!(one.finding.drift, Drift::Unreadable(_))),
    ];
    let doubts = doubts.into_iter().filter(|(_, is)| *is).map(|(doubt, _)| doubt).collect();
    Some(Attribution { call: call.clone(), others, doubts })
}
