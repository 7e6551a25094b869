//! What should be, with every name resolved for one account: the form of the spec that is compared with the account.
//!
//! The documents ([`PlanDocument`], [`SelectionDocument`]) are shared with [`crate::state`]: both sides are brought
//! into this one normal form, service defaults filled in, before anything is compared.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use time::Date;

use crate::resource::ResourceId;

/// Tag keys and values.
pub type Tags = BTreeMap<String, String>;

/// The schedule that AWS Backup fills in for a rule without one ("CreateBackupPlan", ScheduleExpression).
pub const DEFAULT_SCHEDULE: &str = "cron(0 5 ? * * *)";
/// The time zone that AWS Backup fills in for a rule without one.
pub const DEFAULT_TIMEZONE: &str = "Etc/UTC";
/// The start window, in minutes, that AWS Backup fills in.
pub const DEFAULT_START_WINDOW: i64 = 480;
/// The completion window, in minutes, that AWS Backup fills in.
pub const DEFAULT_COMPLETION_WINDOW: i64 = 10_080;

/// The whole desired state of one account.
#[derive(Debug, Clone, PartialEq)]
pub struct Desired {
    /// The spec's name, for reports.
    pub name: String,
    /// SHA-256 of the spec's text, lower-case hex.
    pub sha256: String,
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: String,
    /// The account's 12 digits.
    pub account: String,
    /// ARN of the role that the healer itself runs as, where it matters: see [`crate::lockout`].
    pub healer_role: Option<String>,
    /// The role that AWS Backup assumes.
    pub role: DesiredRole,
    /// The keys, each named by its alias.
    pub keys: Vec<DesiredKey>,
    /// The vaults with their policies and locks.
    pub vaults: Vec<DesiredVault>,
    /// The plans with their selections.
    pub plans: Vec<DesiredPlan>,
    /// Agreed deviations.
    pub exceptions: Vec<Exception>,
}

/// The IAM role that AWS Backup assumes.
#[derive(Debug, Clone, PartialEq)]
pub struct DesiredRole {
    /// The role's name, without path.
    pub name: String,
    /// The role's path, `/` at the least.
    pub path: String,
    /// The role's ARN.
    pub arn: String,
    /// The trust policy, JSON.
    pub trust: String,
    /// ARNs of the managed policies that are attached, no others.
    pub managed_policies: BTreeSet<String>,
    /// Tags that must be there; empty if the spec does not tag the role.
    pub tags: Tags,
}

/// A customer managed KMS key, symmetric, for encryption.
#[derive(Debug, Clone, PartialEq)]
pub struct DesiredKey {
    /// The region's name.
    pub region: String,
    /// The alias with its prefix: `alias/aws_backup_key`.
    pub alias: String,
    /// The key's description.
    pub description: String,
    /// Whether automatic rotation must be on. `false` asks for nothing.
    pub rotation: bool,
    /// Days between rotations, 90 to 2560; `None` leaves the period alone.
    pub rotation_period_days: Option<u32>,
    /// The key policy, JSON; `None` leaves it alone.
    pub policy: Option<String>,
    /// Tags that must be there.
    pub tags: Tags,
}

/// A backup vault.
#[derive(Debug, Clone, PartialEq)]
pub struct DesiredVault {
    /// The region's name.
    pub region: String,
    /// The vault's name.
    pub name: String,
    /// The vault's ARN.
    pub arn: String,
    /// The alias, in the same region, of the key that encrypts it.
    pub key_alias: String,
    /// Tags that must be there.
    pub tags: Tags,
    /// The access policy, JSON; `None` leaves it alone.
    pub policy: Option<String>,
    /// The Vault Lock; `None` leaves it alone.
    pub lock: Option<DesiredLock>,
}

/// A Vault Lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DesiredLock {
    /// Governance or compliance.
    pub mode: LockMode,
    /// Shortest retention of new recovery points, in days.
    pub min_retention_days: Option<i64>,
    /// Longest retention of new recovery points, in days.
    pub max_retention_days: Option<i64>,
}

/// The mode of a Vault Lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockMode {
    /// May be removed by whoever has the permission.
    Governance,
    /// Becomes immutable when its grace time has passed.
    Compliance {
        /// The grace time in days, 3 to 36500.
        changeable_for_days: i64,
    },
}

/// A backup plan with its selections.
#[derive(Debug, Clone, PartialEq)]
pub struct DesiredPlan {
    /// The region's name.
    pub region: String,
    /// The plan's document; its name identifies the plan.
    pub document: PlanDocument,
    /// Tags that must be there.
    pub tags: Tags,
    /// The selections of the plan, no others.
    pub selections: Vec<SelectionDocument>,
}

