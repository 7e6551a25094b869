//! What a person has to know or do about a finding that is still open, or about a repair that cannot be undone for long.

use time::Duration;

use super::aftermath::aftermath;
use super::{Outcome, Reported};
use crate::call::{Call, CallError};
use crate::drift::{Drift, Finding, moment};
use crate::repair::BlockReason;
use crate::resource::Kind;

impl Reported {
    /// One sentence or two: why nothing was done, and what to do next. `None` where nothing is left to do. The command that goes
    /// with it, if there is one, is [`Reported::command`].
    pub fn next_step(&self) -> Option<String> {
        let name = &self.finding.resource.name;
        match &self.outcome {
            Outcome::Planned => self.lock_notice(),
            Outcome::Repaired => match (self.lock_notice(), aftermath(&self.finding)) {
                // The command is the one that undoes the lock.
                (Some(lock), Some(after)) => Some(format!("{}. {lock}", after.text.trim_end_matches(':'))),
                (Some(lock), None) => Some(lock),
                (None, after) => after.map(|after| after.text),
            },
            Outcome::Failed(error) if is_about_role(error) => Some(
                "AWS Backup cannot use the role: the role is the cause, not the selection. Look at its trust, its policies and boundary, and at service control policies."
                    .to_owned(),
            ),
            Outcome::Failed(_) => Some(
                "The next run tries again; if it fails again, check the function's rights and what CloudTrail says of the call."
                    .to_owned(),
            ),
            Outcome::Blocked(reason) => Some(match reason {
                BlockReason::Unreadable => unreadable(&self.finding).to_owned(),
                BlockReason::WaitingOn(other) => format!("Waits until {other} is repaired; where that is left to a person, this is too."),
                BlockReason::Immutable => immutable(&self.finding.drift, name),
                BlockReason::Ambiguous => ambiguous(&self.finding.drift),
                BlockReason::NeedsReview => needs_review(&self.finding.drift),
                BlockReason::Tried => format!(
                    "{} was made and accepted, and its effect is not seen yet. The next run looks again.",
                    self.call().map_or("The call", Call::action)
                ),
                BlockReason::OverLimit => {
                    "The run reached MAX_CALLS. The next run goes on; raise MAX_CALLS if so much drift is expected.".to_owned()
                }
                BlockReason::OutOfTime => "The invocation's time was over. The next run goes on; a longer time-out helps.".to_owned(),
                BlockReason::Excepted(exception) => format!(
                    "An exception leaves it as it is until {}; {} answers for it ({}).",
                    exception.until,
                    exception.owner,
                    exception.reason.trim_end_matches('.')
                ),
                BlockReason::EmptyAccount => {
                    let place = self.finding.resource.region.as_deref().unwrap_or("the regions of the spec");
                    format!("No key, vault or plan of the spec exists in {place}: is it the right account, and the right region? If it is, deploy once with BOOTSTRAP=true.")
                }
            }),
        }
    }

    /// A compliance lock is the one thing that cannot be taken back: say until when it can.
    fn lock_notice(&self) -> Option<String> {
        let Some(Call::PutBackupVaultLockConfiguration { changeable_for_days: Some(days), .. }) = self.call()
        else {
            return None;
        };
        if self.outcome == Outcome::Planned {
            return Some(format!(
                "The call starts a compliance lock: {days} days later nobody, AWS included, can remove it any more."
            ));
        }
        let when = self
            .immutable_at
            .map_or_else(|| format!("{days} days after the call"), |at| format!("at {}", moment(at)));
        Some(format!(
            "The lock becomes immutable {when}; from then on nobody, AWS included, can remove it. If it is not meant, take the lock out of the spec first, or deploy with MODE=report: else the next run puts it again. Then, before that date:"
        ))
    }
}

/// What AWS Backup says when a selection's role lets it down.
pub(super) fn is_about_role(error: &CallError) -> bool {
    ["cannot be assumed", "is not authorized to call"].iter().any(|text| error.message.contains(text))
}

