//! The repair policy: one match over the ways to differ, each with a call or a reason.

use super::context::Context;
use super::exceptions;
use super::{BlockReason, RepairPlan, plan_id};
use crate::call::Call;
use crate::desired::{DesiredKey, DesiredLock, DesiredPlan, DesiredVault, LockMode, SelectionDocument};
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

        Drift::KeyMissing { pinned_by, key_arn } => match desired_key(context, id) {
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
            if desired_vault(context, id).is_some_and(|vault| denied_action(context.desired, vault).is_some())
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

        Drift::PlanMissing => match desired_plan(context, id) {
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

fn desired_key<'a>(context: &Context<'a>, id: &ResourceId) -> Option<&'a DesiredKey> {
    context.desired.key(id.region.as_deref()?, &id.name)
}

fn desired_vault<'a>(context: &Context<'a>, id: &ResourceId) -> Option<&'a DesiredVault> {
    context
        .desired
        .vaults
        .iter()
        .find(|vault| Some(&vault.region) == id.region.as_ref() && vault.name == id.name)
}

fn desired_plan<'a>(context: &Context<'a>, id: &ResourceId) -> Option<&'a DesiredPlan> {
    context
        .desired
        .plans
        .iter()
        .find(|plan| Some(&plan.region) == id.region.as_ref() && plan.document.name == id.name)
}

fn regional(id: &ResourceId, kind: Kind) -> ResourceId {
    ResourceId { kind, ..id.clone() }
}

fn enable_rotation(
    context: &Context<'_>,
    id: &ResourceId,
    key_arn: &str,
    period_days: Option<u32>,
) -> Answer {
    let region = id.region.clone().unwrap_or_default();
    after_rescue(context, id, Call::EnableKeyRotation { region, key_arn: key_arn.to_owned(), period_days })
}

/// KMS refuses most writes while a key is pending deletion or disabled: the rescue comes first.
fn after_rescue(context: &Context<'_>, id: &ResourceId, call: Call) -> Answer {
    // A key for another use is not the one that the spec means: nothing is written to it.
    if context.cannot_encrypt(id) {
        return Blocked(Immutable);
    }
    if context.held_up(id) { Blocked(WaitingOn(id.clone())) } else { Answer::Call(call) }
}

fn point_alias(
    context: &Context<'_>,
    id: &ResourceId,
    key_arn: Option<&String>,
    candidates: &[String],
    call: fn(String, String, String) -> Call,
) -> Answer {
    let key = regional(id, Kind::Key);
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

fn create_vault(context: &Context<'_>, id: &ResourceId, key_arn: Option<&String>) -> Answer {
    let Some(vault) = desired_vault(context, id) else { return Blocked(NeedsReview) };
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

/// What is put on a vault waits for the vault; on one of another type nothing is put.
fn on_vault(context: &Context<'_>, id: &ResourceId, call: impl FnOnce() -> Call) -> Answer {
    let vault = regional(id, Kind::Vault);
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
    on_vault(context, id, || Call::PutBackupVaultLockConfiguration {
        region: id.region.clone().unwrap_or_default(),
        vault: id.name.clone(),
        changeable_for_days,
        min_retention_days: expected.min_retention_days,
        max_retention_days: expected.max_retention_days,
    })
}

fn update_plan(context: &Context<'_>, plan: &RepairPlan, id: &ResourceId) -> Answer {
    let Some(want) = desired_plan(context, id) else { return Blocked(NeedsReview) };
    if let Some(vault) = context.vault_in_hand(&want.region, &want.document, plan) {
        return Blocked(WaitingOn(vault));
    }
    match plan_id(context.observed, &want.region, &want.document.name) {
        Some(plan_id) => Answer::Call(Call::UpdateBackupPlan {
            region: want.region.clone(),
            plan_id: plan_id.to_owned(),
            document: exceptions::keep_in_document(context, id, &want.document),
        }),
        None => Blocked(Ambiguous),
    }
}

fn create_selection(context: &Context<'_>, id: &ResourceId) -> Answer {
    let Some((plan, document)) = desired_selection(context, id) else { return Blocked(NeedsReview) };
    let plan_resource = ResourceId::regional(Kind::Plan, &plan.region, &plan.document.name);
    // AWS Backup checks the role when a selection is made.
    let role = ResourceId::role(&context.desired.role.name);
    if context.held_up(&role) {
        return Blocked(WaitingOn(role));
    }
    match plan_id(context.observed, &plan.region, &plan.document.name) {
        Some(plan_id) => Answer::Call(Call::CreateBackupSelection {
            region: plan.region.clone(),
            plan_id: plan_id.to_owned(),
            document: document.clone(),
        }),
        None => Blocked(WaitingOn(plan_resource)),
    }
}

fn delete_selection(context: &Context<'_>, id: &ResourceId, selection_id: &str) -> Answer {
    let Some((plan, _)) = desired_selection(context, id) else { return Blocked(NeedsReview) };
    match plan_id(context.observed, &plan.region, &plan.document.name) {
        Some(plan_id) => Answer::Call(Call::DeleteBackupSelection {
            region: plan.region.clone(),
            plan_id: plan_id.to_owned(),
            selection_id: selection_id.to_owned(),
        }),
        None => Blocked(Ambiguous),
    }
}

fn desired_selection<'a>(
    context: &Context<'a>,
    id: &ResourceId,
) -> Option<(&'a DesiredPlan, &'a SelectionDocument)> {
    context
        .desired
        .plans
        .iter()
        .filter(|plan| Some(&plan.region) == id.region.as_ref())
        .flat_map(|plan| plan.selections.iter().map(move |selection| (plan, selection)))
        .find(|(plan, selection)| {
            *id == ResourceId::selection(&plan.region, &plan.document.name, &selection.name)
        })
}
