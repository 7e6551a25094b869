//! Anybody's JSON: whatever is sent, the function answers and lives.

use serde_json::{Value, json};

use super::stage::{SCHEDULE, Stage};

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

/// What the runtime reads before the function is called, and its parser gives up on: an event that is not recognised, told in the log.
#[tokio::test]
async fn what_the_runtime_cannot_read_is_an_event_that_is_not_recognised() {
    let unreadable = [
        nested(128),
        nested(10_000),
        "{\"a\":".repeat(10_000) + "1" + &"}".repeat(10_000),
        "1e999".to_owned(),
        "\"\\ud800\"".to_owned(),
        "{\"mode\":\"report\"".to_owned(),
        "not JSON".to_owned(),
        "\u{feff}{}".to_owned(),
    ];
    let mut stage = Stage::deployed(&[]).await;
    for payload in &unreadable {
        let answer = stage.invoke(payload).await;
        assert_eq!(
            (&answer["verdict"], &answer["mode"]),
            (&json!("in_sync"), &json!("repair")),
            "{payload:.100}"
        );
        assert_eq!(answer["trigger"]["kind"], "manual", "{payload:.100}");
    }
    assert_eq!((stage.sandbox.messages(), stage.written()), (vec![], vec![]));
    let log = stage.stop().await;
    let told = super::log_lines::named(&log, "payload unreadable");
    assert_eq!(told.len(), unreadable.len(), "{log:#?}");
}

/// Lambda takes 1 MB of an asynchronous invocation, and what is in it may be in any script.
#[tokio::test]
async fn a_megabyte_of_anything_is_answered() {
    let mut stage = Stage::deployed(&[("AWS_LAMBDA_LOG_LEVEL", "WARN")]).await;
    let event = include_str!("../../../events/delete-backup-vault.json");
    let odd = "\u{202e}\u{1f9ea}\u{0}\u{feff}\u{d7ff}\u{10ffff}\u{65e5}\u{301}";
    let change = |pointer: &str, value: Value| {
        let mut event: Value = serde_json::from_str(event).unwrap();
        *event.pointer_mut(pointer).unwrap() = value;
        event
    };
    let payloads = [
        json!({ "padding": "x".repeat(1_000_000) }),
        json!({ odd.repeat(10_000): odd.repeat(20_000) }),
        json!(vec![odd; 30_000]),
        json!({ "Records": vec![json!({ "eventSource": "aws:sqs", "body": event }); 300] }),
        json!(vec![json!({ "x": 1 }); 100_000]),
        change("/detail/userIdentity/arn", json!(odd.repeat(30_000))),
        change("/detail/eventName", json!(odd.repeat(30_000))),
        change("/detail/requestParameters", json!({ "backupVaultName": odd.repeat(30_000) })),
    ];
    for payload in payloads {
        let text = payload.to_string();
        assert!(text.len() > 100_000, "{}", text.len());
        assert_eq!(stage.invoke(&text).await["verdict"], "in_sync", "{text:.100}");
    }
    assert_eq!(stage.written(), Vec::<String>::new());
    assert_eq!(stage.invoke(SCHEDULE).await["verdict"], "in_sync");
}
