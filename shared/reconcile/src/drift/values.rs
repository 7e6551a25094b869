//! How values are written in reports, and how bad it is that they differ.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

use super::Severity;
use crate::desired::{DesiredLock, LockMode};
use crate::state::Lock;

/// A policy as JSON where it is JSON, so that reports do not show a string in a string.
pub(super) fn document(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!(text))
}

/// A moment as reports write it, in whole seconds.
pub fn timestamp(at: OffsetDateTime) -> String {
    let at = at.replace_nanosecond(0).unwrap_or(at);
    // Formatting fails only for years beyond 9999, which no AWS answer holds.
    at.format(&Rfc3339).unwrap_or_else(|_| at.to_string())
}

/// A moment as people read it: "2026-11-10 16:34:46 UTC".
pub fn moment(at: OffsetDateTime) -> String {
    let form = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
    at.to_offset(UtcOffset::UTC).format(&form).unwrap_or_else(|_| at.to_string())
}

/// Keeping less is worse than keeping more; no end is the most.
pub(super) fn kept(expected: Option<i64>, observed: Option<i64>) -> Severity {
    match (expected, observed) {
        (_, None) => Severity::Medium,
        (Some(expected), Some(observed)) if observed > expected => Severity::Medium,
        (_, Some(_)) => Severity::High,
    }
}

pub(super) fn covered(expected: &BTreeSet<String>, observed: &BTreeSet<String>) -> Severity {
    if expected.is_subset(observed) {
        Severity::Medium
    } else if expected.is_disjoint(observed) {
        Severity::Critical
    } else {
        Severity::High
    }
}

pub(super) fn desired_lock(lock: &DesiredLock) -> Value {
    let (mode, days) = match lock.mode {
        LockMode::Governance => ("governance", None),
        LockMode::Compliance { changeable_for_days } => ("compliance", Some(changeable_for_days)),
    };
    json!({
        "mode": mode,
        "changeable_for_days": days,
        "min_retention_days": lock.min_retention_days,
        "max_retention_days": lock.max_retention_days,
    })
}

pub(super) fn observed_lock(lock: &Lock, mode: &str) -> Value {
    json!({
        "mode": mode,
        "locked": lock.locked,
        "lock_date": lock.lock_date.map(timestamp),
        "min_retention_days": lock.min_retention_days,
        "max_retention_days": lock.max_retention_days,
    })
}
