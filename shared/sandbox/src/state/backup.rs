//! AWS Backup in one region: vaults with their policy and lock, plans with their versions and selections.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::tags::Tags;

#[derive(Debug, Clone, Default)]
pub(crate) struct Backup {
    pub(crate) vaults: BTreeMap<String, Vault>,
    /// Deleted plans stay, because their versions can still be read.
    pub(crate) plans: BTreeMap<String, Plan>,
}

impl Backup {
    pub(crate) fn live_plans(&self) -> impl Iterator<Item = &Plan> {
        self.plans.values().filter(|plan| plan.deleted.is_none())
    }

    pub(crate) fn live_plan(&mut self, id: &str) -> Option<&mut Plan> {
        self.plans.get_mut(id).filter(|plan| plan.deleted.is_none())
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Vault {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) kind: &'static str,
    pub(crate) key: String,
    pub(crate) key_kind: &'static str,
    pub(crate) created: OffsetDateTime,
    pub(crate) creator_request_id: Option<String>,
    pub(crate) policy: Option<String>,
    pub(crate) lock: Option<Lock>,
    pub(crate) tags: Tags,
    pub(crate) recovery_points: BTreeMap<String, RecoveryPoint>,
}

/// A vault lock. AWS has no field for its mode: governance has no date, compliance has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lock {
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    pub(crate) date: Option<OffsetDateTime>,
}

impl Lock {
    pub(crate) fn is_immutable(&self, now: OffsetDateTime) -> bool {
        self.date.is_some_and(|date| date <= now)
    }
}

#[derive(Debug, Clone)]
pub(crate) struct RecoveryPoint {
    pub(crate) arn: String,
    pub(crate) created: OffsetDateTime,
    pub(crate) lifecycle: Map<String, Value>,
}

#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) creator_request_id: Option<String>,
    pub(crate) versions: Vec<PlanVersion>,
    pub(crate) deleted: Option<OffsetDateTime>,
    pub(crate) tags: Tags,
    pub(crate) selections: BTreeMap<String, Selection>,
}

impl Plan {
    /// A plan has a version from its first moment on.
    pub(crate) fn latest(&self) -> Option<&PlanVersion> {
        self.versions.last()
    }

    pub(crate) fn name(&self) -> &str {
        self.latest().map_or("", PlanVersion::name)
    }
}

/// A plan document with AWS's defaults filled in. Rule ids are apart from it, so that two documents are identical
/// when a person would call them so.
#[derive(Debug, Clone)]
pub(crate) struct PlanVersion {
    pub(crate) id: String,
    pub(crate) created: OffsetDateTime,
    pub(crate) document: Value,
    pub(crate) advanced: Value,
    pub(crate) rule_ids: Vec<String>,
}

impl PlanVersion {
    pub(crate) fn name(&self) -> &str {
        self.document.get("BackupPlanName").and_then(Value::as_str).unwrap_or_default()
    }

    pub(crate) fn rules(&self) -> &[Value] {
        self.document.get("Rules").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Selection {
    pub(crate) id: String,
    pub(crate) created: OffsetDateTime,
    pub(crate) creator_request_id: Option<String>,
    pub(crate) document: Value,
}

impl Selection {
    pub(crate) fn name(&self) -> &str {
        self.document.get("SelectionName").and_then(Value::as_str).unwrap_or_default()
    }
}