fn unreadable(finding: &Finding) -> &'static str {
    // What is not a refusal passes by itself: throttling, a fault of the service, the network.
    if !finding.drift.is_denied_read() {
        return "Nothing is written about what cannot be read. The next run looks again; if that fails too, look at AWS's words.";
    }
    match finding.resource.kind {
        Kind::VaultPolicy => {
            "Nothing is written about what cannot be read. Check the function's rights, service control policies, and whether the vault's own policy now denies reading it."
        }
        Kind::Key | Kind::Alias => {
            "Nothing is written about what cannot be read. Check the function's rights, service control policies, and whether the key's own policy leaves the function out."
        }
        Kind::Role | Kind::Vault | Kind::VaultLock | Kind::Plan | Kind::Selection => {
            "Nothing is written about what cannot be read. Check the function's rights and service control policies."
        }
    }
}

fn immutable(drift: &Drift, name: &str) -> String {
    match drift {
        Drift::KeyMissing { .. } => {
            "The key is gone for ever, and with it what its vaults hold. Make new vaults on a new key and put them into the spec."
                .to_owned()
        }
        Drift::RolePathDiffers { expected, .. } => format!(
            "A role cannot move. Find out what else uses the one at the other path; then detach its policies and delete it, and the next run makes {expected}; or change the spec's path."
        ),
        Drift::LockModeDiffers { observed, .. } | Drift::LockRetentionDiffers { observed, .. } => {
            let since = observed.lock_date.map_or_else(|| "its lock date".to_owned(), moment);
            format!("The lock has been immutable since {since}; nobody, AWS included, can change it. Make a new vault or change the spec.")
        }
        Drift::VaultKeyDiffers { .. } => format!(
            "AWS fixes a vault's key when the vault is made. Find out who made {name}, who holds its key, and what it contains, before anything in it is deleted; then make it anew on the right key, or change the spec."
        ),
        Drift::VaultTypeDiffers { .. } => {
            format!("AWS fixes this when a vault is made. Find out who made {name} and why; then make it anew, or change the spec.")
        }
        _ => "AWS has no way to change it. Replace it, or change the spec.".to_owned(),
    }
}

fn ambiguous(drift: &Drift) -> String {
    match drift {
        Drift::PlanAmbiguous { .. } => {
            "A plan cannot be renamed: look at each, and delete all but the right one, its selections first. Until then none is touched."
                .to_owned()
        }
        Drift::AliasMissing { candidates, .. } | Drift::AliasTargetDiffers { candidates, .. } => format!(
            "More than one key may be meant ({}). Point the alias to the right one by hand.",
            candidates.join(", ")
        ),
        Drift::VaultKeyDiffers { candidates, .. } => format!(
            "The vaults of this key are on different keys ({}), and nothing tells which is right. Find out which holds your recovery points; delete nothing before.",
            candidates.join(", ")
        ),
        _ => "It cannot be told which one is meant. Leave only the right one.".to_owned(),
    }
}

fn needs_review(drift: &Drift) -> String {
    match drift {
        Drift::InlinePolicyUnexpected { .. } => {
            "Policies are never taken away by a machine. Read it, and delete it if nobody needs it; the spec has no inline policies.".to_owned()
        }
        Drift::PolicyUnexpected { .. } => {
            "Policies are never taken away by a machine. Look who put it there and why: it may be a quarantine. If nobody needs it, detach it; otherwise add it to the spec.".to_owned()
        }
        Drift::BoundaryUnexpected { .. } => {
            "Boundaries are never taken away by a machine. Look what it allows, and find out who wants it; if nobody does, take it away.".to_owned()
        }
        Drift::VaultPolicyMissing { .. }
        | Drift::VaultPolicyWeakened { .. }
        | Drift::VaultPolicyDiffers { .. }
        | Drift::VaultPolicyLabelsDiffer { .. } => {
            "The spec's policy would deny the function's own role what it needs to restore it, so it is not put. Exempt the role in the policy (condition on aws:PrincipalArn)."
                .to_owned()
        }
        Drift::SelectionUnmanaged { .. } => "Look what it selects; delete it if nobody needs it, or add it to the spec.".to_owned(),
        Drift::KeyUnusable { .. } => {
            "Only a person can bring it back: import its material again, or connect its key store.".to_owned()
        }
        Drift::LockModeDiffers { observed, .. } | Drift::LockRetentionDiffers { observed, .. } => match observed.lock_date {
            Some(date) => format!(
                "A compliance lock where the spec asks for governance becomes immutable at {}. Decide before {} whether to remove it.",
                moment(date),
                moment(date - Duration::hours(1)),
            ),
            None => "Compare the lock with the spec by hand.".to_owned(),
        },
        _ => "Look at it and decide; if an exception covers another part of it, AWS can only replace the whole.".to_owned(),
    }
}
