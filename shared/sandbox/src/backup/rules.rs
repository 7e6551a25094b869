//! Plan documents: what AWS refuses in them, and the defaults that it fills in.

use serde_json::{Map, Value, json};

use super::names::{is_name, is_vault_name};
use crate::error::AwsError;
use crate::state::PlanVersion;

const LONGEST_RETENTION: i64 = 36_500;
const LONGEST_WINDOW: i64 = 52_560_000;
/// Cold storage must last this many days.
const COLD_DAYS: i64 = 90;

fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::bad("InvalidParameterValueException", message)
}

fn missing(what: &str) -> AwsError {
    AwsError::bad("MissingParameterValueException", format!("A backup plan needs {what}; none was given"))
}

/// The document as AWS stores it, with identifiers and date for the caller to set.
pub(super) fn document(input: &Value) -> Result<PlanVersion, AwsError> {
    let name = text(input, "BackupPlanName").ok_or_else(|| missing("BackupPlanName"))?;
    if !is_name(name) {
        return Err(invalid(format!("BackupPlanName {name} must be 1 to 50 letters, digits, -, _ or .")));
    }
    let given = list(input, "Rules");
    if given.is_empty() {
        return Err(missing("Rules"));
    }
    let mut rules: Vec<Value> = Vec::new();
    for rule in given {
        let filled = filled_rule(rule)?;
        if rules.iter().any(|other| other.get("RuleName") == filled.get("RuleName")) {
            return Err(invalid(format!("Two rules have the same RuleName: {}", filled["RuleName"])));
        }
        rules.push(filled);
    }
    let mut document = json!({ "BackupPlanName": name, "Rules": rules });
    if let Some(settings) = present(input, "ScanSettings") {
        document["ScanSettings"] = settings.clone();
    }
    Ok(PlanVersion {
        id: String::new(),
        created: time::OffsetDateTime::UNIX_EPOCH,
        document,
        advanced: Value::Array(list(input, "AdvancedBackupSettings").to_vec()),
        rule_ids: Vec::new(),
    })
}

fn filled_rule(rule: &Value) -> Result<Value, AwsError> {
    let name = text(rule, "RuleName").ok_or_else(|| missing("RuleName"))?;
    if !is_name(name) {
        return Err(invalid(format!("RuleName {name} must be 1 to 50 letters, digits, -, _ or .")));
    }
    // Whether the vault exists is seen when a job runs, not here.
    let vault = text(rule, "TargetBackupVaultName").ok_or_else(|| missing("TargetBackupVaultName"))?;
    if !is_vault_name(vault) {
        return Err(invalid(format!("Rule {name}: {vault} is not a vault name")));
    }
    let schedule = text(rule, "ScheduleExpression").unwrap_or("cron(0 5 ? * * *)");
    if !is_schedule(schedule) {
        return Err(invalid(format!("Rule {name}: {schedule} is not a schedule expression")));
    }
    let start = whole(rule, "StartWindowMinutes")?.unwrap_or(480);
    if !(60..=LONGEST_WINDOW).contains(&start) {
        return Err(invalid(format!("Rule {name}: StartWindowMinutes {start} must be at least 60")));
    }
    let completion = whole(rule, "CompletionWindowMinutes")?.unwrap_or(10_080);
    let continuous = rule.get("EnableContinuousBackup").and_then(Value::as_bool).unwrap_or(false);
    let lifecycle = present(rule, "Lifecycle").map(|given| filled_lifecycle(name, given)).transpose()?;
    if continuous {
        let kept =
            lifecycle.as_ref().and_then(|lifecycle| lifecycle.get("DeleteAfterDays")).and_then(Value::as_i64);
        if !kept.is_some_and(|days| (1..=35).contains(&days)) {
            return Err(invalid(format!("Rule {name}: continuous backups must be kept for 1 to 35 days")));
        }
    }
    let mut filled = Map::new();
    filled.insert("RuleName".into(), name.into());
    filled.insert("TargetBackupVaultName".into(), vault.into());
    filled.insert("ScheduleExpression".into(), schedule.into());
    let zone = text(rule, "ScheduleExpressionTimezone").unwrap_or("Etc/UTC");
    filled.insert("ScheduleExpressionTimezone".into(), zone.into());
    filled.insert("StartWindowMinutes".into(), start.into());
    filled.insert("CompletionWindowMinutes".into(), completion.into());
    filled.insert("EnableContinuousBackup".into(), continuous.into());
    if let Some(lifecycle) = lifecycle {
        filled.insert("Lifecycle".into(), lifecycle);
    }
    let tags = present(rule, "RecoveryPointTags").cloned().unwrap_or_else(|| json!({}));
    filled.insert("RecoveryPointTags".into(), tags);
    let copies = list(rule, "CopyActions").iter().map(|copy| filled_copy(name, copy));
    filled.insert("CopyActions".into(), copies.collect::<Result<Vec<_>, _>>()?.into());
    for optional in ["TargetLogicallyAirGappedBackupVaultArn", "IndexActions", "ScanActions"] {
        if let Some(given) = present(rule, optional) {
            filled.insert(optional.into(), given.clone());
        }
    }
    Ok(Value::Object(filled))
}

