//! What is said alike of the lifecycle of a rule's recovery points and of its copies.

use super::{Aftermath, Less};
use crate::words::{Prose, Scene};

pub(super) fn kept_otherwise(at: &Scene<'_>, expected: Option<i64>, observed: Option<i64>) -> Prose {
    if Less::kept(expected, observed) {
        at.choose(
            "New recovery points expire sooner than designed.",
            "New recovery points would have expired sooner than designed.",
        )
    } else if observed.is_none() {
        at.choose(
            "Recovery points are kept, and paid for, for ever.",
            "Recovery points were kept, and paid for, for ever.",
        )
    } else {
        at.choose(
            "Recovery points are kept, and paid for, longer than designed.",
            "Recovery points were kept, and paid for, longer than designed.",
        )
    }
}

pub(super) fn shorter(expected: Option<i64>, observed: Option<i64>) -> Option<Aftermath> {
    Less::kept(expected, observed).then(|| Aftermath {
        look: Prose::own("whether a recovery point made in the meantime has to be kept for longer"),
        ..Prose::own("Recovery points made in the meantime keep the shorter retention.").into()
    })
}

pub(super) fn another_price(at: &Scene<'_>) -> Prose {
    at.choose(
        "Retention is as designed; the price and the time to restore are not.",
        "Retention was as designed; the price and the time to restore were not.",
    )
}

pub(super) fn archived(at: &Scene<'_>, archived: bool) -> Prose {
    if archived {
        at.choose("archives", "archived")
    } else {
        at.choose("does not archive", "did not archive")
    }
}
