//! What all kinds say of their tags.

use crate::desired::Tags;
use crate::say;
use crate::words::{Prose, Scene, tags_apart};

pub(super) fn summary(expected: &Tags, observed: &Tags) -> Prose {
    say!("Tags differ: {}.", tags_apart(expected, observed))
}

pub(super) fn impact(scene: &Scene<'_>) -> Prose {
    say!(
        "Nothing {} less protected. Cost reports and access rules that go by tags {} the resource.",
        scene.is(),
        scene.verb("may miss", "may have missed")
    )
}
