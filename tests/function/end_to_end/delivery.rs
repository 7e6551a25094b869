//! The report on its way: what is published, and what happens when it cannot be.

use sandbox::{Fault, FaultKind, Message};
use sandbox_reference::TOPIC_ARN;
use serde_json::Value;

use super::contract;
use super::stage::{SCHEDULE, Stage};

/// SNS's limit of a message in bytes, attributes included.
const MOST_BYTES: usize = 262_144;

fn error(code: &str, status: u16) -> FaultKind {
    FaultKind::Error { code: code.to_owned(), status, message: "on request".to_owned() }
}

#[tokio::test]
async fn a_healing_run_is_published_once_for_every_kind_of_reader() {
    let mut stage = Stage::deployed(&[]).await;
    stage.drift(&[
        "vault-policy-weakened",
        "rule-retention-cut",
        "role-inline-policy-added",
        "selection-emptied",
    ]);
    let answer = stage.invoke(include_str!("../../../events/update-backup-plan.json")).await;
    let messages = stage.sandbox.messages();
    let [message] = messages.as_slice() else { panic!("{} messages", messages.len()) };
    assert_eq!((message.topic.as_str(), message.structure.as_deref()), (TOPIC_ARN, Some("json")));
    check_subject(message.subject.as_deref().expect("a subject"));
    check_attributes(message, &answer);
    assert!(message.message.len() < MOST_BYTES - 2_048, "{} bytes", message.message.len());

    let bodies: Value = serde_json::from_str(&message.message).expect("a body for each protocol");
    let body =
        |protocol: &str| bodies[protocol].as_str().unwrap_or_else(|| panic!("no {protocol}")).to_owned();
    for protocol in ["default", "sqs", "lambda"] {
        let told = serde_json::from_str::<Value>(&body(protocol)).expect("JSON");
        contract::check(&told);
        assert_eq!(told, answer, "{protocol}");
    }
    let mail = body("email");
    for told in ["123456789012", "vault_prod_daily", "UpdateBackupPlan", "ci-deploy"] {
        assert!(mail.contains(told), "{told} is not in the mail: {mail}");
    }
    assert!(!mail.trim_start().starts_with('{'), "a mail is read by people: {mail}");
    assert!(body("sms").is_ascii() && body("sms").len() <= 140, "{}", body("sms"));
    check_chat(&serde_json::from_str(&body("https")).expect("the chat's message is JSON"));
}

/// Printable ASCII under 100 characters with an alphanumeric first one: what every endpoint of SNS accepts.
fn check_subject(subject: &str) {
    assert!(subject.len() < 100, "{} characters: {subject}", subject.len());
    assert!(subject.chars().all(|c| (' '..='~').contains(&c)), "{subject:?}");
    assert!(subject.starts_with(|c: char| c.is_ascii_alphanumeric()), "{subject:?}");
}

fn check_attributes(message: &Message, answer: &Value) {
    let names: Vec<_> = message.attributes.keys().map(String::as_str).collect();
    assert_eq!(names, ["account", "fingerprint", "kind", "open_severity", "severity", "verdict"]);
    assert_eq!(message.attributes["fingerprint"].value, answer["fingerprint"]);
    assert_eq!(message.attributes["open_severity"].value, answer["open_severity"]);
    let kind = &message.attributes["kind"];
    assert_eq!(
        (kind.kind.as_str(), kind.value.as_str()),
        ("String.Array", "[\"plan\",\"role\",\"selection\",\"vault-policy\"]")
    );
    assert_eq!(message.attributes["verdict"].value, answer["verdict"]);
    assert_eq!(message.attributes["account"].value, answer["account"]);
    assert_eq!(message.attributes["severity"].value, "critical");
}

/// The custom notification of Amazon Q Developer in chat applications; what does not conform vanishes there without a word.
fn check_chat(message: &Value) {
    assert_eq!((&message["version"], &message["source"]), (&"1.0".into(), &"custom".into()));
    let content = message["content"].as_object().expect("content");
    for name in content.keys() {
        let known = ["textType", "title", "description", "nextSteps", "keywords"];
        assert!(known.contains(&name.as_str()), "content.{name} is not in the schema");
    }
    assert_eq!(content["textType"], "client-markdown");
    let within = |value: &Value, most: usize| {
        let text = value.as_str().unwrap_or_else(|| panic!("{value} is no text"));
        assert!(!text.is_empty() && text.len() <= most, "{} of {most}: {text}", text.len());
    };
    within(&content["title"], 250);
    within(&content["description"], 8_000);
    content["nextSteps"].as_array().expect("steps").iter().for_each(|step| within(step, 350));
    content["keywords"].as_array().expect("keywords").iter().for_each(|word| within(word, 75));
    let metadata = message["metadata"].as_object().expect("metadata");
    for name in metadata.keys() {
        let known = [
            "threadId",
            "summary",
            "eventType",
            "relatedResources",
            "additionalContext",
            "enableCustomActions",
        ];
        assert!(known.contains(&name.as_str()), "metadata.{name} is not in the schema");
    }
    let context = metadata["additionalContext"].as_object().expect("a context");
    assert!(context.values().all(Value::is_string), "{context:?}");
    assert!(metadata["relatedResources"].as_array().expect("resources").iter().all(Value::is_string));
}

