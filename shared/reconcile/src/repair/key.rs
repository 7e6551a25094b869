//! The answers about keys and their aliases.

use super::context::{Context, Decision};
use super::reason::{BlockReason, Consent, Review};
use crate::call::Call;
use crate::drift::{AliasDrift, Drift, Finding, KeyDrift as D};
use crate::resource::{Kind, ResourceId};
use crate::state::AWS_KMS;
use BlockReason::{Ambiguous, Immutable, NeedsConsent, NeedsReview, WaitingOn};
use Decision::Blocked;

pub(super) fn decide(context: &Context<'_>, id: &ResourceId, drift: &D) -> Decision {
    let region = || id.region.clone().unwrap_or_default();
    match drift {
        D::Missing { pinned_by, key_arn, .. } => match context.desired_key(id) {
            // What is to come from elsewhere, or to live in several regions, only a person can make.
            Some(key) if key.origin != AWS_KMS || key.multi_region => Blocked(NeedsReview(Review::ItsKind)),
            // Nothing shows that it is missing here, and not that this is another place.
            Some(_) if pinned_by.is_empty() && key_arn.is_none() && !context.limits.bootstrap => {
                Blocked(NeedsConsent(Consent::Bootstrap))
            }
            Some(key) if pinned_by.is_empty() && key_arn.is_none() => Decision::Call(Call::CreateKey {
                region: region(),
                description: key.description.clone(),
                policy: key.policy.clone(),
                tags: key.tags.clone(),
            }),
            // A new key could not decrypt what the vaults hold, and no vault can be moved to it.
            Some(_) | None => Blocked(Immutable),
        },
        D::PendingDeletion { key_arn, .. } | D::PendingReplicaDeletion { key_arn } => {
            Decision::Call(Call::CancelKeyDeletion { region: region(), key_arn: key_arn.clone() })
        }
        D::Disabled { key_arn } => {
            Decision::Call(Call::EnableKey { region: region(), key_arn: key_arn.clone() })
        }
        D::Settling { .. } => Blocked(WaitingOn(id.clone())),
        // Pending import, unavailable: nothing that a call of ours would change.
        D::Unusable { .. } | D::MaterialExpires { .. } => Blocked(NeedsReview(Review::ItsKind)),
        // Every run would be refused.
        D::RotationOff { key_arn, .. } if context.cannot_rotate(key_arn) => Blocked(Immutable),
        D::RotationOff { key_arn, period_days } => {
            after_rescue(context, id, enable_rotation(region(), key_arn, *period_days))
        }
        D::RotationPeriodDiffers { key_arn, expected, .. } => {
            after_rescue(context, id, enable_rotation(region(), key_arn, Some(*expected)))
        }
        D::SpecDiffers { .. }
        | D::UsageDiffers { .. }
        | D::OriginDiffers { .. }
        | D::MultiRegionDiffers { .. } => Blocked(Immutable),
        D::DescriptionDiffers { key_arn, expected, .. } => {
            let (key_arn, description) = (key_arn.clone(), expected.clone());
            after_rescue(context, id, Call::UpdateKeyDescription { region: region(), key_arn, description })
        }
        D::TagsDiffer { key_arn, expected, .. } => {
            let (key_arn, tags) = (key_arn.clone(), expected.clone());
            after_rescue(context, id, Call::TagKey { region: region(), key_arn, tags })
        }
    }
}

fn enable_rotation(region: String, key_arn: &str, period_days: Option<u32>) -> Call {
    Call::EnableKeyRotation { region, key_arn: key_arn.to_owned(), period_days }
}

/// KMS refuses most writes while a key is pending deletion or disabled: the rescue comes first.
pub(super) fn after_rescue(context: &Context<'_>, id: &ResourceId, call: Call) -> Decision {
    // A key for another use is not the one that the spec means: nothing is written to it.
    if context.cannot_encrypt(id) {
        return Blocked(Immutable);
    }
    if context.held_up(id) { Blocked(WaitingOn(id.clone())) } else { Decision::Call(call) }
}

pub(super) fn decide_alias(context: &Context<'_>, id: &ResourceId, drift: &AliasDrift) -> Decision {
    let (right, candidates) = match drift {
        AliasDrift::Untrusted { .. } if context.limits.bootstrap => {
            return Blocked(WaitingOn(id.of_kind(Kind::Key)));
        }
        AliasDrift::Untrusted { .. } => return Blocked(Ambiguous),
        AliasDrift::Missing { key_arn, candidates } => (key_arn, candidates),
        AliasDrift::TargetDiffers { expected, candidates, .. } => (expected, candidates),
    };
    // Every run would be refused.
    if matches!(drift, AliasDrift::TargetDiffers { observed, .. } if context.is_of_another_type(observed)) {
        return Blocked(Immutable);
    }
    let key = id.of_kind(Kind::Key);
    let Some(key_arn) = right.clone() else {
        return Blocked(if !candidates.is_empty() {
            Ambiguous
        } else if context.differs(&key) {
            WaitingOn(key)
        } else {
            NeedsReview(Review::ItsKind)
        });
    };
    // KMS refuses an alias on a key that is pending deletion; on a disabled one it does not.
    if context.findings_of(&key).any(keeps_alias_waiting) {
        return Blocked(WaitingOn(key));
    }
    let (region, alias) = (id.region.clone().unwrap_or_default(), id.name.clone());
    Decision::Call(match drift {
        AliasDrift::Missing { .. } => Call::CreateAlias { region, alias, key_arn },
        AliasDrift::TargetDiffers { .. } | AliasDrift::Untrusted { .. } => {
            Call::UpdateAlias { region, alias, key_arn }
        }
    })
}

fn keeps_alias_waiting(found: &Finding) -> bool {
    matches!(
        found.drift,
        Drift::Key(
            D::Missing { .. }
                | D::PendingDeletion { .. }
                | D::PendingReplicaDeletion { .. }
                | D::Unusable { .. }
        )
    )
}
