//! What the answer to one finding may look at: the spec, the account, the other findings, and what was tried.

use super::reason::BlockReason;
use super::repairs::{CallMade, Limits, RepairPlan};
use crate::call::{Call, CallError};
use crate::desired::{Desired, DesiredKey, DesiredPlan, DesiredRole, DesiredVault, PlanDocument, Rule};
use crate::drift::{CopyDrift, Drift, Finding, KeyDrift, Part, RuleDrift, Unreadable};
use crate::identity::{PlanChoice, choose_plan, is_own};
use crate::read::is_denied;
use crate::resource::{Kind, ResourceId};
use crate::state::{AWS_KMS, ENCRYPT_DECRYPT, MultiRegion, Observation, Observed, Plan, SYMMETRIC};

/// How often a selection is made whose name AWS takes for taken, after the one that took it was deleted.
const MOST_TRIES_OF_A_NAME: usize = 4;

/// The answer to one finding.
pub(super) enum Decision {
    Call(Call),
    /// Both or neither: the first alone leaves less than there is.
    Replace {
        first: Call,
        then: Call,
    },
    Blocked(BlockReason),
}

pub(super) struct Context<'a> {
    pub(super) desired: &'a Desired,
    pub(super) observed: &'a Observed,
    pub(super) findings: &'a [Finding],
    pub(super) tried: &'a [CallMade],
    pub(super) limits: &'a Limits,
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

    /// The spec's role that a resource stands for.
    pub(super) fn desired_role(&self, id: &ResourceId) -> Option<&'a DesiredRole> {
        self.desired.role(&id.name)
    }

    /// The spec's plan that a resource stands for.
    pub(super) fn desired_plan(&self, id: &ResourceId) -> Option<&'a DesiredPlan> {
        let mut plans = self.desired.plans.iter();
        plans.find(|plan| Some(&plan.region) == id.region.as_ref() && plan.document.name == id.name)
    }

    /// The plan that a resource of kind plan stands for, if it can be told which one that is.
    pub(super) fn plan(&self, id: &ResourceId) -> Option<&'a Plan> {
        match choose_plan(self.desired_plan(id)?, self.observed) {
            PlanChoice::Ours(plan, _) => Some(plan),
            PlanChoice::Absent | PlanChoice::Unknown(_) | PlanChoice::Tie(_) => None,
        }
    }

    /// The findings of a resource.
    pub(super) fn findings_of(&self, resource: &ResourceId) -> impl Iterator<Item = &'a Finding> {
        self.findings.iter().filter(move |found| found.resource == *resource)
    }

    /// Whether the run was asked to repair something else only.
    pub(super) fn is_left_out(&self, finding: &Finding) -> bool {
        let only = &self.limits.only;
        !only.is_empty() && !only.iter().any(|only| only.holds(finding))
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

    /// Whether a key is of another type or usage than those that encrypt for AWS Backup: KMS moves no alias between the two.
    pub(super) fn is_of_another_type(&self, key_arn: &str) -> bool {
        let seen = self.observed.keys.get(key_arn).and_then(Observation::present);
        seen.is_some_and(|key| key.spec != SYMMETRIC || key.usage != ENCRYPT_DECRYPT)
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
        let since = |first: usize| {
            let deletes = |made: &&CallMade| matches!(made.call, Call::DeleteBackupSelection { .. });
            self.tried[first..].iter().any(|made| deletes(&made) && made.result.is_ok())
        };
        let name_is_free_now = since(last);
        // AWS may be late to see that it is free.
        let again =
            self.tried.iter().filter(|made| same_intent(&made.call, call)).count() < MOST_TRIES_OF_A_NAME;
        !(refused_for_its_name && (name_is_free_now || again && since(0)))
    }

    /// Whether AWS refused to make this selection because one of its name exists.
    pub(super) fn name_is_taken(&self, call: &Call) -> bool {
        self.tried
            .iter()
            .any(|made| made.call == *call && made.result.as_ref().is_err_and(|error| error.is_name_taken()))
    }

    /// Whether AWS refused this call in this run for what it says, and not because we may not make it.
    pub(super) fn was_refused(&self, call: &Call) -> bool {
        let is_refusal = |error: &CallError| error.is_refusal() && !is_denied(&error.code);
        self.tried.iter().any(|made| made.call == *call && made.result.as_ref().is_err_and(is_refusal))
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

    /// The vault that keeps this difference of a plan's document from being mended: it is in a region that is not recognisably ours, or
    /// cannot be read, so that where backups and copies go now may be right. What leaves the account is never right, and the rest of the
    /// document does not depend on it.
    pub(super) fn vault_in_doubt(
        &self,
        region: &str,
        document: &PlanDocument,
        drift: &Drift,
        repairs: &RepairPlan,
    ) -> Option<ResourceId> {
        let mut of_rule = self.vaults_of(region, document);
        let named = |arn: &str| self.desired.vaults.iter().find(|vault| vault.arn == arn).map(vault_id);
        let in_doubt = |vault: &ResourceId| {
            repairs.blocked.iter().any(|(found, reason)| {
                let unread = matches!(found.drift, Drift::Unreadable(Unreadable { part: Part::Whole, .. }));
                let in_doubt = matches!(reason, BlockReason::EmptyAccount | BlockReason::Unreadable);
                found.resource == *vault && (is_hold(found) || unread) && in_doubt
            })
        };
        // A rule is made as a whole, wherever it writes and copies to.
        if let Drift::Rule(RuleDrift::RuleMissing { expected, .. }) = drift {
            self.vaults_of_rule(region, expected).find(in_doubt)
        } else if let Drift::Copy(CopyDrift::CopyMissing { destination, .. }) = drift {
            named(destination).filter(in_doubt)
        } else if let Drift::Rule(RuleDrift::TargetVaultDiffers { expected, .. }) = drift {
            Some(ResourceId::regional(Kind::Vault, region, expected)).filter(in_doubt)
        } else if let Drift::Copy(CopyDrift::CopyUnexpected { destination, .. }) = drift {
            // It may be the very copy that is missing where we look.
            of_rule.find(|vault| is_own(self.desired, destination) && in_doubt(vault))
        } else {
            None
        }
    }

    /// The vaults of the spec that a plan's document names, as targets or for copies.
    fn vaults_of(&self, region: &str, document: &PlanDocument) -> impl Iterator<Item = ResourceId> {
        let rules = document.rules.iter();
        rules.flat_map(move |rule| self.vaults_of_rule(region, rule).collect::<Vec<_>>())
    }

    fn vaults_of_rule(&self, region: &str, rule: &Rule) -> impl Iterator<Item = ResourceId> {
        let named = self.desired.vaults.iter().filter(move |vault| {
            let target = vault.region == region && rule.target_vault == vault.name;
            target || rule.copies.iter().any(|copy| copy.destination == vault.arn)
        });
        named.map(vault_id)
    }
}

fn vault_id(vault: &DesiredVault) -> ResourceId {
    ResourceId::regional(Kind::Vault, &vault.region, &vault.name)
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
