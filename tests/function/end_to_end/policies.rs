//! Attacks on policies, played to their end: what the attacker can do after the function has looked.

use sandbox::{DEFAULT_ACCOUNT, Service};
use serde_json::{Value, json};

use super::stage::{SCHEDULE, Stage};

const REGION: &str = "us-east-1";
const VAULT: &str = "vault_prod_daily";
const VAULT_ARN: &str = "arn:aws:backup:us-east-1:123456789012:backup-vault:vault_prod_daily";

/// Puts a policy as an attacker who got that far.
fn set_policy(stage: &Stage, policy: &Value) {
    let text = policy.to_string();
    stage
        .sandbox
        .change(DEFAULT_ACCOUNT, |change| {
            change.account.region(REGION).backup.vaults.get_mut(VAULT).unwrap().policy = Some(text);
            Ok::<(), sandbox::AwsError>(())
        })
        .unwrap();
}

/// Whether the vault's policy keeps an administrator from a call.
fn is_denied(stage: &Stage, operation: &str, point: &str) -> bool {
    let params = json!({
        "BackupVaultName": VAULT,
        "RecoveryPointArn": point,
        "ResourceArn": "arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1",
        "IamRoleArn": "arn:aws:iam::123456789012:role/aws_backup_role",
        "Lifecycle": { "DeleteAfterDays": 30 },
    });
    let answer = stage
        .sandbox
        .change(DEFAULT_ACCOUNT, |change| change.call(Service::Backup, REGION, operation, params));
    answer.is_err_and(|error| error.code == "AccessDeniedException")
}

const DENIED: [&str; 3] =
    ["backup:DeleteBackupVault", "backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"];

/// The reference's statement with some members replaced; `null` takes one away.
fn statement(changes: Value) -> Value {
    let mut statement =
        json!({ "Effect": "Deny", "Principal": { "AWS": "*" }, "Action": DENIED, "Resource": "*" });
    for (member, value) in changes.as_object().unwrap() {
        let members = statement.as_object_mut().unwrap();
        if value.is_null() {
            members.remove(member);
        } else {
            members.insert(member.clone(), value.clone());
        }
    }
    statement
}

fn policy(statements: Value) -> Value {
    json!({ "Version": "2012-10-17", "Id": "default", "Statement": statements })
}

/// What looks like the protection, and is none.
fn tricks() -> Vec<(&'static str, Value)> {
    let never = |condition: Value| policy(json!([statement(json!({ "Condition": condition }))]));
    let with = |changes: Value| policy(json!([statement(changes)]));
    let mut old = with(json!({}));
    old["Version"] = json!("2008-10-17");
    old["Statement"][0]["Resource"] = json!(["${aws:username}"]);
    vec![
        ("an allow", with(json!({ "Effect": "Allow" }))),
        ("the account's root", with(json!({ "Principal": { "AWS": "arn:aws:iam::123456789012:root" } }))),
        (
            "one role",
            with(json!({ "Principal": { "AWS": "arn:aws:iam::123456789012:role/aws_backup_role" } })),
        ),
        ("a service", with(json!({ "Principal": { "Service": "backup.amazonaws.com" } }))),
        (
            "all but the attacker",
            with(json!({ "Principal": null, "NotPrincipal": { "AWS": [
                "123456789012",
                "arn:aws:iam::123456789012:user/mallory",
            ] } })),
        ),
        ("nobody's ARN", never(json!({ "StringEquals": { "aws:PrincipalArn": "nobody" } }))),
        ("another time", never(json!({ "DateLessThan": { "aws:CurrentTime": "1970-01-02T00:00:00Z" } }))),
        ("without TLS", never(json!({ "Bool": { "aws:SecureTransport": "false" } }))),
        ("another network", never(json!({ "IpAddress": { "aws:SourceIp": "192.0.2.1/32" } }))),
        ("a missing key", never(json!({ "Null": { "aws:PrincipalArn": "true" } }))),
        ("an exempted attacker", never(json!({ "ArnNotLike": { "aws:PrincipalArn": "arn:aws:iam::*:*" } }))),
        (
            "a letter that looks like another",
            with(
                json!({ "Action": ["backup:DeleteBackupVault", "backup:DeleteRecoveryPo\u{456}nt", "backup:UpdateRecoveryPointLifecycle"] }),
            ),
        ),
        (
            "a space",
            with(
                json!({ "Action": ["backup:DeleteBackupVault", "backup:DeleteRecoveryPoint ", "backup:UpdateRecoveryPointLifecycle"] }),
            ),
        ),
        ("the vault alone", with(json!({ "Resource": VAULT_ARN }))),
        ("snapshots alone", with(json!({ "Resource": ["arn:aws:ec2:*::snapshot/*", VAULT_ARN] }))),
        ("all but recovery points", with(json!({ "Resource": null, "NotResource": "*:recovery-point:*" }))),
        ("all but everything", with(json!({ "Resource": null, "NotResource": "*" }))),
        ("a question mark", with(json!({ "Resource": "arn:aws:backup:us-east-1:?:recovery-point:*" }))),
        ("a variable", with(json!({ "Resource": "${aws:username}" }))),
        ("an old version", old),
        (
            "one action less",
            with(json!({ "Action": ["backup:DeleteBackupVault", "backup:UpdateRecoveryPointLifecycle"] })),
        ),
    ]
}

