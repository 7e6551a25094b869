//! What AWS answers about a plan and this program does not know: the SDK drops members that are newer than it is, and an update would
//! take them away.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_backup::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_backup::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_backup::error::BoxError;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use serde_json::{Map, Value};

/// Members of the plan's document that are compared, carried over, or left out on purpose: rule ids are AWS's own, and the settings
/// inside the plan are always empty. A test holds all of these lists against the SDK's types.
pub(crate) const PLAN: &[&str] = &["BackupPlanName", "Rules", "AdvancedBackupSettings", "ScanSettings"];
/// The same for a rule.
pub(crate) const RULE: &[&str] = &[
    "RuleName",
    "TargetBackupVaultName",
    "TargetLogicallyAirGappedBackupVaultArn",
    "ScheduleExpression",
    "ScheduleExpressionTimezone",
    "StartWindowMinutes",
    "CompletionWindowMinutes",
    "Lifecycle",
    "RecoveryPointTags",
    "RuleId",
    "CopyActions",
    "EnableContinuousBackup",
    "IndexActions",
    "ScanActions",
];
/// The same for a copy.
pub(crate) const COPY: &[&str] = &["Lifecycle", "DestinationBackupVaultArn"];
/// The same for a lifecycle. `DeleteAfterEvent` is an output only.
pub(crate) const LIFECYCLE: &[&str] = &[
    "MoveToColdStorageAfterDays",
    "DeleteAfterDays",
    "OptInToArchiveForSupportedResources",
    "DeleteAfterEvent",
];
/// The same for the members that are lists.
pub(crate) const SCAN_ACTION: &[&str] = &["MalwareScanner", "ScanMode"];
/// As above.
pub(crate) const INDEX_ACTION: &[&str] = &["ResourceTypes"];
/// As above.
pub(crate) const SCAN_SETTING: &[&str] = &["MalwareScanner", "ResourceTypes", "ScannerRoleArn"];
/// As above.
pub(crate) const ADVANCED_SETTING: &[&str] = &["ResourceType", "BackupOptions"];

/// Looks at one answer of `GetBackupPlan`.
#[derive(Debug, Clone, Default)]
pub(super) struct UnknownMembers(Arc<Mutex<BTreeSet<String>>>);

impl UnknownMembers {
    pub(super) fn take(&self) -> BTreeSet<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[dyn_dispatch_hint]
impl Intercept for UnknownMembers {
    fn name(&self) -> &'static str {
        "UnknownMembers"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes().unwrap_or_default();
        // What is no JSON the SDK has refused already.
        if let Ok(answer) = serde_json::from_slice::<Value>(body) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = unknown(&answer);
        }
        Ok(())
    }
}

fn unknown(answer: &Value) -> BTreeSet<String> {
    let plan = &answer["BackupPlan"];
    let mut found = BTreeSet::new();
    let mut look = |path: &str, value: &Value, known: &[&str]| {
        let members = value.as_object().into_iter().flat_map(Map::iter);
        let unknown =
            members.filter(|(name, value)| !known.contains(&name.as_str()) && says_something(value));
        found.extend(unknown.map(|(name, _)| format!("{path}{name}")));
    };
    look("", plan, PLAN);
    for one in list(&plan["ScanSettings"]) {
        look("scan_settings.", one, SCAN_SETTING);
    }
    // They stand beside the plan; inside of it they are always empty.
    for one in list(&answer["AdvancedBackupSettings"]).iter().chain(list(&plan["AdvancedBackupSettings"])) {
        look("advanced_settings.", one, ADVANCED_SETTING);
    }
    for rule in list(&plan["Rules"]) {
        let path = format!("rules.{}.", rule["RuleName"].as_str().unwrap_or_default());
        look(&path, rule, RULE);
        look(&path, &rule["Lifecycle"], LIFECYCLE);
        for one in list(&rule["ScanActions"]) {
            look(&format!("{path}scan_actions."), one, SCAN_ACTION);
        }
        for one in list(&rule["IndexActions"]) {
            look(&format!("{path}index_actions."), one, INDEX_ACTION);
        }
        for copy in list(&rule["CopyActions"]) {
            let to = copy["DestinationBackupVaultArn"].as_str().unwrap_or_default();
            let path = format!("{path}copies.{to}.");
            look(&path, copy, COPY);
            look(&path, &copy["Lifecycle"], LIFECYCLE);
        }
    }
    found
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Whether anything is lost if it goes.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(is_on) => *is_on,
        Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_new_and_says_something_is_told_by_its_path() {
        let plan = json!({"AdvancedBackupSettings": [{"ResourceType": "EC2", "BackupOptions": {}, "Mood": "good"}], "BackupPlan": {
            "BackupPlanName": "p", "ScanSettings": [{"MalwareScanner": "GUARDDUTY", "Quarantine": true}], "Novelty": {"a": 1}, "Nothing": null, "Off": false, "Empty": [],
            "Rules": [
                {"RuleName": "daily", "RuleId": "x", "Shiny": "yes", "Lifecycle": {"DeleteAfterDays": 3, "DeleteAfterMoons": 1}},
                {"RuleName": "third", "ScanActions": [{"ScanMode": "FULL_SCAN", "Scope": "all"}], "IndexActions": [{"Depth": 3}]},
                {"RuleName": "other", "CopyActions": [{"DestinationBackupVaultArn": "arn:v", "Lifecycle": {"Slowly": true}}]},
            ],
        }});
        let told: Vec<String> = unknown(&plan).into_iter().collect();
        assert_eq!(
            told,
            [
                "Novelty",
                "advanced_settings.Mood",
                "rules.daily.DeleteAfterMoons",
                "rules.daily.Shiny",
                "rules.other.copies.arn:v.Slowly",
                "rules.third.index_actions.Depth",
                "rules.third.scan_actions.Scope",
                "scan_settings.Quarantine"
            ]
        );
    }
}
