//! Vaults and their locks.

use super::choose::{KeyChoice, choose_key};
use super::found::Found;
use super::vault_policy;
use crate::desired::{Desired, DesiredLock, DesiredVault, LockMode};
use crate::drift::{Part, VaultDrift, VaultLockDrift, VaultPolicyDrift};
use crate::lock::{LockState, too_far};
use crate::resource::{Kind, ResourceId};
use crate::state::{BACKUP_VAULT, Observation, Observed, Vault, place};

pub(super) fn diff(desired: &Desired, want: &DesiredVault, observed: &Observed, found: &mut Found) {
    // Taken apart in full, so that a new attribute cannot be forgotten here. The ARN follows from region and name.
    let DesiredVault { region, name, arn: _, key_alias: _, tags: _, policy, lock } = want;
    let [vault_id, policy_id, lock_id] = [Kind::Vault, Kind::VaultPolicy, Kind::VaultLock]
        .map(|kind| ResourceId::regional(kind, region, name));
    match observed.vaults.get(&place(region, name)) {
        Some(Observation::Unreadable(refusal)) => {
            found.unreadable(&vault_id, Part::Whole, refusal);
            if policy.is_some() {
                found.unreadable(&policy_id, Part::Whole, refusal);
            }
            if lock.is_some() {
                found.unreadable(&lock_id, Part::Whole, refusal);
            }
        }
        None | Some(Observation::Absent) => {
            found.add(&vault_id, VaultDrift::Missing { key_arn: right_key(desired, want, observed) });
            if let Some(expected) = policy.clone() {
                found.add(&policy_id, VaultPolicyDrift::Missing { expected });
            }
            if let Some(expected) = *lock {
                found.add(&lock_id, VaultLockDrift::Missing { expected });
            }
        }
        Some(Observation::Present(seen)) => {
            diff_vault(desired, want, seen, observed, &vault_id, found);
            if let Some(policy) = policy {
                vault_policy::diff(policy, want, seen, &policy_id, found);
            }
            if let Some(lock) = *lock {
                diff_lock(lock, seen, observed, &lock_id, found);
            }
        }
    }
}

/// The key that a vault should be on, if there is no doubt which.
fn right_key(desired: &Desired, vault: &DesiredVault, observed: &Observed) -> Option<String> {
    let key = desired.key(&vault.region, &vault.key_alias)?;
    match choose_key(desired, key, observed) {
        KeyChoice::One(arn) => Some(arn),
        KeyChoice::Disagree(_) | KeyChoice::Lost(_) | KeyChoice::None | KeyChoice::Unknown(_) => None,
    }
}

fn diff_vault(
    desired: &Desired,
    want: &DesiredVault,
    seen: &Vault,
    observed: &Observed,
    id: &ResourceId,
    found: &mut Found,
) {
    let key = desired.key(&want.region, &want.key_alias);
    let differs = |expected, candidates| VaultDrift::KeyDiffers {
        expected,
        candidates,
        observed: seen.key_arn.clone(),
    };
    match key.map(|key| choose_key(desired, key, observed)) {
        Some(KeyChoice::One(right)) if right != seen.key_arn => {
            found.add(id, differs(Some(right), Vec::new()))
        }
        // The alias does not settle it: whoever made a vault anew on a look-alike can move the alias as well.
        Some(KeyChoice::Disagree(candidates)) => found.add(id, differs(None, candidates)),
        Some(KeyChoice::Lost(_)) => found.add(id, differs(None, Vec::new())),
        Some(KeyChoice::One(_) | KeyChoice::None | KeyChoice::Unknown(_)) | None => {}
    }
    found.add_if(seen.vault_type != BACKUP_VAULT, id, || VaultDrift::TypeDiffers {
        expected: BACKUP_VAULT,
        observed: seen.vault_type.clone(),
    });
    found.tags(id, &want.tags, &seen.tags, |expected, observed| VaultDrift::TagsDiffer {
        arn: seen.arn.clone(),
        expected,
        observed,
    });
}

fn diff_lock(expected: DesiredLock, seen: &Vault, observed: &Observed, id: &ResourceId, found: &mut Found) {
    let DesiredLock { mode, min_retention_days, max_retention_days } = expected;
    let lock = seen.lock;
    let state = lock.state(observed.at);
    let is_compliance = match state {
        LockState::None => return found.add(id, VaultLockDrift::Missing { expected }),
        LockState::Governance => false,
        LockState::Grace { .. } | LockState::Immutable { .. } => true,
    };
    let observed_lock = lock;
    found.add_if(matches!(mode, LockMode::Compliance { .. }) != is_compliance, id, || {
        VaultLockDrift::ModeDiffers { expected, observed: observed_lock, state }
    });
    let limits = (lock.min_retention_days, lock.max_retention_days);
    found.add_if((min_retention_days, max_retention_days) != limits, id, || {
        VaultLockDrift::RetentionDiffers { expected, observed: observed_lock, state }
    });
    if let (LockMode::Compliance { changeable_for_days }, LockState::Grace { until }) = (mode, state) {
        found.add_if(too_far(until, observed.at, changeable_for_days), id, || VaultLockDrift::DateTooFar {
            expected,
            observed: observed_lock,
            state,
        });
    }
}
