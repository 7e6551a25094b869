//! The answers about vaults.

use super::context::{Context, Decision};
use super::reason::{BlockReason, Review};
use crate::call::Call;
use crate::desired::VaultKey;
use crate::drift::{RightKey, VaultDrift};
use crate::resource::{Kind, ResourceId};
use BlockReason::{Ambiguous, Immutable, NeedsReview, WaitingOn};
use Decision::Blocked;

pub(super) fn decide(context: &Context<'_>, id: &ResourceId, drift: &VaultDrift) -> Decision {
    let region = || id.region.clone().unwrap_or_default();
    match drift {
        VaultDrift::Missing { key } => create(context, id, key),
        VaultDrift::NotAvailable { .. } => Blocked(NeedsReview(Review::ItsKind)),
        VaultDrift::KeyDiffers { candidates, .. } if !candidates.is_empty() => Blocked(Ambiguous),
        VaultDrift::KeyDiffers { .. } | VaultDrift::TypeDiffers { .. } => Blocked(Immutable),
        VaultDrift::NotificationsDiffer { expected, .. } => {
            on_vault(context, id, || Call::PutBackupVaultNotifications {
                region: region(),
                vault: id.name.clone(),
                notifications: expected.clone(),
            })
        }
        VaultDrift::TagsDiffer { arn, expected, .. } => on_vault(context, id, || Call::TagBackupResource {
            region: region(),
            arn: arn.clone(),
            tags: expected.clone(),
        }),
    }
}

fn create(context: &Context<'_>, id: &ResourceId, key: &RightKey) -> Decision {
    let Some(vault) = context.desired_vault(id) else { return Blocked(NeedsReview(Review::ItsKind)) };
    let its_key = match &vault.key {
        VaultKey::Alias(alias) => Some(ResourceId::regional(Kind::Key, &vault.region, alias)),
        VaultKey::Arn(arn) => Some(ResourceId::regional(Kind::Key, &vault.region, arn)),
        VaultKey::AwsManaged => None,
    };
    let key_arn = match (key, its_key) {
        (RightKey::Known(_), Some(key)) if context.held_up(&key) || context.cannot_encrypt(&key) => {
            return Blocked(WaitingOn(key));
        }
        (RightKey::Known(arn), _) => Some(arn.clone()),
        (RightKey::Managed, _) => None,
        (RightKey::Unknown, Some(key)) if context.differs(&key) => return Blocked(WaitingOn(key)),
        (RightKey::Unknown, _) => return Blocked(Ambiguous),
    };
    Decision::Call(Call::CreateBackupVault {
        region: vault.region.clone(),
        vault: vault.name.clone(),
        key_arn,
        tags: vault.tags.clone(),
    })
}

/// What is put on a vault waits for the vault; on one of another type nothing is put.
pub(super) fn on_vault(context: &Context<'_>, id: &ResourceId, call: impl FnOnce() -> Call) -> Decision {
    let vault = id.of_kind(Kind::Vault);
    if context.held_up(&vault) { Blocked(WaitingOn(vault)) } else { Decision::Call(call()) }
}
