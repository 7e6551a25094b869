//! Attacks that were played before, played again in another way.

use sandbox::{DEFAULT_ACCOUNT, Service};
use serde_json::{Value, json};

use super::stage::{SCHEDULE, Stage, outcomes};

const REGION: &str = "us-east-1";
const VAULT: &str = "vault_prod_daily";

/// A call of the attacker.
fn call(stage: &Stage, service: Service, operation: &str, params: Value) -> Value {
    let called =
        stage.sandbox.change(DEFAULT_ACCOUNT, |change| change.call(service, REGION, operation, params));
    let answer = called.unwrap_or_else(|error| panic!("{operation}: {error}"));
    stage.forget();
    answer
}

fn backup(stage: &Stage, operation: &str, params: Value) -> Value {
    call(stage, Service::Backup, operation, params)
}

fn mail(stage: &Stage) -> String {
    let bodies: Value = serde_json::from_str(&stage.sandbox.messages()[0].message).unwrap();
    bodies["email"].as_str().unwrap().to_owned()
}

/// Whoever adds a condition that never holds any more takes the narrower trust, and the repair must not do it for him.
#[tokio::test]
async fn a_trust_that_time_has_closed_is_opened_again_and_no_wider_than_it_was() {
    let mut stage = Stage::deployed(&[]).await;
    let of_account = json!({ "aws:SourceAccount": DEFAULT_ACCOUNT });
    for closed in [
        json!({ "StringEquals": of_account, "DateLessThan": { "aws:CurrentTime": "2020-01-01T00:00:00Z" } }),
        json!({ "StringEquals": of_account, "NumericLessThan": { "aws:EpochTime": "1" } }),
        json!({ "StringEquals": { "aws:SourceAccount": DEFAULT_ACCOUNT, "aws:RequestedRegion": "mars-north-1" } }),
        json!({ "StringEquals": of_account, "Null": { "aws:CurrentTime": "true" } }),
        json!({ "StringEquals": of_account, "StringLike": { "sts:RoleSessionName": "${aws:username}" } }),
    ] {
        let allow = |condition: &Value| {
            json!([{ "Effect": "Allow", "Principal": { "Service": "backup.amazonaws.com" },
                "Action": "sts:AssumeRole", "Condition": condition }])
        };
        let trust = json!({ "Version": "2012-10-17", "Statement": allow(&closed) }).to_string();
        let put = json!({ "RoleName": "aws_backup_role", "PolicyDocument": trust });
        call(&stage, Service::Iam, "UpdateAssumeRolePolicy", put);
        let answer = stage.invoke(SCHEDULE).await;
        let finding = &answer["findings"][0];
        assert_eq!(
            (&finding["code"], &finding["severity"], &finding["outcome"]),
            (&json!("trust-differs"), &json!("critical"), &json!("repaired")),
            "{answer:#}"
        );
        let trust = stage.sandbox.change(DEFAULT_ACCOUNT, |change| {
            Ok::<String, sandbox::AwsError>(change.account.iam.roles["aws_backup_role"].trust.clone())
        });
        let trust: Value = serde_json::from_str(&trust.unwrap()).unwrap();
        assert_eq!(trust["Statement"], allow(&json!({ "StringEquals": of_account })), "{closed}");
    }
}

