//! Attempts on backups and losses: told with who made them, whatever a flood of them does, and never at the cost of a look.

use std::time::Duration;

use sandbox::{Fault, FaultKind};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::stage::{SCHEDULE, Stage};

const DENIED: &str = include_str!("../../../events/delete-backup-vault-denied.json");
const DELETED: &str = include_str!("../../../events/delete-recovery-point.json");

fn refused(code: &str) -> FaultKind {
    FaultKind::Error { code: code.to_owned(), status: 400, message: "on request".to_owned() }
}

/// The CloudTrail record in an event.
fn detail(event: &str) -> Value {
    serde_json::from_str::<Value>(event).unwrap()["detail"].clone()
}

/// A function that has looked just now, so that an incident is no reason to look.
async fn looked() -> Stage {
    let mut stage = Stage::deployed(&[]).await;
    stage.invoke(SCHEDULE).await;
    stage.forget();
    stage
}

/// An event with another call in it: by whom, what, and with which error.
fn changed(event: &str, id: usize, change: &[(&str, Value)]) -> String {
    let mut event: Value = serde_json::from_str(event).unwrap();
    event["detail"]["eventID"] = json!(format!("00000000-0000-4000-8000-{id:012}"));
    event["detail"]["eventTime"] = json!(OffsetDateTime::now_utc().format(&Rfc3339).unwrap());
    for (pointer, value) in change {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        event.pointer_mut(&format!("/detail{parent}")).unwrap()[name] = value.clone();
    }
    event.to_string()
}

fn lookups(stage: &Stage) -> usize {
    stage.sandbox.calls().into_iter().filter(|call| call.operation == "LookupEvents").count()
}

fn mail(stage: &Stage) -> String {
    let messages = stage.sandbox.messages();
    let bodies: Value = serde_json::from_str(&messages.last().expect("a message").message).unwrap();
    bodies["email"].as_str().unwrap().to_owned()
}

/// The record of the denied event, so long before another moment.
fn earlier(before: time::Duration, at: OffsetDateTime) -> Value {
    let mut record = detail(DENIED);
    record["eventTime"] = json!((at - before).format(&Rfc3339).unwrap());
    record["eventID"] = json!("00000000-0000-4000-8000-000000000001");
    record
}

/// The denied event at a moment of its hour.
fn attempt_at(at: OffsetDateTime) -> String {
    let mut event: Value = serde_json::from_str(DENIED).unwrap();
    event["detail"]["eventTime"] = json!(at.format(&Rfc3339).unwrap());
    event.to_string()
}

#[tokio::test]
async fn an_attempt_is_told_once_an_hour_by_each_process_that_can_know_it() {
    let half_past = OffsetDateTime::now_utc().replace_minute(30).unwrap() - time::Duration::HOUR;
    // This process never heard of an attempt, and the history knows an earlier one within the hour.
    let mut stage = looked().await;
    stage.sandbox.record(earlier(time::Duration::minutes(10), half_past));
    let answer = stage.invoke(&attempt_at(half_past)).await;
    assert_eq!((&answer["attempt"]["published"], &answer["skipped"]), (&json!(false), &json!("failed-call")));
    assert_eq!(stage.sandbox.messages(), []);
    assert_eq!(stage.looked_at(), Vec::<String>::new());

    // One in the hour before is another hour's.
    let mut stage = Stage::deployed(&[]).await;
    stage.sandbox.record(earlier(time::Duration::minutes(40), half_past));
    assert_eq!(stage.invoke(&attempt_at(half_past)).await["attempt"]["published"], true);
    assert_eq!(stage.sandbox.messages().len(), 1);
    // The history lags, and the process remembers.
    let again = stage.invoke(&attempt_at(half_past + time::Duration::minutes(1))).await;
    assert_eq!((&again["attempt"]["published"], &again["passes"]), (&json!(false), &json!(0)));
    assert_eq!(stage.sandbox.messages().len(), 1);
}

