//! What should be, with every name resolved for one account: the form of the spec that is compared with the account.
//!
//! The documents ([`PlanDocument`], [`SelectionDocument`]) are shared with [`crate::state`]: both sides are brought
//! into this one normal form, service defaults filled in, before anything is compared.

mod plan_document;
mod selection_document;

use std::collections::{BTreeMap, BTreeSet};

use time::{Date, Duration, OffsetDateTime};

pub use plan_document::{
    AdvancedSetting, AdvancedSettings, Copy, CopyLifecycle, CopyRetention, DEFAULT_COMPLETION_WINDOW,
    DEFAULT_SCHEDULE, DEFAULT_START_WINDOW, DEFAULT_TIMEZONE, Lifecycle, PlanDocument, Rule, ScanAction,
    ScanSetting, as_list, by_type, without_defaults,
};
pub use selection_document::{ConditionOperator, SelectionCondition, SelectionDocument, TagCondition};

use crate::identity::is_own;
use crate::policy::TrustedIn;
use crate::resource::{Kind, ResourceId};
use crate::state::Notifications;

/// Tag keys and values.
pub type Tags = BTreeMap<String, String>;

/// The whole desired state of one account.
#[derive(Debug, Clone, PartialEq)]
pub struct Desired {
    /// The spec's name, for reports.
    pub name: String,
    /// SHA-256 of the spec's text, lower-case hex.
    pub sha256: String,
    /// As ARNs write it, such as `aws`.
    pub partition: String,
    /// The account's 12 digits.
    pub account: String,
    /// Where IAM works and records its calls; of a partition that is not known, the primary region has to do.
    pub iam_region: String,
    /// ARN of the role that the healer itself runs as, where it matters: see [`crate::lockout`].
    pub healer_role: Option<String>,
    /// The roles that AWS Backup assumes.
    pub roles: Vec<DesiredRole>,
    /// The keys, each named by its alias.
    pub keys: Vec<DesiredKey>,
    /// The vaults with their policies and locks.
    pub vaults: Vec<DesiredVault>,
    /// The plans with their selections.
    pub plans: Vec<DesiredPlan>,
    /// What AWS Backup must do at all: for each region with a section of its own, and for each in which the spec selects anything.
    pub region_settings: Vec<DesiredRegionSettings>,
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
    /// ARN of the permissions boundary.
    pub boundary: Option<String>,
    /// The inline policies by name, no others; the text, JSON, where it matters.
    pub inline_policies: BTreeMap<String, Option<String>>,
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
    /// Where its material comes from, such as [`AWS_KMS`](crate::state::AWS_KMS).
    pub origin: String,
    /// Whether it lives in several regions.
    pub multi_region: bool,
    /// The key policy, JSON; `None` leaves it alone, and tells whom it shuts out or lets in.
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
    /// The key that encrypts it.
    pub key: VaultKey,
    /// Tags that must be there.
    pub tags: Tags,
    /// The access policy, JSON; `None` leaves it alone.
    pub policy: Option<String>,
    /// The Vault Lock; `None` leaves it alone.
    pub lock: Option<DesiredLock>,
    /// Where AWS Backup tells what happens in it; `None` leaves it alone.
    pub notifications: Option<Notifications>,
}

/// What names the key that AWS manages for AWS Backup.
pub const AWS_MANAGED_KEY: &str = "alias/aws/backup";

/// The key that encrypts a vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VaultKey {
    /// One of the spec's, by its alias in the same region.
    Alias(String),
    /// Another one, by ARN.
    Arn(String),
    /// The one that AWS manages for AWS Backup.
    AwsManaged,
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

/// What AWS Backup must do in a region at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredRegionSettings {
    /// The region's name.
    pub region: String,
    /// The types of resources for which it must be switched on.
    pub opt_in: OptIn,
    /// The types whose backups it must manage itself, such as `DynamoDB`.
    pub management: BTreeSet<String>,
}

/// The types of resources for which AWS Backup must be switched on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptIn {
    /// The spec does not say: what its selections need is looked at, and never switched on.
    Unsaid,
    /// All that the region has, those that AWS adds later too.
    All,
    /// These.
    Types(BTreeSet<String>),
}

