//! The writes that a repair may make: one variant for each AWS operation, under AWS's own name, nothing left to decide.
//!
//! There is no call that deletes a key, a vault, a recovery point or a plan, and none that removes a lock or a policy.
//! The one delete is that of a superseded selection.

use crate::desired::{PlanDocument, SelectionDocument, Tags};

/// One write to AWS. Regional calls carry their region; keys are named by ARN.
#[derive(Debug, Clone, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::VariantNames)]
#[allow(missing_docs)] // the fields are the request members of the operation that gives the variant its name
pub enum Call {
    /// `iam:CreateRole`
    CreateRole { role: String, path: String, trust: String, tags: Tags },
    /// `iam:UpdateAssumeRolePolicy`
    UpdateAssumeRolePolicy { role: String, trust: String },
    /// `iam:AttachRolePolicy`
    AttachRolePolicy { role: String, policy_arn: String },
    /// `iam:TagRole`
    TagRole { role: String, tags: Tags },
    /// `kms:CreateKey`, symmetric, for encryption.
    CreateKey { region: String, description: String, policy: Option<String>, tags: Tags },
    /// `kms:CancelKeyDeletion`; leaves the key disabled.
    CancelKeyDeletion { region: String, key_arn: String },
    /// `kms:EnableKey`
    EnableKey { region: String, key_arn: String },
    /// `kms:EnableKeyRotation`; without a period AWS takes 365 days.
    EnableKeyRotation { region: String, key_arn: String, period_days: Option<u32> },
    /// `kms:UpdateKeyDescription`
    UpdateKeyDescription { region: String, key_arn: String, description: String },
    /// `kms:PutKeyPolicy`, never past the lock-out safety check.
    PutKeyPolicy { region: String, key_arn: String, policy: String },
    /// `kms:TagResource`
    TagKey { region: String, key_arn: String, tags: Tags },
    /// `kms:CreateAlias`
    CreateAlias { region: String, alias: String, key_arn: String },
    /// `kms:UpdateAlias`
    UpdateAlias { region: String, alias: String, key_arn: String },
    /// `backup:CreateBackupVault`
    CreateBackupVault { region: String, vault: String, key_arn: String, tags: Tags },
    /// `backup:PutBackupVaultAccessPolicy`
    PutBackupVaultAccessPolicy { region: String, vault: String, policy: String },
    /// `backup:PutBackupVaultLockConfiguration`; with `changeable_for_days` it is a compliance lock. Replaces the whole
    /// configuration: what is left out is cleared.
    PutBackupVaultLockConfiguration {
        region: String,
        vault: String,
        changeable_for_days: Option<i64>,
        min_retention_days: Option<i64>,
        max_retention_days: Option<i64>,
    },
    /// `backup:CreateBackupPlan`
    CreateBackupPlan { region: String, document: PlanDocument, tags: Tags },
    /// `backup:UpdateBackupPlan`; replaces the whole document.
    UpdateBackupPlan { region: String, plan_id: String, document: PlanDocument },
    /// `backup:CreateBackupSelection`
    CreateBackupSelection { region: String, plan_id: String, document: SelectionDocument },
    /// `backup:DeleteBackupSelection`, only of a selection that another one supersedes.
    DeleteBackupSelection { region: String, plan_id: String, selection_id: String },
    /// `backup:TagResource` of a vault or plan.
    TagBackupResource { region: String, arn: String, tags: Tags },
}

impl Call {
    /// The IAM action that AWS checks for the call, such as `backup:UpdateBackupPlan`.
    pub fn action(&self) -> &'static str {
        match self {
            Call::CreateRole { .. } => "iam:CreateRole",
            Call::UpdateAssumeRolePolicy { .. } => "iam:UpdateAssumeRolePolicy",
            Call::AttachRolePolicy { .. } => "iam:AttachRolePolicy",
            Call::TagRole { .. } => "iam:TagRole",
            Call::CreateKey { .. } => "kms:CreateKey",
            Call::CancelKeyDeletion { .. } => "kms:CancelKeyDeletion",
            Call::EnableKey { .. } => "kms:EnableKey",
            Call::EnableKeyRotation { .. } => "kms:EnableKeyRotation",
            Call::UpdateKeyDescription { .. } => "kms:UpdateKeyDescription",
            Call::PutKeyPolicy { .. } => "kms:PutKeyPolicy",
            Call::TagKey { .. } => "kms:TagResource",
            Call::CreateAlias { .. } => "kms:CreateAlias",
            Call::UpdateAlias { .. } => "kms:UpdateAlias",
            Call::CreateBackupVault { .. } => "backup:CreateBackupVault",
            Call::PutBackupVaultAccessPolicy { .. } => "backup:PutBackupVaultAccessPolicy",
            Call::PutBackupVaultLockConfiguration { .. } => "backup:PutBackupVaultLockConfiguration",
            Call::CreateBackupPlan { .. } => "backup:CreateBackupPlan",
            Call::UpdateBackupPlan { .. } => "backup:UpdateBackupPlan",
            Call::CreateBackupSelection { .. } => "backup:CreateBackupSelection",
            Call::DeleteBackupSelection { .. } => "backup:DeleteBackupSelection",
            Call::TagBackupResource { .. } => "backup:TagResource",
        }
    }
}

/// The code of a call that was given up because the invocation was about to end.
pub const OUT_OF_TIME: &str = "OutOfTime";

/// A call that AWS refused or did not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct CallError {
    /// AWS's error code, or a word for what happened on the way: `Timeout`, `ConnectionFailed`.
    pub code: String,
    /// AWS's message.
    pub message: String,
}

impl CallError {
    /// Whether AWS said nothing at all, so that it is not known whether the call was made.
    pub fn is_unanswered(&self) -> bool {
        matches!(self.code.as_str(), "Timeout" | "ConnectionFailed")
    }
}
