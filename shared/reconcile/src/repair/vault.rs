//! The answers about vaults and their locks.

use super::context::{Context, Decision};
use super::reason::{BlockReason, Review};
use crate::call::Call;
use crate::desired::{DesiredLock, LockMode};
use crate::drift::{Drift, VaultDrift, VaultLockDrift};
use crate::lock::{LockState, days_that_keep, too_far};
use crate::resource::{Kind, ResourceId};
use crate::state::Lock;
use BlockReason::{Ambiguous, Immutable, NeedsReview, WaitingOn};
use Decision::Blocked;

pub(super) fn decide(context: &Context<'_>, id: &ResourceId, drift: &VaultDrift) -> Decision {
    match drift {
        VaultDrift::Missing { key_arn } => create(context, id, key_arn.as_ref()),
        VaultDrift::KeyDiffers { candidates, .. } if !candidates.is_empty() => Blocked(Ambiguous),
        VaultDrift::KeyDiffers { .. } | VaultDrift::TypeDiffers { .. } => Blocked(Immutable),
        VaultDrift::TagsDiffer { arn, expected, .. } => on_vault(context, id, || Call::TagBackupResource {
            region: id.region.clone().unwrap_or_default(),
            arn: arn.clone(),
            tags: expected.clone(),
        }),
    }
}

fn create(context: &Context<'_>, id: &ResourceId, key_arn: Option<&String>) -> Decision {
    let Some(vault) = context.desired_vault(id) else { return Blocked(NeedsReview(Review::ItsKind)) };
    let key = ResourceId::regional(Kind::Key, &vault.region, &vault.key_alias);
    match key_arn {
        Some(_) if context.held_up(&key) || context.cannot_encrypt(&key) => Blocked(WaitingOn(key)),
        Some(arn) => Decision::Call(Call::CreateBackupVault {
            region: vault.region.clone(),
            vault: vault.name.clone(),
            key_arn: arn.clone(),
            tags: vault.tags.clone(),
        }),
        None if context.differs(&key) => Blocked(WaitingOn(key)),
        None => Blocked(Ambiguous),
    }
}

/// What is put on a vault waits for the vault; on one of another type nothing is put.
pub(super) fn on_vault(context: &Context<'_>, id: &ResourceId, call: impl FnOnce() -> Call) -> Decision {
    let vault = id.of_kind(Kind::Vault);
    if context.held_up(&vault) { Blocked(WaitingOn(vault)) } else { Decision::Call(call()) }
}

pub(super) fn decide_lock(context: &Context<'_>, id: &ResourceId, drift: &VaultLockDrift) -> Decision {
    match drift {
        VaultLockDrift::Missing { expected } => put_lock(context, id, expected, &Lock::default()),
        VaultLockDrift::ModeDiffers { expected, observed, .. }
        | VaultLockDrift::RetentionDiffers { expected, observed, .. }
        | VaultLockDrift::DateTooFar { expected, observed, .. } => put_lock(context, id, expected, observed),
    }
}

/// A lock is put only on a real difference, and keeps its date wherever the spec allows: each put of a compliance lock
/// starts its grace time again.
fn put_lock(context: &Context<'_>, id: &ResourceId, expected: &DesiredLock, observed: &Lock) -> Decision {
    let at = context.observed.at;
    let changeable_for_days = match (expected.mode, observed.state(at)) {
        (_, LockState::Immutable { .. }) => return Blocked(Immutable),
        // To get from compliance to governance the lock would have to be removed; that is for a person to decide.
        (LockMode::Governance, LockState::Grace { .. }) => return Blocked(NeedsReview(Review::ItsKind)),
        (LockMode::Governance, LockState::None | LockState::Governance) => None,
        (LockMode::Compliance { changeable_for_days }, LockState::Grace { until })
            if !too_far(until, at, changeable_for_days) =>
        {
            Some(days_that_keep(until, at))
        }
        (
            LockMode::Compliance { changeable_for_days },
            LockState::None | LockState::Governance | LockState::Grace { .. },
        ) => Some(changeable_for_days),
    };
    // A lock that cannot be taken back is not put on a vault whose key is in question.
    let vault = id.of_kind(Kind::Vault);
    if context
        .findings_of(&vault)
        .any(|found| matches!(found.drift, Drift::Vault(VaultDrift::KeyDiffers { .. })))
    {
        return Blocked(WaitingOn(vault));
    }
    on_vault(context, id, || Call::PutBackupVaultLockConfiguration {
        region: id.region.clone().unwrap_or_default(),
        vault: id.name.clone(),
        changeable_for_days,
        min_retention_days: expected.min_retention_days,
        max_retention_days: expected.max_retention_days,
    })
}