/// A lock without a clock fails jobs as well as one with: its limit goes, and nobody's consent is needed to start no clock.
#[tokio::test]
async fn a_harmful_limit_goes_out_of_a_lock_without_a_clock_and_none_is_started() {
    for consent in ["hold", "start"] {
        let mut stage = Stage::deployed(&[("COMPLIANCE_LOCKS", consent)]).await;
        backup(&stage, "DeleteBackupVaultLockConfiguration", json!({ "BackupVaultName": VAULT }));
        // The shorter limit harms nothing.
        let lock = json!({ "BackupVaultName": VAULT, "MinRetentionDays": 7, "MaxRetentionDays": 9 });
        backup(&stage, "PutBackupVaultLockConfiguration", lock);
        let answer = stage.invoke(SCHEDULE).await;
        let seen = backup(&stage, "DescribeBackupVault", json!({ "BackupVaultName": VAULT }));
        let left = (&seen["Locked"], &seen["MinRetentionDays"], &seen["MaxRetentionDays"]);
        if consent == "hold" {
            let told = outcomes(&answer);
            assert!(
                told.contains(&format!("vault-lock {REGION} {VAULT} mode-differs blocked needs-consent")),
                "{told:#?}"
            );
            assert_eq!(
                (left, &seen["LockDate"]),
                ((&json!(true), &json!(7), &Value::Null), &Value::Null),
                "{answer:#}"
            );
        } else {
            assert_eq!(answer["verdict"], "healed", "{answer:#}");
            assert_eq!(left, (&json!(true), &Value::Null, &Value::Null), "{answer:#}");
        }
    }
}

/// IAM takes keys of tags that differ in case for one; whoever keeps holds to a few people by their key may not.
#[tokio::test]
async fn a_hold_that_is_called_otherwise_stops_nothing_and_is_told() {
    let mut stage = Stage::deployed(&[]).await;
    let trust = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow",
        "Principal": { "Service": "lambda.amazonaws.com" }, "Action": "sts:AssumeRole" }] });
    let role = json!({ "RoleName": "drift-healer", "AssumeRolePolicyDocument": trust.to_string() });
    call(&stage, Service::Iam, "CreateRole", role);
    let tags = json!([{ "Key": "Drift-Healer-Hold", "Value": "2999-01-01T00:00Z" }]);
    call(&stage, Service::Iam, "TagRole", json!({ "RoleName": "drift-healer", "Tags": tags }));
    stage.drift(&["vault-policy-deleted"]);
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!((&answer["verdict"], &answer["hold"]), (&json!("healed"), &Value::Null), "{answer:#}");
    assert!(mail(&stage).contains("a hold is called drift-healer-hold"), "{}", mail(&stage));
    stage.forget();
    stage.invoke(SCHEDULE).await;
    assert_eq!(stage.sandbox.messages().len(), 1, "until somebody sets it right");
}

const LOSS: &str = include_str!("../../../events/delete-recovery-point.json");

/// Whoever may invoke the function can make up a loss, and put somebody's name to it.
#[tokio::test]
async fn a_loss_that_only_an_event_tells_says_so_and_one_that_the_history_knows_does_not() {
    let mut stage = Stage::deployed(&[]).await;
    let answer = stage.invoke(LOSS).await;
    assert_eq!(answer["loss"]["confirmed"], false, "{answer:#}");
    assert!(mail(&stage).contains("It is told by the event alone"), "{}", mail(&stage));
    assert!(mail(&stage).contains("AttributeKey=EventId"), "{}", mail(&stage));

    let mut stage = Stage::deployed(&[]).await;
    let event: Value = serde_json::from_str(LOSS).unwrap();
    stage.sandbox.record(event["detail"].clone());
    let answer = stage.invoke(LOSS).await;
    assert_eq!(answer["loss"]["confirmed"], true, "{answer:#}");
    assert!(!mail(&stage).contains("It is told by the event alone"), "{}", mail(&stage));
}

/// What somebody does to the rules of a plan.
type Change = fn(&mut Vec<Value>);

