//! LookupEvents: what it finds, in which order, and what it refuses.

use sandbox::Sandbox;
use serde_json::{Value, json};

use crate::client::{backup, found, iam, kms, lookup, post};
use crate::{REGION, empty};

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["EventName"].as_str().unwrap()).collect()
}

fn by(key: &str, value: &str) -> Value {
    json!({ "LookupAttributes": [{ "AttributeKey": key, "AttributeValue": value }] })
}

fn make_vaults(sandbox: &Sandbox, names: &[&str]) {
    for name in names {
        assert_eq!(backup(sandbox, REGION, &format!("PUT /backup-vaults/{name}"), json!({})).0, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_holds_fifty_events_at_most() {
    let sandbox = empty();
    (0..51).for_each(|number| sandbox.record(json!({ "eventName": format!("Event{number}") })));
    let (_, page) = lookup(&sandbox, REGION, json!({}));
    assert_eq!(page["Events"].as_array().unwrap().len(), 50);
    assert_eq!(page["Events"][0]["EventName"], "Event50");
    let rest = found(&sandbox, REGION, json!({ "NextToken": page["NextToken"] }));
    assert_eq!(names(&rest), ["Event0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_attribute_finds_what_it_names() {
    let sandbox = empty();
    let key = json!({ "KeyId": "11111111-2222-4333-8444-555555555555" });
    kms(&sandbox, REGION, "DisableKey", key);
    iam(&sandbox, "Action=DeleteRole&RoleName=r");
    make_vaults(&sandbox, &["v1"]);
    let one = found(&sandbox, REGION, by("EventName", "DeleteRole")).remove(0);
    let arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555";
    for (key, value, expected) in [
        ("EventId", one["EventId"].as_str().unwrap(), vec!["DeleteRole"]),
        ("EventName", "DisableKey", vec!["DisableKey"]),
        ("ReadOnly", "false", vec!["CreateBackupVault", "DeleteRole", "DisableKey"]),
        ("ReadOnly", "true", vec![]),
        ("Username", "client", vec!["CreateBackupVault", "DeleteRole", "DisableKey"]),
        ("Username", "root", vec![]),
        ("ResourceType", "AWS::IAM::Role", vec!["DeleteRole"]),
        ("ResourceName", "r", vec!["DeleteRole"]),
        ("ResourceName", arn, vec!["DisableKey"]),
        ("EventSource", "backup.amazonaws.com", vec!["CreateBackupVault"]),
        ("AccessKeyId", "AKIDEXAMPLE", vec!["CreateBackupVault", "DeleteRole", "DisableKey"]),
        ("AccessKeyId", "AKIDOTHER", vec![]),
    ] {
        assert_eq!(names(&found(&sandbox, REGION, by(key, value))), expected, "{key} {value}");
    }
    assert_eq!(one["EventSource"], "iam.amazonaws.com");
    assert_eq!(one["EventTime"], json!(sandbox.now().unix_timestamp()));
    assert_eq!(one["Resources"], json!([{ "ResourceType": "AWS::IAM::Role", "ResourceName": "r" }]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_found_where_it_happened() {
    let sandbox = empty();
    backup(&sandbox, "us-west-2", "PUT /backup-vaults/v1", json!({}));
    for region in ["eu-central-1", "cn-northwest-1", "us-gov-east-1"] {
        post(&sandbox, &format!("{region}/iam"), "Action=TagRole&RoleName=r");
    }
    for (region, events) in [
        ("us-west-2", vec!["CreateBackupVault"]),
        (REGION, vec!["TagRole"]),
        ("cn-north-1", vec!["TagRole"]),
        ("us-gov-west-1", vec!["TagRole"]),
        ("eu-central-1", vec![]),
        ("cn-northwest-1", vec![]),
    ] {
        assert_eq!(names(&found(&sandbox, region, json!({}))), events, "{region}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_clock_stands_no_lookup_comes_too_fast() {
    let sandbox = empty();
    assert!((0..20).all(|_| lookup(&sandbox, REGION, json!({})).0 == 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_needs_its_own_action() {
    let sandbox = empty();
    let policy = |action: &str| {
        json!({ "Statement": { "Effect": "Allow", "Action": action, "Resource": "*" } }).to_string()
    };
    sandbox.enforce("AKIDEXAMPLE", &[&policy("backup:*")]).unwrap();
    let (status, body) = lookup(&sandbox, REGION, json!({}));
    assert_eq!((status, &body["__type"]), (400, &json!("AccessDeniedException")));
    let why = body["message"].as_str().unwrap();
    assert!(why.contains("assumed-role/client/client is not authorized"), "{why}");
    assert!(why.contains("cloudtrail:LookupEvents on resource: *"), "{why}");
    sandbox.enforce("AKIDEXAMPLE", &[&policy("cloudtrail:LookupEvents")]).unwrap();
    assert!(found(&sandbox, REGION, json!({})).is_empty());
}
