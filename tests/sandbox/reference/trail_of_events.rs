//! The files of `events/`: the call that each tells of is recorded as it has it.

use std::collections::BTreeSet;
use std::path::Path;

use sandbox::{Actor, Sandbox};
use serde_json::Value;

use crate::client::{backup, iam, kms, records};
use crate::reference;

/// The `detail` of every file of `events/` that is a call.
fn told_calls() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let events = files.map(|path| {
        let event: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        (path.file_name().unwrap().to_str().unwrap().to_owned(), event)
    });
    let calls = events.filter(|(_, event)| event["detail-type"] == "AWS API Call via CloudTrail");
    calls.map(|(name, event)| (name, event["detail"].clone())).collect()
}

/// Undoes what CloudTrail does to the names of members.
fn raised(value: &Value) -> Value {
    let raise = |name: &str| name[..1].to_uppercase() + &name[1..];
    match value {
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (raise(name), raised(value))).collect())
        }
        Value::Array(items) => items.iter().map(raised).collect(),
        leaf @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => leaf.clone(),
    }
}

/// Sends the call that a record tells of.
fn send(sandbox: &Sandbox, record: &Value) {
    let (region, operation) = (record["awsRegion"].as_str().unwrap(), record["eventName"].as_str().unwrap());
    let params = raised(&record["requestParameters"]);
    let text = |name: &str| params[name].as_str().unwrap_or_default();
    let percent = |text: &str| text.replace(':', "%3A").replace('/', "%2F");
    match record["eventSource"].as_str().unwrap() {
        "kms.amazonaws.com" => {
            kms(sandbox, region, operation, params.clone());
        }
        "iam.amazonaws.com" => {
            let encoded = |value: &Value| {
                value.as_str().unwrap().bytes().map(|byte| format!("%{byte:02x}")).collect::<String>()
            };
            let pairs = params.as_object().unwrap().iter();
            let pairs = pairs.map(|(name, value)| format!("&{name}={}", encoded(value)));
            iam(sandbox, &format!("Action={operation}{}", pairs.collect::<String>()));
        }
        _ => {
            let (vault, plan) = (text("BackupVaultName"), text("BackupPlanId"));
            let point =
                || format!("/backup-vaults/{vault}/recovery-points/{}", percent(text("RecoveryPointArn")));
            let path = match operation {
                "CreateBackupVault" => format!("PUT /backup-vaults/{vault}"),
                "DeleteBackupVault" => format!("DELETE /backup-vaults/{vault}"),
                "PutBackupVaultAccessPolicy" => format!("PUT /backup-vaults/{vault}/access-policy"),
                "DeleteBackupVaultAccessPolicy" => format!("DELETE /backup-vaults/{vault}/access-policy"),
                "PutBackupVaultLockConfiguration" => format!("PUT /backup-vaults/{vault}/vault-lock"),
                "DeleteBackupVaultLockConfiguration" => format!("DELETE /backup-vaults/{vault}/vault-lock"),
                "DeleteRecoveryPoint" => format!("DELETE {}", point()),
                "DisassociateRecoveryPoint" => format!("POST {}/disassociate", point()),
                "UpdateRecoveryPointLifecycle" => format!("POST {}", point()),
                "CreateBackupPlan" => "PUT /backup/plans/".to_owned(),
                "UpdateBackupPlan" => format!("POST /backup/plans/{plan}"),
                "DeleteBackupPlan" => format!("DELETE /backup/plans/{plan}"),
                "CreateBackupSelection" => format!("PUT /backup/plans/{plan}/selections/"),
                "DeleteBackupSelection" => {
                    format!("DELETE /backup/plans/{plan}/selections/{}", text("SelectionId"))
                }
                "TagResource" => format!("POST /tags/{}", percent(text("ResourceArn"))),
                "UntagResource" => format!("POST /untag/{}", percent(text("ResourceArn"))),
                other => panic!("no path for {other}"),
            };
            backup(sandbox, region, &path, params.clone());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_recorded_as_its_event_has_it() {
    let calls = told_calls();
    assert!(calls.len() > 20, "{} events", calls.len());
    // What only a real CloudTrail can say, and what depends on whether the call succeeds here.
    let apart = ["tlsDetails", "errorCode", "errorMessage"];
    let members = |record: &Value| -> BTreeSet<String> {
        let names = record.as_object().unwrap().keys();
        names.filter(|name| !apart.contains(&name.as_str())).cloned().collect()
    };
    for (file, event) in calls {
        let sandbox = reference();
        let identity = &event["userIdentity"];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let actor = Actor {
            arn: text(&identity["arn"]),
            user_agent: Some(text(&event["userAgent"])),
            source_ip: text(&event["sourceIPAddress"]),
        };
        sandbox.act_as("AKIDEXAMPLE", actor);
        send(&sandbox, &event);
        let [record] = <[Value; 1]>::try_from(records(&sandbox)).expect("one record");
        assert_eq!(members(&record), members(&event), "{file}");
        for same in [
            "/eventVersion",
            "/eventSource",
            "/eventName",
            "/awsRegion",
            "/sourceIPAddress",
            "/userAgent",
            "/requestParameters",
            "/readOnly",
            "/eventType",
            "/managementEvent",
            "/recipientAccountId",
            "/eventCategory",
            "/sessionCredentialFromConsole",
            "/resources/0",
            "/userIdentity/type",
            "/userIdentity/arn",
            "/userIdentity/accountId",
            "/userIdentity/userName",
            "/userIdentity/sessionContext/sessionIssuer/userName",
        ] {
            assert_eq!(record.pointer(same), event.pointer(same), "{file} {same}");
        }
    }
}
