//! Which key the spec means by an alias.

use std::collections::BTreeSet;

use super::found::tags_fit;
use crate::desired::{Desired, DesiredKey, DesiredVault};
use crate::read::Refusal;
use crate::state::{Key, Observation, Observed, place};

/// Which key the spec means by an alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyChoice {
    /// This one, by ARN; it may be gone.
    One(String),
    /// There is none, and nothing depends on one: it may be made.
    None,
    /// There is none, and vaults exist that a new key could not decrypt; their names.
    Lost(Vec<String>),
    /// The vaults are on different keys, and nothing tells which is right.
    Disagree(Vec<String>),
    /// It could not be read; why.
    Unknown(Refusal),
}

/// Decides which key the spec means by an alias. A vault can never change its key, so the vaults come first: an alias
/// that points elsewhere was moved. Only a vault whose key does not look like the spec's, while the alias's does, was
/// itself made on a wrong key.
pub fn choose_key(desired: &Desired, key: &DesiredKey, observed: &Observed) -> KeyChoice {
    let pins = Pins::of(desired, key, observed);
    let alias = observed.aliases.get(&place(&key.region, &key.alias)).unwrap_or(&Observation::Absent);
    let fits = |arn: &String| {
        observed
            .keys
            .get(arn)
            .and_then(Observation::present)
            .is_some_and(|candidate| looks_like(key, candidate))
    };
    let keys: Vec<&String> = pins.keys.iter().collect();
    let agrees = |target: &String| keys.is_empty() || keys.as_slice() == [target];
    if let Some(why) = &pins.unread {
        // Nothing speaks against an alias that agrees with all vaults that could be read, or whose key fits.
        return match alias {
            Observation::Present(target) if agrees(target) || fits(target) => KeyChoice::One(target.clone()),
            Observation::Present(_) | Observation::Absent | Observation::Unreadable(_) => {
                KeyChoice::Unknown(why.clone())
            }
        };
    }
    match (keys.as_slice(), alias) {
        (_, Observation::Present(target)) if agrees(target) => KeyChoice::One(target.clone()),
        ([], Observation::Unreadable(error)) => KeyChoice::Unknown(error.clone()),
        ([], _) if !pins.vaults.is_empty() => KeyChoice::Lost(pins.vaults),
        ([], _) => choose_unaliased(key, observed),
        ([pinned], Observation::Present(target)) if fits(target) && !fits(pinned) => {
            KeyChoice::One(target.clone())
        }
        ([pinned], _) => KeyChoice::One((*pinned).clone()),
        (several, _) => {
            let fitting: Vec<&&String> = several.iter().filter(|arn| fits(arn)).collect();
            match fitting.as_slice() {
                [only] => KeyChoice::One((**only).clone()),
                _ => KeyChoice::Disagree(pins.keys.into_iter().collect()),
            }
        }
    }
}

/// A key that was made and whose alias was not: used instead of making another one.
fn choose_unaliased(key: &DesiredKey, observed: &Observed) -> KeyChoice {
    match observed.unaliased.get(&place(&key.region, &key.alias)) {
        None | Some(Observation::Absent) => KeyChoice::None,
        Some(Observation::Unreadable(error)) => KeyChoice::Unknown(error.clone()),
        Some(Observation::Present(found)) => match found.as_slice() {
            [] => KeyChoice::None,
            [only] => KeyChoice::One(only.clone()),
            several => KeyChoice::Disagree(several.to_vec()),
        },
    }
}

/// What the spec's vaults of one key say about it.
pub(super) struct Pins {
    /// Customer keys of this account that they are on.
    pub(super) keys: BTreeSet<String>,
    /// The vaults that exist.
    pub(super) vaults: Vec<String>,
    /// Why a vault could not be read.
    unread: Option<Refusal>,
}

impl Pins {
    pub(super) fn of(desired: &Desired, key: &DesiredKey, observed: &Observed) -> Self {
        let mut pins = Pins { keys: BTreeSet::new(), vaults: Vec::new(), unread: None };
        let of_this_key = |v: &&DesiredVault| v.region == key.region && v.key_alias == key.alias;
        for vault in desired.vaults.iter().filter(of_this_key) {
            match observed.vaults.get(&place(&vault.region, &vault.name)) {
                None | Some(Observation::Absent) => {}
                Some(Observation::Unreadable(error)) => pins.unread = Some(error.clone()),
                Some(Observation::Present(seen)) => {
                    pins.vaults.push(vault.name.clone());
                    // An AWS managed key or another account's key is never the spec's: no alias can point to it.
                    let managed = observed
                        .keys
                        .get(&seen.key_arn)
                        .and_then(Observation::present)
                        .is_some_and(|found| !found.customer_managed);
                    if !managed && account_of(&seen.key_arn) == Some(desired.account.as_str()) {
                        pins.keys.insert(seen.key_arn.clone());
                    }
                }
            }
        }
        pins
    }
}

fn account_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(4)
}

fn looks_like(desired: &DesiredKey, key: &Key) -> bool {
    key.customer_managed
        && key.description == desired.description
        && key.tags.present().is_some_and(|tags| tags_fit(&desired.tags, tags))
}
