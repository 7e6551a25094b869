//! Keys and their aliases: how the key that the spec means differs.

use std::collections::BTreeSet;

use super::found::{Found, tags_fit};
use super::key_policy;
use crate::call::CallError;
use crate::desired::{Desired, DesiredKey, DesiredVault, Tags, VaultKey};
use crate::drift::{AliasDrift, KeyAccessDrift, KeyDrift, LookAlike, Part};
use crate::identity::{KeyChoice, KeyChoices, choose_key, is_own, pinned_keys};
use crate::read::{Read, Refusal};
use crate::resource::{Kind, ResourceId};
use crate::state::{
    ENCRYPT_DECRYPT, Grant, Key, KeyState, MultiRegion, Observation, Observed, Rotation, SYMMETRIC, place,
};

pub(super) fn diff(desired: &Desired, want: &DesiredKey, observed: &Observed, found: &mut Found) {
    let choice = choose_key(desired, want, observed);
    let id = ResourceId::regional(Kind::Key, &want.region, &want.alias);
    let (pinned, vaults) = pinned_keys(desired, want, observed);
    let missing = |pinned_by, key_arn| KeyDrift::Missing { pinned_by, key_arn, look_alikes: Vec::new() };
    match &choice {
        KeyChoice::One(arn) => match observed.keys.get(arn) {
            None => found.unreadable(&id, Part::Whole, &not_read()),
            Some(Observation::Unreadable(refusal)) => found.unreadable(&id, Part::Whole, refusal),
            Some(Observation::Absent) => found.add(&id, missing(vaults, Some(arn.clone()))),
            Some(Observation::Present(seen)) => diff_present(desired, want, seen, &id, found),
        },
        KeyChoice::None | KeyChoice::Stranger(..) => {
            let look_alikes = look_alikes(want, &choice, observed);
            found.add(&id, KeyDrift::Missing { pinned_by: Vec::new(), key_arn: None, look_alikes });
        }
        KeyChoice::Lost(vaults) => found.add(&id, missing(vaults.clone(), None)),
        KeyChoice::Doubt(_) => {}
        KeyChoice::Unknown(refusal) => found.unreadable(&id, Part::Whole, refusal),
    }
    // A key that one of our vaults is on must live, whichever the right one is: with it die the recovery points.
    for arn in pinned {
        if choice != KeyChoice::One(arn.clone())
            && let Some(Observation::Present(other)) = observed.keys.get(&arn)
        {
            diff_state(other, &id, found);
        }
    }
    diff_alias(want, &choice, observed, found);
}

/// The keys that vaults name by ARN. Of such a key nothing is asked but that it lives, can be used, and is open to nobody else.
pub(super) fn diff_by_arn(desired: &Desired, observed: &Observed, choices: &KeyChoices, found: &mut Found) {
    let named = desired.keys_by_arn();
    for &(region, arn) in &named {
        // What aliases of the spec mean is compared with what the spec says of it.
        if choices.chosen().any(|chosen| chosen == arn) {
            continue;
        }
        let id = ResourceId::regional(Kind::Key, region, arn);
        match observed.keys.get(arn) {
            None => found.unreadable(&id, Part::Whole, &not_read()),
            Some(Observation::Unreadable(refusal)) => found.unreadable(&id, Part::Whole, refusal),
            Some(Observation::Absent) => {
                let pinned_by = vaults_on(desired, observed, region, arn).map(str::to_owned).collect();
                let key_arn = Some(arn.to_owned());
                found.add(&id, KeyDrift::Missing { pinned_by, key_arn, look_alikes: Vec::new() });
            }
            // Most of a key that AWS manages is not ours to read.
            Some(Observation::Present(seen)) if !seen.customer_managed => diff_state(seen, &id, found),
            Some(Observation::Present(seen)) => {
                diff_present(desired, &as_it_is(region, seen), seen, &id, found)
            }
        }
    }
    // As above: whichever a vault should be on, with the one that it is on die its recovery points.
    for (region, arn) in beside_aliases(desired, observed) {
        let is_told = named.contains(&(region, arn)) || choices.chosen().any(|chosen| chosen == arn);
        if !is_told && let Some(Observation::Present(other)) = observed.keys.get(arn) {
            diff_state(other, &ResourceId::regional(Kind::Key, region, arn), found);
        }
    }
}

/// The account's own keys that those vaults are on for which the spec names no alias.
fn beside_aliases<'a>(desired: &'a Desired, observed: &'a Observed) -> BTreeSet<(&'a str, &'a str)> {
    let vaults = desired.vaults.iter().filter(|vault| !matches!(vault.key, VaultKey::Alias(_)));
    let keys = vaults.filter_map(|vault| {
        let seen = observed.vault(&vault.region, &vault.name)?;
        Some((vault.region.as_str(), seen.key_arn.as_str()))
    });
    keys.filter(|(_, arn)| is_own(desired, arn)).collect()
}

