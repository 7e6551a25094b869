//! AWS Backup in one region: vaults with their policy and lock, plans with their versions and selections.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::tags::Tags;

/// What AWS Backup keeps in one region.
#[derive(Debug, Clone, Default)]
pub struct Backup {
    /// By name.
    pub vaults: BTreeMap<String, Vault>,
    /// By id. Deleted plans stay, because their versions can still be read.
    pub plans: BTreeMap<String, Plan>,
}

impl Backup {
    /// The plans that are not deleted, in the order of their ids.
    pub fn live_plans(&self) -> impl Iterator<Item = &Plan> {
        self.plans.values().filter(|plan| plan.deleted.is_none())
    }

    /// The plan with this id, unless it is deleted.
    pub fn live_plan(&mut self, id: &str) -> Option<&mut Plan> {
        self.plans.get_mut(id).filter(|plan| plan.deleted.is_none())
    }
}

/// A vault.
#[derive(Debug, Clone)]
pub struct Vault {
    /// Its name, which differs by case.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// `BACKUP_VAULT` or `LOGICALLY_AIR_GAPPED_BACKUP_VAULT`.
    pub kind: &'static str,
    /// The ARN of the key that encrypts it.
    pub key: String,
    /// `CUSTOMER_MANAGED_KMS_KEY` or `AWS_OWNED_KMS_KEY`.
    pub key_kind: &'static str,
    /// When it was made. Neither this nor key and kind change in the life of one vault.
    pub created: OffsetDateTime,
    /// What its maker called the request, if anything.
    pub creator_request_id: Option<String>,
    /// The access policy, as JSON.
    pub policy: Option<String>,
    /// The lock.
    pub lock: Option<Lock>,
    /// Its tags.
    pub tags: Tags,
    /// By ARN.
    pub recovery_points: BTreeMap<String, RecoveryPoint>,
}

/// A vault lock. AWS has no field for its mode: governance has no date, compliance has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lock {
    /// The shortest retention that jobs may ask for, in days.
    pub min: Option<i64>,
    /// The longest one, in days.
    pub max: Option<i64>,
    /// From when on nobody can change the lock.
    pub date: Option<OffsetDateTime>,
}

impl Lock {
    /// Whether its date has come.
    pub fn is_immutable(&self, now: OffsetDateTime) -> bool {
        self.date.is_some_and(|date| date <= now)
    }
}

/// A recovery point.
#[derive(Debug, Clone)]
pub struct RecoveryPoint {
    /// Its ARN.
    pub arn: String,
    /// When its job ended.
    pub created: OffsetDateTime,
    /// `Lifecycle`, as AWS answers it.
    pub lifecycle: Map<String, Value>,
}

/// A backup plan, under a name that need not be its own alone.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its id.
    pub id: String,
    /// Its ARN, which ends in the id.
    pub arn: String,
    /// What its maker called the request, if anything.
    pub creator_request_id: Option<String>,
    /// From the first to the one that counts. A plan has one from its first moment on.
    pub versions: Vec<PlanVersion>,
    /// When it was deleted.
    pub deleted: Option<OffsetDateTime>,
    /// Its tags.
    pub tags: Tags,
    /// By id.
    pub selections: BTreeMap<String, Selection>,
}

impl Plan {
    /// The version that counts.
    pub fn latest(&self) -> Option<&PlanVersion> {
        self.versions.last()
    }

    /// The name, by the version that counts.
    pub fn name(&self) -> &str {
        self.latest().map_or("", PlanVersion::name)
    }
}

/// A plan document with AWS's defaults filled in. Rule ids are apart from it, so that two documents are identical
/// when a person would call them so.
#[derive(Debug, Clone)]
pub struct PlanVersion {
    /// Its id.
    pub id: String,
    /// When it was put.
    pub created: OffsetDateTime,
    /// `BackupPlan`, as AWS answers it but for the rules' ids.
    pub document: Value,
    /// `AdvancedBackupSettings`, which AWS takes in the document and answers beside it.
    pub advanced: Value,
    /// The ids of the rules, in their order.
    pub rule_ids: Vec<String>,
}

impl PlanVersion {
    /// The plan's name in it.
    pub fn name(&self) -> &str {
        self.document.get("BackupPlanName").and_then(Value::as_str).unwrap_or_default()
    }

    /// Its rules.
    pub fn rules(&self) -> &[Value] {
        self.document.get("Rules").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

/// A selection of a plan. AWS has no call that changes one.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Its id.
    pub id: String,
    /// When it was made.
    pub created: OffsetDateTime,
    /// What its maker called the request, if anything.
    pub creator_request_id: Option<String>,
    /// `BackupSelection`, as AWS answers it.
    pub document: Value,
}

impl Selection {
    /// Its name.
    pub fn name(&self) -> &str {
        self.document.get("SelectionName").and_then(Value::as_str).unwrap_or_default()
    }
}
