//! What an invocation answers when there is nothing to look at, when nothing can be seen, and when nobody can be told.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, SystemTime};

use aws_sdk_sns::config::retry::RetryConfig;
use aws_sdk_sns::config::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use drift_healer::{Healer, Settings};
use lambda_runtime::{Context, Diagnostic, LambdaEvent};
use serde_json::{Value, json};

/// Nothing listens there: every call is refused at once.
const NOWHERE: &str = "http://127.0.0.1:1";

fn config(endpoint: &str) -> SdkConfig {
    aws_account::emulator_config(endpoint, "key")
        .to_builder()
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::builder().operation_timeout(Duration::from_secs(5)).build())
        .build()
}

fn healer(environment: &[(&str, &str)]) -> Healer {
    let lookup =
        |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    let settings = Settings::read(lookup).expect("valid settings");
    healer_at(NOWHERE, settings)
}

fn healer_at(endpoint: &str, settings: Settings) -> Healer {
    Healer::new(settings, &config(endpoint)).expect("a healer").without_pauses()
}

/// STS, for one question only: a second connection is refused.
fn sts_once(role: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let body = format!(
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::123456789012:assumed-role/{role}/function</Arn>\
         <UserId>AROAEXAMPLE:function</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
    );
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut request = Vec::new();
        while !String::from_utf8_lossy(&request).contains("Action=GetCallerIdentity") {
            let mut part = [0; 4096];
            let read = stream.read(&mut part).expect("a request");
            assert!(read > 0, "the request ends early");
            request.extend_from_slice(&part[..read]);
        }
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        stream.write_all((head + &body).as_bytes()).expect("the answer is taken");
    });
    endpoint
}

fn invocation(payload: Value) -> LambdaEvent<Value> {
    let mut context = Context::default();
    context.invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:drift-healer".to_owned();
    let deadline = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970")
        + Duration::from_secs(60);
    context.deadline = deadline.as_millis() as u64;
    LambdaEvent::new(payload, context)
}