#[tokio::test]
async fn a_decoy_silences_no_attempt() {
    let half_past = OffsetDateTime::now_utc().replace_minute(30).unwrap() - time::Duration::HOUR;
    let mut decoy = earlier(time::Duration::minutes(10), half_past);
    decoy["requestParameters"]["backupVaultName"] = json!("decoy");
    let mut stage = Stage::deployed(&[]).await;
    stage.sandbox.record(decoy);
    assert_eq!(stage.invoke(&attempt_at(half_past)).await["attempt"]["published"], true);
    assert_eq!(stage.sandbox.messages().len(), 1);
}

#[tokio::test]
async fn of_attempts_that_come_in_the_wrong_order_one_is_told() {
    let half_past = OffsetDateTime::now_utc().replace_minute(30).unwrap() - time::Duration::HOUR;
    let first = earlier(time::Duration::minutes(10), half_past);
    let mut stage = Stage::deployed(&[]).await;
    stage.sandbox.record(first.clone());
    assert_eq!(stage.invoke(&attempt_at(half_past)).await["attempt"]["published"], false);
    let mut event: Value = serde_json::from_str(DENIED).unwrap();
    event["detail"] = first;
    assert_eq!(stage.invoke(&event.to_string()).await["attempt"]["published"], true);
    assert_eq!(stage.sandbox.messages().len(), 1);
}

#[tokio::test]
async fn an_attempt_that_could_not_be_told_is_told_when_lambda_tries_again() {
    let mut stage = Stage::deployed(&[]).await;
    stage.sandbox.inject(Fault::on("sns", "Publish", refused("AuthorizationError")));
    let (error, _) = stage.fail(DENIED).await;
    assert_eq!(error, "NotDelivered");
    assert_eq!(stage.invoke(DENIED).await["attempt"]["published"], true);
    assert_eq!(stage.sandbox.messages().len(), 1);
}

#[tokio::test]
async fn only_an_attempt_on_what_the_spec_names_is_told() {
    let with = |pointer: &str, value: Value| {
        let mut event: Value = serde_json::from_str(DENIED).unwrap();
        *event.pointer_mut(pointer).unwrap() = value;
        event.to_string()
    };
    let silent = [
        ("another vault", with("/detail/requestParameters/backupVaultName", json!("somebody_elses"))),
        ("another region", with("/detail/awsRegion", json!("eu-west-1"))),
        ("another account", with("/detail/recipientAccountId", json!("999988887777"))),
        ("no destroyer", with("/detail/eventName", json!("UpdateBackupPlan"))),
        ("another service", with("/detail/eventSource", json!("s3.amazonaws.com"))),
    ];
    let mut stage = looked().await;
    for (why, event) in silent {
        let answer = stage.invoke(&event).await;
        assert_eq!(answer.get("attempt"), None, "{why}");
        assert_eq!(answer["skipped"], "failed-call", "{why}");
    }
    assert_eq!(stage.sandbox.messages(), []);
    // Of a refused call CloudTrail may leave out what it was about.
    let unnamed = with("/detail/requestParameters", Value::Null);
    assert_eq!(Stage::deployed(&[]).await.invoke(&unnamed).await["attempt"]["target"], Value::Null);
    for event in ["DeleteRecoveryPoint", "DeleteBackupVaultLockConfiguration"] {
        let mut stage = Stage::deployed(&[]).await;
        let answer = stage.invoke(&with("/detail/eventName", json!(event))).await;
        assert_eq!(answer["attempt"]["event"], event);
        assert_eq!(stage.sandbox.messages().len(), 1, "{event}");
    }
    let mut key: Value =
        serde_json::from_str(include_str!("../../../events/schedule-key-deletion.json")).unwrap();
    key["detail"]["errorCode"] = json!("AccessDenied");
    // Of a refused call CloudTrail may leave out what it was about.
    key["detail"]["requestParameters"] = Value::Null;
    key["detail"]["resources"] = json!([]);
    let mut stage = Stage::deployed(&[]).await;
    let answer = stage.invoke(&key.to_string()).await;
    assert_eq!(answer["attempt"]["event"], "ScheduleKeyDeletion");
    assert_eq!(stage.written(), Vec::<String>::new());
}

