//! The writes that a repair may make: one variant for each AWS operation, under AWS's own name, nothing left to decide.
//!
//! There is no call that deletes a key, a vault, a recovery point or a plan, and none that removes a lock or a policy.
//! The one delete is that of a superseded selection.

use std::collections::BTreeSet;

use crate::desired::{PlanDocument, SelectionDocument, Tags};
use crate::read::is_denied;
use crate::state::Notifications;

/// One write to AWS. Regional calls carry their region; keys are named by ARN.
#[derive(Debug, Clone, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::VariantNames)]
#[allow(missing_docs)] // the fields are the request members of the operation that gives the variant its name
pub enum Call {
    /// `iam:CreateRole`
    CreateRole { role: String, path: String, trust: String, boundary: Option<String>, tags: Tags },
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
    CreateBackupVault { region: String, vault: String, key_arn: Option<String>, tags: Tags },
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
    /// `backup:PutBackupVaultNotifications`; replaces whatever was told, and to whom.
    PutBackupVaultNotifications { region: String, vault: String, notifications: Notifications },
    /// `backup:CreateBackupPlan`
    CreateBackupPlan { region: String, document: PlanDocument, tags: Tags },
    /// `backup:UpdateBackupPlan`; replaces the whole document. AWS keeps the version that it replaces.
    UpdateBackupPlan { region: String, plan_id: String, document: PlanDocument, replaces: Replaced },
    /// `backup:CreateBackupSelection`
    CreateBackupSelection { region: String, plan_id: String, document: SelectionDocument },
    /// `backup:DeleteBackupSelection`, only of a selection that another one supersedes. What that one lacks because this program does not
    /// know it is gone with it.
    DeleteBackupSelection {
        region: String,
        plan_id: String,
        selection_id: String,
        unknown_members: BTreeSet<String>,
    },
    /// `backup:TagResource` of a vault or plan.
    TagBackupResource { region: String, arn: String, tags: Tags },
    /// `backup:UpdateRegionSettings`; switches these on and leaves the others as they are.
    UpdateRegionSettings { region: String, opt_in: BTreeSet<String>, management: BTreeSet<String> },
}

/// What an update of a plan replaces.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Replaced {
    /// The version that was read, by which AWS keeps it.
    pub version: String,
    /// What was in it and this program does not know, so that the update takes it away.
    pub unknown_members: BTreeSet<String>,
}

/// A service, an operation of it as CloudTrail names it, and the IAM action that AWS checks for it.
macro_rules! operation {
    ($service:literal, $name:literal) => {
        ($service, $name, concat!($service, ":", $name))
    };
}

impl Call {
    /// The service, as IAM and CloudTrail name it.
    pub fn service(&self) -> &'static str {
        self.named().0
    }

    /// The operation, as CloudTrail names it.
    pub fn operation(&self) -> &'static str {
        self.named().1
    }

    /// The IAM action that AWS checks for the call, such as `backup:UpdateBackupPlan`.
    pub fn action(&self) -> &'static str {
        self.named().2
    }

    /// Whether AWS makes one more each time that it is asked.
    pub fn makes_another(&self) -> bool {
        matches!(
            self,
            Call::CreateKey { .. } | Call::CreateBackupPlan { .. } | Call::CreateBackupSelection { .. }
        )
    }

    fn named(&self) -> (&'static str, &'static str, &'static str) {
        match self {
            Call::CreateRole { .. } => operation!("iam", "CreateRole"),
            Call::UpdateAssumeRolePolicy { .. } => operation!("iam", "UpdateAssumeRolePolicy"),
            Call::AttachRolePolicy { .. } => operation!("iam", "AttachRolePolicy"),
            Call::TagRole { .. } => operation!("iam", "TagRole"),
            Call::CreateKey { .. } => operation!("kms", "CreateKey"),
            Call::CancelKeyDeletion { .. } => operation!("kms", "CancelKeyDeletion"),
            Call::EnableKey { .. } => operation!("kms", "EnableKey"),
            Call::EnableKeyRotation { .. } => operation!("kms", "EnableKeyRotation"),
            Call::UpdateKeyDescription { .. } => operation!("kms", "UpdateKeyDescription"),
            Call::PutKeyPolicy { .. } => operation!("kms", "PutKeyPolicy"),
            Call::TagKey { .. } => operation!("kms", "TagResource"),
            Call::CreateAlias { .. } => operation!("kms", "CreateAlias"),
            Call::UpdateAlias { .. } => operation!("kms", "UpdateAlias"),
            Call::CreateBackupVault { .. } => operation!("backup", "CreateBackupVault"),
            Call::PutBackupVaultAccessPolicy { .. } => operation!("backup", "PutBackupVaultAccessPolicy"),
            Call::PutBackupVaultLockConfiguration { .. } => {
                operation!("backup", "PutBackupVaultLockConfiguration")
            }
            Call::PutBackupVaultNotifications { .. } => operation!("backup", "PutBackupVaultNotifications"),
            Call::CreateBackupPlan { .. } => operation!("backup", "CreateBackupPlan"),
            Call::UpdateBackupPlan { .. } => operation!("backup", "UpdateBackupPlan"),
            Call::CreateBackupSelection { .. } => operation!("backup", "CreateBackupSelection"),
            Call::DeleteBackupSelection { .. } => operation!("backup", "DeleteBackupSelection"),
            Call::TagBackupResource { .. } => operation!("backup", "TagResource"),
            Call::UpdateRegionSettings { .. } => operation!("backup", "UpdateRegionSettings"),
        }
    }
}

