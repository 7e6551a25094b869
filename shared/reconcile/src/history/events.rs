//! Which calls bring a drift about, and which repairs of ours are counted.

use crate::drift::{Drift, Finding};
use crate::resource::Kind;

/// The operations that can have brought the finding about. What takes the whole resource away, or makes it anew, takes its parts
/// with it.
pub(super) fn causes(finding: &Finding) -> &'static [&'static str] {
    use Drift as D;
    match &finding.drift {
        // Who took our own rights away is not asked: only a vault's own policy denies us by what we watch.
        D::Unreadable { error, .. }
            if finding.resource.kind == Kind::VaultPolicy && error.contains("AccessDenied") =>
        {
            &["PutBackupVaultAccessPolicy"]
        }
        D::Unreadable { .. } => &[],

        D::RoleMissing { .. } => &["DeleteRole"],
        D::RolePathDiffers { .. } => &["CreateRole"],
        D::TrustDiffers { .. } => &["UpdateAssumeRolePolicy", "CreateRole"],
        D::PolicyDetached { .. } => &["DetachRolePolicy", "CreateRole", "DeleteRole"],
        D::PolicyUnexpected { .. } => &["AttachRolePolicy"],
        D::InlinePolicyUnexpected { .. } => &["PutRolePolicy"],
        D::BoundaryUnexpected { .. } => &["PutRolePermissionsBoundary", "CreateRole"],
        D::RoleTagsDiffer { .. } => &["UntagRole", "TagRole", "CreateRole"],

        D::KeyMissing { .. } => &["ScheduleKeyDeletion", "DeleteAlias"],
        D::KeyPendingDeletion { .. } => &["ScheduleKeyDeletion"],
        D::KeyDisabled { .. } => &["DisableKey", "ScheduleKeyDeletion", "CancelKeyDeletion"],
        D::KeyUnusable { .. } => &["DeleteImportedKeyMaterial"],
        D::RotationOff { .. } => &["DisableKeyRotation"],
        D::RotationPeriodDiffers { .. } => &["EnableKeyRotation"],
        D::KeySpecDiffers { .. } | D::KeyUsageDiffers { .. } => &["UpdateAlias", "CreateAlias"],
        D::DescriptionDiffers { .. } => &["UpdateKeyDescription"],
        D::KeyPolicyDiffers { .. } => &["PutKeyPolicy"],
        D::KeyTagsDiffer { .. } | D::VaultTagsDiffer { .. } | D::PlanTagsDiffer { .. } => {
            &["UntagResource", "TagResource"]
        }
        // A key takes its aliases with it.
        D::AliasMissing { .. } => &["DeleteAlias", "ScheduleKeyDeletion"],
        D::AliasTargetDiffers { .. } => &["UpdateAlias", "CreateAlias"],

        D::VaultMissing { .. } => &["DeleteBackupVault"],
        D::VaultKeyDiffers { .. } => &["CreateBackupVault"],
        D::VaultTypeDiffers { .. } => {
            &["CreateLogicallyAirGappedBackupVault", "CreateRestoreAccessBackupVault"]
        }
        D::VaultPolicyMissing { .. } => {
            &["DeleteBackupVaultAccessPolicy", "DeleteBackupVault", "CreateBackupVault"]
        }
        D::VaultPolicyWeakened { .. } | D::VaultPolicyDiffers { .. } | D::VaultPolicyLabelsDiffer { .. } => {
            &["PutBackupVaultAccessPolicy"]
        }
        D::LockMissing { .. } => {
            &["DeleteBackupVaultLockConfiguration", "DeleteBackupVault", "CreateBackupVault"]
        }
        D::LockModeDiffers { .. } | D::LockRetentionDiffers { .. } | D::LockDateTooFar { .. } => {
            &["PutBackupVaultLockConfiguration"]
        }

        D::PlanMissing => &["DeleteBackupPlan"],
        D::PlanAmbiguous { .. } => &["CreateBackupPlan"],
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
        | D::AdvancedSettingsDiffer { .. } => &["UpdateBackupPlan", "CreateBackupPlan"],

        D::SelectionMissing => {
            &["DeleteBackupSelection", "BackupSelectionDeletedDueToSLRDeletion", "DeleteBackupPlan"]
        }
        D::SelectionAmbiguous { .. }
        | D::ResourcesDiffer { .. }
        | D::NotResourcesDiffer { .. }
        | D::SelectionTagsDiffer { .. }
        | D::ConditionsDiffer { .. }
        | D::SelectionRoleDiffers { .. }
        | D::SelectionUnmanaged { .. } => &["CreateBackupSelection"],
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

/// The operation by which this program repairs such a finding, and by which its repairs are counted; `None` for what it leaves to
/// people. A selection is replaced by two calls, and only the first names it.
pub fn repaired_by(finding: &Finding) -> Option<&'static str> {
    use Drift as D;
    match &finding.drift {
        D::Unreadable { .. }
        | D::RolePathDiffers { .. }
        | D::PolicyUnexpected { .. }
        | D::InlinePolicyUnexpected { .. }
        | D::BoundaryUnexpected { .. }
        | D::KeyUnusable { .. }
        | D::KeySpecDiffers { .. }
        | D::KeyUsageDiffers { .. }
        | D::VaultKeyDiffers { .. }
        | D::VaultTypeDiffers { .. }
        | D::PlanAmbiguous { .. }
        | D::SelectionUnmanaged { .. } => None,

        D::RoleMissing { .. } => Some("CreateRole"),
        D::TrustDiffers { .. } => Some("UpdateAssumeRolePolicy"),
        D::PolicyDetached { .. } => Some("AttachRolePolicy"),
        D::RoleTagsDiffer { .. } => Some("TagRole"),

        D::KeyMissing { .. } => Some("CreateKey"),
        D::KeyPendingDeletion { .. } => Some("CancelKeyDeletion"),
        D::KeyDisabled { .. } => Some("EnableKey"),
        D::RotationOff { .. } | D::RotationPeriodDiffers { .. } => Some("EnableKeyRotation"),
        D::DescriptionDiffers { .. } => Some("UpdateKeyDescription"),
        D::KeyPolicyDiffers { .. } => Some("PutKeyPolicy"),
        D::KeyTagsDiffer { .. } | D::VaultTagsDiffer { .. } | D::PlanTagsDiffer { .. } => Some("TagResource"),
        D::AliasMissing { .. } => Some("CreateAlias"),
        D::AliasTargetDiffers { .. } => Some("UpdateAlias"),

        D::VaultMissing { .. } => Some("CreateBackupVault"),
        D::VaultPolicyMissing { .. }
        | D::VaultPolicyWeakened { .. }
        | D::VaultPolicyDiffers { .. }
        | D::VaultPolicyLabelsDiffer { .. } => Some("PutBackupVaultAccessPolicy"),
        D::LockMissing { .. }
        | D::LockModeDiffers { .. }
        | D::LockRetentionDiffers { .. }
        | D::LockDateTooFar { .. } => Some("PutBackupVaultLockConfiguration"),

        D::PlanMissing => Some("CreateBackupPlan"),
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
        | D::AdvancedSettingsDiffer { .. } => Some("UpdateBackupPlan"),

        D::SelectionMissing
        | D::SelectionAmbiguous { .. }
        | D::ResourcesDiffer { .. }
        | D::NotResourcesDiffer { .. }
        | D::SelectionTagsDiffer { .. }
        | D::ConditionsDiffer { .. }
        | D::SelectionRoleDiffers { .. } => Some("CreateBackupSelection"),
    }
}