/// The vaults of the spec that are on a key.
fn vaults_on<'a>(
    desired: &'a Desired,
    observed: &'a Observed,
    region: &'a str,
    arn: &'a str,
) -> impl Iterator<Item = &'a str> {
    let is_on = move |vault: &&DesiredVault| {
        let seen = observed.vault(&vault.region, &vault.name);
        vault.region == region && seen.is_some_and(|seen| seen.key_arn == arn)
    };
    desired.vaults.iter().filter(is_on).map(|vault| vault.name.as_str())
}

/// A key of which the spec says nothing.
fn as_it_is(region: &str, seen: &Key) -> DesiredKey {
    DesiredKey {
        region: region.to_owned(),
        alias: seen.arn.clone(),
        description: seen.description.clone(),
        rotation: false,
        rotation_period_days: None,
        origin: seen.origin.clone(),
        multi_region: seen.multi_region != MultiRegion::No,
        policy: None,
        tags: Tags::new(),
    }
}

/// Keys that carry the spec's description or its tags. That proves nothing, and a person may know one of them.
fn look_alikes(want: &DesiredKey, choice: &KeyChoice, observed: &Observed) -> Vec<LookAlike> {
    let keys = observed.keys.values().filter_map(Observation::present);
    let is_alike = |key: &&Key| {
        let is_here = key.arn.split(':').nth(3) == Some(want.region.as_str());
        let described = !want.description.is_empty() && key.description == want.description;
        let tagged =
            !want.tags.is_empty() && key.tags.present().is_some_and(|tags| tags_fit(&want.tags, tags));
        let is_the_stranger = matches!(choice, KeyChoice::Stranger(arn, _) if *arn == key.arn);
        is_here && key.customer_managed && (described || tagged) && !is_the_stranger
    };
    keys.filter(is_alike)
        .map(|key| LookAlike { key_arn: key.arn.clone(), state: key.state.clone() })
        .collect()
}

/// A look reads every key that an alias or a vault names, so this says that the look was not complete.
fn not_read() -> Refusal {
    let message = "the key was not read".to_owned();
    Refusal::of(Read::DescribeKey, CallError { code: "NotRead".to_owned(), message })
}

fn diff_state(seen: &Key, id: &ResourceId, found: &mut Found) {
    let key_arn = seen.arn.clone();
    match &seen.state {
        KeyState::Enabled => {}
        KeyState::Disabled => found.add(id, KeyDrift::Disabled { key_arn }),
        KeyState::PendingDeletion { deletion_at } => {
            found.add(id, KeyDrift::PendingDeletion { key_arn, deletion_at: *deletion_at });
        }
        KeyState::PendingReplicaDeletion => found.add(id, KeyDrift::PendingReplicaDeletion { key_arn }),
        KeyState::Creating | KeyState::Updating => {
            found.add(id, KeyDrift::Settling { key_arn, state: seen.state.as_str().to_owned() });
        }
        KeyState::PendingImport | KeyState::Unavailable | KeyState::Other(_) => {
            found.add(id, KeyDrift::Unusable { key_arn, state: seen.state.clone() });
        }
    }
}

fn diff_present(desired: &Desired, want: &DesiredKey, seen: &Key, id: &ResourceId, found: &mut Found) {
    // Taken apart in full, so that a new attribute cannot be forgotten here. Region and alias are how the key was found.
    let DesiredKey {
        region: _,
        alias: _,
        description,
        rotation,
        rotation_period_days,
        origin,
        multi_region,
        policy: _, // in key_policy
        tags,
    } = want;
    diff_state(seen, id, found);
    let key_arn = || seen.arn.clone();
    // While a key is pending deletion its rotation reads false, whatever it was: it is judged after the rescue.
    let dying = matches!(seen.state, KeyState::PendingDeletion { .. } | KeyState::PendingReplicaDeletion);
    if *rotation && !dying {
        diff_rotation(*rotation_period_days, seen, id, found);
    }
    found.add_if(seen.spec != SYMMETRIC, id, || KeyDrift::SpecDiffers {
        expected: SYMMETRIC,
        observed: seen.spec.clone(),
    });
    found.add_if(seen.usage != ENCRYPT_DECRYPT, id, || KeyDrift::UsageDiffers {
        expected: ENCRYPT_DECRYPT,
        observed: seen.usage.clone(),
    });
    found.add_if(seen.origin != *origin, id, || KeyDrift::OriginDiffers {
        expected: origin.clone(),
        observed: seen.origin.clone(),
    });
    if let Some(valid_to) = seen.valid_to {
        found.add(id, KeyDrift::MaterialExpires { key_arn: key_arn(), valid_to });
    }
    let several = seen.multi_region != MultiRegion::No;
    found.add_if(several != *multi_region, id, || KeyDrift::MultiRegionDiffers {
        expected: *multi_region,
        observed: several,
    });
    found.add_if(seen.description != *description, id, || KeyDrift::DescriptionDiffers {
        key_arn: key_arn(),
        expected: description.clone(),
        observed: seen.description.clone(),
    });
    key_policy::diff(desired, want, seen, id, found);
    diff_access(desired, seen, id, found);
    found.tags(id, tags, &seen.tags, |expected, observed| KeyDrift::TagsDiffer {
        key_arn: key_arn(),
        expected,
        observed,
    });
}

