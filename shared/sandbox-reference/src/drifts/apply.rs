//! Applies a drift by its name.

use std::cmp::Reverse;

use sandbox::Change;

use super::table::DRIFTS;

/// A drift that could not be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownDrift {
    /// No drift has this name.
    #[error("there is no drift {name}; there are: {known}")]
    Name {
        /// The name that was given.
        name: String,
        /// All names, those most like it first.
        known: String,
    },
    /// The account holds nothing that the drift could change, or AWS refuses it.
    #[error("{name} cannot happen to {target}: {why}")]
    Target {
        /// The drift.
        name: String,
        /// What it was to change.
        target: String,
        /// What stands in the way.
        why: String,
    },
}

/// Applies `name` or `name:target`.
pub(crate) fn apply(change: &mut Change<'_>, given: &str) -> Result<(), UnknownDrift> {
    let (name, target) = match given.split_once(':') {
        Some((name, target)) => (name, Some(target)),
        None => (given, None),
    };
    let drift = DRIFTS.iter().find(|drift| drift.name == name).ok_or_else(|| unknown(name))?;
    let target = target.unwrap_or(drift.target);
    (drift.apply)(change, target).map_err(|why| UnknownDrift::Target {
        name: name.to_owned(),
        target: target.to_owned(),
        why: why.to_string(),
    })
}

fn unknown(name: &str) -> UnknownDrift {
    let mut known: Vec<&str> = DRIFTS.iter().map(|drift| drift.name).collect();
    let shared_start =
        |other: &str| name.bytes().zip(other.bytes()).take_while(|(left, right)| left == right).count();
    known.sort_by_key(|other| Reverse(shared_start(other)));
    UnknownDrift::Name { name: name.to_owned(), known: known.join(", ") }
}
