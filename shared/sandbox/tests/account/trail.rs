//! LookupEvents: what it finds, in which order, and what it refuses.

use sandbox::{Actor, Options, Sandbox};
use serde_json::{Value, json};
use time::Duration;

use crate::client::{backup, empty, iam, kms, lookup, lookup_as, post, reference, tool};

const REGION: &str = "us-east-1";

/// The events that a question finds, or panics with the refusal.
pub(crate) fn found(sandbox: &Sandbox, region: &str, question: Value) -> Vec<Value> {
    let (status, body) = lookup(sandbox, region, question);
    assert_eq!(status, 200, "{body}");
    body["Events"].as_array().unwrap().clone()
}

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
async fn pages_go_from_the_newest_event_to_the_oldest() {
    let sandbox = empty();
    make_vaults(&sandbox, &["v1", "v2"]);
    sandbox.advance(Duration::seconds(1));
    make_vaults(&sandbox, &["v3"]);
    let vault = |event: &Value| {
        let record: Value = serde_json::from_str(event["CloudTrailEvent"].as_str().unwrap()).unwrap();
        record["requestParameters"]["backupVaultName"].as_str().unwrap().to_owned()
    };
    for (forced, asked, pages) in [(None, json!(null), 1), (None, json!(2), 2), (Some(1), json!(50), 3)] {
        sandbox.set_page_size(forced);
        let (mut seen, mut count, mut token) = (Vec::new(), 0, json!(null));
        while count < 4 {
            let (_, page) = lookup(&sandbox, REGION, json!({ "MaxResults": asked, "NextToken": token }));
            seen.extend(page["Events"].as_array().unwrap().iter().map(vault));
            (count, token) = (count + 1, page["NextToken"].clone());
            if token.is_null() {
                break;
            }
            // What happens between two pages is newer than all of the second one.
            make_vaults(&sandbox, &[&format!("later-{}-{count}", seen.len())]);
        }
        seen.retain(|name| !name.starts_with("later"));
        assert_eq!(seen, ["v3", "v2", "v1"], "pages of {asked} or {forced:?}");
        assert!(count >= pages, "{count} pages");
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
    let sandbox = reference();
    let key = json!({ "KeyId": "11111111-2222-4333-8444-555555555555" });
    kms(&sandbox, REGION, "DisableKey", key);
    iam(&sandbox, "Action=DeleteRole&RoleName=aws_backup_role");
    make_vaults(&sandbox, &["v1"]);
    let one = found(&sandbox, REGION, by("EventName", "DeleteRole")).remove(0);
    let arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555";
    for (key, value, expected) in [
        ("EventId", one["EventId"].as_str().unwrap(), vec!["DeleteRole"]),
        ("EventName", "DisableKey", vec!["DisableKey"]),
        ("ReadOnly", "false", vec!["CreateBackupVault", "DeleteRole", "DisableKey"]),
        ("ReadOnly", "true", vec![]),
        ("Username", "drift-healer", vec!["CreateBackupVault", "DeleteRole", "DisableKey"]),
        ("Username", "root", vec![]),
        ("ResourceType", "AWS::IAM::Role", vec!["DeleteRole"]),
        ("ResourceName", "aws_backup_role", vec!["DeleteRole"]),
        ("ResourceName", arn, vec!["DisableKey"]),
        ("EventSource", "backup.amazonaws.com", vec!["CreateBackupVault"]),
        ("AccessKeyId", "AKIDEXAMPLE", vec!["CreateBackupVault", "DeleteRole", "DisableKey"]),
        ("AccessKeyId", "AKIDOTHER", vec![]),
    ] {
        assert_eq!(names(&found(&sandbox, REGION, by(key, value))), expected, "{key} {value}");
    }
    assert_eq!(one["EventSource"], "iam.amazonaws.com");
    assert_eq!(one["EventTime"], json!(sandbox.now().unix_timestamp()));
    assert_eq!(
        one["Resources"],
        json!([{ "ResourceType": "AWS::IAM::Role", "ResourceName": "aws_backup_role" }])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_question_is_refused_by_its_name() {
    let sandbox = reference();
    sandbox.set_page_size(Some(1));
    sandbox.drift("role-deleted").unwrap();
    let token = lookup(&sandbox, REGION, json!({})).1["NextToken"].clone();
    let attribute = json!({ "AttributeKey": "EventName", "AttributeValue": "DeleteRole" });
    let now = sandbox.now().unix_timestamp();
    for (question, code) in [
        (json!({ "LookupAttributes": [attribute, attribute] }), "InvalidLookupAttributesException"),
        (by("Colour", "blue"), "InvalidLookupAttributesException"),
        (by("EventName", ""), "InvalidLookupAttributesException"),
        (json!({ "MaxResults": 0 }), "InvalidMaxResultsException"),
        (json!({ "MaxResults": 51 }), "InvalidMaxResultsException"),
        (json!({ "NextToken": "zz" }), "InvalidNextTokenException"),
        (json!({ "NextToken": token, "EndTime": now }), "InvalidNextTokenException"),
        (json!({ "StartTime": now, "EndTime": now - 1 }), "InvalidTimeRangeException"),
        (json!({ "StartTime": 1e15 }), "InvalidTimeRangeException"),
        (json!({ "EventCategory": "tea" }), "InvalidEventCategoryException"),
    ] {
        let (status, body) = lookup(&sandbox, REGION, question.clone());
        assert_eq!((status, &body["__type"]), (400, &json!(code)), "{question}");
    }
    let insights = json!({ "EventCategory": "insight" });
    assert!(found(&sandbox, REGION, insights).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn both_ends_of_a_time_range_are_in_it() {
    let sandbox = empty();
    let start = sandbox.now().unix_timestamp();
    for name in ["v0", "v1", "v2"] {
        make_vaults(&sandbox, &[name]);
        sandbox.advance(Duration::seconds(10));
    }
    let count = |range: Value| found(&sandbox, REGION, range).len();
    assert_eq!(count(json!({ "StartTime": start + 10 })), 2);
    assert_eq!(count(json!({ "StartTime": start as f64 + 10.5 })), 1);
    assert_eq!(count(json!({ "EndTime": start + 10 })), 2);
    assert_eq!(count(json!({ "StartTime": start + 10, "EndTime": start + 10 })), 1);
    assert_eq!(count(json!({ "StartTime": start + 1, "EndTime": start + 9 })), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_found_from_its_lag_to_ninety_days() {
    let sandbox = empty();
    make_vaults(&sandbox, &["v1"]);
    let count = || found(&sandbox, REGION, json!({})).len();
    assert_eq!(count(), 1);
    sandbox.set_trail_lag(std::time::Duration::from_secs(300));
    assert_eq!(count(), 0);
    sandbox.advance(Duration::seconds(299));
    assert_eq!(count(), 0);
    sandbox.advance(Duration::seconds(1));
    assert_eq!(count(), 1);
    sandbox.advance(Duration::days(90) - Duration::seconds(300));
    assert_eq!(count(), 1);
    sandbox.advance(Duration::seconds(1));
    assert_eq!(count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_found_where_it_happened() {
    let sandbox = reference();
    backup(&sandbox, "us-west-2", "PUT /backup-vaults/v1", json!({}));
    for region in ["eu-central-1", "cn-northwest-1", "us-gov-east-1"] {
        post(&sandbox, &format!("{region}/iam"), "Action=TagRole&RoleName=aws_backup_role");
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
async fn two_lookups_of_a_region_fit_into_a_second() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let ask = |region: &str| lookup(&sandbox, region, json!({}));
    // However slow the machine: without a limit all of them would pass.
    let refused: Vec<_> = (0..20).map(|_| ask(REGION)).filter(|(status, _)| *status != 200).collect();
    let throttled = json!({ "__type": "ThrottlingException", "message": "Rate exceeded" });
    assert_eq!(refused.first(), Some(&(400, throttled)));
    assert_eq!(ask("us-west-2").0, 200, "each region by itself");
    sandbox.advance(Duration::seconds(1));
    assert_eq!((ask(REGION).0, ask(REGION).0), (200, 200));

    let standing = empty();
    assert!((0..20).all(|_| lookup(&standing, REGION, json!({})).0 == 200));
}

#[tokio::test(flavor = "multi_thread")]
async fn sdks_name_the_operation_in_two_ways() {
    let sandbox = empty();
    let package = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101";
    let ask = |target: &str| lookup_as(&sandbox, REGION, target, json!({}));
    assert_eq!(ask(&format!("{package}.LookupEvents")).0, 200);
    for unknown in ["TrentService.LookupEvents", "LookupEvents", "CloudTrail_20131101.CreateTrail"] {
        let (status, body) = ask(unknown);
        assert_eq!((status, &body["__type"]), (400, &json!("UnknownOperationException")), "{unknown}");
    }
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
    assert!(why.contains("assumed-role/drift-healer/drift-healer is not authorized"), "{why}");
    assert!(why.contains("cloudtrail:LookupEvents on resource: *"), "{why}");
    sandbox.enforce("AKIDEXAMPLE", &[&policy("cloudtrail:LookupEvents")]).unwrap();
    assert!(found(&sandbox, REGION, json!({})).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_and_a_reset_begin_a_new_trail() {
    let sandbox = reference();
    let count = || found(&sandbox, REGION, json!({})).len();
    make_vaults(&sandbox, &["v1"]);
    assert_eq!(count(), 1);
    sandbox.deploy();
    assert_eq!(count(), 0);
    make_vaults(&sandbox, &["v1"]);
    let somebody = Actor {
        arn: "arn:aws:iam::123456789012:root".to_owned(),
        user_agent: None,
        source_ip: "203.0.113.1".to_owned(),
    };
    sandbox.drift_as(somebody);
    sandbox.reset();
    assert_eq!(count(), 0);
    sandbox.deploy();
    sandbox.drift("key-disabled").unwrap();
    let told = found(&sandbox, REGION, json!({})).remove(0);
    assert_eq!(told["Username"], "maria.lopez@example.com", "a reset forgets who drifts");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tools_do_the_same_over_http() {
    let sandbox = reference();
    let user = |name: &str| json!({ "arn": format!("arn:aws:iam::123456789012:user/{name}") });
    let mut actor = user("ada");
    actor["access_key"] = json!("AKIDEXAMPLE");
    assert_eq!(tool(&sandbox, "POST /_sandbox/actor", actor).0, 200);
    assert_eq!(tool(&sandbox, "POST /_sandbox/actor", user("eve")).0, 200);
    assert_eq!(tool(&sandbox, "POST /_sandbox/actor", json!({})).0, 400);
    make_vaults(&sandbox, &["v1"]);
    assert_eq!(tool(&sandbox, "POST /_sandbox/drift/key-disabled", json!(null)).0, 200);
    let given = json!({ "eventName": "Told", "eventID": "1", "eventTime": "2026-11-01T00:00:00Z" });
    assert_eq!(tool(&sandbox, "POST /_sandbox/trail", given).0, 200);
    assert_eq!(tool(&sandbox, "POST /_sandbox/trail", json!([])).0, 400);

    let (_, records) = tool(&sandbox, "GET /_sandbox/trail", json!(null));
    let facts = |record: &Value| (record["eventName"].clone(), record["userIdentity"]["userName"].clone());
    let expected = [(json!("Told"), json!(null)), (json!("CreateBackupVault"), json!("ada"))];
    let seen: Vec<_> = records.as_array().unwrap().iter().map(facts).collect();
    assert_eq!(seen, [&expected[..], &[(json!("DisableKey"), json!("eve"))]].concat());
    assert_eq!(records[1]["sourceIPAddress"], "127.0.0.1");
    let other = tool(&sandbox, "GET /_sandbox/trail?account=210987654321", json!(null));
    assert_eq!(other, (200, json!([])));

    let (_, options) = tool(&sandbox, "POST /_sandbox/options", json!({ "trail_lag_seconds": 60 }));
    assert_eq!(options["trail_lag_seconds"], 60.0);
    assert_eq!(names(&found(&sandbox, REGION, json!({}))), ["Told"]);
    assert_eq!(tool(&sandbox, "POST /_sandbox/options", json!({ "trail_lag_seconds": -1 })).0, 400);
}
