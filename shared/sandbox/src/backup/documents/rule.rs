//! Rules of a plan, with the defaults that AWS fills in.

use serde_json::{Map, Value, json};

use super::actions::{check_indexes, check_scans, copies, is_vault_arn};
use super::lifecycle;
use super::members::{invalid, keep_unknown, list, missing, present, text, whole};
use crate::backup::names::{is_name, is_vault_name};
use crate::error::AwsError;
use crate::request::Request;

const LONGEST_WINDOW: i64 = 52_560_000;

/// Every member of `BackupRule`.
const MEMBERS: [&str; 14] = [
    "RuleName",
    "RuleId",
    "TargetBackupVaultName",
    AIR_GAPPED,
    "ScheduleExpression",
    "ScheduleExpressionTimezone",
    "StartWindowMinutes",
    "CompletionWindowMinutes",
    "EnableContinuousBackup",
    "Lifecycle",
    "RecoveryPointTags",
    "CopyActions",
    "IndexActions",
    "ScanActions",
];
const AIR_GAPPED: &str = "TargetLogicallyAirGappedBackupVaultArn";

pub(super) fn filled(rule: &Value, request: &Request) -> Result<Value, AwsError> {
    let settings = &request.settings;
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
    let lifecycle =
        present(rule, "Lifecycle").map(|given| lifecycle::filled(name, given, settings)).transpose()?;
    if continuous {
        let kept =
            lifecycle.as_ref().and_then(|lifecycle| lifecycle.get("DeleteAfterDays")).and_then(Value::as_i64);
        if !kept.is_some_and(|days| (1..=35).contains(&days)) {
            return Err(invalid(format!("Rule {name}: continuous backups must be kept for 1 to 35 days")));
        }
    }
    if let Some(arn) = text(rule, AIR_GAPPED) {
        check_air_gapped(name, arn, request)?;
    }
    check_indexes(name, list(rule, "IndexActions"))?;
    check_scans(list(rule, "ScanActions"))?;
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
    filled.insert("CopyActions".into(), copies(name, list(rule, "CopyActions"), settings)?.into());
    for optional in [AIR_GAPPED, "IndexActions", "ScanActions"] {
        if let Some(given) = present(rule, optional) {
            filled.insert(optional.into(), given.clone());
        }
    }
    let mut filled = Value::Object(filled);
    if settings.unknown_plan_members_kept {
        keep_unknown(rule, &MEMBERS, &mut filled);
    }
    Ok(filled)
}

/// The vault has to be of the plan's own account and region. Whether it exists, and of which type it is, is not said to be
/// looked at here.
fn check_air_gapped(rule: &str, arn: &str, request: &Request) -> Result<(), AwsError> {
    let here = format!(":backup:{}:{}:backup-vault:", request.region, request.account);
    if is_vault_arn(arn) && arn.contains(&here) {
        Ok(())
    } else {
        Err(invalid(format!("Rule {rule}: {arn} is not a vault of this account and region")))
    }
}

fn is_schedule(expression: &str) -> bool {
    let inside = |prefix| expression.strip_prefix(prefix).and_then(|rest: &str| rest.strip_suffix(')'));
    inside("cron(").is_some_and(|fields| fields.split_whitespace().count() == 6)
        || inside("rate(").is_some_and(|fields| fields.split_whitespace().count() == 2)
}
