//! What all kinds say of their tags.

use crate::desired::Tags;
use crate::say;
use crate::words::{Prose, Scene, tags_apart};

pub(super) fn summary(expected: &Tags, observed: &Tags) -> Prose {
    say!("Tags differ: {}.", tags_apart(expected, observed))
}

pub(super) fn impact(scene: &Scene<'_>) -> Prose {
    say!(
        "Nothing {} less protected. Whatever goes by tags (cost reports, access rules) {} it.",
        scene.is(),
        scene.verb("misses", "missed")
    )
}
