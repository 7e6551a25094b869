//! What happens to a rule of a plan and to its copies.

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::plan;
use crate::backup::plan_document;
use crate::state::Account;

type Outcome = Result<(), &'static str>;

fn split(target: &str) -> Result<(&str, &str), &'static str> {
    target.split_once('/').ok_or("a target is needed in the form plan/rule")
}

/// Changes one rule, named as `plan/rule`.
fn change(
    account: &mut Account,
    target: &str,
    now: OffsetDateTime,
    edit: impl FnOnce(&mut Value) -> Outcome,
) -> Outcome {
    let (plan, name) = split(target)?;
    plan::change(account, plan, now, |version| {
        let rule = plan::rules(version)?.iter_mut().find(|rule| rule["RuleName"] == name);
        edit(rule.ok_or("the plan has no such rule")?)
    })
}

/// Sets one member of a rule.
fn set(account: &mut Account, target: &str, now: OffsetDateTime, member: &str, value: Value) -> Outcome {
    change(account, target, now, |rule| {
        rule[member] = value;
        Ok(())
    })
}

pub(super) fn removed(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    let (plan, name) = split(target)?;
    plan::change(account, plan, now, |version| {
        let rules = plan::rules(version)?;
        let at = rules.iter().position(|rule| rule["RuleName"] == name).ok_or("the plan has no such rule")?;
        if rules.len() == 1 {
            return Err("it is the plan's only rule");
        }
        rules.remove(at);
        Ok(())
    })
}

pub(super) fn added(account: &mut Account, plan: &str, now: OffsetDateTime) -> Outcome {
    let extra = json!({
        "BackupPlanName": plan,
        "Rules": [{
            "RuleName": "weekly_backup_rule",
            "TargetBackupVaultName": "vault_prod_monthly",
            "ScheduleExpression": "cron(0 3 ? * SUN *)",
            "Lifecycle": { "DeleteAfterDays": 14 },
        }],
    });
    plan::change(account, plan, now, |version| {
        let mut extra = plan_document(&extra).map_err(|_| "the plan's name is not one")?;
        plan::rules(version)?.append(plan::rules(&mut extra)?);
        Ok(())
    })
}

pub(super) fn schedule_changed(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    set(account, target, now, "ScheduleExpression", json!("cron(20 7 1 1 ? *)"))
}

pub(super) fn timezone_changed(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    set(account, target, now, "ScheduleExpressionTimezone", json!("America/New_York"))
}

pub(super) fn target_changed(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    change(account, target, now, |rule| {
        let hourly = rule["TargetBackupVaultName"] == "vault_prod_hourly";
        rule["TargetBackupVaultName"] = json!(if hourly { "vault_prod_daily" } else { "vault_prod_hourly" });
        Ok(())
    })
}

pub(super) fn start_window_changed(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    set(account, target, now, "StartWindowMinutes", json!(480))
}

pub(super) fn completion_window_changed(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    set(account, target, now, "CompletionWindowMinutes", json!(120))
}

pub(super) fn retention_cut(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    set(account, target, now, "Lifecycle", one_day())
}

fn one_day() -> Value {
    json!({ "DeleteAfterDays": 1, "OptInToArchiveForSupportedResources": false })
}

pub(super) fn cold_storage_set(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    change(account, target, now, |rule| {
        // Cold storage lasts 90 days at least, so that a short retention has to grow with it.
        let kept = rule.pointer("/Lifecycle/DeleteAfterDays").and_then(Value::as_i64);
        rule["Lifecycle"]["MoveToColdStorageAfterDays"] = json!(30);
        if let Some(kept) = kept {
            rule["Lifecycle"]["DeleteAfterDays"] = json!(kept.max(120));
        }
        Ok(())
    })
}

pub(super) fn continuous_enabled(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    change(account, target, now, |rule| {
        let kept = rule.pointer("/Lifecycle/DeleteAfterDays").and_then(Value::as_i64);
        if kept.is_none_or(|days| days > 35) {
            return Err("continuous backups can be kept for 35 days at most");
        }
        rule["EnableContinuousBackup"] = json!(true);
        Ok(())
    })
}

pub(super) fn tags_added(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    set(account, target, now, "RecoveryPointTags", json!({ "cost_center": "4711" }))
}

pub(super) fn copy_dropped(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    change(account, target, now, |rule| {
        copies(rule)?.clear();
        Ok(())
    })
}

pub(super) fn copy_added(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    let arn = format!("arn:aws:backup:eu-west-1:{}:backup-vault:vault_elsewhere", account.id);
    change(account, target, now, |rule| {
        let list = rule["CopyActions"].as_array_mut().ok_or("the rule has no list of copies")?;
        list.push(json!({ "DestinationBackupVaultArn": arn }));
        Ok(())
    })
}

pub(super) fn copy_retention_cut(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    change(account, target, now, |rule| {
        copies(rule)?.iter_mut().for_each(|copy| copy["Lifecycle"] = one_day());
        Ok(())
    })
}

pub(super) fn copy_cold_storage_set(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    let lifecycle = json!({ "MoveToColdStorageAfterDays": 8, "DeleteAfterDays": 365 });
    change(account, target, now, |rule| {
        copies(rule)?.iter_mut().for_each(|copy| copy["Lifecycle"] = lifecycle.clone());
        Ok(())
    })
}

/// The copies of a rule that makes some.
fn copies(rule: &mut Value) -> Result<&mut Vec<Value>, &'static str> {
    rule["CopyActions"].as_array_mut().filter(|copies| !copies.is_empty()).ok_or("the rule makes no copies")
}
