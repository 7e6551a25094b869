//! What was found closed is not opened by a repair: trust policies, limits of locks, denials beside those of the spec.

use sandbox::{DEFAULT_ACCOUNT, Service};
use serde_json::{Value, json};

use super::stage::{SCHEDULE, Stage, outcomes};

const REGION: &str = "us-east-1";
const ROLE: &str = "aws_backup_role";
const VAULT: &str = "vault_prod_daily";

/// A call of whoever came before the function.
fn call(stage: &Stage, service: Service, operation: &str, params: Value) -> Value {
    let called =
        stage.sandbox.change(DEFAULT_ACCOUNT, |change| change.call(service, REGION, operation, params));
    called.unwrap_or_else(|error| panic!("{operation}: {error}"))
}

fn trusts(stage: &Stage, statements: &Value) {
    let trust = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    call(stage, Service::Iam, "UpdateAssumeRolePolicy", json!({ "RoleName": ROLE, "PolicyDocument": trust }));
    stage.forget();
}

/// The statements of the role's trust, whatever they are called.
fn trust(stage: &Stage) -> Value {
    let trust = stage.sandbox.change(DEFAULT_ACCOUNT, |change| {
        Ok::<String, sandbox::AwsError>(change.account.iam.roles[ROLE].trust.clone())
    });
    serde_json::from_str::<Value>(&trust.unwrap()).unwrap()["Statement"].clone()
}

fn allow(principal: Value, condition: Option<Value>) -> Value {
    let mut allow = json!({ "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" });
    if let Some(condition) = condition {
        allow["Condition"] = condition;
    }
    allow
}

fn backup(condition: Value) -> Value {
    allow(json!({ "Service": "backup.amazonaws.com" }), Some(condition))
}

#[tokio::test]
async fn a_narrower_trust_stays_and_what_is_opened_beside_it_is_closed() {
    let mut stage = Stage::deployed(&[]).await;
    let own = backup(json!({ "StringEquals": { "aws:SourceAccount": "123456789012" },
        "ArnLike": { "aws:SourceArn": "arn:aws:backup:*:123456789012:*" } }));
    let others = json!({ "Effect": "Deny", "Principal": { "AWS": "arn:aws:iam::123456789012:root" }, "Action": "sts:AssumeRole" });
    trusts(&stage, &json!([own, others]));
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!(
        outcomes(&answer),
        ["role - aws_backup_role trust-stronger blocked needs-review"],
        "{answer:#}"
    );
    assert_eq!(answer["findings"][0]["severity"], "low");
    assert_eq!(stage.written(), Vec::<String>::new());

    // Now somebody else may assume it too.
    let mallory = allow(json!({ "AWS": "arn:aws:iam::999999999999:role/mallory" }), None);
    trusts(&stage, &json!([own, mallory, others]));
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!(stage.written(), ["iam:UpdateAssumeRolePolicy"], "{answer:#}");
    assert_eq!(trust(&stage), json!([own, others]), "{answer:#}");

    // And now AWS Backup may not.
    let theirs = backup(json!({ "StringEquals": { "aws:SourceAccount": "999999999999" } }));
    trusts(&stage, &json!([theirs, others]));
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!(answer["findings"][0]["severity"], "critical", "{answer:#}");
    assert_eq!(
        trust(&stage),
        json!([allow(json!({ "Service": "backup.amazonaws.com" }), None), others]),
        "{answer:#}"
    );
}

#[tokio::test]
async fn a_trust_of_which_nobody_can_tell_is_critical_and_not_opened() {
    let mut stage = Stage::deployed(&[]).await;
    let organization = json!([backup(json!({ "StringEquals": { "aws:SourceOrgID": "o-example" } }))]);
    trusts(&stage, &organization);
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!(
        outcomes(&answer),
        ["role - aws_backup_role trust-stronger blocked needs-review"],
        "{answer:#}"
    );
    assert_eq!(answer["findings"][0]["severity"], "critical");
    assert_eq!((stage.written(), trust(&stage)), (Vec::new(), organization));
}

/// The limits of the vault's lock, and its date.
fn lock(stage: &Stage) -> (Value, Value, Value) {
    let seen = call(stage, Service::Backup, "DescribeBackupVault", json!({ "BackupVaultName": VAULT }));
    (seen["MinRetentionDays"].clone(), seen["MaxRetentionDays"].clone(), seen["LockDate"].clone())
}

fn put_lock(stage: &Stage, min: Option<i64>, max: Option<i64>) {
    let lock = json!({ "BackupVaultName": VAULT, "ChangeableForDays": 3, "MinRetentionDays": min, "MaxRetentionDays": max });
    call(stage, Service::Backup, "PutBackupVaultLockConfiguration", lock);
    stage.forget();
}