fn event(name: &str) -> Value {
    let path = format!("{}/../../events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("an event")).expect("JSON")
}

#[tokio::test]
async fn a_call_that_aws_refused_is_answered_without_a_look() {
    let mut refused = event("update-backup-plan");
    refused["detail"]["errorCode"] = json!("AccessDenied");
    let answer = healer(&[]).handle(invocation(refused)).await.expect("an answer");
    assert_eq!(answer["verdict"], "in_sync");
    assert_eq!(answer["skipped"], "failed-call");
    assert_eq!(answer["passes"], 0);
    assert_eq!(answer["account"], "123456789012");
    assert_eq!(answer["trigger"]["event"], "UpdateBackupPlan");
    assert!(
        answer["notes"][0].as_str().is_some_and(|note| note.ends_with("Nothing was looked at.")),
        "{answer}"
    );
}

#[tokio::test]
async fn a_job_is_answered_without_a_look() {
    let answer =
        healer(&[]).handle(invocation(event("backup-job-state-change-completed"))).await.expect("an answer");
    assert_eq!(
        (answer["skipped"].as_str(), answer["verdict"].as_str()),
        (Some("job-event"), Some("in_sync"))
    );
}

#[tokio::test]
async fn its_own_calls_coming_back_are_answered_without_a_look() {
    let endpoint = sts_once("drift-healer");
    let healer = healer_at(&endpoint, Settings::read(|_| None).expect("no settings"));
    // The second one has a role with a path; who the caller is was asked for the first and is remembered.
    for own in
        ["put-backup-vault-access-policy-by-drift-healer", "enable-key-rotation-by-drift-healer-with-path"]
    {
        let answer = healer.handle(invocation(event(own))).await.expect("an answer");
        assert_eq!(
            (answer["skipped"].as_str(), answer["passes"].as_u64()),
            (Some("own-call"), Some(0)),
            "{own}"
        );
    }
    let answer = healer.handle(invocation(event("delete-backup-vault-access-policy-by-impostor"))).await;
    let answer = answer.expect("an answer");
    assert_eq!((answer.get("skipped"), answer["passes"].as_u64()), (None, Some(2)));
}

#[tokio::test]
async fn an_account_that_cannot_be_seen_is_drifted_and_untouched() {
    let healer = healer(&[("MODE", "repair")]);
    for payload in [json!({}), event("schedule-default"), event("delete-backup-vault-access-policy")] {
        let answer = healer.handle(invocation(payload)).await.expect("an answer");
        assert_eq!(answer["verdict"], "drifted");
        assert_eq!(answer["calls"], json!([]));
        let findings = answer["findings"].as_array().expect("findings");
        assert!(!findings.is_empty());
        assert!(
            findings.iter().all(|one| one["code"] == "unreadable" && one["outcome"] == "blocked"),
            "{answer}"
        );
        let keys: Vec<&str> =
            answer["trigger"].as_object().expect("a trigger").keys().map(String::as_str).collect();
        assert_eq!(keys, ["actor", "event", "id", "kind", "source_ip", "time", "user_agent"]);
    }
}

#[tokio::test]
async fn a_payload_lowers_the_mode_and_never_raises_it() {
    for (deployed, asked, mode, noted) in [
        ("repair", json!({ "mode": "report" }), "report", false),
        ("repair", json!({ "mode": "repair" }), "repair", false),
        ("repair", json!({ "mode": "reapir" }), "report", true),
        ("report", json!({ "mode": "repair" }), "report", true),
        ("report", json!({}), "report", false),
    ] {
        let answer =
            healer(&[("MODE", deployed)]).handle(invocation(asked.clone())).await.expect("an answer");
        assert_eq!(answer["mode"], mode, "{deployed} {asked}");
        // What else there is to say to somebody who asks comes after that.
        let notes = answer["notes"].as_array().into_iter().flatten();
        let told = notes.filter_map(Value::as_str).any(|note| note.contains("asked for"));
        assert_eq!(told, noted, "{deployed} {asked}");
    }
}

#[tokio::test]
async fn a_report_that_reaches_nobody_fails_the_invocation_by_name() {
    let topic = "arn:aws:sns:us-east-1:123456789012:backup-drift";
    let error =
        healer(&[("TOPIC_ARN", topic)]).handle(invocation(json!({}))).await.expect_err("nobody listens");
    let diagnostic = Diagnostic::from(error);
    assert_eq!(diagnostic.error_type, "NotDelivered");
    assert!(diagnostic.error_message.contains(topic), "{diagnostic:?}");
}

#[tokio::test]
async fn without_a_function_arn_and_sts_the_account_is_not_known() {
    let event = LambdaEvent::new(json!({}), Context::default());
    let error = healer(&[]).handle(event).await.expect_err("no account");
    assert_eq!(error.error_type(), "AccountUnknown");
}

#[test]
fn regions_of_two_partitions_are_refused_at_the_start_and_those_of_any_one_are_not() {
    let start = |primary: &str, dr: &str| {
        let lookup = |name: &str| match name {
            "PRIMARY_REGION" => Some(primary.to_owned()),
            "DR_REGION" => Some(dr.to_owned()),
            _ => None,
        };
        Healer::new(Settings::read(lookup).expect("regions"), &config(NOWHERE))
    };
    let error = start("us-east-1", "us-gov-west-1").expect_err("two partitions");
    assert_eq!(error.error_type(), "SetupInvalid");
    for (primary, dr) in [
        ("us-gov-east-1", "us-gov-west-1"),
        ("eusc-de-east-1", "eusc-de-west-1"),
        ("moon-base-north-1", "moon-base-south-1"),
    ] {
        start(primary, dr).expect("one partition");
    }
}

#[test]
fn regions_that_are_one_are_refused_at_the_start() {
    let lookup = |name: &str| (name == "PRIMARY_REGION").then(|| "us-west-2".to_owned());
    let error = Healer::new(Settings::read(lookup).expect("a region"), &config(NOWHERE))
        .expect_err("both are us-west-2");
    assert_eq!(error.error_type(), "SetupInvalid");
}
