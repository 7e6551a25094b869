//! Whether less is kept, or less is covered, than designed: each judged here and nowhere else.

use std::collections::BTreeSet;

/// The judgements.
pub(super) struct Less;

impl Less {
    /// Whether recovery points are kept for less time; without a number it is for ever.
    pub(super) fn kept(expected: Option<i64>, observed: Option<i64>) -> bool {
        observed.is_some_and(|observed| expected.is_none_or(|expected| observed < expected))
    }

    /// Whether not everything is covered that the spec selects.
    pub(super) fn covered<T: Ord>(expected: &BTreeSet<T>, observed: &BTreeSet<T>) -> bool {
        !expected.is_subset(observed)
    }

    /// Whether nothing is covered that the spec selects.
    pub(super) fn covered_at_all<T: Ord>(expected: &BTreeSet<T>, observed: &BTreeSet<T>) -> bool {
        !expected.is_empty() && expected.is_disjoint(observed)
    }
}
