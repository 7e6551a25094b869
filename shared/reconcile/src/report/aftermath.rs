//! What a repair does not mend: what happened, or did not, while the difference lasted, and where to look for it.

use super::commands::{look, look_up};
use crate::drift::{Drift, Finding};
use crate::resource::Kind;

pub(super) struct Aftermath {
    /// A sentence or two; with a command behind it, it ends in a colon.
    pub(super) text: String,
    /// Where to look.
    pub(super) command: Option<String>,
}

const MISSED: &str =
    "Backups that did not come meanwhile are not made up for; the next ones come by the schedule.";

const DELETED: &str = "DeleteRecoveryPoint";
const CUT: &str = "UpdateRecoveryPointLifecycle";

pub(super) fn aftermath(finding: &Finding) -> Option<Aftermath> {
    let region = finding.resource.region.as_deref().unwrap_or_default();
    let text = match &finding.drift {
        Drift::VaultMissing { .. } => {
            return Some(Aftermath {
                text: "This is a new and empty vault: what the old one held is not back.".to_owned(),
                command: Some(look(Kind::Vault, region, &finding.resource.name)),
            });
        }
        Drift::VaultPolicyMissing { .. } | Drift::LockMissing { .. } => {
            return Some(open_vault(region, true, true));
        }
        Drift::VaultPolicyWeakened { no_longer_denied, .. } => {
            let was_open = |action: &str| {
                no_longer_denied.is_empty()
                    || no_longer_denied.iter().any(|one| {
                        one.split(':').next_back().is_some_and(|name| name.eq_ignore_ascii_case(action))
                    })
            };
            return (was_open(DELETED) || was_open(CUT))
                .then(|| open_vault(region, was_open(DELETED), was_open(CUT)));
        }
        Drift::RetentionDiffers { expected, observed, .. }
        | Drift::CopyRetentionDiffers { expected, observed, .. }
            if is_shorter(*observed, *expected) =>
        {
            "Recovery points made meanwhile keep the shorter retention.".to_owned()
        }
        Drift::TargetVaultDiffers { observed, .. } => {
            format!("Recovery points made meanwhile are in {observed}.")
        }
        Drift::CopyMissing { .. } => {
            "Recovery points made meanwhile have no copy there; an on-demand copy of each makes up for it."
                .to_owned()
        }
        Drift::CopyUnexpected { destination, .. } => {
            format!("What was copied meanwhile is still in {destination}. Find out whose that is.")
        }
        Drift::TrustDiffers { .. } => format!(
            "{MISSED} If somebody else was let in, find out who assumed the role meanwhile: their sessions last on until they expire."
        ),
        // The policy for restores: no backup was missed.
        Drift::PolicyDetached { policy_arn } if policy_arn.ends_with("ForRestores") => return None,
        Drift::RoleMissing { .. }
        | Drift::PolicyDetached { .. }
        | Drift::KeyPendingDeletion { .. }
        | Drift::KeyDisabled { .. }
        | Drift::PlanMissing
        | Drift::RuleMissing { .. }
        | Drift::ScheduleDiffers { .. }
        | Drift::SelectionMissing
        | Drift::ConditionsDiffer { .. } => MISSED.to_owned(),
        Drift::ResourcesDiffer { expected, observed, .. } if !observed.is_superset(expected) => {
            MISSED.to_owned()
        }
        Drift::NotResourcesDiffer { expected, observed, .. } if !observed.is_subset(expected) => {
            MISSED.to_owned()
        }
        _ => return None,
    };
    Some(Aftermath { text, command: None })
}

/// Whether somebody used the gap.
fn open_vault(region: &str, deleted: bool, cut: bool) -> Aftermath {
    let (harm, command) = match (deleted, cut) {
        (true, true) => ("recovery points were deleted, or their retention cut,", both(region)),
        (true, false) => ("recovery points were deleted", look_up(region, DELETED)),
        (false, _) => ("the retention of recovery points was cut", look_up(region, CUT)),
    };
    Aftermath { text: format!("Look whether {harm} meanwhile:"), command: Some(command) }
}

/// CloudTrail takes one name at a time; by the service alone it would answer with months of reads.
fn both(region: &str) -> String {
    format!("for name in {DELETED} {CUT}; do {}; done", look_up(region, "$name"))
}

/// Without a number it is for ever.
fn is_shorter(one: Option<i64>, other: Option<i64>) -> bool {
    one.is_some_and(|one| other.is_none_or(|other| one < other))
}
