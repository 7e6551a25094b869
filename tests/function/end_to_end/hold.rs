//! A hold: a tag on the function's own role stops the repairs, is told, and ends by itself.

use sandbox::{DEFAULT_ACCOUNT, Service};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::stage::{SCHEDULE, Stage};

const ROLE: &str = "drift-healer";
/// With which the harness lets the function call.
const ACCESS_KEY: &str = "tester";
const NO_CALLS: [String; 0] = [];

/// The reference deployment with a policy missing, and the function's own role beside it.
async fn drifted(environment: &[(&str, &str)]) -> Stage {
    let stage = Stage::deployed(environment).await;
    let trust = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow",
        "Principal": { "Service": "lambda.amazonaws.com" }, "Action": "sts:AssumeRole" }] });
    iam(&stage, "CreateRole", json!({ "RoleName": ROLE, "AssumeRolePolicyDocument": trust.to_string() }));
    stage.drift(&["vault-policy-deleted"]);
    stage
}

fn iam(stage: &Stage, operation: &str, params: Value) {
    let called = stage
        .sandbox
        .change(DEFAULT_ACCOUNT, |change| change.call(Service::Iam, "us-east-1", operation, params));
    called.unwrap_or_else(|error| panic!("{operation}: {error}"));
}

/// What somebody does who answers an incident.
fn hold(stage: &Stage, value: &str) {
    let tags = json!([{ "Key": "drift-healer-hold", "Value": value }]);
    iam(stage, "TagRole", json!({ "RoleName": ROLE, "Tags": tags }));
}

/// The function lives in the world's time.
fn in_hours(hours: i64) -> String {
    let at = OffsetDateTime::now_utc() + Duration::hours(hours);
    format!("{}T{:02}:{:02}Z", at.date(), at.hour(), at.minute())
}

fn mail(stage: &Stage) -> String {
    let bodies: Value = serde_json::from_str(&stage.sandbox.messages()[0].message).unwrap();
    bodies["email"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_hold_stops_the_repairs_and_is_told_until_it_is_lifted() {
    let mut stage = drifted(&[]).await;
    hold(&stage, &format!("{} incident 4711", in_hours(2)));
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!((&answer["mode"], &answer["verdict"]), (&"report".into(), &"drifted".into()));
    assert_eq!(stage.written(), NO_CALLS);
    assert_eq!(answer["hold"]["reason"], "incident 4711");
    assert!(answer["hold"]["until"].as_str().unwrap().starts_with("20"), "{answer:#}");
    assert!(mail(&stage).contains("Repairs are on hold until"), "{}", mail(&stage));
    assert!(stage.sandbox.messages()[0].subject.as_deref().unwrap().contains("drifted, on hold"));

    stage.forget();
    iam(&stage, "UntagRole", json!({ "RoleName": ROLE, "TagKeys": ["drift-healer-hold"] }));
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!((&answer["verdict"], &answer["hold"]), (&"healed".into(), &Value::Null));
}

#[tokio::test]
async fn a_hold_ends_by_itself() {
    let mut stage = drifted(&[]).await;
    hold(&stage, &in_hours(-1));
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!((&answer["verdict"], &answer["hold"]), (&"healed".into(), &Value::Null));
    assert!(mail(&stage).contains("ended at"), "{}", mail(&stage));
}

#[tokio::test]
async fn what_is_no_hold_stops_nothing_and_is_told_even_where_all_is_in_sync() {
    for value in ["tomorrow".to_owned(), format!("{} for long", in_hours(8 * 24))] {
        let mut stage = drifted(&[]).await;
        hold(&stage, &value);
        assert_eq!(stage.invoke(SCHEDULE).await["verdict"], "healed", "{value}");
        stage.forget();
        assert_eq!(stage.invoke(SCHEDULE).await["verdict"], "in_sync");
        assert!(mail(&stage).contains("There is no hold"), "{}", mail(&stage));
    }
}

#[tokio::test]
async fn a_hold_that_cannot_be_read_holds_up_only_what_cannot_be_undone() {
    let mut stage = drifted(&[]).await;
    stage.drift(&["vault-lock-deleted"]);
    hold(&stage, &in_hours(2));
    let denied = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": "*", "Resource": "*" },
        { "Effect": "Deny", "Action": "iam:GetRole", "Resource": format!("arn:aws:iam::123456789012:role/{ROLE}") },
    ] });
    stage.sandbox.enforce(ACCESS_KEY, &[&denied.to_string()]).unwrap();
    let answer = stage.invoke(SCHEDULE).await;
    let wrote = stage.written();
    assert!(wrote.contains(&"backup:PutBackupVaultAccessPolicy".to_owned()), "{wrote:?}");
    assert!(!wrote.contains(&"backup:PutBackupVaultLockConfiguration".to_owned()), "{wrote:?}");
    assert!(answer["notes"].to_string().contains("could not be read whether there is a hold"), "{answer:#}");
}