#[tokio::test]
async fn a_report_that_cannot_be_published_fails_the_invocation_after_the_repairs() {
    let mut stage = Stage::deployed(&[]).await;
    stage.drift(&["vault-policy-deleted"]);
    stage.sandbox.inject(Fault::on("sns", "Publish", error("AuthorizationError", 403)).times(100));
    let (kind, message) = stage.fail(SCHEDULE).await;
    assert_eq!(kind, "NotDelivered");
    assert!(message.contains(TOPIC_ARN) && message.contains("AuthorizationError"), "{message}");
    assert_eq!(stage.written(), ["backup:PutBackupVaultAccessPolicy"]);

    // Lambda tries again; the account is in order by then, and what was done is still to be told.
    stage.forget();
    let (kind, _) = stage.fail(SCHEDULE).await;
    assert_eq!(kind, "NotDelivered");
    stage.sandbox.clear_faults();
    assert_eq!(stage.invoke(SCHEDULE).await["verdict"], "in_sync");
    let told = stage.sandbox.messages();
    let [late] = told.as_slice() else { panic!("{told:#?}") };
    assert!(late.subject.as_ref().is_some_and(|subject| subject.starts_with("Backup healed")), "{late:#?}");
    assert_eq!(stage.invoke(SCHEDULE).await["verdict"], "in_sync");
    assert_eq!(stage.sandbox.messages().len(), 1, "once is enough");
    let log = stage.stop().await;
    let failed: Vec<_> = log.iter().filter(|line| line["level"] == "ERROR").collect();
    let [failed, _] = failed.as_slice() else { panic!("{log:#?}") };
    assert_eq!((&failed["message"], &failed["error_type"]), (&"run failed".into(), &"NotDelivered".into()));
    // The findings are in the log, for they reached nobody.
    assert!(log.iter().any(|line| line["message"] == "finding" && line["outcome"] == "repaired"), "{log:#?}");
}

#[tokio::test]
async fn a_report_that_sns_refuses_holds_up_no_other() {
    let mut stage = Stage::deployed(&[]).await;
    stage.drift(&["vault-policy-deleted"]);
    stage.sandbox.inject(Fault::on("sns", "Publish", error("AuthorizationError", 403)));
    stage.fail(SCHEDULE).await;
    // The newest is taken, and the late one is refused again.
    stage.drift(&["rule-retention-cut"]);
    stage.sandbox.inject(Fault::on("sns", "Publish", error("AuthorizationError", 403)).from_call(2));
    assert_eq!(stage.invoke(SCHEDULE).await["verdict"], "healed");
    assert_eq!(stage.sandbox.messages().len(), 1);
    assert_eq!(stage.invoke(SCHEDULE).await["verdict"], "in_sync");
    let told = stage.sandbox.messages();
    assert!(told.len() == 2 && told[0].message.contains("retention"), "{told:#?}");
    assert!(told[1].message.contains("vault_prod_daily: missing"), "{told:#?}");
}

#[tokio::test]
async fn what_is_told_again_by_the_next_run_is_not_kept() {
    let mut stage = Stage::deployed(&[("MODE", "report")]).await;
    stage.drift(&["vault-policy-deleted"]);
    stage.sandbox.inject(Fault::on("sns", "Publish", error("AuthorizationError", 403)).times(100));
    stage.fail(SCHEDULE).await;
    stage.sandbox.clear_faults();
    stage.invoke(SCHEDULE).await;
    assert_eq!(stage.sandbox.messages().len(), 1);
}

#[tokio::test]
async fn a_topic_that_does_not_exist_fails_the_invocation_by_name() {
    let gone = "arn:aws:sns:eu-west-1:123456789012:gone";
    let mut stage = Stage::deployed(&[("TOPIC_ARN", gone), ("MODE", "report")]).await;
    stage.drift(&["vault-policy-deleted"]);
    let (kind, message) = stage.fail(SCHEDULE).await;
    assert_eq!(kind, "NotDelivered");
    assert!(message.contains(gone) && message.contains("NotFound"), "{message}");
    let publish: Vec<_> =
        stage.sandbox.calls().into_iter().filter(|call| call.operation == "Publish").collect();
    // SNS takes a message only in the topic's region, whatever the function's.
    assert!(publish.iter().all(|call| call.region == "eu-west-1"), "{publish:?}");
}

#[tokio::test]
async fn a_throttled_publish_is_tried_again() {
    let mut stage = Stage::deployed(&[("MODE", "report")]).await;
    stage.drift(&["vault-policy-deleted"]);
    stage.sandbox.inject(Fault::on("sns", "Publish", error("Throttling", 400)));
    stage.invoke(SCHEDULE).await;
    assert_eq!(stage.sandbox.messages().len(), 1);
}

#[tokio::test]
async fn without_a_topic_the_report_is_the_answer_and_the_log() {
    let mut stage = Stage::deployed(&[("TOPIC_ARN", ""), ("MODE", "report")]).await;
    stage.drift(&["vault-policy-deleted"]);
    assert_eq!(stage.invoke(SCHEDULE).await["verdict"], "drifted");
    assert_eq!(stage.sandbox.messages(), []);
    let log = stage.stop().await;
    assert_eq!(log[0]["message"], "no topic set, reports go to the log only");
}
