//! A plan with its versions and selections.

use std::collections::BTreeMap;

use serde_json::Value;
use time::OffsetDateTime;

use crate::state::Tags;

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
    /// When AWS Backup last ran it.
    pub last_execution: Option<OffsetDateTime>,
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
