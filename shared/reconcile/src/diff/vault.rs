//! Vaults, their access policies and their locks.

use super::key::{KeyChoice, choose_key};
use super::role::same_policy;
use super::{report, tags_fit, unreadable};
use crate::desired::{Desired, DesiredLock, DesiredVault, LockMode};
use crate::drift::{Drift, Finding};
use crate::lock::{LockState, too_far};
use crate::policy::{Policy, no_longer_denied};
use crate::resource::{Kind, ResourceId};
use crate::state::{Observation, Observed, Vault, place};

const BACKUP_VAULT: &str = "BACKUP_VAULT";

pub(super) fn diff(
    desired: &Desired,
    vault: &DesiredVault,
    observed: &Observed,
    findings: &mut Vec<Finding>,
) {
    let id = |kind| ResourceId::regional(kind, &vault.region, &vault.name);
    match observed.vaults.get(&place(&vault.region, &vault.name)) {
        Some(Observation::Unreadable(error)) => {
            unreadable(findings, &id(Kind::Vault), "vault", error);
            if vault.policy.is_some() {
                unreadable(findings, &id(Kind::VaultPolicy), "policy", error);
            }
            if vault.lock.is_some() {
                unreadable(findings, &id(Kind::VaultLock), "lock", error);
            }
        }
        None | Some(Observation::Absent) => {
            let key_arn = right_key(desired, vault, observed);
            report(findings, &id(Kind::Vault), Drift::VaultMissing { key_arn });
            if let Some(expected) = &vault.policy {
                report(
                    findings,
                    &id(Kind::VaultPolicy),
                    Drift::VaultPolicyMissing { expected: expected.clone() },
                );
            }
            if let Some(expected) = vault.lock {
                report(findings, &id(Kind::VaultLock), Drift::LockMissing { expected });
            }
        }
        Some(Observation::Present(seen)) => {
            diff_vault(desired, vault, seen, observed, &id(Kind::Vault), findings);
            diff_policy(vault, seen, &id(Kind::VaultPolicy), findings);
            if let Some(lock) = vault.lock {
                diff_lock(lock, seen, observed, &id(Kind::VaultLock), findings);
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
    vault: &DesiredVault,
    seen: &Vault,
    observed: &Observed,
    id: &ResourceId,
    findings: &mut Vec<Finding>,
) {
    let key = desired.key(&vault.region, &vault.key_alias);
    let observed_key = seen.key_arn.clone();
    match key.map(|key| choose_key(desired, key, observed)) {
        Some(KeyChoice::One(right)) if right != seen.key_arn => {
            let (expected, candidates) = (Some(right), Vec::new());
            report(findings, id, Drift::VaultKeyDiffers { expected, candidates, observed: observed_key });
        }
        // The alias does not settle it: whoever made a vault anew on a look-alike can move the alias as well.
        Some(KeyChoice::Disagree(candidates)) => {
            report(
                findings,
                id,
                Drift::VaultKeyDiffers { expected: None, candidates, observed: observed_key },
            );
        }
        Some(KeyChoice::Lost(_)) => {
            let candidates = Vec::new();
            report(
                findings,
                id,
                Drift::VaultKeyDiffers { expected: None, candidates, observed: observed_key },
            );
        }
        Some(KeyChoice::One(_) | KeyChoice::None | KeyChoice::Unknown(_)) | None => {}
    }
    if seen.vault_type != BACKUP_VAULT {
        report(
            findings,
            id,
            Drift::VaultTypeDiffers { expected: BACKUP_VAULT, observed: seen.vault_type.clone() },
        );
    }
    match &seen.tags {
        Observation::Unreadable(error) => unreadable(findings, id, "tags", error),
        Observation::Present(tags) if tags_fit(&vault.tags, tags) => {}
        Observation::Absent if vault.tags.is_empty() => {}
        Observation::Present(_) | Observation::Absent => {
            let observed = seen.tags.present().cloned().unwrap_or_default();
            let (arn, expected) = (seen.arn.clone(), vault.tags.clone());
            report(findings, id, Drift::VaultTagsDiffer { arn, expected, observed });
        }
    }
}

fn diff_policy(vault: &DesiredVault, seen: &Vault, id: &ResourceId, findings: &mut Vec<Finding>) {
    let Some(expected) = vault.policy.clone() else { return };
    let observed = match &seen.policy {
        Observation::Unreadable(error) => return unreadable(findings, id, "policy", error),
        Observation::Absent => return report(findings, id, Drift::VaultPolicyMissing { expected }),
        Observation::Present(observed) => observed.clone(),
    };
    let Ok(want) = Policy::parse(&expected) else { return };
    let drift = match Policy::parse(&observed) {
        // What we cannot parse we cannot trust to deny anything: AWS Backup stores only policies it could parse, so
        // this is an element that is newer than we are, and the finding shows the text.
        Err(_) => Drift::VaultPolicyWeakened { no_longer_denied: Default::default(), expected, observed },
        Ok(have) => {
            let lost = no_longer_denied(&want, &have, &vault.arn);
            if !lost.is_empty() {
                Drift::VaultPolicyWeakened { no_longer_denied: lost, expected, observed }
            } else if !same_policy(&expected, &observed) {
                Drift::VaultPolicyDiffers { expected, observed }
            } else if !want.same_labels(&have) {
                Drift::VaultPolicyLabelsDiffer { expected, observed }
            } else {
                return;
            }
        }
    };
    report(findings, id, drift);
}

fn diff_lock(
    expected: DesiredLock,
    seen: &Vault,
    observed: &Observed,
    id: &ResourceId,
    findings: &mut Vec<Finding>,
) {
    let lock = seen.lock;
    let state = lock.state(observed.at);
    if state == LockState::None {
        return report(findings, id, Drift::LockMissing { expected });
    }
    let observed_mode = state.mode();
    let compliance = matches!(state, LockState::Grace { .. } | LockState::Immutable { .. });
    if matches!(expected.mode, LockMode::Compliance { .. }) != compliance {
        report(findings, id, Drift::LockModeDiffers { expected, observed: lock, observed_mode });
    }
    if (expected.min_retention_days, expected.max_retention_days)
        != (lock.min_retention_days, lock.max_retention_days)
    {
        report(findings, id, Drift::LockRetentionDiffers { expected, observed: lock, observed_mode });
    }
    if let (LockMode::Compliance { changeable_for_days }, LockState::Grace { until }) = (expected.mode, state)
        && too_far(until, observed.at, changeable_for_days)
    {
        report(findings, id, Drift::LockDateTooFar { expected, observed: lock, observed_mode });
    }
}