/// Who may use the key beside the key policy.
fn diff_access(desired: &Desired, seen: &Key, id: &ResourceId, found: &mut Found) {
    match &seen.grants {
        Observation::Unreadable(refusal) => found.unreadable(id, Part::Grants, refusal),
        Observation::Absent => {}
        Observation::Present(grants) => {
            for grant in grants.iter().filter(|grant| is_foreign(&grant.grantee, &desired.account)) {
                let Grant { id: grant, grantee, operations } = grant.clone();
                let key_arn = seen.arn.clone();
                found.add(id, KeyAccessDrift::ForeignGrant { key_arn, grant, grantee, operations });
            }
        }
    }
    match &seen.shared {
        Observation::Unreadable(refusal) => found.unreadable(id, Part::Shared, refusal),
        Observation::Absent => {}
        Observation::Present(policy) => {
            found.add(id, KeyAccessDrift::Shared { key_arn: seen.arn.clone(), policy: policy.clone() });
        }
    }
}

/// Whether a grant's principal is of another account. How AWS writes its own services there is not documented, so what names no account is
/// not judged.
fn is_foreign(grantee: &str, account: &str) -> bool {
    let named = match grantee.split(':').nth(4) {
        Some(of_arn) => of_arn,
        None => grantee,
    };
    let is_account = named.len() == 12 && named.bytes().all(|byte| byte.is_ascii_digit());
    is_account && named != account
}

fn diff_rotation(want: Option<u32>, seen: &Key, id: &ResourceId, found: &mut Found) {
    let key_arn = seen.arn.clone();
    match seen.rotation.clone() {
        Observation::Unreadable(refusal) => found.unreadable(id, Part::Rotation, &refusal),
        Observation::Present(Rotation { enabled: true, period_days: observed }) => {
            if let Some(expected) = want.filter(|expected| observed != Some(*expected)) {
                found.add(id, KeyDrift::RotationPeriodDiffers { key_arn, expected, observed });
            }
        }
        Observation::Present(Rotation { enabled: false, period_days }) => {
            found.add(id, KeyDrift::RotationOff { key_arn, period_days: want.or(period_days) });
        }
        Observation::Absent => found.add(id, KeyDrift::RotationOff { key_arn, period_days: want }),
    }
}

fn diff_alias(want: &DesiredKey, choice: &KeyChoice, observed: &Observed, found: &mut Found) {
    let id = ResourceId::regional(Kind::Alias, &want.region, &want.alias);
    let (right, candidates) = match choice {
        KeyChoice::One(arn) => (Some(arn.clone()), Vec::new()),
        KeyChoice::Doubt(candidates) => (None, candidates.clone()),
        KeyChoice::Stranger(target, why) => {
            let (observed, why) = (target.clone(), why.clone());
            return found.add(&id, AliasDrift::Untrusted { observed, why });
        }
        KeyChoice::None | KeyChoice::Lost(_) | KeyChoice::Unknown(_) => (None, Vec::new()),
    };
    match observed.aliases.get(&place(&want.region, &want.alias)) {
        Some(Observation::Unreadable(refusal)) => found.unreadable(&id, Part::Whole, refusal),
        None | Some(Observation::Absent) => {
            found.add(&id, AliasDrift::Missing { key_arn: right, candidates });
        }
        Some(Observation::Present(target)) => {
            let points_right = right.as_ref() == Some(target) || candidates.contains(target);
            let unknown = matches!(choice, KeyChoice::Unknown(_));
            if !points_right && !unknown {
                let observed = target.clone();
                found.add(&id, AliasDrift::TargetDiffers { expected: right, observed, candidates });
            }
        }
    }
}
