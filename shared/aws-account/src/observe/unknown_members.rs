//! What AWS answers about a plan or a selection and this program does not know: the SDK drops members that are newer than it is, and an
//! update, or another selection in its place, would take them away.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_backup::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_backup::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_backup::error::BoxError;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use serde_json::{Map, Value};

/// Members of the plan's document that are compared, carried over, or left out on purpose: rule ids are AWS's own, and the settings
/// inside the plan are always empty. A test holds all of these lists against the SDK's types.
const PLAN: &[&str] = &["BackupPlanName", "Rules", "AdvancedBackupSettings", "ScanSettings"];
/// The same for a rule.
const RULE: &[&str] = &[
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
const COPY: &[&str] = &["Lifecycle", "DestinationBackupVaultArn"];
/// The same for a lifecycle. `DeleteAfterEvent` is an output only.
const LIFECYCLE: &[&str] = &[
    "MoveToColdStorageAfterDays",
    "DeleteAfterDays",
    "OptInToArchiveForSupportedResources",
    "DeleteAfterEvent",
];
/// The same for the members that are lists.
const SCAN_ACTION: &[&str] = &["MalwareScanner", "ScanMode"];
/// As above.
const INDEX_ACTION: &[&str] = &["ResourceTypes"];
/// As above.
const SCAN_SETTING: &[&str] = &["MalwareScanner", "ResourceTypes", "ScannerRoleArn"];
/// As above.
const ADVANCED_SETTING: &[&str] = &["ResourceType", "BackupOptions"];

/// The same for a selection, and for what stands in it.
const SELECTION: &[&str] =
    &["SelectionName", "IamRoleArn", "Resources", "NotResources", "ListOfTags", "Conditions"];
/// As above.
const TAG: &[&str] = &["ConditionType", "ConditionKey", "ConditionValue"];
/// As above.
const CONDITIONS: &[&str] = &["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"];
/// As above.
const PARAMETER: &[&str] = &["ConditionKey", "ConditionValue"];

/// Looks at one answer.
#[derive(Debug, Clone)]
pub(super) struct UnknownMembers {
    look: fn(&Value) -> BTreeSet<String>,
    found: Arc<Mutex<BTreeSet<String>>>,
}

impl UnknownMembers {
    /// Of `GetBackupPlan`. AWS keeps what an update replaces, so a member's path will do.
    pub(super) fn of_plan() -> Self {
        Self { look: in_plan, found: Arc::default() }
    }

    /// Of `GetBackupSelection`. Nothing keeps a selection that was deleted, so each comes with its value.
    pub(super) fn of_selection() -> Self {
        Self { look: in_selection, found: Arc::default() }
    }

    pub(super) fn take(&self) -> BTreeSet<String> {
        std::mem::take(&mut self.found.lock().unwrap_or_else(PoisonError::into_inner))
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
            *self.found.lock().unwrap_or_else(PoisonError::into_inner) = (self.look)(&answer);
        }
        Ok(())
    }
}

/// The members of an object that are none of the known ones.
fn unknown<'a>(object: &'a Value, known: &[&str]) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let members = object.as_object().into_iter().flat_map(Map::iter);
    members.filter(|(name, value)| !known.contains(&name.as_str()) && says_something(value))
}

fn in_selection(answer: &Value) -> BTreeSet<String> {
    let selection = &answer["BackupSelection"];
    let mut found = BTreeSet::new();
    let mut look = |path: &str, value: &Value, known: &[&str]| {
        found.extend(unknown(value, known).map(|(name, value)| format!("{path}{name} = {value}")));
    };
    look("", selection, SELECTION);
    for tag in list(&selection["ListOfTags"]) {
        look("ListOfTags.", tag, TAG);
    }
    look("Conditions.", &selection["Conditions"], CONDITIONS);
    for operator in CONDITIONS {
        for parameter in list(&selection["Conditions"][operator]) {
            look(&format!("Conditions.{operator}."), parameter, PARAMETER);
        }
    }
    found
}

fn in_plan(answer: &Value) -> BTreeSet<String> {
    let plan = &answer["BackupPlan"];
    let mut found = BTreeSet::new();
    let mut look = |path: &str, value: &Value, known: &[&str]| {
        found.extend(unknown(value, known).map(|(name, _)| format!("{path}{name}")));
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
    use std::fmt::Debug;

    use aws_sdk_backup::types as sdk;
    use serde_json::json;

    use super::*;

    /// The members of a type of the SDK, as they stand on the wire: those that its builder prints.
    fn of_the_sdk(builder: &impl Debug) -> BTreeSet<String> {
        let printed = format!("{builder:?}");
        let (_, inside) = printed.split_once('{').expect("members");
        let names = inside.split(", ").filter_map(|member| Some(member.split_once(':')?.0.trim()));
        let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
        names.map(|name| name.split('_').map(capital).collect()).collect()
    }

    #[test]
    fn what_is_known_is_what_the_sdk_knows() {
        for (known, builder) in [
            (PLAN, of_the_sdk(&sdk::BackupPlan::builder())),
            (RULE, of_the_sdk(&sdk::BackupRule::builder())),
            (COPY, of_the_sdk(&sdk::CopyAction::builder())),
            (LIFECYCLE, of_the_sdk(&sdk::Lifecycle::builder())),
            (SCAN_ACTION, of_the_sdk(&sdk::ScanAction::builder())),
            (INDEX_ACTION, of_the_sdk(&sdk::IndexAction::builder())),
            (SCAN_SETTING, of_the_sdk(&sdk::ScanSetting::builder())),
            (ADVANCED_SETTING, of_the_sdk(&sdk::AdvancedBackupSetting::builder())),
            (SELECTION, of_the_sdk(&sdk::BackupSelection::builder())),
            (TAG, of_the_sdk(&sdk::Condition::builder())),
            (CONDITIONS, of_the_sdk(&sdk::Conditions::builder())),
            (PARAMETER, of_the_sdk(&sdk::ConditionParameter::builder())),
        ] {
            assert_eq!(known.iter().map(|&name| name.to_owned()).collect::<BTreeSet<_>>(), builder);
        }
    }

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
        let told: Vec<String> = in_plan(&plan).into_iter().collect();
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

    #[test]
    fn what_is_new_in_a_selection_is_told_with_its_value() {
        let selection = json!({"BackupSelection": {
            "SelectionName": "s", "IamRoleArn": "arn", "Resources": ["*"], "NotResources": [], "Accounts": ["111122223333"], "Off": false,
            "ListOfTags": [{"ConditionType": "STRINGEQUALS", "ConditionKey": "a", "ConditionValue": "b", "Scope": "all"}],
            "Conditions": {"StringMatches": [{"ConditionKey": "k"}], "StringLike": [{"ConditionKey": "k", "ConditionValue": "v", "Case": "any"}]},
        }});
        let told: Vec<String> = in_selection(&selection).into_iter().collect();
        assert_eq!(
            told,
            [
                r#"Accounts = ["111122223333"]"#,
                r#"Conditions.StringLike.Case = "any""#,
                r#"Conditions.StringMatches = [{"ConditionKey":"k"}]"#,
                r#"ListOfTags.Scope = "all""#,
            ]
        );
    }
}