/// The code of what was given up because the invocation was about to end.
pub const OUT_OF_TIME: &str = "OutOfTime";
/// The code of a call that AWS did not answer in time.
pub const TIMEOUT: &str = "Timeout";
/// The code of a call that did not reach AWS, or whose answer did not reach us.
pub const CONNECTION_FAILED: &str = "ConnectionFailed";

/// AWS's answer to a second selection of one name, if it should refuse that (it is not documented whether it does).
const ALREADY_EXISTS: &str = "AlreadyExistsException";
/// What the codes have in common by which AWS says that a call cannot be carried out as it is.
const REFUSALS: [&str; 9] = [
    "AlreadyExists",
    "Conflict",
    "Invalid",
    "LimitExceeded",
    "Malformed",
    "Missing",
    "NoSuchEntity",
    "NotFound",
    "Unsupported",
];

/// What AWS Backup answers while a role that was just repaired is not visible to it yet, and also if it never will be.
const ROLE_NOT_USABLE: [&str; 2] = ["cannot be assumed", "is not authorized to call"];

/// What AWS Backup, KMS and IAM answer to a policy that names somebody who does not exist. The same while somebody new is not visible yet.
const NO_SUCH_PRINCIPAL: [&str; 3] =
    ["Provided principal is not valid", "one or more invalid principals", "Invalid principal in policy"];

/// The right that is missing where the function may not hand a role on to a service.
const PASS_ROLE: &str = "iam:PassRole";

/// A call that AWS refused or did not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct CallError {
    /// AWS's error code, or a word for what happened on the way: [`TIMEOUT`], [`CONNECTION_FAILED`], [`OUT_OF_TIME`].
    pub code: String,
    /// AWS's message.
    pub message: String,
}

impl CallError {
    /// Whether AWS said nothing at all, so that it is not known whether the call was made.
    pub fn is_unanswered(&self) -> bool {
        [TIMEOUT, CONNECTION_FAILED].contains(&self.code.as_str())
    }

    /// Whether the invocation's time was over before AWS answered.
    pub fn is_out_of_time(&self) -> bool {
        self.code == OUT_OF_TIME
    }

    /// Whether AWS said no, and not that something went wrong on its side or on the way: then the call may have been carried out.
    pub fn is_refusal(&self) -> bool {
        is_denied(&self.code) || REFUSALS.iter().any(|part| self.code.contains(part))
    }

    /// Whether AWS refused it because something of that name exists.
    pub fn is_name_taken(&self) -> bool {
        self.code == ALREADY_EXISTS
    }

    /// Whether the function may not hand a role on, such as the one that scans for malware.
    pub fn is_about_passing_a_role(&self) -> bool {
        self.message.contains(PASS_ROLE)
    }

    /// Whether a policy names somebody who does not exist.
    pub fn is_about_a_principal(&self) -> bool {
        NO_SUCH_PRINCIPAL.iter().any(|text| self.message.contains(text))
    }

    /// Whether AWS Backup cannot use the role of a selection.
    pub fn is_about_role(&self) -> bool {
        ROLE_NOT_USABLE.iter().any(|text| self.message.contains(text))
    }
}