#[tokio::test]
async fn whatever_takes_the_protection_away_is_critical_and_put_back() {
    let mut stage = Stage::deployed(&[]).await;
    let point = stage.sandbox.add_recovery_point(REGION, VAULT).unwrap();
    for (trick, policy) in tricks() {
        set_policy(&stage, &policy);
        let answer = stage.invoke(SCHEDULE).await;
        let finding = &answer["findings"][0];
        assert_eq!(
            (&finding["severity"], &finding["outcome"]),
            (&json!("critical"), &json!("repaired")),
            "{trick}: {answer:#}"
        );
        for operation in ["DeleteRecoveryPoint", "UpdateRecoveryPointLifecycle"] {
            assert!(is_denied(&stage, operation, &point), "{trick}: {operation}");
        }
        assert!(!is_denied(&stage, "StartBackupJob", &point), "{trick}");
    }
}

#[tokio::test]
async fn what_means_the_same_is_no_drift() {
    let mut stage = Stage::deployed(&[]).await;
    let shouted: Vec<String> = DENIED.iter().map(|action| action.to_uppercase()).collect();
    for changes in [json!({ "Action": shouted }), json!({ "Condition": {} }), json!({ "Principal": "*" })] {
        let mut same = policy(json!([statement(changes.clone())]));
        same["Statement"][0]["Sid"] = json!("deny_all_delete");
        set_policy(&stage, &same);
        let answer = stage.invoke(SCHEDULE).await;
        assert_eq!(answer["verdict"], "in_sync", "{changes}: {answer:#}");
    }
}

#[tokio::test]
async fn an_added_denial_of_what_jobs_need_is_critical_and_taken_out_and_the_others_stay() {
    let mut stage = Stage::deployed(&[]).await;
    let point = stage.sandbox.add_recovery_point(REGION, VAULT).unwrap();
    let added = statement(json!({ "Action": ["backup:StartBackupJob", "backup:DisassociateRecoveryPoint"] }));
    set_policy(&stage, &policy(json!([statement(json!({})), added])));
    let answer = stage.invoke(SCHEDULE).await;
    let codes: Vec<&str> =
        answer["findings"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["blocks-backups", "stronger"], "{answer:#}");
    assert_eq!(answer["findings"][0]["severity"], "critical");
    assert!(!is_denied(&stage, "StartBackupJob", &point));
    assert!(is_denied(&stage, "DisassociateRecoveryPoint", &point));
}

#[tokio::test]
async fn a_stronger_policy_is_left_as_it_is_found() {
    let mut stage = Stage::deployed(&[]).await;
    let point = stage.sandbox.add_recovery_point(REGION, VAULT).unwrap();
    let more = [&DENIED[..], &["backup:DisassociateRecoveryPoint"]].concat();
    set_policy(&stage, &policy(json!([statement(json!({ "Action": more }))])));
    let answer = stage.invoke(SCHEDULE).await;
    let finding = &answer["findings"][0];
    assert_eq!(
        (&finding["code"], &finding["severity"], &finding["reason"]),
        (&json!("stronger"), &json!("low"), &json!("needs-review"))
    );
    assert!(is_denied(&stage, "DisassociateRecoveryPoint", &point));
    assert_eq!(stage.written(), Vec::<String>::new());
}

#[tokio::test]
async fn a_key_policy_that_shuts_backups_out_or_a_stranger_in_is_told_and_never_written() {
    for (drift, code, severity) in [
        ("key-policy-shuts-out-role", "policy-shuts-out", "critical"),
        ("key-policy-changed", "policy-lets-in", "high"),
    ] {
        let mut stage = Stage::deployed(&[]).await;
        stage.drift(&[drift]);
        let answer = stage.invoke(include_str!("../../../events/put-key-policy.json")).await;
        let finding = &answer["findings"][0];
        assert_eq!(
            (&finding["code"], &finding["severity"], &finding["outcome"]),
            (&json!(code), &json!(severity), &json!("blocked")),
            "{answer:#}"
        );
        assert_eq!(stage.written(), Vec::<String>::new());
        assert_eq!(stage.sandbox.messages().len(), 1, "{drift}");
    }
}
