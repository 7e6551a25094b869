//! The ways to differ: one variant for each attribute that can, with how bad that is and why.
//!
//! Critical: backups can be destroyed or no longer happen. High: less is kept, copied or covered than designed, or we
//! cannot see. Medium: it differs, and nothing is less protected now. Low: cosmetic.

mod facts;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;
use time::OffsetDateTime;

use crate::desired::{DesiredLock, Lifecycle, Rule, SelectionCondition, TagCondition, Tags};
use crate::resource::{Kind, ResourceId};
use crate::state::Lock;

pub use facts::Facts;
pub use values::{moment, timestamp};

/// How bad a drift is; ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Cosmetic.
    Low,
    /// Differs without less protection now.
    Medium,
    /// Less is kept, copied or covered than designed.
    High,
    /// Backups can be destroyed or no longer happen.
    Critical,
}

impl Severity {
    /// The severity as reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    /// The next worse one.
    pub fn raised(self) -> Self {
        match self {
            Severity::Low => Severity::Medium,
            Severity::Medium => Severity::High,
            Severity::High | Severity::Critical => Severity::Critical,
        }
    }
}

/// One recorded difference between the spec and the account.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Where.
    pub resource: ResourceId,
    /// What.
    pub drift: Drift,
}

/// One way in which a resource differs from the spec. The kind of the finding's resource gives it its context.
#[derive(Debug, Clone, PartialEq, strum::IntoStaticStr, strum::VariantNames)]
#[allow(missing_docs)] // the fields are what was expected and what was observed
pub enum Drift {
    /// High: whatever happened to it, we cannot see it. Nothing is written about it.
    Unreadable { attribute: &'static str, error: String },

    /// Critical: without its role AWS Backup starts no job.
    RoleMissing { arn: String },
    /// Critical: a role of the same name at another path is another role; what names the right ARN cannot use it.
    RolePathDiffers { expected: String, observed: String },
    /// Critical: AWS Backup may no longer assume the role, or somebody else now may.
    TrustDiffers { expected: String, observed: String },
    /// Critical: without its managed policies every backup or restore job fails.
    PolicyDetached { policy_arn: String },
    /// High: a policy that nobody designed can deny what backups need, or give away what the role may.
    PolicyUnexpected { policy_arn: String },
    /// High: as an unexpected managed policy, and less visible.
    InlinePolicyUnexpected { policy: String },
    /// High: a boundary silently takes rights away from the role.
    BoundaryUnexpected { boundary_arn: String },
    /// Low: tags carry no protection by themselves.
    RoleTagsDiffer { expected: Tags, observed: Tags },

    /// Critical: nothing new can be encrypted, and if vaults name it, nothing in them can be restored.
    KeyMissing { pinned_by: Vec<String>, key_arn: Option<String> },
    /// Critical: when the waiting time is over, every recovery point under the key is lost for ever.
    KeyPendingDeletion { key_arn: String, deletion_at: Option<OffsetDateTime> },
    /// Critical: backup, copy and restore jobs fail while the key is disabled.
    KeyDisabled { key_arn: String },
    /// Critical: in any other state the key cannot be used either.
    KeyUnusable { key_arn: String, state: String },
    /// Medium: the key goes on working, its material just gets old.
    RotationOff { key_arn: String, period_days: Option<u32> },
    /// Medium: it still rotates.
    RotationPeriodDiffers { key_arn: String, expected: u32, observed: Option<u32> },
    /// Critical: AWS Backup encrypts with symmetric keys only.
    KeySpecDiffers { expected: &'static str, observed: String },
    /// Critical: a key for another use encrypts nothing.
    KeyUsageDiffers { expected: &'static str, observed: String },
    /// Low: a text for people.
    DescriptionDiffers { key_arn: String, expected: String, observed: String },
    /// High: whoever the policy lets in may disable the key or read backups; whoever it leaves out may be AWS Backup.
    KeyPolicyDiffers { key_arn: String, expected: String, observed: String },
    /// Low: tags carry no protection by themselves.
    KeyTagsDiffer { key_arn: String, expected: Tags, observed: Tags },

    /// Medium: vaults name their key by ARN and go on; only what is made next would miss the alias.
    AliasMissing { key_arn: Option<String>, candidates: Vec<String> },
    /// Medium: as above, but what is made next would take the wrong key.
    AliasTargetDiffers { expected: Option<String>, observed: String, candidates: Vec<String> },

    /// Critical: jobs to the vault fail, and what was in it is gone.
    VaultMissing { key_arn: Option<String> },
    /// Critical: whoever holds the other key decides whether these backups can be restored.
    VaultKeyDiffers { expected: Option<String>, candidates: Vec<String>, observed: String },
    /// High: another type of vault has other rules for copies, locks and sharing.
    VaultTypeDiffers { expected: &'static str, observed: String },
    /// Low: tags carry no protection by themselves.
    VaultTagsDiffer { arn: String, expected: Tags, observed: Tags },
    /// Critical: nothing denies the deletion of recovery points any more.
    VaultPolicyMissing { expected: String },
    /// Critical: at least one of the denied actions is no longer denied to everyone.
    VaultPolicyWeakened { no_longer_denied: BTreeSet<String>, expected: String, observed: String },
    /// Medium: all that the spec denies is still denied, and the text says something else besides.
    VaultPolicyDiffers { expected: String, observed: String },
    /// Low: only Id or Sid differ, which carry no authorization.
    VaultPolicyLabelsDiffer { expected: String, observed: String },
    /// Critical: recovery points can be deleted by whoever may.
    LockMissing { expected: DesiredLock },
    /// Critical: governance where compliance was designed can be removed by whoever may; compliance where governance
    /// was designed can soon be removed by nobody.
    LockModeDiffers { expected: DesiredLock, observed: Lock, observed_mode: &'static str },
    /// High: jobs whose retention does not fit the lock fail, or recovery points are kept shorter than designed.
    LockRetentionDiffers { expected: DesiredLock, observed: Lock, observed_mode: &'static str },
    /// High: the lock stays removable for longer than designed.
    LockDateTooFar { expected: DesiredLock, observed: Lock, observed_mode: &'static str },

    /// Critical: nothing is backed up by it.
    PlanMissing,
    /// High: two plans of our name; which one is ours cannot be told, so neither is touched.
    PlanAmbiguous { plan_ids: Vec<String> },
    /// Critical: this tier of backups no longer happens.
    RuleMissing { rule: String, expected: Box<Rule> },
    /// Medium: more is backed up than designed.
    RuleUnexpected { rule: String, observed: Box<Rule> },
    /// High: backups come at other times, perhaps never.
    ScheduleDiffers { rule: String, expected: String, observed: String },
    /// Medium: backups come at other hours.
    TimezoneDiffers { rule: String, expected: String, observed: String },
    /// High: recovery points land in a vault without the designed lock and policy.
    TargetVaultDiffers { rule: String, expected: String, observed: String },
    /// Medium: jobs may start later.
    StartWindowDiffers { rule: String, expected: i64, observed: i64 },
    /// Medium: jobs may be cut off earlier, or run longer.
    CompletionWindowDiffers { rule: String, expected: i64, observed: i64 },
    /// High if less is kept, medium if more.
    RetentionDiffers { rule: String, expected: Option<i64>, observed: Option<i64> },
    /// Medium: it costs and restores differently, and is kept all the same.
    ColdStorageDiffers { rule: String, expected: Option<i64>, observed: Option<i64> },
    /// High where it was designed and is off, medium where it is on without need.
    ContinuousBackupDiffers { rule: String, expected: bool, observed: bool },
    /// Low: tags carry no protection by themselves.
    RecoveryPointTagsDiffer { rule: String, expected: Tags, observed: Tags },
    /// High: a second region no longer has the backups.
    CopyMissing { rule: String, destination: String, expected: Lifecycle },
    /// High: backups are copied to where nobody designed, perhaps to another account.
    CopyUnexpected { rule: String, destination: String, observed: Lifecycle },
    /// High if less is kept, medium if more.
    CopyRetentionDiffers { rule: String, destination: String, expected: Option<i64>, observed: Option<i64> },
    /// Medium: as the rule's cold storage.
    CopyColdStorageDiffers { rule: String, destination: String, expected: Option<i64>, observed: Option<i64> },
    /// Medium: without Windows VSS backups are crash-consistent instead of application-consistent.
    AdvancedSettingsDiffer {
        expected: BTreeMap<String, BTreeMap<String, String>>,
        observed: BTreeMap<String, BTreeMap<String, String>>,
    },
    /// Low: tags carry no protection by themselves.
    PlanTagsDiffer { arn: String, expected: Tags, observed: Tags },

    /// Critical: a plan without its selection backs up nothing.
    SelectionMissing,
    /// Medium: several selections of our name; together they cover at least what the right one does, or `missing`
    /// protection is made good first.
    SelectionAmbiguous { right: Option<String>, wrong: Vec<String> },
    /// Critical if nothing that the spec selects is selected any more, high if a part, medium if more is.
    ResourcesDiffer {
        selection_id: String,
        expected: BTreeSet<String>,
        observed: BTreeSet<String>,
        superseded: bool,
    },
    /// High if more is left out than designed, medium if less.
    NotResourcesDiffer {
        selection_id: String,
        expected: BTreeSet<String>,
        observed: BTreeSet<String>,
        superseded: bool,
    },
    /// High: tags add to what is selected, so that less, or more, is covered than designed.
    SelectionTagsDiffer {
        selection_id: String,
        expected: BTreeSet<TagCondition>,
        observed: BTreeSet<TagCondition>,
        superseded: bool,
    },
    /// High: every condition takes resources away.
    ConditionsDiffer {
        selection_id: String,
        expected: BTreeSet<SelectionCondition>,
        observed: BTreeSet<SelectionCondition>,
        superseded: bool,
    },
    /// High: another role may lack the rights to back up, or have more than designed.
    SelectionRoleDiffers { selection_id: String, expected: String, observed: String, superseded: bool },
    /// Medium: something more is backed up with our plan.
    SelectionUnmanaged { plan_id: String, selection_id: String, name: String },
}

impl Drift {
    /// Whether AWS refused us a read, which does not pass by itself as a fault or throttling does.
    pub fn is_denied_read(&self) -> bool {
        matches!(self, Drift::Unreadable { error, .. } if error.contains("AccessDenied"))
    }

    /// The stable, kebab-case code.
    pub fn code(&self) -> &'static str {
        self.facts().code
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.facts().severity
    }

    /// Whether this drift of a resource makes that nothing can be said about another one of it: the whole resource is
    /// missing, ambiguous or unreadable, or the attribute that the other is about could not be read.
    pub fn hides(&self, kind: Kind, other: &Drift) -> bool {
        match self {
            Drift::Unreadable { attribute, .. } => {
                let whole = [kind.as_str(), "policy", "lock"];
                let is_whole = match kind {
                    Kind::VaultPolicy | Kind::VaultLock => whole.contains(attribute),
                    _ => *attribute == kind.as_str(),
                };
                is_whole || other.facts().attribute.starts_with(attribute)
            }
            Drift::RoleMissing { .. }
            | Drift::KeyMissing { .. }
            | Drift::VaultMissing { .. }
            | Drift::PlanMissing
            | Drift::PlanAmbiguous { .. }
            | Drift::SelectionMissing
            | Drift::SelectionAmbiguous { .. } => true,
            _ => false,
        }
    }

    /// The ARN of the key that the drift is about.
    pub fn key_arn(&self) -> Option<&str> {
        match self {
            Drift::KeyPendingDeletion { key_arn, .. }
            | Drift::KeyDisabled { key_arn }
            | Drift::KeyUnusable { key_arn, .. }
            | Drift::RotationOff { key_arn, .. }
            | Drift::RotationPeriodDiffers { key_arn, .. }
            | Drift::DescriptionDiffers { key_arn, .. }
            | Drift::KeyPolicyDiffers { key_arn, .. }
            | Drift::KeyTagsDiffer { key_arn, .. } => Some(key_arn),
            Drift::KeyMissing { key_arn, .. } | Drift::AliasMissing { key_arn, .. } => key_arn.as_deref(),
            _ => None,
        }
    }

    /// What tells two findings of one code on one resource apart, and stays the same from pass to pass.
    pub fn subject(&self) -> String {
        if let Drift::KeyPendingDeletion { key_arn, .. }
        | Drift::KeyDisabled { key_arn }
        | Drift::KeyUnusable { key_arn, .. } = self
        {
            return key_arn.clone();
        }
        if let Drift::SelectionUnmanaged { selection_id, .. } = self {
            return selection_id.clone();
        }
        self.facts().attribute
    }
}