/// What a change does to backups says how bad it is, and not which attribute it is of.
#[tokio::test]
async fn a_rule_that_never_runs_is_critical_and_one_that_runs_in_the_place_of_another_is_high() {
    let changes: [(&str, Change, &str, &str); 3] = [
        (
            "never",
            |rules| rules[1]["ScheduleExpression"] = json!("cron(20 7 30 2 ? *)"),
            "schedule-differs",
            "critical",
        ),
        (
            "in 2199",
            |rules| rules[1]["ScheduleExpression"] = json!("cron(20 7 * * ? 2199)"),
            "schedule-differs",
            "critical",
        ),
        (
            "instead",
            |rules| {
                let mut longer = rules[1].clone();
                longer["RuleName"] = json!("archive");
                longer["TargetBackupVaultName"] = json!("Default");
                longer["Lifecycle"] = json!({ "DeleteAfterDays": 3650 });
                longer.as_object_mut().unwrap().remove("CopyActions");
                rules.push(longer);
            },
            "rule-unexpected",
            "high",
        ),
    ];
    for (what, change, code, severity) in changes {
        let mut stage = Stage::deployed(&[]).await;
        let plans = backup(&stage, "ListBackupPlans", json!({}));
        let mut plans = plans["BackupPlansList"].as_array().unwrap().iter();
        let id = plans.find(|one| one["BackupPlanName"] == "prod_backups").unwrap()["BackupPlanId"].clone();
        let seen = backup(&stage, "GetBackupPlan", json!({ "BackupPlanId": id }));
        let mut document = seen["BackupPlan"].clone();
        document["AdvancedBackupSettings"] = seen["AdvancedBackupSettings"].clone();
        let rules = document["Rules"].as_array_mut().unwrap();
        rules.sort_by_key(|rule| rule["RuleName"] != "hourly_backup_rule");
        rules.iter_mut().for_each(|rule| drop(rule.as_object_mut().unwrap().remove("RuleId")));
        assert_eq!(rules[1]["RuleName"], "daily_backup_rule");
        change(rules);
        backup(&stage, "UpdateBackupPlan", json!({ "BackupPlanId": id, "BackupPlan": document }));
        let answer = stage.invoke(SCHEDULE).await;
        let finding = &answer["findings"][0];
        assert_eq!(
            (&finding["code"], &finding["severity"], &finding["outcome"]),
            (&json!(code), &json!(severity), &json!("repaired")),
            "{what}: {answer:#}"
        );
    }
}

/// What jobs need of a key by way of other services, AWS does not document: it is told, and nothing is written.
#[tokio::test]
async fn what_a_key_policy_may_take_from_jobs_is_told_and_left() {
    let role = "arn:aws:iam::123456789012:role/aws_backup_role";
    let by = json!({ "StringEquals": { "kms:ViaService": "ec2.us-east-1.amazonaws.com" } });
    for (denied, certain) in [
        (json!({ "Principal": { "AWS": role }, "Action": "kms:CreateGrant", "Condition": by }), false),
        (json!({ "Principal": { "Service": "*" }, "Action": "kms:*" }), false),
        (json!({ "Principal": { "AWS": role }, "Action": "kms:CreateGrant" }), true),
    ] {
        let mut stage = Stage::deployed(&[]).await;
        let mut statement = denied.clone();
        (statement["Effect"], statement["Resource"]) = (json!("Deny"), json!("*"));
        let root = json!({ "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::123456789012:root" },
            "Action": "kms:*", "Resource": "*" });
        let policy = json!({ "Version": "2012-10-17", "Statement": [root, statement] }).to_string();
        let key = call(&stage, Service::Kms, "DescribeKey", json!({ "KeyId": "alias/aws_backup_key" }));
        let put = json!({ "KeyId": key["KeyMetadata"]["KeyId"], "PolicyName": "default", "Policy": policy });
        call(&stage, Service::Kms, "PutKeyPolicy", put);
        let answer = stage.invoke(include_str!("../../../events/put-key-policy.json")).await;
        let severity = if certain { "critical" } else { "high" };
        let finding = &answer["findings"][0];
        assert_eq!(
            (&finding["code"], &finding["severity"], &finding["outcome"]),
            (&json!("policy-shuts-out"), &json!(severity), &json!("blocked")),
            "{denied}: {answer:#}"
        );
        assert_eq!((stage.written(), stage.sandbox.messages().len()), (Vec::new(), 1), "{denied}");
    }
}