impl OptIn {
    /// Whether the spec asks for a type.
    pub fn asks_for(&self, resource_type: &str) -> bool {
        match self {
            OptIn::Unsaid => false,
            OptIn::All => true,
            OptIn::Types(types) => types.contains(resource_type),
        }
    }
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

impl Exception {
    /// The last day on which one may end that counts on a day: what is agreed is looked at again once a year.
    pub fn latest(day: Date) -> Date {
        const YEAR: Duration = Duration::days(366);
        day.saturating_add(YEAR)
    }
}

impl Desired {
    /// A role by name.
    pub fn role(&self, name: &str) -> Option<&DesiredRole> {
        self.roles.iter().find(|role| role.name == name)
    }

    /// The roles' ARNs, and the plans' selections that use them, have one of them.
    pub fn role_of(&self, arn: &str) -> Option<&DesiredRole> {
        self.roles.iter().find(|role| role.arn == arn)
    }

    /// The keys of a region, and of the whole deployment, are found by alias.
    pub fn key(&self, region: &str, alias: &str) -> Option<&DesiredKey> {
        self.keys.iter().find(|key| key.region == region && key.alias == alias)
    }

    /// The account's own keys that vaults of the spec name by ARN, each with its region. The spec says nothing else of them.
    pub fn keys_by_arn(&self) -> BTreeSet<(&str, &str)> {
        let named = self.vaults.iter().filter_map(|vault| match &vault.key {
            VaultKey::Arn(arn) => Some((vault.region.as_str(), arn.as_str())),
            VaultKey::Alias(_) | VaultKey::AwsManaged => None,
        });
        named.filter(|(_, arn)| is_own(self, arn)).collect()
    }

    /// Everything that is looked at, in dependency order.
    pub fn resources(&self) -> BTreeSet<ResourceId> {
        let roles = self.roles.iter().map(|role| ResourceId::role(&role.name));
        let keys = self.keys.iter().flat_map(|key| {
            [Kind::Key, Kind::Alias].map(|kind| ResourceId::regional(kind, &key.region, &key.alias))
        });
        let named =
            self.keys_by_arn().into_iter().map(|(region, arn)| ResourceId::regional(Kind::Key, region, arn));
        let vaults = self.vaults.iter().flat_map(|vault| {
            let policy = vault.policy.as_ref().map(|_| Kind::VaultPolicy);
            let lock = vault.lock.map(|_| Kind::VaultLock);
            let kinds = [Some(Kind::Vault), policy, lock].into_iter().flatten();
            kinds.map(|kind| ResourceId::regional(kind, &vault.region, &vault.name))
        });
        let plans = self.plans.iter().flat_map(|plan| {
            let name = &plan.document.name;
            let selections =
                plan.selections.iter().map(|one| ResourceId::selection(&plan.region, name, &one.name));
            selections.chain([ResourceId::regional(Kind::Plan, &plan.region, name)])
        });
        let settings = self.region_settings.iter().map(|one| ResourceId::region_settings(&one.region));
        roles.chain(keys).chain(named).chain(vaults).chain(plans).chain(settings).collect()
    }

    /// Where its roles are, and so who may be assuming them.
    pub(crate) fn trusted_in(&self, at: OffsetDateTime) -> TrustedIn<'_> {
        let plans: BTreeSet<&str> = self.plans.iter().map(|plan| plan.region.as_str()).collect();
        let perhaps = self.regions().difference(&plans).copied().collect();
        let regions = plans.into_iter().collect();
        TrustedIn { partition: &self.partition, account: &self.account, regions, perhaps, at }
    }

    /// Every region that the spec names anything in, each once, sorted.
    pub fn regions(&self) -> BTreeSet<&str> {
        let keys = self.keys.iter().map(|key| key.region.as_str());
        let vaults = self.vaults.iter().map(|vault| vault.region.as_str());
        let plans = self.plans.iter().map(|plan| plan.region.as_str());
        let settings = self.region_settings.iter().map(|settings| settings.region.as_str());
        keys.chain(vaults).chain(plans).chain(settings).collect()
    }
}
