//! Which calls bring a drift about, and which repairs of ours are counted.

use crate::drift::{Drift, Finding};
use crate::resource::Kind;

/// The operations that can have brought the finding about. What takes the whole resource away, or makes it anew, takes its parts
/// with it.
pub(super) fn causes(finding: &Finding) -> &'static [&'static str] {
    operations(finding).0
}

/// The operation by which this program repairs such a finding, and by which its repairs are counted; `None` for what it leaves to
/// people. A selection is replaced by two calls, and only the first names it.
pub fn repaired_by(finding: &Finding) -> Option<&'static str> {
    operations(finding).1
}

/// What brings a finding about, and what repairs it.
fn operations(finding: &Finding) -> (&'static [&'static str], Option<&'static str>) {
    use Drift as D;
    match &finding.drift {
        // Who took our own rights away is not asked: only a vault's own policy denies us by what we watch.
        D::Unreadable { .. }
            if finding.resource.kind == Kind::VaultPolicy && finding.drift.is_denied_read() =>
        {
            (&["PutBackupVaultAccessPolicy"], None)
        }
        D::Unreadable { .. } => (&[], None),

        D::RoleMissing { .. } => (&["DeleteRole"], Some("CreateRole")),
        D::RolePathDiffers { .. } => (&["CreateRole"], None),
        D::TrustDiffers { .. } => (&["UpdateAssumeRolePolicy", "CreateRole"], Some("UpdateAssumeRolePolicy")),
        D::PolicyDetached { .. } => {
            (&["DetachRolePolicy", "CreateRole", "DeleteRole"], Some("AttachRolePolicy"))
        }
        D::PolicyUnexpected { .. } => (&["AttachRolePolicy"], None),
        D::InlinePolicyUnexpected { .. } => (&["PutRolePolicy"], None),
        D::BoundaryUnexpected { .. } => (&["PutRolePermissionsBoundary", "CreateRole"], None),
        D::RoleTagsDiffer { .. } => (&["UntagRole", "TagRole", "CreateRole"], Some("TagRole")),

        D::KeyMissing { .. } => (&["ScheduleKeyDeletion", "DeleteAlias"], Some("CreateKey")),
        D::KeyPendingDeletion { .. } => (&["ScheduleKeyDeletion"], Some("CancelKeyDeletion")),
        D::KeyDisabled { .. } => {
            (&["DisableKey", "ScheduleKeyDeletion", "CancelKeyDeletion"], Some("EnableKey"))
        }
        D::KeyUnusable { .. } => (&["DeleteImportedKeyMaterial"], None),
        D::RotationOff { .. } => (&["DisableKeyRotation"], Some("EnableKeyRotation")),
        D::RotationPeriodDiffers { .. } => (&["EnableKeyRotation"], Some("EnableKeyRotation")),
        D::KeySpecDiffers { .. } | D::KeyUsageDiffers { .. } => (&["UpdateAlias", "CreateAlias"], None),
        D::DescriptionDiffers { .. } => (&["UpdateKeyDescription"], Some("UpdateKeyDescription")),
        D::KeyPolicyDiffers { .. } => (&["PutKeyPolicy"], Some("PutKeyPolicy")),
        D::KeyTagsDiffer { .. } | D::VaultTagsDiffer { .. } | D::PlanTagsDiffer { .. } => {
            (&["UntagResource", "TagResource"], Some("TagResource"))
        }
        // A key takes its aliases with it.
        D::AliasMissing { .. } => (&["DeleteAlias", "ScheduleKeyDeletion"], Some("CreateAlias")),
        D::AliasTargetDiffers { .. } => (&["UpdateAlias", "CreateAlias"], Some("UpdateAlias")),

        D::VaultMissing { .. } => (&["DeleteBackupVault"], Some("CreateBackupVault")),
        D::VaultKeyDiffers { .. } => (&["CreateBackupVault"], None),
        D::VaultTypeDiffers { .. } => {
            (&["CreateLogicallyAirGappedBackupVault", "CreateRestoreAccessBackupVault"], None)
        }
        D::VaultPolicyMissing { .. } => (
            &["DeleteBackupVaultAccessPolicy", "DeleteBackupVault", "CreateBackupVault"],
            Some("PutBackupVaultAccessPolicy"),
        ),
        D::VaultPolicyWeakened { .. } | D::VaultPolicyDiffers { .. } | D::VaultPolicyLabelsDiffer { .. } => {
            (&["PutBackupVaultAccessPolicy"], Some("PutBackupVaultAccessPolicy"))
        }
        D::LockMissing { .. } => (
            &["DeleteBackupVaultLockConfiguration", "DeleteBackupVault", "CreateBackupVault"],
            Some("PutBackupVaultLockConfiguration"),
        ),
        D::LockModeDiffers { .. } | D::LockRetentionDiffers { .. } | D::LockDateTooFar { .. } => {
            (&["PutBackupVaultLockConfiguration"], Some("PutBackupVaultLockConfiguration"))
        }

        D::PlanMissing => (&["DeleteBackupPlan"], Some("CreateBackupPlan")),
        D::PlanAmbiguous { .. } => (&["CreateBackupPlan"], None),
        D::RuleMissing { .. }
        | D::RuleUnexpected { .. }
        | D::ScheduleDiffers { .. }
        | D::TimezoneDiffers { .. }
        | D::TargetVaultDiffers { .. }
        | D::StartWindowDiffers { .. }
        | D::CompletionWindowDiffers { .. }
        | D::RetentionDiffers { .. }
        | D::ColdStorageDiffers { .. }
        | D::ContinuousBackupDiffers { .. }
        | D::RecoveryPointTagsDiffer { .. }
        | D::CopyMissing { .. }
        | D::CopyUnexpected { .. }
        | D::CopyRetentionDiffers { .. }
        | D::CopyColdStorageDiffers { .. }
        | D::AdvancedSettingsDiffer { .. } => {
            (&["UpdateBackupPlan", "CreateBackupPlan"], Some("UpdateBackupPlan"))
        }

        D::SelectionMissing => (
            &["DeleteBackupSelection", "BackupSelectionDeletedDueToSLRDeletion", "DeleteBackupPlan"],
            Some("CreateBackupSelection"),
        ),
        D::SelectionAmbiguous { .. }
        | D::ResourcesDiffer { .. }
        | D::NotResourcesDiffer { .. }
        | D::SelectionTagsDiffer { .. }
        | D::ConditionsDiffer { .. }
        | D::SelectionRoleDiffers { .. } => (&["CreateBackupSelection"], Some("CreateBackupSelection")),
        D::SelectionUnmanaged { .. } => (&["CreateBackupSelection"], None),
    }
}

/// What else has to be known to tell whether a call was about a plan or a selection: a deletion names nothing but ids.
pub(super) fn names_of_plans(finding: &Finding) -> &'static [&'static str] {
    match (&finding.drift, finding.resource.kind) {
        (Drift::PlanMissing, _) => &["CreateBackupPlan", "UpdateBackupPlan"],
        (Drift::SelectionMissing, _) => &["CreateBackupSelection", "CreateBackupPlan", "UpdateBackupPlan"],
        _ => &[],
    }
}
