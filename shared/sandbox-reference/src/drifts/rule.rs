//! What happens to a rule of a plan and to its copies.

use sandbox::{Change, Service};
use serde_json::{Value, json};

use super::named::Outcome;
use super::plan;

const NO_RULE: &str = "the plan has no such rule";

fn split(target: &str) -> Outcome<(&str, &str)> {
    Ok(target.split_once('/').ok_or("a target is needed in the form plan/rule")?)
}

/// Changes one rule, named as `plan/rule`.
fn edit(change: &mut Change<'_>, target: &str, edit: impl FnOnce(&mut Value) -> Outcome) -> Outcome {
    let (plan, name) = split(target)?;
    plan::update(change, plan, |document| {
        let rule = plan::rules(document)?.iter_mut().find(|rule| rule["RuleName"] == name);
        edit(rule.ok_or(NO_RULE)?)
    })
}

/// Sets one member of a rule.
fn set(change: &mut Change<'_>, target: &str, member: &str, value: Value) -> Outcome {
    edit(change, target, |rule| {
        rule[member] = value;
        Ok(())
    })
}

/// A second rule of the same name runs once a year and keeps nothing for long.
pub(super) fn duplicated(change: &mut Change<'_>, target: &str) -> Outcome {
    let (plan, name) = split(target)?;
    plan::put_by_hand(change, plan, |version| {
        let rules = plan::rules(&mut version.document)?;
        let mut twin = rules.iter().find(|rule| rule["RuleName"] == name).ok_or(NO_RULE)?.clone();
        twin["ScheduleExpression"] = json!("cron(20 7 1 1 ? *)");
        twin["Lifecycle"]["DeleteAfterDays"] = json!(1);
        rules.push(twin);
        Ok(())
    })
}

/// The rule's backups go to a vault that was made for this; what AWS Backup manages in full goes there directly.
pub(super) fn diverted(change: &mut Change<'_>, target: &str) -> Outcome {
    let region = plan::located(change, split(target)?.0)?.0.name.clone();
    let gapped = json!({ "BackupVaultName": "vault_gapped", "MinRetentionDays": 7, "MaxRetentionDays": 365 });
    let made = change.call(Service::Backup, &region, "CreateLogicallyAirGappedBackupVault", gapped)?;
    set(change, target, "TargetLogicallyAirGappedBackupVaultArn", made["BackupVaultArn"].clone())
}

/// Scans, an index and archives, in the rule, in its copies and in the plan.
fn add_members(change: &mut Change<'_>, target: &str) -> Outcome {
    let scanner = format!("arn:aws:iam::{}:role/scanner", change.account.id);
    let (plan, name) = split(target)?;
    plan::update(change, plan, |document| {
        document["ScanSettings"] =
            json!([{ "MalwareScanner": "GUARDDUTY", "ResourceTypes": ["EBS"], "ScannerRoleArn": scanner }]);
        let rule = plan::rules(document)?.iter_mut().find(|rule| rule["RuleName"] == name).ok_or(NO_RULE)?;
        rule["ScanActions"] = json!([{ "MalwareScanner": "GUARDDUTY", "ScanMode": "INCREMENTAL_SCAN" }]);
        rule["IndexActions"] = json!([{ "ResourceTypes": ["EBS"] }]);
        rule["Lifecycle"]["OptInToArchiveForSupportedResources"] = json!(true);
        for copy in rule["CopyActions"].as_array_mut().into_iter().flatten() {
            copy["Lifecycle"]["OptInToArchiveForSupportedResources"] = json!(true);
        }
        Ok(())
    })
}

pub(super) fn scanned(change: &mut Change<'_>, target: &str) -> Outcome {
    add_members(change, target)
}

/// A repair that puts the retention back must not take the rest away.
pub(super) fn scanned_and_cut(change: &mut Change<'_>, target: &str) -> Outcome {
    add_members(change, target)?;
    edit(change, target, |rule| {
        rule["Lifecycle"]["DeleteAfterDays"] = json!(1);
        Ok(())
    })
}

pub(super) fn removed(change: &mut Change<'_>, target: &str) -> Outcome {
    let (plan, name) = split(target)?;
    plan::update(change, plan, |document| {
        let rules = plan::rules(document)?;
        let at = rules.iter().position(|rule| rule["RuleName"] == name).ok_or(NO_RULE)?;
        rules.remove(at);
        Ok(())
    })
}

/// The new rule writes where the plan's last one does.
pub(super) fn added(change: &mut Change<'_>, plan: &str) -> Outcome {
    plan::update(change, plan, |document| {
        let rules = plan::rules(document)?;
        rules.push(json!({
            "RuleName": "weekly_backup_rule",
            "TargetBackupVaultName": rules.last().map(|rule| &rule["TargetBackupVaultName"]),
            "ScheduleExpression": "cron(0 3 ? * SUN *)",
            "Lifecycle": { "DeleteAfterDays": 14 },
        }));
        Ok(())
    })
}

