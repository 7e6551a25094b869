//! What it meant: what could happen to backups, or no longer happened, because of the difference.

use std::borrow::Cow;

use reconcile::drift::{Drift, moment};
use reconcile::report::Reported;
use reconcile::resource::Kind;

use super::Tense;

/// One sentence.
pub fn meaning(one: &Reported) -> Cow<'static, str> {
    use Drift as D;
    let finding = &one.finding;
    let tense = Tense::of(one);
    let v = |now, then| tense.verb(now, then);
    let name = &finding.resource.name;
    let text = match &finding.drift {
        D::Unreadable { attribute: "tags", .. } => {
            "Whether its tags are as designed is not known; how it is protected does not depend on them."
        }
        D::Unreadable { .. } => return unreadable(finding.resource.kind).into(),

        D::RoleMissing { .. } => v(
            "AWS Backup has no role to work with: no job starts, no restore works.",
            "AWS Backup had no role to work with: no job started, no restore worked.",
        ),
        D::RolePathDiffers { .. } => v(
            "It is another role than the one that selections name: their jobs do not start.",
            "It was another role than the one that selections name: their jobs did not start.",
        ),
        D::TrustDiffers { .. } => v(
            "AWS Backup may be unable to use the role, so that no job starts; or somebody else may use it.",
            "AWS Backup may have been unable to use the role, so that no job started; or somebody else could use it.",
        ),
        D::PolicyDetached { policy_arn } => {
            return if policy_arn.ends_with("ForRestores") {
                v("Restores fail for want of rights.", "Restores failed for want of rights.").into()
            } else {
                v(
                    "Jobs of AWS Backup fail for want of rights.",
                    "Jobs of AWS Backup failed for want of rights.",
                )
                .into()
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
        | D::PlanTagsDiffer { .. } => v(
            "Nothing is less protected; what goes by tags (costs, reports, policies) misses it.",
            "Nothing was less protected; what goes by tags (costs, reports, policies) missed it.",
        ),

        D::KeyMissing { pinned_by, .. } if pinned_by.is_empty() => v(
            "Without a key the vaults of this region cannot be made.",
            "Without a key the vaults of this region could not be made.",
        ),
        D::KeyMissing { .. } => {
            "What these vaults hold can never be decrypted again, and new jobs to them fail."
        }
        D::KeyPendingDeletion { deletion_at, .. } => {
            let when = deletion_at.map_or_else(|| "Then".to_owned(), |at| format!("At {}", moment(at)));
            return format!(
                "{when} every recovery point under it {} lost for ever, and until then no job {}.",
                v("will be", "would have been"),
                v("works", "worked")
            )
            .into();
        }
        D::KeyDisabled { .. } => v(
            "Backup, copy and restore jobs of every vault on this key fail.",
            "Backup, copy and restore jobs of every vault on this key failed.",
        ),
        D::KeyUnusable { .. } => v(
            "Backup, copy and restore jobs of every vault on this key fail.",
            "Backup, copy and restore jobs of every vault on this key failed.",
        ),
        D::RotationOff { .. } => v(
            "The key's material is no longer renewed; backups go on.",
            "The key's material was no longer renewed; backups went on.",
        ),
        D::RotationPeriodDiffers { .. } => v(
            "The key's material is renewed at other times; backups go on.",
            "The key's material was renewed at other times; backups went on.",
        ),
        D::KeySpecDiffers { .. } | D::KeyUsageDiffers { .. } => {
            "AWS Backup can encrypt nothing with such a key."
        }
        D::DescriptionDiffers { .. } => {
            v("A text for people; backups go on.", "A text for people; backups went on.")
        }
        D::KeyPolicyDiffers { .. } => v(
            "Whom the policy lets in may read or lock away backups; whom it leaves out may be AWS Backup.",
            "Whom the policy let in could read or lock away backups; whom it left out may have been AWS Backup.",
        ),

        D::AliasMissing { .. } => v(
            "Existing vaults go on with their key; what is made next would not find it.",
            "Existing vaults went on with their key; what was made next would not have found it.",
        ),
        D::AliasTargetDiffers { .. } => v(
            "Existing vaults go on with their key; what is made next would be encrypted with another.",
            "Existing vaults went on with their key; what was made next would have been encrypted with another.",
        ),

        D::VaultMissing { .. } => {
            return format!("Jobs to {name} {}, and whatever it held is gone.", v("fail", "failed")).into();
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
        D::VaultPolicyDiffers { .. } => v(
            "What the spec denies is still denied; what was added may let somebody in, or keep somebody out.",
            "What the spec denies was still denied; what was added may have let somebody in, or kept somebody out.",
        ),
        D::VaultPolicyLabelsDiffer { .. } => v(
            "Labels carry no rights; nothing is less protected.",
            "Labels carry no rights; nothing was less protected.",
        ),
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
        D::LockRetentionDiffers { .. } => v(
            "Jobs whose retention does not fit the lock fail, or recovery points are kept for less than designed.",
            "Jobs whose retention did not fit the lock failed, or recovery points were kept for less than designed.",
        ),
        D::LockDateTooFar { .. } => {
            return format!("The lock on {name} could be removed for longer than designed.").into();
        }

        D::PlanMissing => v("Nothing is backed up by this plan.", "Nothing was backed up by this plan."),
        D::PlanAmbiguous { .. } => {
            "Which plan is the spec's cannot be told; the same may be backed up twice, or by the wrong rules."
        }
        D::RuleMissing { .. } => {
            v("This tier of backups no longer happens.", "This tier of backups no longer happened.")
        }
        D::RuleUnexpected { .. } => v(
            "More is backed up than designed, and paid for.",
            "More was backed up than designed, and paid for.",
        ),
        D::ScheduleDiffers { .. } => v(
            "Backups come at other times than designed, or never.",
            "Backups came at other times than designed, or never.",
        ),
        D::TimezoneDiffers { .. } => {
            v("Backups come at other hours than designed.", "Backups came at other hours than designed.")
        }
        D::TargetVaultDiffers { .. } => v(
            "Recovery points land in another vault, with its lock and policy and not the designed one's.",
            "Recovery points landed in another vault, with its lock and policy and not the designed one's.",
        ),
        D::StartWindowDiffers { .. } => v(
            "Jobs may start later than designed, or give up earlier.",
            "Jobs may have started later than designed, or given up earlier.",
        ),
        D::CompletionWindowDiffers { .. } => v(
            "Jobs may be cut off earlier than designed, or run longer.",
            "Jobs may have been cut off earlier than designed, or run longer.",
        ),
        D::RetentionDiffers { expected, observed, .. }
        | D::CopyRetentionDiffers { expected, observed, .. } => {
            return is_less(*expected, *observed, tense).into();
        }
        D::ColdStorageDiffers { .. } | D::CopyColdStorageDiffers { .. } => v(
            "As much is kept, at another price and with another time to restore.",
            "As much was kept, at another price and with another time to restore.",
        ),
        D::ContinuousBackupDiffers { expected: true, .. } => v(
            "Restores to a point in time are no longer possible.",
            "Restores to a point in time were no longer possible.",
        ),
        D::ContinuousBackupDiffers { expected: false, .. } => v(
            "More is backed up than designed, and paid for.",
            "More was backed up than designed, and paid for.",
        ),
        D::RecoveryPointTagsDiffer { .. } => v(
            "As much is kept; what goes by tags misses it.",
            "As much was kept; what goes by tags missed it.",
        ),
        D::CopyMissing { .. } => v(
            "The second region gets no more backups: a loss of this one would be a loss of all.",
            "The second region got no more backups: a loss of this one would have been a loss of all.",
        ),
        D::CopyUnexpected { .. } => v(
            "Backups leave for a vault that nobody designed, perhaps in somebody else's hands.",
            "Backups left for a vault that nobody designed, perhaps in somebody else's hands.",
        ),
        D::AdvancedSettingsDiffer { .. } => v(
            "Without Windows VSS a backup is what a crash would have left, not what the applications wrote.",
            "Without Windows VSS a backup was what a crash would have left, not what the applications wrote.",
        ),

        D::SelectionMissing => v(
            "The plan has nothing to back up by this selection.",
            "The plan had nothing to back up by this selection.",
        ),
        D::SelectionAmbiguous { right: Some(_), .. } => v(
            "The right one works; the others back up besides.",
            "The right one worked; the others backed up besides.",
        ),
        D::SelectionAmbiguous { right: None, .. } => {
            v("None of them selects what the spec wants.", "None of them selected what the spec wants.")
        }
        D::ResourcesDiffer { expected, observed, .. } => {
            return if observed.is_superset(expected) {
                v("More is backed up than designed.", "More was backed up than designed.").into()
            } else if expected.is_disjoint(observed) {
                v(
                    "Nothing that the spec selects is backed up by it.",
                    "Nothing that the spec selects was backed up by it.",
                )
                .into()
            } else {
                v(
                    "A part of what the spec selects is not backed up.",
                    "A part of what the spec selects was not backed up.",
                )
                .into()
            };
        }
        D::NotResourcesDiffer { expected, observed, .. } => {
            return if observed.is_subset(expected) {
                v("More is backed up than designed.", "More was backed up than designed.").into()
            } else {
                v(
                    "What it leaves out besides is not backed up.",
                    "What it left out besides was not backed up.",
                )
                .into()
            };
        }
        D::SelectionTagsDiffer { .. } => {
            v("More or less than designed is backed up.", "More or less than designed was backed up.")
        }
        D::ConditionsDiffer { .. } => v(
            "Each condition takes resources away from what is backed up.",
            "Each condition took resources away from what was backed up.",
        ),
        D::SelectionRoleDiffers { .. } => v(
            "Another role may lack the rights to back up, or have more than designed.",
            "Another role may have lacked the rights to back up, or had more than designed.",
        ),
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

fn is_less(expected: Option<i64>, observed: Option<i64>, tense: Tense) -> &'static str {
    let v = |now, then| tense.verb(now, then);
    match (expected, observed) {
        (_, None) => v(
            "Recovery points are kept for ever, and paid for.",
            "Recovery points were kept for ever, and paid for.",
        ),
        (Some(expected), Some(observed)) if observed > expected => v(
            "Recovery points are kept, and paid for, longer than designed.",
            "Recovery points were kept, and paid for, longer than designed.",
        ),
        (_, Some(_)) => v(
            "New recovery points are gone sooner than designed.",
            "New recovery points were to be gone sooner than designed.",
        ),
    }
}
