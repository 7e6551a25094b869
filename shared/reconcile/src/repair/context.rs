//! What the answer to one finding may look at: the spec, the account, the other findings, and what was tried.

use super::{Attempt, BlockReason, RepairPlan, holds_up_dependants};
use crate::call::Call;
use crate::desired::{Desired, DesiredKey, DesiredPlan, DesiredVault, PlanDocument};
use crate::drift::{Drift, Finding};
use crate::resource::{Kind, ResourceId};
use crate::state::Observed;

/// AWS's answer to a second selection of one name, if it should refuse that (it is not documented whether it does).
const ALREADY_EXISTS: &str = "AlreadyExistsException";

pub(super) struct Context<'a> {
    pub(super) desired: &'a Desired,
    pub(super) observed: &'a Observed,
    pub(super) findings: &'a [Finding],
    pub(super) tried: &'a [Attempt],
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

    /// Whether a resource has a finding that keeps its dependants waiting.
    pub(super) fn held_up(&self, resource: &ResourceId) -> bool {
        self.findings.iter().any(|found| found.resource == *resource && holds_up_dependants(&found.drift))
    }

    /// Whether a key is of a kind that encrypts nothing for AWS Backup.
    pub(super) fn cannot_encrypt(&self, key: &ResourceId) -> bool {
        let unfit =
            |drift: &Drift| matches!(drift, Drift::KeySpecDiffers { .. } | Drift::KeyUsageDiffers { .. });
        self.findings.iter().any(|found| found.resource == *key && unfit(&found.drift))
    }

    /// Whether a resource has any finding at all.
    pub(super) fn differs(&self, resource: &ResourceId) -> bool {
        self.findings.iter().any(|found| found.resource == *resource)
    }

    /// Whether the call was made already in this run. One that was refused for a name that is taken may be made again
    /// after the one that took it was deleted.
    pub(super) fn was_tried(&self, call: &Call) -> bool {
        let Some(last) = self.tried.iter().rposition(|attempt| same_intent(&attempt.call, call)) else {
            return false;
        };
        let refused_for_its_name =
            matches!(&self.tried[last].result, Err(error) if error.code == ALREADY_EXISTS);
        let name_is_free_now = self.tried[last..].iter().any(|attempt| {
            matches!(attempt.call, Call::DeleteBackupSelection { .. }) && attempt.result.is_ok()
        });
        !(refused_for_its_name && name_is_free_now)
    }

    /// Whether AWS refused to make this selection because one of its name exists.
    pub(super) fn name_is_taken(&self, call: &Call) -> bool {
        self.tried.iter().any(|attempt| {
            attempt.call == *call && matches!(&attempt.result, Err(error) if error.code == ALREADY_EXISTS)
        })
    }

    /// The first vault that the plan's document names, that is missing, and that this run is about to make. A vault that
    /// cannot be made does not hold the plan up: the other rules of the plan protect something.
    pub(super) fn vault_in_hand(
        &self,
        region: &str,
        document: &PlanDocument,
        plan: &RepairPlan,
    ) -> Option<ResourceId> {
        self.vaults_of(region, document).find(|vault| {
            let in_steps =
                plan.steps.iter().any(|step| step.resource == *vault && step.findings.iter().any(is_hold));
            let waiting = plan.blocked.iter().any(|(found, reason)| {
                found.resource == *vault && is_hold(found) && matches!(reason, BlockReason::WaitingOn(_))
            });
            // Waiting makes sense only while this pass does something.
            in_steps || waiting && !plan.steps.is_empty()
        })
    }

    /// A vault to which an update would move backups or copies, and which is in a region that holds nothing of the spec, or cannot be
    /// read: it may be the wrong region, and where they go now may be right.
    pub(super) fn vault_in_doubt(
        &self,
        id: &ResourceId,
        region: &str,
        document: &PlanDocument,
        plan: &RepairPlan,
    ) -> Option<ResourceId> {
        let moves = |found: &Finding| {
            found.resource == *id
                && matches!(found.drift, Drift::CopyUnexpected { .. } | Drift::TargetVaultDiffers { .. })
        };
        if !self.findings.iter().any(moves) {
            return None;
        }
        self.vaults_of(region, document).find(|vault| {
            plan.blocked.iter().any(|(found, reason)| {
                let unread = matches!(found.drift, Drift::Unreadable { attribute, .. } if attribute == Kind::Vault.as_str());
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
            target || document.rules.iter().any(|rule| rule.copies.contains_key(&vault.arn))
        });
        named.map(|vault| ResourceId::regional(Kind::Vault, &vault.region, &vault.name))
    }
}

fn is_hold(finding: &Finding) -> bool {
    holds_up_dependants(&finding.drift)
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
