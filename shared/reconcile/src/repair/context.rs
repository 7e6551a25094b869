//! What the answer to one finding may look at: the spec, the account, the other findings, and what was tried.

use super::reason::BlockReason;
use super::repairs::{CallMade, RepairPlan};
use crate::call::{Call, CallError};
use crate::desired::{Desired, DesiredKey, DesiredPlan, DesiredVault, PlanDocument};
use crate::drift::{DocumentDrift, Drift, Finding, KeyDrift, Part, Unreadable};
use crate::resource::{Kind, ResourceId};
use crate::state::{AWS_KMS, MultiRegion, Observation, Observed, Plan, PlanMatch, SYMMETRIC, place};

/// The answer to one finding.
pub(super) enum Decision {
    Call(Call),
    Blocked(BlockReason),
}

pub(super) struct Context<'a> {
    pub(super) desired: &'a Desired,
    pub(super) observed: &'a Observed,
    pub(super) findings: &'a [Finding],
    pub(super) tried: &'a [CallMade],
}

impl<'a> Context<'a> {
    /// The spec's key that a resource of kind key or alias stands for.
    pub(super) fn desired_key(&self, id: &ResourceId) -> Option<&'a DesiredKey> {
        self.desired.key(id.region.as_deref()?, &id.name)
    }

    /// The spec's vault that a resource of kind vault, policy or lock stands for.
    pub(super) fn desired_vault(&self, id: &ResourceId) -> Option<&'a DesiredVault> {
        let mut vaults = self.desired.vaults.iter();
        vaults.find(|vault| Some(&vault.region) == id.region.as_ref() && vault.name == id.name)
    }

    /// The spec's plan that a resource stands for.
    pub(super) fn desired_plan(&self, id: &ResourceId) -> Option<&'a DesiredPlan> {
        let mut plans = self.desired.plans.iter();
        plans.find(|plan| Some(&plan.region) == id.region.as_ref() && plan.document.name == id.name)
    }

    /// The plan that a resource of kind plan stands for, if there is exactly one of its name.
    pub(super) fn plan(&self, id: &ResourceId) -> Option<&'a Plan> {
        match self.observed.plans.get(&place(id.region.as_deref()?, &id.name))? {
            Observation::Present(PlanMatch::One(plan)) => Some(plan),
            Observation::Present(PlanMatch::Several(_))
            | Observation::Absent
            | Observation::Unreadable(_) => None,
        }
    }

    /// The findings of a resource.
    pub(super) fn findings_of(&self, resource: &ResourceId) -> impl Iterator<Item = &'a Finding> {
        self.findings.iter().filter(move |found| found.resource == *resource)
    }

    /// Whether a resource has a finding that keeps its dependants waiting.
    pub(super) fn held_up(&self, resource: &ResourceId) -> bool {
        self.findings_of(resource).any(|found| found.drift.code().holds_up)
    }

    /// Whether a key is of a kind that encrypts nothing for AWS Backup.
    pub(super) fn cannot_encrypt(&self, key: &ResourceId) -> bool {
        self.findings_of(key).any(|found| {
            matches!(found.drift, Drift::Key(KeyDrift::SpecDiffers { .. } | KeyDrift::UsageDiffers { .. }))
        })
    }

    /// Whether AWS KMS rotates such a key never by itself: imported material, a key store, another type, a replica, which rotates with
    /// its primary ("Rotating AWS KMS keys").
    pub(super) fn cannot_rotate(&self, key_arn: &str) -> bool {
        self.observed.keys.get(key_arn).and_then(Observation::present).is_some_and(|key| {
            key.origin != AWS_KMS || key.spec != SYMMETRIC || key.multi_region == MultiRegion::Replica
        })
    }

    /// Whether a resource has any finding at all.
    pub(super) fn differs(&self, resource: &ResourceId) -> bool {
        self.findings_of(resource).next().is_some()
    }

    /// Whether the call was made already in this run. One that was refused for a name that is taken may be made again
    /// after the one that took it was deleted.
    pub(super) fn was_tried(&self, call: &Call) -> bool {
        let Some(last) = self.tried.iter().rposition(|made| same_intent(&made.call, call)) else {
            return false;
        };
        let refused_for_its_name = self.tried[last].result.as_ref().is_err_and(|error| error.is_name_taken());
        let name_is_free_now = self.tried[last..]
            .iter()
            .any(|made| matches!(made.call, Call::DeleteBackupSelection { .. }) && made.result.is_ok());
        !(refused_for_its_name && name_is_free_now)
    }

    /// Whether AWS refused to make this selection because one of its name exists.
    pub(super) fn name_is_taken(&self, call: &Call) -> bool {
        self.tried
            .iter()
            .any(|made| made.call == *call && made.result.as_ref().is_err_and(|error| error.is_name_taken()))
    }

    /// Whether AWS refused to update this plan because the function may not pass the role in it that scans for malware.
    pub(super) fn may_not_pass_a_role(&self, plan: &str) -> bool {
        self.tried.iter().any(|made| {
            let of_this_plan =
                matches!(&made.call, Call::UpdateBackupPlan { plan_id, .. } if plan_id == plan);
            of_this_plan && made.result.as_ref().is_err_and(CallError::is_about_passing_a_role)
        })
    }

    /// The first vault that the plan's document names, that is missing, and that this run is about to make. A vault that
    /// cannot be made does not hold the plan up: the other rules of the plan protect something.
    pub(super) fn vault_in_hand(
        &self,
        region: &str,
        document: &PlanDocument,
        repairs: &RepairPlan,
    ) -> Option<ResourceId> {
        self.vaults_of(region, document).find(|vault| {
            let in_steps =
                repairs.steps.iter().any(|step| step.resource == *vault && step.findings.iter().any(is_hold));
            let waiting = repairs.blocked.iter().any(|(found, reason)| {
                found.resource == *vault && is_hold(found) && matches!(reason, BlockReason::WaitingOn(_))
            });
            // Waiting makes sense only while this pass does something.
            in_steps || waiting && !repairs.steps.is_empty()
        })
    }

    /// A vault to which an update would move backups or copies, and which is in a region that holds nothing of the spec, or cannot be
    /// read: it may be the wrong region, and where they go now may be right.
    pub(super) fn vault_in_doubt(
        &self,
        id: &ResourceId,
        region: &str,
        document: &PlanDocument,
        repairs: &RepairPlan,
    ) -> Option<ResourceId> {
        let moves = |found: &Finding| {
            matches!(
                found.drift,
                Drift::Document(
                    DocumentDrift::CopyUnexpected { .. } | DocumentDrift::TargetVaultDiffers { .. }
                )
            )
        };
        if !self.findings_of(id).any(moves) {
            return None;
        }
        self.vaults_of(region, document).find(|vault| {
            repairs.blocked.iter().any(|(found, reason)| {
                let unread = matches!(found.drift, Drift::Unreadable(Unreadable { part: Part::Whole, .. }));
                let in_doubt = matches!(reason, BlockReason::EmptyAccount | BlockReason::Unreadable);
                found.resource == *vault && (is_hold(found) || unread) && in_doubt
            })
        })
    }

    /// The vaults of the spec that a plan's document names, as targets or for copies.
    fn vaults_of(&self, region: &str, document: &PlanDocument) -> impl Iterator<Item = ResourceId> {
        let named = self.desired.vaults.iter().filter(move |vault| {
            let target =
                vault.region == region && document.rules.iter().any(|rule| rule.target_vault == vault.name);
            target
                || document
                    .rules
                    .iter()
                    .flat_map(|rule| &rule.copies)
                    .any(|copy| copy.destination == vault.arn)
        });
        named.map(|vault| ResourceId::regional(Kind::Vault, &vault.region, &vault.name))
    }
}

fn is_hold(finding: &Finding) -> bool {
    finding.drift.code().holds_up
}

/// Whether two calls mean the same. A lock is put once a run, whatever days are left by then: each put moves its date.
fn same_intent(a: &Call, b: &Call) -> bool {
    match (a, b) {
        (
            Call::PutBackupVaultLockConfiguration { region: a_region, vault: a_vault, .. },
            Call::PutBackupVaultLockConfiguration { region: b_region, vault: b_vault, .. },
        ) => a_region == b_region && a_vault == b_vault,
        (a, b) => a == b,
    }
}
