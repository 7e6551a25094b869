//! What it meant: what could happen to backups, or no longer happened, because of the difference.

use std::borrow::Cow;

use reconcile::drift::{Drift, moment};
use reconcile::report::{Outcome, Reported};
use reconcile::resource::Kind;

/// One sentence.
pub fn meaning(one: &Reported) -> Cow<'static, str> {
    use Drift as D;
    let finding = &one.finding;
    let name = &finding.resource.name;
    let text = match &finding.drift {
        D::Unreadable { .. } => return unreadable(finding.resource.kind).into(),

        D::RoleMissing { .. } => "AWS Backup has no role to work with: no job starts, no restore works.",
        D::RolePathDiffers { .. } => {
            "It is another role than the one that selections name: their jobs do not start."
        }
        D::TrustDiffers { .. } => {
            "AWS Backup may be unable to use the role, so that no job starts; or somebody else may use it."
        }
        D::PolicyDetached { policy_arn } => {
            return if policy_arn.ends_with("ForRestores") {
                "Restores fail for want of rights.".into()
            } else {
                "Jobs of AWS Backup fail for want of rights.".into()
            };
        }
        D::PolicyUnexpected { .. } | D::InlinePolicyUnexpected { .. } => {
            "It may deny what jobs need, or give the role more than anybody designed."
        }
        D::BoundaryUnexpected { .. } => {
            "A boundary takes rights away, whatever the policies say: jobs may fail."
        }
        D::RoleTagsDiffer { .. }
        | D::KeyTagsDiffer { .. }
        | D::VaultTagsDiffer { .. }
        | D::PlanTagsDiffer { .. } => {
            "Nothing is less protected; what goes by tags (costs, reports, policies) misses it."
        }

        D::KeyMissing { pinned_by, .. } if pinned_by.is_empty() => {
            "Without a key the vaults of this region cannot be made."
        }
        D::KeyMissing { .. } => {
            "What these vaults hold can never be decrypted again, and new jobs to them fail."
        }
        D::KeyPendingDeletion { deletion_at, .. } => {
            let when = deletion_at.map_or_else(|| "Then".to_owned(), |at| format!("At {}", moment(at)));
            let lost = if one.outcome == Outcome::Repaired { "would have been" } else { "will be" };
            return format!(
                "{when} every recovery point under it {lost} lost for ever, and until then no job works."
            )
            .into();
        }
        D::KeyDisabled { .. } => "Backup, copy and restore jobs of every vault on this key fail.",
        D::KeyUnusable { .. } => "Backup, copy and restore jobs of every vault on this key fail.",
        D::RotationOff { .. } => "The key's material is no longer renewed; backups go on.",
        D::RotationPeriodDiffers { .. } => "The key's material is renewed at other times; backups go on.",
        D::KeySpecDiffers { .. } | D::KeyUsageDiffers { .. } => {
            "AWS Backup can encrypt nothing with such a key."
        }
        D::DescriptionDiffers { .. } => "A text for people; backups go on.",
        D::KeyPolicyDiffers { .. } => {
            "Whom the policy lets in may read or lock away backups; whom it leaves out may be AWS Backup."
        }

        D::AliasMissing { .. } => {
            "Existing vaults go on with their key; what is made next would not find it."
        }
        D::AliasTargetDiffers { .. } => {
            "Existing vaults go on with their key; what is made next would be encrypted with another."
        }

        D::VaultMissing { .. } => {
            return format!("Jobs to {name} fail, and whatever it held is gone.").into();
        }
        D::VaultKeyDiffers { .. } => {
            "Whoever holds the other key decides whether these backups can be restored."
        }
        D::VaultTypeDiffers { .. } => "Another type of vault has other rules for copies, locks and sharing.",
        D::VaultPolicyMissing { .. } => {
            return format!("Anyone with the permission could delete {name} and the recovery points in it.")
                .into();
        }
        D::VaultPolicyWeakened { no_longer_denied, .. } => return weakened(name, no_longer_denied.iter()),
        D::VaultPolicyDiffers { .. } => {
            "What the spec denies is still denied; what was added may let somebody in, or keep somebody out."
        }
        D::VaultPolicyLabelsDiffer { .. } => "Labels carry no rights; nothing is less protected.",
        D::LockMissing { .. } => {
            return format!("Recovery points in {name} could be deleted, and their retention cut, by anyone with the permission.").into();
        }
        D::LockModeDiffers { observed_mode: "governance", .. } => {
            return format!(
                "Anyone with the permission could remove the lock, and then delete what {name} holds."
            )
            .into();
        }
        D::LockModeDiffers { .. } => {
            "A compliance lock that nobody designed: after its date no one, AWS included, can remove it."
        }
        D::LockRetentionDiffers { .. } => {
            "Jobs whose retention does not fit the lock fail, or recovery points are kept for less than designed."
        }
        D::LockDateTooFar { .. } => {
            return format!("The lock on {name} could be removed for longer than designed.").into();
        }

        D::PlanMissing => "Nothing is backed up by this plan.",
        D::PlanAmbiguous { .. } => {
            "Which plan is the spec's cannot be told; the same may be backed up twice, or by the wrong rules."
        }
        D::RuleMissing { .. } => "This tier of backups no longer happens.",
        D::RuleUnexpected { .. } => "More is backed up than designed, and paid for.",
        D::ScheduleDiffers { .. } => "Backups come at other times than designed, or never.",
        D::TimezoneDiffers { .. } => "Backups come at other hours than designed.",
        D::TargetVaultDiffers { .. } => {
            "Recovery points land in a vault without the designed lock and policy."
        }
        D::StartWindowDiffers { .. } => "Jobs may start later than designed, or give up earlier.",
        D::CompletionWindowDiffers { .. } => "Jobs may be cut off earlier than designed, or run longer.",
        D::RetentionDiffers { expected, observed, .. }
        | D::CopyRetentionDiffers { expected, observed, .. } => {
            return is_less(*expected, *observed).into();
        }
        D::ColdStorageDiffers { .. } | D::CopyColdStorageDiffers { .. } => {
            "As much is kept, at another price and with another time to restore."
        }
        D::ContinuousBackupDiffers { expected: true, .. } => {
            "Restores to a point in time are no longer possible."
        }
        D::ContinuousBackupDiffers { expected: false, .. } => {
            "More is backed up than designed, and paid for."
        }
        D::RecoveryPointTagsDiffer { .. } => "As much is kept; what goes by tags misses it.",
        D::CopyMissing { .. } => {
            "The second region gets no more backups: a loss of this one would be a loss of all."
        }
        D::CopyUnexpected { .. } => {
            "Backups leave for a vault that nobody designed, perhaps in somebody else's hands."
        }
        D::AdvancedSettingsDiffer { .. } => {
            "Without Windows VSS a backup is what a crash would have left, not what the applications wrote."
        }

        D::SelectionMissing => "The plan has nothing to back up by this selection.",
        D::SelectionAmbiguous { right: Some(_), .. } => "The right one works; the others back up besides.",
        D::SelectionAmbiguous { right: None, .. } => "None of them selects what the spec wants.",
        D::ResourcesDiffer { expected, observed, .. } => {
            return if observed.is_superset(expected) {
                "More is backed up than designed.".into()
            } else if expected.is_disjoint(observed) {
                "Nothing that the spec selects was backed up by it.".into()
            } else {
                "A part of what the spec selects was not backed up.".into()
            };
        }
        D::NotResourcesDiffer { expected, observed, .. } => {
            return if observed.is_subset(expected) {
                "More is backed up than designed.".into()
            } else {
                "What it left out besides was not backed up.".into()
            };
        }
        D::SelectionTagsDiffer { .. } => "More or less than designed is backed up.",
        D::ConditionsDiffer { .. } => "Each condition takes resources away from what is backed up.",
        D::SelectionRoleDiffers { .. } => {
            "Another role may lack the rights to back up, or have more than designed."
        }
        D::SelectionUnmanaged { .. } => "More is backed up with this plan than designed.",
    };
    text.into()
}