#[tokio::test]
async fn destroyers_are_told_whatever_the_error() {
    for (event, vault) in [
        ("DeleteBackupVault", true),
        ("DeleteBackupVaultAccessPolicy", true),
        ("PutBackupVaultAccessPolicy", true),
        ("DeleteBackupVaultLockConfiguration", true),
        ("PutBackupVaultLockConfiguration", true),
        ("DeleteRecoveryPoint", true),
        ("UpdateRecoveryPointLifecycle", true),
        ("DisassociateRecoveryPoint", true),
        ("ScheduleKeyDeletion", false),
        ("DisableKey", false),
        ("PutKeyPolicy", false),
    ] {
        let mut stage = looked().await;
        for (id, code) in
            ["AccessDenied", "AccessDeniedException", "InvalidRequestException"].iter().enumerate()
        {
            let source = if vault { "backup.amazonaws.com" } else { "kms.amazonaws.com" };
            let asked = if vault { json!({ "backupVaultName": "vault_prod_daily" }) } else { Value::Null };
            let change = [
                ("/eventName", json!(event)),
                ("/eventSource", json!(source)),
                ("/errorCode", json!(code)),
                ("/requestParameters", asked),
                ("/userIdentity/arn", json!(format!("arn:aws:iam::123456789012:user/{code}"))),
            ];
            let answer = stage.invoke(&changed(DENIED, id, &change)).await;
            assert_eq!(
                (&answer["attempt"]["event"], &answer["attempt"]["published"]),
                (&json!(event), &json!(true)),
                "{code}"
            );
            assert_eq!(answer["skipped"], "failed-call");
        }
        assert_eq!(stage.sandbox.messages().len(), 3, "{event}");
        assert_eq!(stage.written(), Vec::<String>::new());
    }
}

/// A key that nobody has looked at may be the spec's. Whose keys they are, a look tells.
#[tokio::test]
async fn an_attempt_on_somebody_elses_key_is_nobodys_business() {
    let key = include_str!("../../../events/schedule-key-deletion.json");
    let mut stage = Stage::deployed(&[]).await;
    stage.invoke(SCHEDULE).await;
    let asked = stage.sandbox.calls().into_iter();
    let ours = asked
        .filter(|call| call.operation == "GetKeyRotationStatus" && call.region == "us-east-1")
        .map(|call| call.params["KeyId"].clone())
        .next()
        .unwrap();
    let answer = stage.invoke(&changed(key, 1, &[("/errorCode", json!("AccessDenied"))])).await;
    assert_eq!((answer.get("attempt"), &answer["skipped"]), (None, &json!("failed-call")));
    assert_eq!(stage.sandbox.messages(), []);
    let change = [
        ("/errorCode", json!("AccessDenied")),
        ("/requestParameters/keyId", json!(ours)),
        ("/resources", json!([])),
    ];
    assert_eq!(stage.invoke(&changed(key, 2, &change)).await["attempt"]["published"], true);
}

/// The reports of the run tell of the function's own calls. With its credentials somebody else is somebody, and so is whoever makes calls
/// with them that it never makes.
#[tokio::test]
async fn a_refused_call_of_the_healer_is_no_attempt() {
    let own = include_str!("../../../events/put-backup-vault-access-policy-by-drift-healer.json");
    let refused = ("/errorCode", json!("AccessDenied"));
    let agent = ("/userAgent", json!("aws-sdk-rust/1.3.11 app/drift-healer"));
    let mut stage = looked().await;
    let answer = stage.invoke(&changed(own, 1, &[refused.clone(), agent.clone()])).await;
    assert_eq!((answer.get("attempt"), stage.sandbox.messages()), (None, vec![]));
    let other = ("/userAgent", json!("aws-cli/2.32.4"));
    assert_eq!(stage.invoke(&changed(own, 2, &[refused.clone(), other])).await["attempt"]["published"], true);
    let mut stage = looked().await;
    let never = ("/eventName", json!("DeleteBackupVault"));
    assert_eq!(stage.invoke(&changed(own, 3, &[refused, agent, never])).await["attempt"]["published"], true);
}

