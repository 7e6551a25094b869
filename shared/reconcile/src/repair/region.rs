//! Whether a region holds anything of what the spec names: one of which we see nothing is not one to fill.

use std::collections::BTreeMap;

use crate::state::{Observation, Observed, Place};

/// What a region, or for the role any region, holds of what the spec names.
pub(super) enum Seen {
    Something,
    Nothing,
    /// Nothing was seen, and something could not be read.
    Unknown,
}

/// The role is no sign: it is in every region at once, and may be there from somewhere else. A key that carries the spec's description and
/// tags is something: where everything else was deleted, keys are what AWS keeps longest.
pub(super) fn seen(observed: &Observed, region: Option<&str>) -> Seen {
    // Settings are there in every region of every account.
    let Observed {
        at: _,
        cut_short: _,
        role: _,
        aliases,
        keys,
        unaliased: _,
        vaults,
        plans,
        region_settings: _,
    } = observed;
    let here = |there: &str| region.is_none_or(|region| there == region);
    let of_key = |arn: &String| arn.split(':').nth(3).is_some_and(here);
    let named = |place: &Place| here(&place.0);
    let all = [of(keys, of_key), of(aliases, named), of(vaults, named), of(plans, named)];
    if all.iter().any(|(present, _)| *present) {
        Seen::Something
    } else if all.iter().any(|(_, unreadable)| *unreadable) {
        Seen::Unknown
    } else {
        Seen::Nothing
    }
}

/// Whether any of these is there, and whether any could not be read.
fn of<K, T>(all: &BTreeMap<K, Observation<T>>, is_here: impl Fn(&K) -> bool) -> (bool, bool) {
    let here = || all.iter().filter(|(key, _)| is_here(key)).map(|(_, one)| one);
    (here().any(|one| one.present().is_some()), here().any(|one| matches!(one, Observation::Unreadable(_))))
}
