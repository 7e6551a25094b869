//! The repair policy: one match over the ways to differ, each with a call or a reason.

use super::context::Context;
use super::keys::{after_rescue, create_vault, enable_rotation, point_alias};
use super::plans::{create_selection, delete_selection, update_plan};
use super::{BlockReason, RepairPlan};
use crate::call::Call;
use crate::desired::{DesiredLock, LockMode};
use crate::drift::{Drift, Finding};
use crate::lock::{LockState, days_that_keep, too_far};
use crate::lockout::denied_action;
use crate::resource::{Kind, ResourceId};
use crate::state::Lock;

pub(super) enum Answer {
    Call(Call),
    Blocked(BlockReason),
}

use Answer::Blocked;
use BlockReason::{Ambiguous, Immutable, NeedsReview, Unreadable, WaitingOn};

/// The answer to one finding. `plan` holds the answers to the findings before it, which include all that it depends on.
pub(super) fn answer(context: &Context<'_>, plan: &RepairPlan, finding: &Finding) -> Answer {
    let id = &finding.resource;
    let region = || id.region.clone().unwrap_or_default();
    let role = &context.desired.role;
    match &finding.drift {
        Drift::Unreadable { .. } => Blocked(Unreadable),

        Drift::RoleMissing { .. } => Answer::Call(Call::CreateRole {
            role: role.name.clone(),
            path: role.path.clone(),
            trust: role.trust.clone(),
            tags: role.tags.clone(),
        }),
        Drift::RolePathDiffers { .. } => Blocked(Immutable),
        Drift::TrustDiffers { expected, .. } => {
            Answer::Call(Call::UpdateAssumeRolePolicy { role: role.name.clone(), trust: expected.clone() })
        }
        Drift::PolicyDetached { policy_arn } => {
            if context.observed.role.present().is_none() {
                return Blocked(WaitingOn(id.clone()));
            }
            Answer::Call(Call::AttachRolePolicy { role: role.name.clone(), policy_arn: policy_arn.clone() })
        }
        // Somebody may have put them there for a reason, and there is no call that takes a policy away.
        Drift::PolicyUnexpected { .. }
        | Drift::InlinePolicyUnexpected { .. }
        | Drift::BoundaryUnexpected { .. } => Blocked(NeedsReview),
        Drift::RoleTagsDiffer { expected, .. } => {
            Answer::Call(Call::TagRole { role: role.name.clone(), tags: expected.clone() })
        }

        Drift::KeyMissing { pinned_by, key_arn } => match context.desired_key(id) {
            Some(key) if pinned_by.is_empty() && key_arn.is_none() => Answer::Call(Call::CreateKey {
                region: region(),
                description: key.description.clone(),
                policy: key.policy.clone(),
                tags: key.tags.clone(),
            }),
            // A new key could not decrypt what the vaults hold, and no vault can be moved to it.
            _ => Blocked(Immutable),
        },
        Drift::KeyPendingDeletion { key_arn, .. } => {
            Answer::Call(Call::CancelKeyDeletion { region: region(), key_arn: key_arn.clone() })
        }
        Drift::KeyDisabled { key_arn } => {
            Answer::Call(Call::EnableKey { region: region(), key_arn: key_arn.clone() })
        }
        // Pending import, unavailable, being made: nothing that a call of ours would change.
        Drift::KeyUnusable { .. } => Blocked(NeedsReview),
        Drift::RotationOff { key_arn, period_days } => enable_rotation(context, id, key_arn, *period_days),
        Drift::RotationPeriodDiffers { key_arn, expected, .. } => {
            enable_rotation(context, id, key_arn, Some(*expected))
        }
        Drift::KeySpecDiffers { .. } | Drift::KeyUsageDiffers { .. } => Blocked(Immutable),
        Drift::DescriptionDiffers { key_arn, expected, .. } => after_rescue(
            context,
            id,
            Call::UpdateKeyDescription {
                region: region(),
                key_arn: key_arn.clone(),
                description: expected.clone(),
            },
        ),
        Drift::KeyPolicyDiffers { key_arn, expected, .. } => after_rescue(
            context,
            id,
            Call::PutKeyPolicy { region: region(), key_arn: key_arn.clone(), policy: expected.clone() },
        ),
        Drift::KeyTagsDiffer { key_arn, expected, .. } => after_rescue(
            context,
            id,
            Call::TagKey { region: region(), key_arn: key_arn.clone(), tags: expected.clone() },
        ),

        Drift::AliasMissing { key_arn, candidates } => {
            point_alias(context, id, key_arn.as_ref(), candidates, |region, alias, key_arn| {
                Call::CreateAlias { region, alias, key_arn }
            })
        }
        Drift::AliasTargetDiffers { expected, candidates, .. } => {
            point_alias(context, id, expected.as_ref(), candidates, |region, alias, key_arn| {
                Call::UpdateAlias { region, alias, key_arn }
            })
        }

        Drift::VaultMissing { key_arn } => create_vault(context, id, key_arn.as_ref()),
        Drift::VaultKeyDiffers { candidates, .. } if !candidates.is_empty() => Blocked(Ambiguous),
        Drift::VaultKeyDiffers { .. } | Drift::VaultTypeDiffers { .. } => Blocked(Immutable),
        Drift::VaultTagsDiffer { arn, expected, .. } => on_vault(context, id, || Call::TagBackupResource {
            region: region(),
            arn: arn.clone(),
            tags: expected.clone(),
        }),
        Drift::VaultPolicyMissing { expected }
        | Drift::VaultPolicyWeakened { expected, .. }
        | Drift::VaultPolicyDiffers { expected, .. }
        | Drift::VaultPolicyLabelsDiffer { expected, .. } => {
            // An explicit deny binds us as well, and what we put we could not take back.
            if context.desired_vault(id).is_some_and(|vault| denied_action(context.desired, vault).is_some())
            {
                return Blocked(NeedsReview);
            }
            on_vault(context, id, || Call::PutBackupVaultAccessPolicy {
                region: region(),
                vault: id.name.clone(),
                policy: expected.clone(),
            })
        }
        Drift::LockMissing { expected } => put_lock(context, id, expected, &Lock::default()),
        Drift::LockModeDiffers { expected, observed, .. }
        | Drift::LockRetentionDiffers { expected, observed, .. }
        | Drift::LockDateTooFar { expected, observed, .. } => put_lock(context, id, expected, observed),

        Drift::PlanMissing => match context.desired_plan(id) {
            Some(want) => match context.vault_in_hand(&want.region, &want.document, plan) {
                Some(vault) => Blocked(WaitingOn(vault)),
                None => Answer::Call(Call::CreateBackupPlan {
                    region: region(),
                    document: want.document.clone(),
                    tags: want.tags.clone(),
                }),
            },
            None => Blocked(NeedsReview),
        },
        Drift::PlanAmbiguous { .. } => Blocked(Ambiguous),
        Drift::RuleMissing { .. }
        | Drift::RuleUnexpected { .. }
        | Drift::ScheduleDiffers { .. }
        | Drift::TimezoneDiffers { .. }
        | Drift::TargetVaultDiffers { .. }
        | Drift::StartWindowDiffers { .. }
        | Drift::CompletionWindowDiffers { .. }
        | Drift::RetentionDiffers { .. }
        | Drift::ColdStorageDiffers { .. }
        | Drift::ContinuousBackupDiffers { .. }
        | Drift::RecoveryPointTagsDiffer { .. }
        | Drift::CopyMissing { .. }
        | Drift::CopyUnexpected { .. }
        | Drift::CopyRetentionDiffers { .. }
        | Drift::CopyColdStorageDiffers { .. }
        | Drift::AdvancedSettingsDiffer { .. } => update_plan(context, plan, id),
        Drift::PlanTagsDiffer { arn, expected, .. } => Answer::Call(Call::TagBackupResource {
            region: region(),
            arn: arn.clone(),
            tags: expected.clone(),
        }),

        Drift::SelectionMissing => create_selection(context, id),
        Drift::SelectionAmbiguous { right: None, .. } => create_selection(context, id),
        // One at a time: what is left is looked at again before the next one goes.
        Drift::SelectionAmbiguous { right: Some(_), wrong } => match wrong.first() {
            Some(selection_id) => delete_selection(context, id, selection_id),
            None => Blocked(Ambiguous),
        },
        Drift::ResourcesDiffer { selection_id, superseded, .. }
        | Drift::NotResourcesDiffer { selection_id, superseded, .. }
        | Drift::SelectionTagsDiffer { selection_id, superseded, .. }
        | Drift::ConditionsDiffer { selection_id, superseded, .. }
        | Drift::SelectionRoleDiffers { selection_id, superseded, .. } => {
            if *superseded {
                return delete_selection(context, id, selection_id);
            }
            match create_selection(context, id) {
                // Only if AWS refuses a second selection of the name does the wrong one have to go first.
                Answer::Call(create) if context.name_is_taken(&create) => {
                    delete_selection(context, id, selection_id)
                }
                other => other,
            }
        }
        Drift::SelectionUnmanaged { .. } => Blocked(NeedsReview),
    }
}

