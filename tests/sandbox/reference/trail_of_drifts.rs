//! What is recorded of named drifts: the calls by which they would have come about.

use sandbox::{Actor, Sandbox};
use sandbox_reference::{DRIFTS, drift};
use serde_json::{Value, json};
use time::Duration;

use crate::client::{backup, found, kms, names, records};
use crate::reference;

const BACKUP_POLICY: &str = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup";

fn after(name: &str) -> Vec<Value> {
    let sandbox = reference();
    drift(&sandbox, name).unwrap();
    records(&sandbox)
}

/// The id of a live plan by its name.
fn plan_id(sandbox: &Sandbox, name: &str) -> String {
    let (_, plans) = backup(sandbox, "us-east-1", "GET /backup/plans/", Value::Null);
    let plans = plans["BackupPlansList"].as_array().unwrap().clone();
    let plan = plans.into_iter().find(|plan| plan["BackupPlanName"] == name).unwrap();
    plan["BackupPlanId"].as_str().unwrap().to_owned()
}

fn key(sandbox: &Sandbox, region: &str) -> String {
    let (_, aliases) = kms(sandbox, region, "ListAliases", json!({}));
    aliases["Aliases"][0]["TargetKeyId"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_drift_is_told_where_and_when_it_happens() {
    let elsewhere = ["vault-policy-deleted:vault_disaster_recovery", "key-disabled:us-west-2"];
    // What AWS or another account does by itself is nobody's call here.
    let told = |name: &str| !["vault-failed", "vault-shared"].contains(&name);
    let here = DRIFTS.iter().map(|drift| (drift.name, "us-east-1")).filter(|(name, _)| told(name));
    for (name, region) in here.chain(elsewhere.map(|name| (name, "us-west-2"))) {
        let sandbox = reference();
        sandbox.advance(Duration::seconds(90));
        drift(&sandbox, name).unwrap();
        let now = "2026-11-02T08:01:30Z";
        let told = records(&sandbox);
        let fits = |record: &&Value| record["awsRegion"] == region && record["eventTime"] == now;
        assert!(told.iter().any(|record| fits(&record)), "{name}: {:?}", names(&told));
        let in_time = |record: &Value| record["eventTime"].as_str().unwrap() <= now;
        assert!(told.iter().all(in_time), "{name}: nothing happens later");
        assert_eq!(
            found(&sandbox, region, json!({})).len(),
            told.iter().filter(|record| record["awsRegion"] == region).count(),
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_come_in_an_order_that_aws_would_take() {
    let (policy, vault) = ("DeleteBackupVaultAccessPolicy", "DeleteBackupVault");
    let (put_policy, put_lock) = ("PutBackupVaultAccessPolicy", "PutBackupVaultLockConfiguration");
    let (detach, attach) = ("DetachRolePolicy", "AttachRolePolicy");
    for (drift, calls) in [
        ("role-deleted", vec![detach, detach, "DeleteRole"]),
        ("role-moved", vec![detach, detach, "DeleteRole", "CreateRole", attach, attach]),
        ("role-untagged", vec!["UntagRole"]),
        ("key-destroyed", vec!["ScheduleKeyDeletion", "DeleteKey"]),
        ("key-rotation-period", vec!["EnableKeyRotation"]),
        ("key-unavailable", vec!["DisconnectCustomKeyStore"]),
        ("key-granted-abroad", vec!["CreateGrant"]),
        ("key-policy-shuts-out-role", vec!["PutKeyPolicy"]),
        ("opt-in-off", vec!["UpdateRegionSettings"]),
        ("rule-diverted", vec!["CreateLogicallyAirGappedBackupVault", "UpdateBackupPlan"]),
        ("rule-scanned-and-cut", vec!["UpdateBackupPlan", "UpdateBackupPlan"]),
        ("rule-duplicated", vec!["UpdateBackupPlan"]),
        ("vault-notified", vec!["PutBackupVaultNotifications"]),
        ("vault-failed", vec![]),
        ("vault-shared", vec![]),
        ("alias-repointed", vec!["CreateKey", "UpdateAlias"]),
        ("vault-deleted", vec![policy, vault]),
        ("vault-recreated-on-other-key", vec![policy, vault, "CreateBackupVault", put_policy, put_lock]),
        (
            "vault-recreated-on-twin-key",
            vec![policy, vault, "CreateKey", "CreateBackupVault", put_policy, put_lock],
        ),
        ("vault-air-gapped", vec![policy, vault, "CreateLogicallyAirGappedBackupVault", put_policy]),
        ("vault-lock-governance", vec!["DeleteBackupVaultLockConfiguration", put_lock]),
        ("plan-deleted", vec!["DeleteBackupSelection", "DeleteBackupPlan"]),
        ("plan-untagged", vec!["UntagResource"]),
        (
            "selection-duplicated",
            vec!["DeleteBackupSelection", "CreateBackupSelection", "CreateBackupSelection"],
        ),
        (
            "selection-role-changed",
            vec!["DeleteBackupSelection", "CreateRole", attach, attach, "CreateBackupSelection"],
        ),
    ] {
        assert_eq!(names(&after(drift)), calls, "{drift}");
    }
    let signing = after("key-for-signing");
    // KMS moves an alias only to a key of the same sort.
    assert_eq!(names(&signing)[6..], ["DeleteAlias", "CreateKey", "CreateAlias"]);
    assert_eq!(signing[7]["requestParameters"]["keyUsage"], "SIGN_VERIFY");
    let all = after("everything-deleted");
    let first = |name: &str| names(&all).iter().position(|other| *other == name).unwrap();
    assert!(first("DeleteBackupSelection") < first("DeleteBackupPlan"));
    assert!(first(policy) < first(vault) && first(vault) < first("ScheduleKeyDeletion"));
    assert!(first(detach) < first("DeleteRole"));
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_what_a_caller_would_have_sent() {
    let sandbox = reference();
    let (plan, key) = (plan_id(&sandbox, "prod_backups"), key(&sandbox, "us-east-1"));
    let request = |drift: &str| after(drift).pop().unwrap()["requestParameters"].clone();
    let vault = |more: Value| {
        let mut request = json!({ "backupVaultName": "vault_prod_daily" });
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        request
    };
    for (drift, expected) in [
        ("role-policy-detached", json!({ "roleName": "aws_backup_role", "policyArn": BACKUP_POLICY })),
        (
            "role-boundary-set",
            json!({
                "roleName": "aws_backup_role",
                "permissionsBoundary": "arn:aws:iam::aws:policy/ReadOnlyAccess",
            }),
        ),
        ("key-pending-deletion", json!({ "keyId": key, "pendingWindowInDays": 7 })),
        ("key-rotation-period", json!({ "keyId": key, "rotationPeriodInDays": 2560 })),
        ("key-description-changed", json!({ "keyId": key, "description": "temporary, please delete" })),
        ("alias-deleted", json!({ "aliasName": "alias/aws_backup_key" })),
        ("vault-policy-deleted", vault(json!({}))),
        ("vault-lock-governance", vault(json!({}))),
        ("vault-lock-retention", vault(json!({ "minRetentionDays": 3650, "changeableForDays": 3 }))),
        ("vault-lock-postponed", vault(json!({ "changeableForDays": 365 }))),
        (
            "vault-untagged",
            json!({
                "resourceArn": "arn:aws:backup:us-east-1:123456789012:backup-vault:vault_prod_daily",
                "tagKeyList": "HIDDEN_DUE_TO_SECURITY_REASONS",
            }),
        ),
    ] {
        assert_eq!(request(drift), expected, "{drift}");
    }
    let update = request("rule-retention-cut");
    assert_eq!(update["backupPlanId"], json!(plan));
    assert_eq!(update["backupPlan"]["rules"][1]["lifecycle"]["deleteAfterDays"], 1);
    let settings = &request("plan-vss-off")["backupPlan"]["advancedBackupSettings"];
    assert_eq!(*settings, json!([{ "resourceType": "EC2", "backupOptions": { "WindowsVSS": "disabled" } }]));
    let selection = request("selection-conditioned");
    let condition = json!([{ "conditionKey": "aws:ResourceTag/backup", "conditionValue": "yes" }]);
    assert_eq!(selection["backupSelection"]["conditions"]["stringEquals"], condition);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_that_no_call_sets_is_told_with_the_shortest_grace_time() {
    let days =
        |sandbox: &Sandbox| records(sandbox).pop().unwrap()["requestParameters"]["changeableForDays"].clone();
    let sandbox = reference();
    sandbox.advance(Duration::hours(1));
    drift(&sandbox, "vault-recreated-on-other-key").unwrap();
    assert_eq!(days(&sandbox), 3, "one hour is missing to three days");
    drift(&sandbox, "vault-lock-immutable").unwrap();
    assert_eq!(days(&sandbox), 3, "the date has passed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_drifts_unless_somebody_else_is_named() {
    let sandbox = reference();
    drift(&sandbox, "key-disabled").unwrap();
    let somebody = Actor {
        arn: "arn:aws:iam::123456789012:user/backup-script".to_owned(),
        user_agent: Some("Boto3/1.42.3".to_owned()),
        source_ip: "198.51.100.201".to_owned(),
    };
    sandbox.change_as(somebody);
    drift(&sandbox, "key-rotation-off").unwrap_err();
    drift(&sandbox, "alias-deleted").unwrap();
    let facts = |record: &Value| {
        ["/userIdentity/type", "/sourceIPAddress", "/userAgent", "/sessionCredentialFromConsole"]
            .map(|at| record.pointer(at).and_then(Value::as_str).unwrap_or("").to_owned())
    };
    let told: Vec<_> = records(&sandbox).iter().map(facts).collect();
    assert_eq!(told.len(), 2, "what cannot happen is not told");
    assert_eq!(
        (told[0][0].as_str(), told[0][1].as_str(), told[0][3].as_str()),
        ("AssumedRole", "203.0.113.77", "true")
    );
    assert!(told[0][2].starts_with("Mozilla/5.0"));
    assert_eq!(told[1], ["IAMUser", "198.51.100.201", "Boto3/1.42.3", ""]);
    let name = |at: usize| found(&sandbox, "us-east-1", json!({}))[at]["Username"].clone();
    assert_eq!((name(1), name(0)), (json!("maria.lopez@example.com"), json!("backup-script")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_key_is_told_by_kms_itself() {
    let sandbox = reference();
    drift(&sandbox, "key-pending-deletion").unwrap();
    sandbox.advance(Duration::days(8));
    let told = records(&sandbox);
    assert_eq!(names(&told), ["ScheduleKeyDeletion", "DeleteKey"]);
    assert_eq!(told[1]["eventTime"], "2026-11-09T08:00:00Z", "when it was due, not when somebody looked");
    assert_eq!(told[1]["eventType"], "AwsServiceEvent");
    assert_eq!(told[1]["resources"], told[0]["resources"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_destroyed_key_was_scheduled_once_a_week_ago_or_as_it_is_told_already() {
    assert_eq!(after("key-destroyed")[0]["eventTime"], "2026-10-26T08:00:00Z");
    let sandbox = reference();
    drift(&sandbox, "key-pending-deletion").unwrap();
    drift(&sandbox, "key-destroyed").unwrap();
    assert_eq!(names(&records(&sandbox)), ["ScheduleKeyDeletion", "DeleteKey"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_aws_rewrites_by_itself_is_nobodys_call() {
    let sandbox = reference();
    let role = "arn:aws:iam::123456789012:role/aws_backup_role";
    let statement = json!({
        "Effect": "Deny",
        "Principal": { "AWS": role },
        "Action": "backup:DeleteRecoveryPoint",
        "Resource": "*",
    });
    let policy = json!({ "Version": "2012-10-17", "Statement": statement }).to_string();
    let path = "PUT /backup-vaults/vault_prod_daily/access-policy";
    assert_eq!(backup(&sandbox, "us-east-1", path, json!({ "Policy": policy })).0, 200);
    drift(&sandbox, "role-deleted").unwrap();
    let told = records(&sandbox);
    assert_eq!(names(&told)[1..], ["DetachRolePolicy", "DetachRolePolicy", "DeleteRole"]);
}
