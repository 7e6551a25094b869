//! [`Contention`]: that something is repaired and undone again and again.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::relevance::{Cause, Relevance};
use super::times::{CONTESTED_FROM, WINDOW};
use crate::repair::BlockReason;
use crate::report::{Outcome, Reported};

/// A resource that is repaired and undone again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contention {
    /// How often it was repaired within [`WINDOW`]; this run's repair is one of them, if it made one.
    pub repairs: usize,
    /// Who called last before a repair, and how often, of the calls that are known to be about it.
    pub undone_by: BTreeMap<String, usize>,
}

pub(super) fn contention(
    one: &Reported,
    earlier: &[OffsetDateTime],
    causes: &[Cause<'_>],
    started: OffsetDateTime,
) -> Option<Contention> {
    let since = started - WINDOW;
    let recent: Vec<OffsetDateTime> = earlier.iter().copied().filter(|time| *time > since).collect();
    // A call that was refused, or only planned, repaired nothing.
    let made = matches!(one.outcome, Outcome::Repaired | Outcome::Blocked(BlockReason::Tried));
    let repairs = recent.len() + usize::from(made);
    if one.calls.is_empty() || repairs < CONTESTED_FROM {
        return None;
    }
    // Between two repairs many calls may have been made about the resource; what the second repaired is the last one's.
    let mut undone_by = BTreeMap::new();
    let mut counted = since;
    for repair in recent.into_iter().chain([started]) {
        let undoing = causes
            .iter()
            .filter(|cause| cause.relevance == Relevance::Certain && cause.is_confirmed)
            .map(|cause| cause.call);
        let last = undoing
            .filter(|call| call.time.is_some_and(|time| counted < time && time <= repair))
            .max_by_key(|call| call.time);
        if let Some(call) = last {
            *undone_by.entry(call.who().to_owned()).or_insert(0) += 1;
            counted = call.time.unwrap_or(counted);
        }
    }
    Some(Contention { repairs, undone_by })
}
