//! The one command that goes with a next step: what a person types to look at it, to decide it, or to undo it.

use super::advice::is_about_role;
use super::aftermath::aftermath;
use super::{Outcome, Reported};
use crate::call::Call;
use crate::drift::Drift;
use crate::repair::BlockReason;
use crate::resource::{Kind, ResourceId};

impl Reported {
    /// A command of the AWS CLI. What it destroys, if anything, the next step says; where it only shows, it is the place to start.
    /// What the role has to do with is recorded in IAM's region.
    pub fn command(&self, iam_region: &str) -> Option<String> {
        let ResourceId { kind, region, name } = &self.finding.resource;
        let region = region.as_deref().unwrap_or(iam_region);
        match &self.outcome {
            Outcome::Repaired => self
                .call()
                .and_then(undo)
                .or_else(|| aftermath(&self.finding).and_then(|after| after.command)),
            Outcome::Planned => None,
            Outcome::Failed(error) if is_about_role(error) => match self.call()? {
                Call::CreateBackupSelection { document, .. } => {
                    let role = document.role_arn.rsplit('/').next().unwrap_or(&document.role_arn);
                    Some(format!("aws iam get-role --role-name {}", quoted(role)))
                }
                _ => None,
            },
            Outcome::Failed(_) => Some(look_up(region, self.call()?.action())),
            Outcome::Blocked(reason) => match reason {
                BlockReason::Unreadable => {
                    Some(read(&self.finding.drift, region, name).unwrap_or_else(|| look(*kind, region, name)))
                }
                BlockReason::NeedsReview if self.is_removable_lock() => Some(delete_lock(region, name)),
                BlockReason::Immutable | BlockReason::Ambiguous | BlockReason::NeedsReview => {
                    by_hand(&self.finding.drift, *kind, region, name)
                }
                BlockReason::WaitingOn(_)
                | BlockReason::Tried
                | BlockReason::OverLimit
                | BlockReason::OutOfTime
                | BlockReason::Excepted(_)
                | BlockReason::EmptyAccount => None,
            },
        }
    }

    /// A compliance lock that nobody designed, as long as a person may take it away.
    fn is_removable_lock(&self) -> bool {
        match &self.finding.drift {
            Drift::LockModeDiffers { observed, .. } | Drift::LockRetentionDiffers { observed, .. } => {
                observed.lock_date.is_some()
            }
            _ => false,
        }
    }
}

/// Of all that is called, only a compliance lock cannot be taken back later.
fn undo(call: &Call) -> Option<String> {
    match call {
        Call::PutBackupVaultLockConfiguration { region, vault, changeable_for_days: Some(_), .. } => {
            Some(delete_lock(region, vault))
        }
        _ => None,
    }
}

fn delete_lock(region: &str, vault: &str) -> String {
    format!(
        "aws backup delete-backup-vault-lock-configuration --region {region} --backup-vault-name {}",
        quoted(vault)
    )
}

/// What CloudTrail has of a call, its errors with it.
pub(super) fn look_up(region: &str, action: &str) -> String {
    let event = action.split(':').next_back().unwrap_or(action);
    format!(
        "aws cloudtrail lookup-events --region {region} --lookup-attributes AttributeKey=EventName,AttributeValue={event}"
    )
}

/// The read that was refused, where it can be repeated by name: whoever may run it and sees the answer knows that only the function
/// may not. Where it needs an id, what CloudTrail has of it.
fn read(drift: &Drift, region: &str, name: &str) -> Option<String> {
    let Drift::Unreadable { error, .. } = drift else { return None };
    // Errors of reads begin with the action that was refused.
    let (action, _) = error.split_once(": ")?;
    let quoted = quoted(name);
    Some(match action {
        "iam:GetRole" => format!("aws iam get-role --role-name {quoted}"),
        "iam:ListAttachedRolePolicies" => format!("aws iam list-attached-role-policies --role-name {quoted}"),
        "iam:ListRolePolicies" => format!("aws iam list-role-policies --role-name {quoted}"),
        "kms:DescribeKey" => format!("aws kms describe-key --region {region} --key-id {quoted}"),
        "kms:ListAliases" => format!("aws kms list-aliases --region {region}"),
        "kms:ListKeys" => format!("aws kms list-keys --region {region}"),
        "backup:ListBackupVaults" => format!("aws backup list-backup-vaults --region {region}"),
        "backup:GetBackupVaultAccessPolicy" => {
            format!(
                "aws backup get-backup-vault-access-policy --region {region} --backup-vault-name {quoted}"
            )
        }
        "backup:ListBackupPlans" => format!("aws backup list-backup-plans --region {region}"),
        other if other.starts_with("kms:") || other.starts_with("backup:") => look_up(region, other),
        _ => return None,
    })
}

/// Shows the resource.
pub(super) fn look(kind: Kind, region: &str, name: &str) -> String {
    let name = quoted(name);
    match kind {
        Kind::Role => format!("aws iam get-role --role-name {name}"),
        Kind::Key | Kind::Alias => format!("aws kms describe-key --region {region} --key-id {name}"),
        Kind::Vault | Kind::VaultLock => {
            format!("aws backup describe-backup-vault --region {region} --backup-vault-name {name}")
        }
        Kind::VaultPolicy => {
            format!("aws backup get-backup-vault-access-policy --region {region} --backup-vault-name {name}")
        }
        Kind::Plan | Kind::Selection => format!("aws backup list-backup-plans --region {region}"),
    }
}

fn by_hand(drift: &Drift, kind: Kind, region: &str, name: &str) -> Option<String> {
    Some(match drift {
        Drift::PolicyUnexpected { policy_arn } => {
            format!("aws iam get-policy --policy-arn {}", quoted(policy_arn))
        }
        Drift::InlinePolicyUnexpected { policy } => {
            format!("aws iam get-role-policy --role-name {} --policy-name {}", quoted(name), quoted(policy))
        }
        Drift::BoundaryUnexpected { boundary_arn } => {
            format!("aws iam get-policy --policy-arn {}", quoted(boundary_arn))
        }
        Drift::SelectionUnmanaged { plan_id, selection_id, .. } => format!(
            "aws backup get-backup-selection --region {region} --backup-plan-id {} --selection-id {}",
            quoted(plan_id),
            quoted(selection_id)
        ),
        Drift::PlanAmbiguous { plan_ids } => format!(
            "aws backup get-backup-plan --region {region} --backup-plan-id {}",
            quoted(plan_ids.first()?)
        ),
        Drift::AliasMissing { candidates, .. } | Drift::AliasTargetDiffers { candidates, .. } => {
            format!("aws kms describe-key --region {region} --key-id {}", quoted(candidates.first()?))
        }
        Drift::VaultKeyDiffers { .. } => format!(
            "aws backup list-recovery-points-by-backup-vault --region {region} --backup-vault-name {}",
            quoted(name)
        ),
        Drift::KeyMissing { pinned_by, .. } => format!(
            "aws backup list-recovery-points-by-backup-vault --region {region} --backup-vault-name {}",
            quoted(pinned_by.first()?)
        ),
        // The spec has to change, not the account.
        Drift::VaultPolicyMissing { .. }
        | Drift::VaultPolicyWeakened { .. }
        | Drift::VaultPolicyDiffers { .. }
        | Drift::VaultPolicyLabelsDiffer { .. } => return None,
        _ => look(kind, region, name),
    })
}

/// Safe to paste into a shell, whatever somebody called it.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
