//! Keys and their aliases: which key the spec means, and how it differs.

use std::collections::BTreeSet;

use super::role::same_policy;
use super::{report, tags_fit, unreadable};
use crate::desired::{Desired, DesiredKey};
use crate::drift::{Drift, Finding};
use crate::resource::{Kind, ResourceId};
use crate::state::{Key, KeyState, Observation, Observed, place};

/// AWS Backup encrypts with symmetric keys only ("Encryption for backups in AWS Backup").
const SYMMETRIC: &str = "SYMMETRIC_DEFAULT";
const ENCRYPT_DECRYPT: &str = "ENCRYPT_DECRYPT";

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
    Unknown(String),
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
    match (keys.as_slice(), alias) {
        (_, Observation::Present(target))
            if pins.keys.is_empty() || pins.keys.contains(target) && keys.len() == 1 =>
        {
            KeyChoice::One(target.clone())
        }
        (_, alias) if pins.unread.is_some() => {
            let why = pins.unread.unwrap_or_default();
            match alias {
                Observation::Present(target) if fits(target) => KeyChoice::One(target.clone()),
                _ => KeyChoice::Unknown(why),
            }
        }
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
struct Pins {
    /// Customer keys of this account that they are on.
    keys: BTreeSet<String>,
    /// The vaults that exist.
    vaults: Vec<String>,
    /// Why a vault could not be read.
    unread: Option<String>,
}

impl Pins {
    fn of(desired: &Desired, key: &DesiredKey, observed: &Observed) -> Self {
        let mut pins = Pins { keys: BTreeSet::new(), vaults: Vec::new(), unread: None };
        let of_this_key =
            |v: &&crate::desired::DesiredVault| v.region == key.region && v.key_alias == key.alias;
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

pub(super) fn diff(desired: &Desired, key: &DesiredKey, observed: &Observed, findings: &mut Vec<Finding>) {
    let choice = choose_key(desired, key, observed);
    let id = ResourceId::regional(Kind::Key, &key.region, &key.alias);
    match &choice {
        KeyChoice::One(arn) => diff_chosen(desired, key, arn, observed, &id, findings),
        KeyChoice::None => report(findings, &id, Drift::KeyMissing { pinned_by: Vec::new(), key_arn: None }),
        KeyChoice::Lost(vaults) => {
            report(findings, &id, Drift::KeyMissing { pinned_by: vaults.clone(), key_arn: None });
        }
        KeyChoice::Disagree(_) => {}
        KeyChoice::Unknown(error) => unreadable(findings, &id, "key", error),
    }
    // A key that one of our vaults is on must live, whichever the right one is: with it die the recovery points.
    for arn in Pins::of(desired, key, observed).keys {
        if choice != KeyChoice::One(arn.clone())
            && let Some(Observation::Present(other)) = observed.keys.get(&arn)
        {
            diff_state(other, &id, findings);
        }
    }
    diff_alias(key, &choice, observed, findings);
}

fn diff_chosen(
    desired: &Desired,
    key: &DesiredKey,
    arn: &str,
    observed: &Observed,
    id: &ResourceId,
    findings: &mut Vec<Finding>,
) {
    match observed.keys.get(arn) {
        None => unreadable(findings, id, "key", "the key was not read"),
        Some(Observation::Unreadable(error)) => unreadable(findings, id, "key", error),
        Some(Observation::Absent) => {
            let pinned_by = Pins::of(desired, key, observed).vaults;
            report(findings, id, Drift::KeyMissing { pinned_by, key_arn: Some(arn.to_owned()) });
        }
        Some(Observation::Present(seen)) => diff_present(key, seen, id, findings),
    }
}

fn diff_state(seen: &Key, id: &ResourceId, findings: &mut Vec<Finding>) {
    let key_arn = seen.arn.clone();
    match &seen.state {
        KeyState::Enabled => {}
        KeyState::Disabled => report(findings, id, Drift::KeyDisabled { key_arn }),
        KeyState::PendingDeletion { deletion_at } => {
            report(findings, id, Drift::KeyPendingDeletion { key_arn, deletion_at: *deletion_at });
        }
        KeyState::Other(state) => report(findings, id, Drift::KeyUnusable { key_arn, state: state.clone() }),
    }
}

fn diff_present(key: &DesiredKey, seen: &Key, id: &ResourceId, findings: &mut Vec<Finding>) {
    diff_state(seen, id, findings);
    let key_arn = || seen.arn.clone();
    // While a key is pending deletion its rotation reads false, whatever it was: it is judged after the rescue.
    if key.rotation && !matches!(seen.state, KeyState::PendingDeletion { .. }) {
        diff_rotation(key, seen, id, findings);
    }
    if seen.spec != SYMMETRIC {
        report(findings, id, Drift::KeySpecDiffers { expected: SYMMETRIC, observed: seen.spec.clone() });
    }
    if seen.usage != ENCRYPT_DECRYPT {
        report(
            findings,
            id,
            Drift::KeyUsageDiffers { expected: ENCRYPT_DECRYPT, observed: seen.usage.clone() },
        );
    }
    if seen.description != key.description {
        let (expected, observed) = (key.description.clone(), seen.description.clone());
        report(findings, id, Drift::DescriptionDiffers { key_arn: key_arn(), expected, observed });
    }
    if let Some(expected) = &key.policy {
        match &seen.policy {
            Observation::Unreadable(error) => unreadable(findings, id, "policy", error),
            Observation::Present(observed) if same_policy(expected, observed) => {}
            Observation::Present(observed) => {
                let (expected, observed) = (expected.clone(), observed.clone());
                report(findings, id, Drift::KeyPolicyDiffers { key_arn: key_arn(), expected, observed });
            }
            Observation::Absent => {
                let (expected, observed) = (expected.clone(), String::new());
                report(findings, id, Drift::KeyPolicyDiffers { key_arn: key_arn(), expected, observed });
            }
        }
    }
    match &seen.tags {
        Observation::Unreadable(error) => unreadable(findings, id, "tags", error),
        Observation::Present(tags) if tags_fit(&key.tags, tags) => {}
        Observation::Present(tags) => {
            let (expected, observed) = (key.tags.clone(), tags.clone());
            report(findings, id, Drift::KeyTagsDiffer { key_arn: key_arn(), expected, observed });
        }
        Observation::Absent if key.tags.is_empty() => {}
        Observation::Absent => {
            let (expected, observed) = (key.tags.clone(), Default::default());
            report(findings, id, Drift::KeyTagsDiffer { key_arn: key_arn(), expected, observed });
        }
    }
}

fn diff_rotation(key: &DesiredKey, seen: &Key, id: &ResourceId, findings: &mut Vec<Finding>) {
    let key_arn = seen.arn.clone();
    match &seen.rotation {
        Observation::Unreadable(error) => unreadable(findings, id, "rotation", error),
        Observation::Present(rotation) if rotation.enabled => {
            if let Some(expected) = key.rotation_period_days
                && rotation.period_days != Some(expected)
            {
                let observed = rotation.period_days;
                report(findings, id, Drift::RotationPeriodDiffers { key_arn, expected, observed });
            }
        }
        Observation::Present(rotation) => {
            let period_days = key.rotation_period_days.or(rotation.period_days);
            report(findings, id, Drift::RotationOff { key_arn, period_days });
        }
        Observation::Absent => {
            report(findings, id, Drift::RotationOff { key_arn, period_days: key.rotation_period_days });
        }
    }
}

fn diff_alias(key: &DesiredKey, choice: &KeyChoice, observed: &Observed, findings: &mut Vec<Finding>) {
    let id = ResourceId::regional(Kind::Alias, &key.region, &key.alias);
    let right = match choice {
        KeyChoice::One(arn) => Some(arn.clone()),
        _ => None,
    };
    let candidates = match choice {
        KeyChoice::Disagree(candidates) => candidates.clone(),
        _ => Vec::new(),
    };
    match observed.aliases.get(&place(&key.region, &key.alias)) {
        Some(Observation::Unreadable(error)) => unreadable(findings, &id, "alias", error),
        None | Some(Observation::Absent) => {
            report(findings, &id, Drift::AliasMissing { key_arn: right, candidates });
        }
        Some(Observation::Present(target)) => {
            let points_right = right.as_ref() == Some(target) || candidates.contains(target);
            let unknown = matches!(choice, KeyChoice::Unknown(_));
            if !points_right && !unknown {
                let observed = target.clone();
                report(findings, &id, Drift::AliasTargetDiffers { expected: right, observed, candidates });
            }
        }
    }
}
