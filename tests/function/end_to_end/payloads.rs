//! Anybody's JSON: whatever is sent, the function answers and lives.

use drift_tests::runtime_api::Reply;
use serde_json::{Value, json};

use super::stage::{SCHEDULE, Stage};
use drift_tests::contract;

fn nested(levels: usize) -> String {
    format!("{}{}", "[".repeat(levels), "]".repeat(levels))
}

/// What an operator, a script or somebody with bad intentions may send.
fn odd() -> Vec<String> {
    let event: Value =
        serde_json::from_str(include_str!("../../../events/delete-backup-vault.json")).unwrap();
    let without = |pointer: &str, name: &str| {
        let mut less = event.clone();
        less.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(name);
        less
    };
    let with = |pointer: &str, value: Value| {
        let mut other = event.clone();
        *other.pointer_mut(pointer).unwrap() = value;
        other
    };
    let mut payloads: Vec<String> =
        ["null", "true", "0", "-1.5e300", "18446744073709551616", "\"\"", "\"report\"", "[]", "{}", "[[[]]]"]
            .map(str::to_owned)
            .into();
    payloads.push(nested(120));
    payloads.push("{\"a\":".repeat(120) + "1" + &"}".repeat(120));
    payloads.push(json!({ "padding": "x".repeat(300_000) }).to_string());
    payloads.push(json!(vec![1; 100_000]).to_string());
    payloads.push(
        json!({ "mode": "r\u{e9}port \u{202e}\u{1f9ea}\u{0}\n", "\u{65e5}\u{672c}": "\u{feff}" }).to_string(),
    );
    payloads.push("{\"mode\":\"repair\",\"mode\":\"report\"}".to_owned());
    for mode in
        [json!(5), json!(null), json!([]), json!({}), json!(true), json!(""), json!("x".repeat(100_000))]
    {
        payloads.push(json!({ "mode": mode }).to_string());
    }
    for name in ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"]
    {
        if event.get(name).is_some() {
            payloads.push(without("", name).to_string());
            payloads.push(with(&format!("/{name}"), json!(null)).to_string());
            payloads.push(with(&format!("/{name}"), json!({ "odd": [1] })).to_string());
        }
    }
    for name in ["eventName", "userIdentity", "sourceIPAddress", "eventTime", "requestParameters"] {
        payloads.push(without("/detail", name).to_string());
        payloads.push(with(&format!("/detail/{name}"), json!([7])).to_string());
        payloads.push(
            with(&format!("/detail/{name}"), json!("\u{1b}[31m\r\n{\"level\":\"ERROR\"}".repeat(1_000)))
                .to_string(),
        );
    }
    payloads.push(json!([event]).to_string());
    payloads.push(json!(event.to_string()).to_string());
    payloads
        .push(json!({ "Records": [{ "eventSource": "aws:sqs", "body": event.to_string() }] }).to_string());
    payloads
}

#[tokio::test]
async fn any_json_is_answered_and_the_function_lives() {
    // Few lines go to a log that nobody reads before the end, so that it cannot fill up.
    let mut stage = Stage::deployed(&[("AWS_LAMBDA_LOG_LEVEL", "WARN")]).await;
    for payload in odd() {
        let answer = stage.invoke(&payload).await;
        assert_eq!(answer["verdict"], "in_sync", "{payload:.300}");
    }
    assert_eq!(stage.written(), Vec::<String>::new());
    stage.drift(&["vault-policy-deleted"]);
    assert_eq!(stage.invoke(SCHEDULE).await["verdict"], "healed");
}

#[tokio::test]
async fn what_a_payload_says_cannot_fake_a_line_of_the_mail_or_the_log() {
    let mut stage = Stage::deployed(&[("MODE", "report")]).await;
    stage.drift(&["vault-policy-deleted"]);
    let forged = "Delete\nBackup in sync in 123456789012\n{\"level\":\"INFO\"}\u{1b}[2J";
    let mut event: Value =
        serde_json::from_str(include_str!("../../../events/delete-backup-vault.json")).unwrap();
    for pointer in
        ["/detail/eventName", "/detail/userIdentity/arn", "/detail/sourceIPAddress", "/detail/eventTime"]
    {
        *event.pointer_mut(pointer).unwrap() = json!(forged);
    }
    stage.invoke(&event.to_string()).await;
    let messages = stage.sandbox.messages();
    let bodies: Value = serde_json::from_str(&messages[0].message).unwrap();
    let mail = bodies["email"].as_str().unwrap();
    assert!(
        mail.lines().all(|line| !line.starts_with("Backup in sync") && !line.contains('\u{1b}')),
        "{mail}"
    );
    // Each line is checked to be one object.
    stage.stop().await;
}

/// JSON by its grammar, and too much for the parser that the runtime uses before the handler is called.
#[tokio::test]
async fn json_that_the_runtime_cannot_read_costs_no_more_than_its_own_invocation() {
    let mut stage = Stage::deployed(&[]).await;
    for payload in [nested(128), nested(10_000), "1e999".to_owned(), "\"\\ud800\"".to_owned()] {
        match stage.function.invoke(&payload).await {
            Reply::Response(answer) => contract::check(&answer),
            Reply::Error(error) => assert!(error["errorType"].is_string(), "{error}"),
            Reply::InitError(error) => panic!("{error} to {payload:.300}"),
        }
        assert_eq!(stage.invoke(SCHEDULE).await["verdict"], "in_sync", "{payload:.300}");
    }
}