/// What is put on a vault waits for the vault; on one of another type nothing is put.
fn on_vault(context: &Context<'_>, id: &ResourceId, call: impl FnOnce() -> Call) -> Answer {
    let vault = id.of_kind(Kind::Vault);
    if context.held_up(&vault) { Blocked(WaitingOn(vault)) } else { Answer::Call(call()) }
}

/// A lock is put only on a real difference, and keeps its date wherever the spec allows: each put of a compliance lock
/// starts its grace time again.
fn put_lock(context: &Context<'_>, id: &ResourceId, expected: &DesiredLock, observed: &Lock) -> Answer {
    let at = context.observed.at;
    let changeable_for_days = match (expected.mode, observed.state(at)) {
        (_, LockState::Immutable { .. }) => return Blocked(Immutable),
        // To get from compliance to governance the lock would have to be removed; that is for a person to decide.
        (LockMode::Governance, LockState::Grace { .. }) => return Blocked(NeedsReview),
        (LockMode::Governance, LockState::None | LockState::Governance) => None,
        (LockMode::Compliance { changeable_for_days }, LockState::Grace { until })
            if !too_far(until, at, changeable_for_days) =>
        {
            Some(days_that_keep(until, at))
        }
        (LockMode::Compliance { changeable_for_days }, _) => Some(changeable_for_days),
    };
    // A lock that cannot be taken back is not put on a vault whose key is in question.
    let vault = id.of_kind(Kind::Vault);
    let in_question =
        |found: &Finding| found.resource == vault && matches!(found.drift, Drift::VaultKeyDiffers { .. });
    if context.findings.iter().any(in_question) {
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
