//! The forms in which AWS may answer and mean the same: none of them is drift, and none is a crash.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_account::{Clients, emulator_config};
use aws_sdk_backup::Client;
use drift_tests::proxy::{Change, before};
use drift_tests::stage::Stage;
use reconcile::report::{Outcome, Verdict};
use serde_json::{Value, json};

async fn stage_behind(change: Change) -> Stage {
    let mut stage = Stage::deployed();
    let endpoint = before(&stage.sandbox.endpoint(), change).await;
    stage.clients = Clients::new(&emulator_config(&endpoint, "tester"));
    stage
}

async fn assert_in_sync(name: &str, change: Change) {
    let changed = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&changed);
    let counted: Change = Arc::new(move |method, path, answer| {
        let before = answer.clone();
        change(method, path, answer);
        count.fetch_add(usize::from(*answer != before), Ordering::Relaxed);
    });
    let stage = stage_behind(counted).await;
    let report = stage.heal().await;
    assert_ne!(changed.load(Ordering::Relaxed), 0, "{name}: no answer was changed");
    assert_eq!(report.findings, vec![], "{name}");
    assert_eq!(report.verdict(), Verdict::InSync, "{name}");
}

/// Calls `change` with every object of a document, the outermost first.
fn every_object(value: &mut Value, change: &dyn Fn(&mut serde_json::Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            change(object);
            object.values_mut().for_each(|value| every_object(value, change));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| every_object(value, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_plan(path: &str) -> bool {
    path.starts_with("/backup/plans/") && !path.contains("selections")
}

#[tokio::test]
async fn defaults_may_be_left_out_of_a_plan() {
    let change: Change = Arc::new(|_, path, answer| {
        if is_plan(path) {
            every_object(answer, &|object| {
                let defaults = [
                    ("ScheduleExpressionTimezone", json!("Etc/UTC")),
                    ("EnableContinuousBackup", json!(false)),
                    ("CopyActions", json!([])),
                    ("RecoveryPointTags", json!({})),
                ];
                for (member, default) in defaults {
                    if object.get(member) == Some(&default) {
                        object.remove(member);
                    }
                }
                object.remove("RuleId");
                object.remove("OptInToArchiveForSupportedResources");
            });
        }
    });
    assert_in_sync("defaults left out", change).await;
}

#[tokio::test]
async fn empty_lists_and_missing_ones_are_the_same() {
    let emptied: Change = Arc::new(|_, path, answer| {
        if is_plan(path) {
            for rule in answer["BackupPlan"]["Rules"].as_array_mut().into_iter().flatten() {
                for member in ["CopyActions", "IndexActions", "ScanActions"] {
                    if rule.get(member).is_none_or(Value::is_null) {
                        rule[member] = json!([]);
                    }
                }
                if rule.get("RecoveryPointTags").is_none_or(Value::is_null) {
                    rule["RecoveryPointTags"] = json!({});
                }
            }
        }
    });
    assert_in_sync("empty lists", emptied).await;
    let missing: Change = Arc::new(|_, path, answer| {
        if let Some(selection) = answer.get_mut("BackupSelection").and_then(Value::as_object_mut)
            && path.contains("selections")
        {
            selection.remove("Conditions");
            selection.retain(|_, value| *value != json!([]));
        }
    });
    assert_in_sync("missing lists", missing).await;
}

#[tokio::test]
async fn advanced_settings_may_stand_inside_the_plan() {
    let change: Change = Arc::new(|_, path, answer| {
        if is_plan(path) {
            let beside = answer["AdvancedBackupSettings"].take();
            answer["BackupPlan"]["AdvancedBackupSettings"] = beside;
        }
    });
    assert_in_sync("settings inside", change).await;
}

#[tokio::test]
async fn never_may_be_written_as_minus_one() {
    let change: Change = Arc::new(|_, path, answer| {
        if is_plan(path) {
            every_object(answer, &|object| {
                if object.contains_key("DeleteAfterDays") {
                    object.insert("MoveToColdStorageAfterDays".to_owned(), json!(-1));
                }
            });
        }
    });
    assert_in_sync("minus one", change).await;
}

#[tokio::test]
async fn the_order_of_rules_and_lists_means_nothing() {
    let change: Change = Arc::new(|_, _, answer| {
        for pointer in ["/BackupPlan/Rules", "/BackupSelection/Resources", "/BackupSelection/NotResources"] {
            if let Some(Value::Array(list)) = answer.pointer_mut(pointer) {
                list.reverse();
            }
        }
    });
    assert_in_sync("order", change).await;
}

#[tokio::test]
async fn unknown_members_and_values_are_no_drift() {
    let change: Change = Arc::new(|_, _, answer| {
        every_object(answer, &|object| {
            for (member, value) in object.iter_mut() {
                if ["EncryptionKeyType", "KeyManagerType"].contains(&member.as_str()) {
                    *value = json!("OF_NEXT_YEAR");
                }
            }
            // Settings, tags, and resource types that are opted in.
            let is_map = ["WindowsVSS", "terraform", "DynamoDB"].iter().any(|key| object.contains_key(*key));
            if !object.is_empty() && !is_map && !object.contains_key("Nested") {
                object.insert("OfNextYear".to_owned(), json!({ "Nested": [1, null, "x"] }));
            }
        });
    });
    assert_in_sync("unknown members", change).await;
}

#[tokio::test]
async fn what_a_selection_says_and_this_program_does_not_know_is_told_and_not_lost_in_silence() {
    let change: Change = Arc::new(|_, _, answer| {
        if let Some(Value::Object(selection)) = answer.get_mut("BackupSelection") {
            selection.insert("Accounts".to_owned(), json!(["111122223333"]));
        }
    });
    let stage = stage_behind(change).await;
    let said = async |word: &str| {
        let report = stage.heal().await;
        let notes: Vec<String> = report.notes.iter().map(|note| note.text.to_string()).collect();
        let found = notes.iter().filter(|note| note.contains("Accounts = [\"111122223333\"]"));
        found.filter(|note| note.contains(word)).count()
    };
    let all = said("does not compare").await;
    assert_eq!(all, 2, "of each selection of the spec");
    stage.drift(&["selection-emptied"]);
    assert_eq!(said("AWS does not keep it").await, 1);
    assert_eq!(said("does not compare").await, all);
}

#[tokio::test]
async fn unknown_types_and_states_are_reported_and_not_touched() {
    let change: Change = Arc::new(|_, _, answer| {
        every_object(answer, &|object| {
            for member in ["VaultType", "VaultState", "KeyState", "Origin"] {
                if object.contains_key(member) {
                    object.insert(member.to_owned(), json!("OF_NEXT_YEAR"));
                }
            }
        });
    });
    let stage = stage_behind(change).await;
    let report = stage.heal().await;
    let codes: Vec<&str> = report.findings.iter().map(|one| one.finding.drift.code().code).collect();
    assert_eq!(
        codes,
        [
            "unusable",
            "origin-differs",
            "unusable",
            "origin-differs",
            "not-available",
            "type-differs",
            "not-available",
            "type-differs",
            "not-available",
            "type-differs",
            "not-available",
            "type-differs"
        ]
    );
    assert!(report.findings.iter().all(|one| matches!(one.outcome, Outcome::Blocked(_))));
    assert_eq!(stage.sandbox.writes(), vec![]);
}

#[tokio::test]
async fn plans_that_aws_keeps_for_itself_are_not_ours_whatever_they_are_called() {
    let change: Change = Arc::new(|_, path, answer| {
        if path == "/backup/plans" || path == "/backup/plans/" {
            for (id, deleted) in
                [("orgs/544033d1", None), ("aws/efs/73d922fb", None), ("gone", Some(1_700_000_000))]
            {
                let mut plan = json!({ "BackupPlanId": id, "BackupPlanName": "prod_backups" });
                if let Some(date) = deleted {
                    plan["DeletionDate"] = json!(date);
                }
                answer["BackupPlansList"].as_array_mut().expect("a list of plans").push(plan);
            }
        }
    });
    assert_in_sync("plans of others", change).await;
}

#[tokio::test]
async fn a_thousand_foreign_plans_and_three_hundred_vaults_change_nothing() {
    let stage = Stage::deployed();
    stage.drift(&["foreign-clutter"]);
    let config = emulator_config(&stage.sandbox.endpoint(), "tester");
    let backup = Client::new(&config);
    for number in 0..1000 {
        make_plan(&backup, &format!("team_{number}")).await;
    }
    for number in 0..296 {
        let request = backup.create_backup_vault().backup_vault_name(format!("team_{number}"));
        request.send().await.expect("a vault");
    }
    stage.sandbox.clear_calls();
    let report = stage.heal().await;
    assert_eq!(report.findings, vec![]);
    stage.drift(&["rule-retention-cut", "vault-policy-deleted"]);
    assert_eq!(stage.heal().await.verdict(), Verdict::Healed);
    let foreign = |call: &sandbox::Call| call.params.to_string().contains("team_");
    assert!(!stage.sandbox.calls().iter().any(foreign), "nothing of others is asked for by name");
}

async fn make_plan(backup: &Client, name: &str) {
    use aws_sdk_backup::types::{BackupPlanInput, BackupRuleInput};
    let rule = BackupRuleInput::builder().rule_name("daily").target_backup_vault_name("Default").build();
    let plan = BackupPlanInput::builder().backup_plan_name(name).rules(rule.expect("a rule")).build();
    backup.create_backup_plan().backup_plan(plan.expect("a plan")).send().await.expect("a plan");
}
