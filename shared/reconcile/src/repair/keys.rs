//! The answers about keys, their aliases, and vaults that need one.

use super::BlockReason::{Ambiguous, Immutable, NeedsReview, WaitingOn};
use super::answer::Answer::{self, Blocked};
use super::context::Context;
use crate::call::Call;
use crate::drift::Drift;
use crate::resource::{Kind, ResourceId};

pub(super) fn enable_rotation(
    context: &Context<'_>,
    id: &ResourceId,
    key_arn: &str,
    period_days: Option<u32>,
) -> Answer {
    let region = id.region.clone().unwrap_or_default();
    after_rescue(context, id, Call::EnableKeyRotation { region, key_arn: key_arn.to_owned(), period_days })
}

/// KMS refuses most writes while a key is pending deletion or disabled: the rescue comes first.
pub(super) fn after_rescue(context: &Context<'_>, id: &ResourceId, call: Call) -> Answer {
    // A key for another use is not the one that the spec means: nothing is written to it.
    if context.cannot_encrypt(id) {
        return Blocked(Immutable);
    }
    if context.held_up(id) { Blocked(WaitingOn(id.clone())) } else { Answer::Call(call) }
}

pub(super) fn point_alias(
    context: &Context<'_>,
    id: &ResourceId,
    key_arn: Option<&String>,
    candidates: &[String],
    call: fn(String, String, String) -> Call,
) -> Answer {
    let key = id.of_kind(Kind::Key);
    match key_arn {
        // KMS refuses an alias on a key that is pending deletion; on a disabled one it does not.
        Some(_) if context.findings.iter().any(|f| f.resource == key && keeps_alias_waiting(&f.drift)) => {
            Blocked(WaitingOn(key))
        }
        Some(arn) => Answer::Call(call(id.region.clone().unwrap_or_default(), id.name.clone(), arn.clone())),
        None if !candidates.is_empty() => Blocked(Ambiguous),
        None if context.differs(&key) => Blocked(WaitingOn(key)),
        None => Blocked(NeedsReview),
    }
}

fn keeps_alias_waiting(drift: &Drift) -> bool {
    matches!(drift, Drift::KeyMissing { .. } | Drift::KeyPendingDeletion { .. } | Drift::KeyUnusable { .. })
}

pub(super) fn create_vault(context: &Context<'_>, id: &ResourceId, key_arn: Option<&String>) -> Answer {
    let Some(vault) = context.desired_vault(id) else { return Blocked(NeedsReview) };
    let key = ResourceId::regional(Kind::Key, &vault.region, &vault.key_alias);
    match key_arn {
        Some(_) if context.held_up(&key) || context.cannot_encrypt(&key) => Blocked(WaitingOn(key)),
        Some(arn) => Answer::Call(Call::CreateBackupVault {
            region: vault.region.clone(),
            vault: vault.name.clone(),
            key_arn: arn.clone(),
            tags: vault.tags.clone(),
        }),
        None if context.differs(&key) => Blocked(WaitingOn(key)),
        None => Blocked(Ambiguous),
    }
}