pub(super) fn schedule_changed(change: &mut Change<'_>, target: &str) -> Outcome {
    set(change, target, "ScheduleExpression", json!("cron(20 7 1 1 ? *)"))
}

pub(super) fn timezone_changed(change: &mut Change<'_>, target: &str) -> Outcome {
    set(change, target, "ScheduleExpressionTimezone", json!("America/New_York"))
}

pub(super) fn target_changed(change: &mut Change<'_>, target: &str) -> Outcome {
    let (region, _) = plan::located(change, split(target)?.0)?;
    let vaults: Vec<String> = region.backup.vaults.keys().cloned().collect();
    edit(change, target, |rule| {
        let other = vaults.iter().find(|vault| rule["TargetBackupVaultName"] != **vault);
        rule["TargetBackupVaultName"] = json!(other.ok_or("the region has no other vault")?);
        Ok(())
    })
}

pub(super) fn start_window_changed(change: &mut Change<'_>, target: &str) -> Outcome {
    set(change, target, "StartWindowMinutes", json!(480))
}

pub(super) fn completion_window_changed(change: &mut Change<'_>, target: &str) -> Outcome {
    set(change, target, "CompletionWindowMinutes", json!(120))
}

pub(super) fn retention_cut(change: &mut Change<'_>, target: &str) -> Outcome {
    set(change, target, "Lifecycle", json!({ "DeleteAfterDays": 1 }))
}

pub(super) fn cold_storage_set(change: &mut Change<'_>, target: &str) -> Outcome {
    edit(change, target, |rule| {
        // Cold storage lasts 90 days at least, so that a short retention has to grow with it.
        let kept = rule.pointer("/Lifecycle/DeleteAfterDays").and_then(Value::as_i64);
        rule["Lifecycle"]["MoveToColdStorageAfterDays"] = json!(30);
        if let Some(kept) = kept {
            rule["Lifecycle"]["DeleteAfterDays"] = json!(kept.max(120));
        }
        Ok(())
    })
}

pub(super) fn continuous_enabled(change: &mut Change<'_>, target: &str) -> Outcome {
    set(change, target, "EnableContinuousBackup", json!(true))
}

pub(super) fn tags_added(change: &mut Change<'_>, target: &str) -> Outcome {
    set(change, target, "RecoveryPointTags", json!({ "cost_center": "4711" }))
}

/// Changes the copies of a rule that makes some.
fn edit_copies(change: &mut Change<'_>, target: &str, change_all: impl FnOnce(&mut Vec<Value>)) -> Outcome {
    edit(change, target, |rule| {
        let copies = rule["CopyActions"].as_array_mut().filter(|copies| !copies.is_empty());
        change_all(copies.ok_or("the rule makes no copies")?);
        Ok(())
    })
}

pub(super) fn copy_dropped(change: &mut Change<'_>, target: &str) -> Outcome {
    edit_copies(change, target, Vec::clear)
}

/// The second copy to the same vault is kept for a day.
pub(super) fn copy_duplicated(change: &mut Change<'_>, target: &str) -> Outcome {
    edit_copies(change, target, |copies| {
        let twin = copies.first().map(|copy| {
            let mut twin = copy.clone();
            twin["Lifecycle"] = json!({ "DeleteAfterDays": 1 });
            twin
        });
        copies.splice(..0, twin);
    })
}

pub(super) fn copy_added(change: &mut Change<'_>, target: &str) -> Outcome {
    let arn = format!("arn:aws:backup:eu-west-1:{}:backup-vault:vault_elsewhere", change.account.id);
    edit(change, target, |rule| {
        let copies = rule["CopyActions"].as_array_mut().ok_or("the rule has no list of copies")?;
        copies.push(json!({ "DestinationBackupVaultArn": arn }));
        Ok(())
    })
}

fn set_copies(change: &mut Change<'_>, target: &str, lifecycle: Value) -> Outcome {
    edit_copies(change, target, |copies| {
        copies.iter_mut().for_each(|copy| copy["Lifecycle"] = lifecycle.clone());
    })
}

pub(super) fn copy_retention_cut(change: &mut Change<'_>, target: &str) -> Outcome {
    set_copies(change, target, json!({ "DeleteAfterDays": 1 }))
}

pub(super) fn copy_cold_storage_set(change: &mut Change<'_>, target: &str) -> Outcome {
    set_copies(change, target, json!({ "MoveToColdStorageAfterDays": 8, "DeleteAfterDays": 365 }))
}