fn unreadable(kind: Kind) -> &'static str {
    match kind {
        Kind::Role => "Whether AWS Backup can still use its role is not known.",
        Kind::Key | Kind::Alias => "Whether backups can still be encrypted and restored is not known.",
        Kind::Vault => "Whether the vault is still there, and as designed, is not known.",
        Kind::VaultPolicy | Kind::VaultLock => {
            "Whether recovery points are still protected from deletion is not known."
        }
        Kind::Plan | Kind::Selection => "Whether everything is still backed up is not known.",
    }
}

fn weakened<'a>(vault: &str, lost: impl Iterator<Item = &'a String>) -> Cow<'static, str> {
    let deeds: Vec<&str> = lost
        .map(|action| match action.as_str() {
            "backup:deletebackupvault" | "backup:DeleteBackupVault" => "delete the vault",
            "backup:deleterecoverypoint" | "backup:DeleteRecoveryPoint" => "delete recovery points",
            "backup:updaterecoverypointlifecycle" | "backup:UpdateRecoveryPointLifecycle" => {
                "cut the retention of recovery points"
            }
            _ => "do what the spec denies",
        })
        .collect();
    let mut told: Vec<&str> = Vec::new();
    deeds.into_iter().for_each(|deed| {
        if !told.contains(&deed) {
            told.push(deed)
        }
    });
    let what = match told.as_slice() {
        [] => "delete recovery points".to_owned(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    };
    format!("Anyone with the permission could {what} in {vault}.").into()
}

fn is_less(expected: Option<i64>, observed: Option<i64>) -> &'static str {
    match (expected, observed) {
        (_, None) => "Recovery points are kept for ever, and paid for.",
        (Some(expected), Some(observed)) if observed > expected => {
            "Recovery points are kept, and paid for, longer than designed."
        }
        (_, Some(_)) => "New recovery points are gone sooner than designed.",
    }
}