#[tokio::test]
async fn what_was_done_to_a_recovery_point_is_told_with_what_to_do() {
    let mut stage = looked().await;
    let answer = stage.invoke(&changed(DELETED, 1, &[])).await;
    assert_eq!((&answer["verdict"], &answer["skipped"]), (&json!("in_sync"), &json!("recovery-point")));
    assert_eq!(
        (&answer["loss"]["severity"], &answer["open_severity"]),
        (&json!("critical"), &json!("critical"))
    );
    let messages = stage.sandbox.messages();
    assert_eq!(messages[0].attributes["kind"].value, "[\"loss\"]");
    assert_eq!(messages[0].attributes["severity"].value, "critical");
    let mail = mail(&stage);
    for part in [
        "DeleteRecoveryPoint",
        "vault_prod_daily",
        "backup-script",
        "copy of it is in another vault",
        "revoke them",
    ] {
        assert!(mail.contains(part), "{part} is not in {mail}");
    }
    // What is of another vault, of another account, or done by nobody's call is not our loss.
    for change in [
        ("/requestParameters/backupVaultName", json!("somebody_elses")),
        ("/recipientAccountId", json!("999988887777")),
        ("/awsRegion", json!("eu-west-1")),
        ("/eventSource", json!("rds.amazonaws.com")),
    ] {
        let mut stage = looked().await;
        let answer = stage.invoke(&changed(DELETED, 2, std::slice::from_ref(&change))).await;
        assert_eq!((answer.get("loss"), stage.sandbox.messages()), (None, vec![]), "{change:?}");
    }
}

/// A small loss, or three of different people, hides no great one for the rest of the hour.
#[tokio::test]
async fn a_small_loss_hides_no_great_one() {
    let mut stage = looked().await;
    let small = ("/eventName", json!("UpdateRecoveryPointLifecycle"));
    for n in 0..3 {
        let who =
            ("/userIdentity/arn", json!(format!("arn:aws:sts::123456789012:assumed-role/ops/session-{n}")));
        assert_eq!(
            stage.invoke(&changed(DELETED, n, &[small.clone(), who])).await["loss"]["published"],
            true,
            "{n}"
        );
    }
    let answer = stage.invoke(&changed(DELETED, 3, &[small])).await;
    assert_eq!(answer["loss"]["published"], false, "enough was told of that");
    let answer = stage.invoke(&changed(DELETED, 4, &[])).await;
    assert_eq!(
        (&answer["loss"]["published"], &answer["loss"]["severity"]),
        (&json!(true), &json!("critical"))
    );
    // And of these one is enough.
    assert_eq!(stage.invoke(&changed(DELETED, 5, &[])).await["loss"]["published"], false);
    assert_eq!(stage.sandbox.messages().len(), 4);
}

/// Whoever is denied can change the session's name each time. The first ones are told, all are counted, and nobody waits for look-ups.
#[tokio::test]
async fn a_flood_of_attempts_costs_neither_attention_nor_a_look() {
    let mut stage = looked().await;
    let session = |n: usize| {
        let arn = format!("arn:aws:sts::123456789012:assumed-role/intern/session-{n}");
        changed(DENIED, n, &[("/userIdentity/arn", json!(arn))])
    };
    let begun = std::time::Instant::now();
    for n in 0..60 {
        assert_eq!(stage.invoke(&session(n)).await["attempt"]["published"], n < 3, "{n}");
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(stage.sandbox.messages().len(), 3);
    assert_eq!(lookups(&stage), 1, "once an hour");
    assert_eq!(stage.looked_at(), Vec::<String>::new());
}

/// A process that has never looked does so first: while attempts come, something else may have happened.
#[tokio::test]
async fn an_attempt_does_not_keep_a_look_away() {
    let mut stage = Stage::deployed(&[]).await;
    stage.drift(&["vault-policy-deleted"]);
    let answer = stage.invoke(DENIED).await;
    assert_eq!((&answer["verdict"], answer.get("skipped")), (&json!("healed"), None));
    assert_eq!(answer["attempt"]["published"], true);
    assert_eq!(stage.written(), ["backup:PutBackupVaultAccessPolicy"]);
    let messages = stage.sandbox.messages();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].attributes["kind"].value, "[\"attempt\",\"vault-policy\"]");
    let mail = mail(&stage);
    assert!(
        mail.contains("HIGH denied attempt") && mail.contains("CRITICAL repaired vault-policy"),
        "{mail}"
    );
}

