//! What is recorded of a call: its request, its answer or refusal, and whoever made it.

use sandbox::{Actor, Fault, FaultKind, Sandbox};
use serde_json::{Value, json};

use crate::client::{backup, empty, iam, kms, post, reference, tool, try_backup};

/// The records of the default account, oldest first.
pub(crate) fn records(sandbox: &Sandbox) -> Vec<Value> {
    tool(sandbox, "GET /_sandbox/trail", json!(null)).1.as_array().unwrap().clone()
}

pub(crate) fn only(sandbox: &Sandbox) -> Value {
    let [record] = <[Value; 1]>::try_from(records(sandbox)).expect("one record");
    record
}

fn actor(arn: &str) -> Actor {
    Actor { arn: arn.to_owned(), user_agent: None, source_ip: "198.51.100.7".to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_recorded_with_english_dates_and_maps_as_they_are() {
    let sandbox = reference();
    let options = json!([{ "ResourceType": "EC2", "BackupOptions": { "WindowsVSS": "enabled" } }]);
    let rule = json!({
        "RuleName": "r",
        "TargetBackupVaultName": "vault_prod_daily",
        "RecoveryPointTags": { "Team": "data" },
    });
    let plan = json!({ "BackupPlanName": "p", "Rules": [rule], "AdvancedBackupSettings": options });
    let (_, made) = backup(&sandbox, "us-east-1", "PUT /backup/plans/", json!({ "BackupPlan": plan }));
    let record = only(&sandbox);
    let advanced = json!([{ "resourceType": "EC2", "backupOptions": { "WindowsVSS": "enabled" } }]);
    assert_eq!(record["requestParameters"]["backupPlan"]["advancedBackupSettings"], advanced);
    let tags = &record["requestParameters"]["backupPlan"]["rules"][0]["recoveryPointTags"];
    assert_eq!(tags, "HIDDEN_DUE_TO_SECURITY_REASONS");
    let answer = json!({
        "backupPlanId": made["BackupPlanId"],
        "backupPlanArn": made["BackupPlanArn"],
        "creationDate": "Nov 2, 2026 8:00:00 AM",
        "versionId": made["VersionId"],
        "advancedBackupSettings": advanced,
    });
    assert_eq!(record["responseElements"], answer);
    assert_eq!(record["eventTime"], "2026-11-02T08:00:00Z");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_named_by_their_arn_whatever_the_caller_typed() {
    let sandbox = reference();
    let describe = kms(&sandbox, "us-east-1", "DescribeKey", json!({ "KeyId": "alias/aws_backup_key" })).1;
    let (id, arn) = (&describe["KeyMetadata"]["KeyId"], &describe["KeyMetadata"]["Arn"]);
    let resource = |kind: &str, arn: &Value| json!({ "accountId": "123456789012", "type": format!("AWS::KMS::{kind}"), "ARN": arn });
    let alias = resource("Alias", &json!("arn:aws:kms:us-east-1:123456789012:alias/aws_backup_key"));
    kms(&sandbox, "us-east-1", "DisableKey", json!({ "KeyId": id }));
    kms(&sandbox, "us-east-1", "EnableKey", json!({ "KeyId": arn }));
    kms(&sandbox, "us-east-1", "DeleteAlias", json!({ "AliasName": "alias/aws_backup_key" }));
    let (_, made) =
        kms(&sandbox, "us-east-1", "CreateKey", json!({ "Tags": [{ "TagKey": "a", "TagValue": "b" }] }));
    let seen = records(&sandbox);
    assert_eq!(seen[0]["requestParameters"], json!({ "keyId": id }));
    assert_eq!(seen[0]["responseElements"], json!({ "keyId": arn }));
    assert_eq!(seen[1]["requestParameters"], json!({ "keyId": arn }));
    assert!([&seen[0], &seen[1]].iter().all(|record| record["resources"] == json!([resource("Key", arn)])));
    assert_eq!(seen[2]["resources"], json!([alias, resource("Key", arn)]));
    assert_eq!(seen[2]["responseElements"], json!(null));
    assert_eq!(seen[3]["requestParameters"], json!({ "tags": [{ "tagKey": "a", "tagValue": "b" }] }));
    assert_eq!(seen[3]["resources"], json!([resource("Key", &made["KeyMetadata"]["Arn"])]));
    assert_eq!(seen[3]["responseElements"]["keyMetadata"]["aWSAccountId"], "123456789012");
    kms(&sandbox, "us-east-1", "CreateKey", json!({}));
    assert_eq!(records(&sandbox)[4]["requestParameters"], json!(null), "nothing was asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_are_recorded_as_lists_and_numbers() {
    let sandbox = empty();
    let trust = r#"{"Statement":{"Effect":"Allow","Principal":{"Service":"x"},"Action":"sts:AssumeRole"}}"#;
    let form =
        "Action=CreateRole&RoleName=R&MaxSessionDuration=7200&Tags.member.1.Key=a&Tags.member.1.Value=b";
    assert_eq!(iam(&sandbox, &format!("{form}&AssumeRolePolicyDocument={trust}")).0, 200);
    let record = only(&sandbox);
    let expected = json!({
        "roleName": "R",
        "maxSessionDuration": 7200,
        "tags": [{ "key": "a", "value": "b" }],
        "assumeRolePolicyDocument": trust,
    });
    assert_eq!(record["requestParameters"], expected);
    let role = &record["responseElements"]["role"];
    assert_eq!(role["createDate"], "Nov 2, 2026 8:00:00 AM");
    assert!(role["assumeRolePolicyDocument"].as_str().unwrap().starts_with("%7B%22Statement"), "{role}");
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_calls_are_recorded_with_their_error() {
    let sandbox = reference();
    backup(&sandbox, "us-east-1", "DELETE /backup-vaults/vault_prod_daily", json!(null));
    let fault =
        FaultKind::Error { code: "LimitExceededException".into(), status: 400, message: "full".into() };
    sandbox.inject(Fault::on("backup", "CreateBackupVault", fault));
    backup(&sandbox, "us-east-1", "PUT /backup-vaults/v1", json!({}));
    sandbox
        .enforce("AKIDEXAMPLE", &[r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#])
        .unwrap();
    kms(&sandbox, "us-east-1", "DisableKey", json!({ "KeyId": "k" }));
    let seen = records(&sandbox);
    let errors: Vec<_> = seen.iter().map(|record| record["errorCode"].as_str().unwrap()).collect();
    assert_eq!(errors, ["AccessDenied", "LimitExceededException", "AccessDenied"]);
    assert_eq!(seen[0]["errorMessage"], "Insufficient privileges to perform this action.");
    assert_eq!(seen[0]["requestParameters"], json!({ "backupVaultName": "vault_prod_daily" }));
    assert!(seen.iter().all(|record| record["responseElements"].is_null()));
    let why = seen[2]["errorMessage"].as_str().unwrap();
    assert!(why.contains(seen[2]["userIdentity"]["arn"].as_str().unwrap()), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_carried_out_or_only_read_is_not_recorded() {
    let sandbox = reference();
    sandbox.inject(Fault::on("backup", "CreateBackupVault", FaultKind::Reset));
    let create = || try_backup(&sandbox, "us-east-1", "PUT /backup-vaults/v1", json!({}));
    assert_eq!(create(), None);
    backup(&sandbox, "us-east-1", "GET /backup-vaults/", json!(null));
    let form = format!("Action=Publish&TopicArn={}&Message=m", sandbox::TOPIC_ARN);
    assert_eq!(post(&sandbox, "us-east-1/sns", &form).0, 200);
    assert!(records(&sandbox).is_empty());
    sandbox.inject(Fault::on("backup", "CreateBackupVault", FaultKind::LostAnswer));
    assert_eq!(create(), None);
    assert_eq!(only(&sandbox).get("errorCode"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_shows_late_is_recorded_once_and_loses_no_other_record() {
    let sandbox = empty();
    sandbox.inject(Fault::on("backup", "CreateBackupVault", FaultKind::Late { calls: 1 }));
    for name in ["v1", "v2", "v3"] {
        backup(&sandbox, "us-east-1", &format!("PUT /backup-vaults/{name}"), json!({}));
    }
    let vaults = records(&sandbox);
    let vaults: Vec<_> =
        vaults.iter().map(|record| &record["requestParameters"]["backupVaultName"]).collect();
    assert_eq!(vaults, ["v1", "v2", "v3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sts_and_the_trail_agree_on_who_calls() {
    let sandbox = empty();
    let default = "arn:aws:sts::123456789012:assumed-role/drift-healer/drift-healer";
    let deep = "arn:aws:iam::123456789012:user/teams/data/ada";
    for (arn, kind, issuer) in [
        (default, "AssumedRole", json!("arn:aws:iam::123456789012:role/drift-healer")),
        (
            "arn:aws-cn:sts::123456789012:assumed-role/ops/on-call",
            "AssumedRole",
            json!("arn:aws-cn:iam::123456789012:role/ops"),
        ),
        (deep, "IAMUser", json!(null)),
        ("arn:aws:iam::123456789012:root", "Root", json!(null)),
    ] {
        sandbox.deploy();
        if arn != default {
            sandbox.act_as("AKIDEXAMPLE", actor(arn));
        }
        backup(&sandbox, "us-east-1", "PUT /backup-vaults/v1", json!({}));
        let record = only(&sandbox);
        let identity = &record["userIdentity"];
        assert_eq!((&identity["type"], &identity["arn"]), (&json!(kind), &json!(arn)));
        assert_eq!(identity["accessKeyId"], "AKIDEXAMPLE");
        assert_eq!(identity["userName"], if arn == deep { json!("ada") } else { json!(null) });
        assert_eq!(
            identity.pointer("/sessionContext/sessionIssuer/arn").cloned().unwrap_or_default(),
            issuer
        );
        assert_eq!(record["userAgent"], "tests/1.0", "the call's own header");
        assert_eq!(record["sourceIPAddress"], if arn == default { "127.0.0.1" } else { "198.51.100.7" });
        let (_, xml) = post(&sandbox, "us-east-1/sts", "Action=GetCallerIdentity");
        let id = identity["principalId"].as_str().unwrap();
        assert!(xml.contains(&format!("<UserId>{id}</UserId>")), "{id} in {xml}");
        assert!(xml.contains(&format!("<Arn>{arn}</Arn>")), "{xml}");
    }
    assert_eq!(only(&sandbox)["userIdentity"]["principalId"], "123456789012");
    sandbox.reset();
    backup(&sandbox, "us-east-1", "PUT /backup-vaults/v1", json!({}));
    assert_eq!(only(&sandbox)["userIdentity"]["arn"], default, "a reset forgets who keys are");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_given_record_stays_as_it_is() {
    let sandbox = empty();
    let given = json!({
        "eventID": "e1",
        "eventTime": "2026-11-01T10:00:00Z",
        "eventName": "DeleteBackupVault",
        "awsRegion": "us-west-2",
        "userIdentity": { "type": "Root" },
        "readOnly": true,
    });
    sandbox.record(given.clone());
    sandbox.record(json!({ "eventName": "Bare" }));
    sandbox.record(json!({ "recipientAccountId": "210987654321" }));
    let seen = records(&sandbox);
    assert_eq!(seen[0], given);
    assert_eq!(
        (&seen[1]["eventTime"], &seen[1]["awsRegion"]),
        (&json!("2026-11-02T08:00:00Z"), &json!("us-east-1"))
    );
    assert!(seen[1]["eventID"].is_string());
    assert_eq!(seen.len(), 2, "another account's is its own");
    let found = crate::trail::found(&sandbox, "us-west-2", json!({}));
    let facts = ["EventId", "Username", "ReadOnly"].map(|name| found[0][name].as_str());
    assert_eq!(facts, [Some("e1"), Some("root"), Some("true")]);
}
