//! What is recorded of a call: its request, its answer or refusal, and whoever made it.

use sandbox::{Fault, FaultKind, Sandbox};
use serde_json::{Value, json};

use crate::client::{backup, found, iam, kms, post, records, send};
use crate::{ALIAS, REGION, TOPIC, empty, furnished};

fn only(sandbox: &Sandbox) -> Value {
    let [record] = <[Value; 1]>::try_from(records(sandbox)).expect("one record");
    record
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_recorded_with_english_dates_and_maps_as_they_are() {
    let sandbox = furnished();
    let options = json!([{ "ResourceType": "EC2", "BackupOptions": { "WindowsVSS": "enabled" } }]);
    let rule = json!({
        "RuleName": "r",
        "TargetBackupVaultName": "v0",
        "RecoveryPointTags": { "Team": "data" },
    });
    let plan = json!({ "BackupPlanName": "p", "Rules": [rule], "AdvancedBackupSettings": options });
    let (_, made) = backup(&sandbox, REGION, "PUT /backup/plans/", json!({ "BackupPlan": plan }));
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
    let sandbox = furnished();
    let describe = kms(&sandbox, REGION, "DescribeKey", json!({ "KeyId": ALIAS })).1;
    let (id, arn) = (&describe["KeyMetadata"]["KeyId"], &describe["KeyMetadata"]["Arn"]);
    let resource = |kind: &str, arn: &Value| json!({ "accountId": "123456789012", "type": format!("AWS::KMS::{kind}"), "ARN": arn });
    let alias = resource("Alias", &json!("arn:aws:kms:us-east-1:123456789012:alias/k"));
    kms(&sandbox, REGION, "DisableKey", json!({ "KeyId": id }));
    kms(&sandbox, REGION, "EnableKey", json!({ "KeyId": arn }));
    kms(&sandbox, REGION, "DeleteAlias", json!({ "AliasName": ALIAS }));
    let (_, made) =
        kms(&sandbox, REGION, "CreateKey", json!({ "Tags": [{ "TagKey": "a", "TagValue": "b" }] }));
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
    kms(&sandbox, REGION, "CreateKey", json!({}));
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
    let sandbox = furnished();
    backup(&sandbox, REGION, "DELETE /backup-vaults/v0", json!(null));
    let fault =
        FaultKind::Error { code: "LimitExceededException".into(), status: 400, message: "full".into() };
    sandbox.inject(Fault::on("backup", "CreateBackupVault", fault));
    backup(&sandbox, REGION, "PUT /backup-vaults/v1", json!({}));
    sandbox
        .enforce("AKIDEXAMPLE", &[r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#])
        .unwrap();
    kms(&sandbox, REGION, "DisableKey", json!({ "KeyId": "k" }));
    let seen = records(&sandbox);
    let errors: Vec<_> = seen.iter().map(|record| record["errorCode"].as_str().unwrap()).collect();
    assert_eq!(errors, ["AccessDenied", "LimitExceededException", "AccessDenied"]);
    assert_eq!(seen[0]["errorMessage"], "Insufficient privileges to perform this action.");
    assert_eq!(seen[0]["requestParameters"], json!({ "backupVaultName": "v0" }));
    assert!(seen.iter().all(|record| record["responseElements"].is_null()));
    let why = seen[2]["errorMessage"].as_str().unwrap();
    assert!(why.contains(seen[2]["userIdentity"]["arn"].as_str().unwrap()), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_carried_out_or_only_read_is_not_recorded() {
    let sandbox = furnished();
    sandbox.inject(Fault::on("backup", "CreateBackupVault", FaultKind::Reset));
    let create = || send(&sandbox, "us-east-1/backup", "PUT /backup-vaults/v1", "", "{}");
    assert_eq!(create(), None);
    backup(&sandbox, REGION, "GET /backup-vaults/", json!(null));
    let form = format!("Action=Publish&TopicArn={TOPIC}&Message=m");
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
        backup(&sandbox, REGION, &format!("PUT /backup-vaults/{name}"), json!({}));
    }
    let vaults = records(&sandbox);
    let vaults: Vec<_> =
        vaults.iter().map(|record| &record["requestParameters"]["backupVaultName"]).collect();
    assert_eq!(vaults, ["v1", "v2", "v3"]);
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
    let found = found(&sandbox, "us-west-2", json!({}));
    let facts = ["EventId", "Username", "ReadOnly"].map(|name| found[0][name].as_str());
    assert_eq!(facts, [Some("e1"), Some("root"), Some("true")]);
}