/// The same finding, whatever wakes the function, is told once within the hour.
#[tokio::test]
async fn the_same_open_findings_are_not_told_again_and_new_ones_are() {
    let mut stage = Stage::deployed(&[("MODE", "report")]).await;
    stage.drift(&["vault-policy-deleted"]);
    let first = stage.invoke(SCHEDULE).await;
    assert_eq!(stage.sandbox.messages().len(), 1);
    for event in [SCHEDULE, include_str!("../../../events/update-backup-plan.json"), "{}", "{\"x\":1}"] {
        let again = stage.invoke(event).await;
        assert_eq!(again["fingerprint"], first["fingerprint"], "{event:.80}");
        assert!(again["sent_before"].is_string(), "{event:.80}");
        assert_eq!(stage.sandbox.messages().len(), 1, "{event:.80}");
    }
    stage.drift(&["rule-retention-cut"]);
    let more = stage.invoke(SCHEDULE).await;
    assert_ne!(more["fingerprint"], first["fingerprint"]);
    assert_eq!(stage.sandbox.messages().len(), 2);
    let attributes = stage.sandbox.messages()[1].attributes.clone();
    assert_eq!(attributes["open_severity"].value, "critical");
    assert_eq!(attributes["fingerprint"].value, more["fingerprint"]);
}

/// The function may be subscribed to its own topic, by accident or by somebody.
#[tokio::test]
async fn its_own_messages_do_not_wake_it() {
    let mut stage = Stage::deployed(&[("MODE", "report")]).await;
    stage.drift(&["vault-policy-deleted"]);
    stage.invoke("{}").await;
    let message = stage.sandbox.messages().remove(0);
    let bodies: Value = serde_json::from_str(&message.message).unwrap();
    stage.forget();
    let sns = json!({ "Type": "Notification", "TopicArn": sandbox_reference::TOPIC_ARN, "Message": bodies["lambda"] });
    let direct = json!({ "Records": [{ "EventSource": "aws:sns", "Sns": sns }] });
    let queued = json!({ "Records": [{ "eventSource": "aws:sqs", "body": sns.to_string() }] });
    let raw = json!({ "Records": [{ "eventSource": "aws:sqs", "body": bodies["sqs"] }] });
    // What asks for an answer where it comes from a person: here the answer would be the next message.
    let asking = |message: &str| {
        let sns =
            json!({ "Type": "Notification", "TopicArn": sandbox_reference::TOPIC_ARN, "Message": message });
        json!({ "Records": [{ "EventSource": "aws:sns", "Sns": sns }] })
    };
    for payload in [direct, queued, raw, asking("{}"), asking(r#"{"mode":"report"}"#)] {
        let answer = stage.invoke(&payload.to_string()).await;
        assert_eq!((&answer["skipped"], &answer["passes"]), (&json!("own-message"), &json!(0)), "{payload}");
    }
    assert_eq!((stage.sandbox.messages(), stage.looked_at()), (vec![], vec![]));
}

/// Nobody waits for an answer to what no person sends.
#[tokio::test]
async fn what_is_not_recognised_is_answered_by_mail_only_if_something_differs() {
    let mut stage = Stage::deployed(&[]).await;
    for payload in [json!({ "myField": "x" }), json!([1]), json!("hello"), json!(null)] {
        assert_eq!(stage.invoke(&payload.to_string()).await["verdict"], "in_sync", "{payload}");
    }
    assert_eq!(stage.sandbox.messages(), []);
    for payload in ["{}", "{\"mode\":\"report\"}"] {
        stage.invoke(payload).await;
    }
    assert_eq!(stage.sandbox.messages().len(), 2);
}
