//! Vaults: whether one is there, on which key, of which kind.

use super::found::Found;
use super::{vault_lock, vault_policy};
use crate::desired::{AWS_MANAGED_KEY, Desired, DesiredVault, VaultKey};
use crate::drift::{Part, RightKey, VaultDrift, VaultLockDrift, VaultPolicyDrift};
use crate::identity::{KeyChoice, KeyChoices, is_own};
use crate::read::{Read, Refusal};
use crate::resource::{Kind, ResourceId};
use crate::state::{AVAILABLE, BACKUP_VAULT, Observation, Observed, Vault, place};

pub(super) fn diff(
    desired: &Desired,
    want: &DesiredVault,
    observed: &Observed,
    keys: &KeyChoices,
    found: &mut Found,
) {
    // Taken apart in full, so that a new attribute cannot be forgotten here. The ARN follows from region and name.
    let DesiredVault { region, name, arn: _, key: _, tags: _, policy, lock, notifications: _ } = want;
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
            found.add(&vault_id, VaultDrift::Missing { key: right_key(want, keys) });
            if let Some(expected) = policy.clone() {
                found.add(&policy_id, VaultPolicyDrift::Missing { expected });
            }
            if let Some(expected) = *lock {
                found.add(&lock_id, VaultLockDrift::Missing { expected });
            }
        }
        Some(Observation::Present(seen)) => {
            diff_vault(desired, want, seen, observed, keys, &vault_id, found);
            if let Some(policy) = policy {
                vault_policy::diff(desired, policy, want, seen, &policy_id, found);
            }
            if let Some(lock) = *lock {
                vault_lock::diff(desired, want, lock, seen, observed.at, &lock_id, found);
            }
        }
    }
}

/// The key that a vault should be on, as far as that can be told.
fn right_key(vault: &DesiredVault, keys: &KeyChoices) -> RightKey {
    let alias = match &vault.key {
        VaultKey::AwsManaged => return RightKey::Managed,
        VaultKey::Arn(arn) => return RightKey::Known(arn.clone()),
        VaultKey::Alias(alias) => alias,
    };
    match keys.get(&vault.region, alias) {
        Some(KeyChoice::One(arn)) => RightKey::Known(arn.clone()),
        Some(
            KeyChoice::Doubt(_)
            | KeyChoice::Lost(_)
            | KeyChoice::None
            | KeyChoice::Stranger(..)
            | KeyChoice::Unknown(_),
        )
        | None => RightKey::Unknown,
    }
}

fn diff_vault(
    desired: &Desired,
    want: &DesiredVault,
    seen: &Vault,
    observed: &Observed,
    keys: &KeyChoices,
    id: &ResourceId,
    found: &mut Found,
) {
    found.add_if(seen.state != AVAILABLE, id, || VaultDrift::NotAvailable { state: seen.state.clone() });
    diff_key(desired, want, seen, observed, keys, id, found);
    found.add_if(seen.vault_type != BACKUP_VAULT, id, || VaultDrift::TypeDiffers {
        expected: BACKUP_VAULT,
        observed: seen.vault_type.clone(),
    });
    if let Some(expected) = &want.notifications {
        let observed = match &seen.notifications {
            Observation::Unreadable(refusal) => {
                found.unreadable(id, Part::Notifications, refusal);
                Some(expected)
            }
            Observation::Present(seen) => Some(seen),
            Observation::Absent => None,
        };
        found.add_if(observed != Some(expected), id, || VaultDrift::NotificationsDiffer {
            expected: expected.clone(),
            observed: observed.cloned(),
        });
    }
    found.tags(id, &want.tags, &seen.tags, |expected, observed| VaultDrift::TagsDiffer {
        arn: seen.arn.clone(),
        expected,
        observed,
    });
}

fn diff_key(
    desired: &Desired,
    want: &DesiredVault,
    seen: &Vault,
    observed: &Observed,
    keys: &KeyChoices,
    id: &ResourceId,
    found: &mut Found,
) {
    let mut differs = |expected: Option<&str>, candidates: Vec<String>| {
        let (expected, observed) = (expected.map(str::to_owned), seen.key_arn.clone());
        found.add(id, VaultDrift::KeyDiffers { expected, candidates, observed });
    };
    let alias = match &want.key {
        VaultKey::Arn(arn) if *arn != seen.key_arn => return differs(Some(arn), Vec::new()),
        VaultKey::Arn(_) => return,
        VaultKey::AwsManaged => {
            return match managed(desired, seen, observed) {
                Ok(true) => {}
                Ok(false) => differs(Some(AWS_MANAGED_KEY), Vec::new()),
                Err(refusal) => found.unreadable(id, Part::Key, &refusal),
            };
        }
        VaultKey::Alias(alias) => alias,
    };
    match keys.get(&want.region, alias) {
        Some(KeyChoice::One(right)) if *right != seen.key_arn => differs(Some(right), Vec::new()),
        // The alias does not settle it: whoever made a vault anew on a look-alike can move the alias as well.
        Some(KeyChoice::Doubt(candidates)) => differs(None, candidates.clone()),
        Some(KeyChoice::Lost(_)) => differs(None, Vec::new()),
        // Without a vault nothing is said of the key; with one this is not chosen.
        Some(KeyChoice::One(_) | KeyChoice::None | KeyChoice::Stranger(..) | KeyChoice::Unknown(_))
        | None => {}
    }
}

/// Whether AWS manages the key that a vault is on. Only the key itself tells; such a key is the account's own, and nobody can delete it.
fn managed(desired: &Desired, seen: &Vault, observed: &Observed) -> Result<bool, Refusal> {
    if seen.key_arn.is_empty() {
        return Err(Refusal::incomplete(Read::ListBackupVaults, "the answer does not name the vault's key"));
    }
    match observed.keys.get(&seen.key_arn) {
        Some(Observation::Present(key)) => Ok(!key.customer_managed),
        Some(Observation::Unreadable(refusal)) if is_own(desired, &seen.key_arn) => Err(refusal.clone()),
        Some(Observation::Absent | Observation::Unreadable(_)) | None => Ok(false),
    }
}