fn filled_copy(rule: &str, copy: &Value) -> Result<Value, AwsError> {
    let arn = text(copy, "DestinationBackupVaultArn").ok_or_else(|| missing("DestinationBackupVaultArn"))?;
    if !(arn.starts_with("arn:") && arn.contains(":backup:") && arn.contains(":backup-vault:")) {
        return Err(invalid(format!("Rule {rule}: {arn} is not the ARN of a backup vault")));
    }
    let mut filled = json!({ "DestinationBackupVaultArn": arn });
    if let Some(lifecycle) = present(copy, "Lifecycle") {
        filled["Lifecycle"] = filled_lifecycle(rule, lifecycle)?;
    }
    Ok(filled)
}

fn filled_lifecycle(rule: &str, given: &Value) -> Result<Value, AwsError> {
    if present(given, "DeleteAfterEvent").is_some() {
        return Err(invalid(format!("Rule {rule}: DeleteAfterEvent is not valid as an input")));
    }
    // -1 says "never", which is what an absent member says when the plan is read back.
    let days = |member| whole(given, member).map(|days| days.filter(|days| *days != -1));
    let (cold, delete) = (days("MoveToColdStorageAfterDays")?, days("DeleteAfterDays")?);
    for days in [cold, delete].into_iter().flatten() {
        if !(1..=LONGEST_RETENTION).contains(&days) {
            return Err(invalid(format!("Rule {rule}: a lifecycle of {days} days; it must be 1 to 36500")));
        }
    }
    if let (Some(cold), Some(delete)) = (cold, delete)
        && delete < cold + COLD_DAYS
    {
        return Err(invalid(format!(
            "Rule {rule}: DeleteAfterDays {delete} must be at least 90 days after MoveToColdStorageAfterDays {cold}"
        )));
    }
    let archive = given.get("OptInToArchiveForSupportedResources").and_then(Value::as_bool).unwrap_or(false);
    let mut filled = json!({ "OptInToArchiveForSupportedResources": archive });
    if let Some(cold) = cold {
        filled["MoveToColdStorageAfterDays"] = cold.into();
    }
    if let Some(delete) = delete {
        filled["DeleteAfterDays"] = delete.into();
    }
    Ok(filled)
}

fn is_schedule(expression: &str) -> bool {
    let inside = |prefix| expression.strip_prefix(prefix).and_then(|rest: &str| rest.strip_suffix(')'));
    inside("cron(").is_some_and(|fields| fields.split_whitespace().count() == 6)
        || inside("rate(").is_some_and(|fields| fields.split_whitespace().count() == 2)
}

fn present<'a>(value: &'a Value, member: &str) -> Option<&'a Value> {
    value.get(member).filter(|value| !value.is_null())
}

fn text<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member).and_then(Value::as_str)
}

fn list<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value.get(member).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn whole(value: &Value, member: &str) -> Result<Option<i64>, AwsError> {
    match present(value, member) {
        None => Ok(None),
        Some(number) => number.as_i64().map(Some).ok_or_else(|| {
            AwsError::bad("SerializationException", format!("{member} is not a whole number"))
        }),
    }
}