#[tokio::test]
async fn a_limit_of_a_lock_that_harms_nothing_goes_only_with_consent_and_one_that_fails_jobs_goes_at_once() {
    for consent in ["hold", "start"] {
        let mut stage = Stage::deployed(&[("COMPLIANCE_LOCKS", consent)]).await;
        // Every rule of the vault keeps for 30 days.
        put_lock(&stage, Some(30), Some(365));
        let found = lock(&stage);
        let answer = stage.invoke(SCHEDULE).await;
        if consent == "hold" {
            let left = ["vault-lock us-east-1 vault_prod_daily retention-differs blocked needs-consent"];
            assert_eq!(outcomes(&answer), left, "{answer:#}");
            assert_eq!((stage.written(), lock(&stage)), (Vec::new(), found));
        } else {
            assert_eq!(answer["verdict"], "healed", "{answer:#}");
            let (min, max, _) = lock(&stage);
            assert_eq!((min, max), (Value::Null, Value::Null), "{answer:#}");
        }

        // One of the two makes every job fail: it goes whatever was agreed to, and the other one stays if nothing was.
        stage.sandbox.advance(time::Duration::minutes(10));
        put_lock(&stage, Some(7), Some(29));
        let answer = stage.invoke(SCHEDULE).await;
        assert_eq!(answer["findings"][0]["severity"], "critical", "{consent}: {answer:#}");
        assert_eq!(stage.written(), ["backup:PutBackupVaultLockConfiguration"], "{consent}: {answer:#}");
        let (min, max, _) = lock(&stage);
        let kept = if consent == "hold" { json!(7) } else { Value::Null };
        assert_eq!((min, max), (kept, Value::Null), "{consent}: {answer:#}");
    }
}

fn put_policy(stage: &Stage, statements: Value) {
    let policy = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    call(
        stage,
        Service::Backup,
        "PutBackupVaultAccessPolicy",
        json!({ "BackupVaultName": VAULT, "Policy": policy }),
    );
    stage.forget();
}

fn policy(stage: &Stage) -> String {
    let seen =
        call(stage, Service::Backup, "GetBackupVaultAccessPolicy", json!({ "BackupVaultName": VAULT }));
    seen["Policy"].as_str().unwrap().to_owned()
}

fn deny(principal: (&str, Value), actions: Value) -> Value {
    let (element, who) = principal;
    json!({ "Effect": "Deny", element: who, "Action": actions, "Resource": "*" })
}

#[tokio::test]
async fn a_denial_that_spared_a_role_which_is_gone_outlives_the_repair() {
    let mut stage = Stage::deployed(&[]).await;
    let gone = "arn:aws:iam::123456789012:role/break-glass";
    let trust =
        json!({ "Version": "2012-10-17", "Statement": [allow(json!({ "AWS": "123456789012" }), None)] });
    call(
        &stage,
        Service::Iam,
        "CreateRole",
        json!({ "RoleName": "break-glass", "AssumeRolePolicyDocument": trust.to_string() }),
    );
    // The spec's denial is lost, and another one spares a role.
    put_policy(
        &stage,
        json!([deny(("NotPrincipal", json!({ "AWS": gone })), json!("backup:DisassociateRecoveryPoint"))]),
    );
    call(&stage, Service::Iam, "DeleteRole", json!({ "RoleName": "break-glass" }));
    assert!(policy(&stage).contains("AROA"), "{}", policy(&stage));
    stage.forget();
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!(stage.written(), ["backup:PutBackupVaultAccessPolicy"], "{answer:#}");
    let policy = policy(&stage);
    assert!(
        policy.contains("backup:DisassociateRecoveryPoint") && policy.contains("backup:DeleteRecoveryPoint"),
        "{policy}"
    );
    assert!(!policy.contains("AROA"), "{policy}");
}

#[tokio::test]
async fn a_denial_that_spares_the_role_of_the_jobs_is_told_as_a_perhaps_and_left() {
    let mut stage = Stage::deployed(&[]).await;
    stage.drift(&["vault-policy-spares-the-role"]);
    stage.forget();
    let found = policy(&stage);
    let answer = stage.invoke(SCHEDULE).await;
    let finding = &answer["findings"][0];
    assert_eq!(
        (&finding["code"], &finding["severity"], &finding["reason"]),
        (&json!("blocks-backups"), &json!("high"), &json!("needs-review")),
        "{answer:#}"
    );
    assert!(finding["observed"]["policy"].is_object(), "a policy, and not a text of one: {finding:#}");
    assert_eq!(policy(&stage), found);

    // It hides nothing that is sure: who is let in beside it goes, and it stays.
    let mut statements = serde_json::from_str::<Value>(&found).unwrap()["Statement"].clone();
    let theirs = json!({ "Effect": "Allow", "Principal": { "AWS": "999999999999" }, "Action": "backup:CopyFromBackupVault", "Resource": "*" });
    statements.as_array_mut().unwrap().push(theirs);
    put_policy(&stage, statements);
    let answer = stage.invoke(SCHEDULE).await;
    assert!(!policy(&stage).contains("999999999999"), "{answer:#}");
    assert!(policy(&stage).contains("backup:StartBackupJob"), "{answer:#}");
}