/// A plan's document in normal form: defaults filled in, rules by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PlanDocument {
    /// The plan's name.
    pub name: String,
    /// The rules, each name once.
    pub rules: Vec<Rule>,
    /// By resource type: options and values, such as `EC2` → `WindowsVSS` = `enabled`.
    pub advanced_settings: BTreeMap<String, BTreeMap<String, String>>,
}

/// A rule of a plan in normal form.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Rule {
    /// The rule's name.
    pub name: String,
    /// The schedule, an AWS cron or rate expression.
    pub schedule: String,
    /// The schedule's IANA time zone.
    pub timezone: String,
    /// Name of the vault, in the plan's region, that receives the recovery points.
    pub target_vault: String,
    /// Minutes within which a job must start.
    pub start_window_minutes: i64,
    /// Minutes within which a job must end.
    pub completion_window_minutes: i64,
    /// What becomes of the recovery points.
    pub lifecycle: Lifecycle,
    /// Whether continuous backup (point-in-time recovery) is on.
    pub continuous_backup: bool,
    /// Tags for the recovery points.
    pub recovery_point_tags: Tags,
    /// Copies by the destination vault's ARN.
    pub copies: BTreeMap<String, Lifecycle>,
}

/// Days after which recovery points move to cold storage and are deleted; `None` is never.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Lifecycle {
    /// Days until deletion.
    pub delete_after_days: Option<i64>,
    /// Days until the move to cold storage.
    pub cold_storage_after_days: Option<i64>,
}

/// A selection's document in normal form: lists are sets, empty equals missing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct SelectionDocument {
    /// The selection's name.
    pub name: String,
    /// ARN of the role that AWS Backup assumes for it.
    pub role_arn: String,
    /// ARNs and patterns that are backed up.
    pub resources: BTreeSet<String>,
    /// ARNs and patterns that are left out.
    pub not_resources: BTreeSet<String>,
    /// Tags (`ListOfTags`): a resource with any of them is backed up.
    pub tags: BTreeSet<TagCondition>,
    /// Conditions: a resource must meet all of them.
    pub conditions: BTreeSet<SelectionCondition>,
}

/// One entry of a selection's `ListOfTags`; its type is always STRINGEQUALS.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct TagCondition {
    /// The tag's key.
    pub key: String,
    /// The tag's value.
    pub value: String,
}

/// One entry of a selection's `Conditions`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SelectionCondition {
    /// The operator.
    pub operator: ConditionOperator,
    /// The key, such as `aws:ResourceTag/environment`.
    pub key: String,
    /// The value.
    pub value: String,
}

/// The operators that a selection's conditions know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
pub enum ConditionOperator {
    /// The tag has the value.
    StringEquals,
    /// The tag fits the pattern.
    StringLike,
    /// The tag has another value.
    StringNotEquals,
    /// The tag does not fit the pattern.
    StringNotLike,
}

/// An agreed deviation: until its date the finding is reported, and not repaired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The resource.
    pub resource: ResourceId,
    /// The drift's code.
    pub code: String,
    /// The attribute as reports write it, such as `rules.daily_backup_rule.delete_after_days`; without one, all.
    pub attribute: Option<String>,
    /// Who answers for it.
    pub owner: String,
    /// Why it was agreed.
    pub reason: String,
    /// The last day on which it counts (UTC).
    pub until: Date,
}

impl ConditionOperator {
    /// The operator as AWS writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            ConditionOperator::StringEquals => "StringEquals",
            ConditionOperator::StringLike => "StringLike",
            ConditionOperator::StringNotEquals => "StringNotEquals",
            ConditionOperator::StringNotLike => "StringNotLike",
        }
    }
}

impl Desired {
    /// The keys of a region, and of the whole deployment, are found by alias.
    pub fn key(&self, region: &str, alias: &str) -> Option<&DesiredKey> {
        self.keys.iter().find(|key| key.region == region && key.alias == alias)
    }

    /// Every region that the spec names anything in, each once, sorted.
    pub fn regions(&self) -> BTreeSet<&str> {
        let keys = self.keys.iter().map(|key| key.region.as_str());
        let vaults = self.vaults.iter().map(|vault| vault.region.as_str());
        let plans = self.plans.iter().map(|plan| plan.region.as_str());
        keys.chain(vaults).chain(plans).collect()
    }
}
