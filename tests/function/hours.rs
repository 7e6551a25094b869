//! What passes with the hours: attempts are told and counted by the hour, a look is never long ago, and what stays open is told each hour.

use std::sync::Arc;

use aws_account::emulator_config;
use drift_healer::{Healer, Settings};
use drift_tests::stage::Stage;
use lambda_runtime::{Context, LambdaEvent};
use sandbox::Sandbox;
use sandbox_reference::{TOPIC_ARN, drift};
use serde_json::{Value, json};
use time::Duration;

/// A function that lives in the sandbox's time, and the account that it looks at.
struct Night {
    sandbox: Arc<Sandbox>,
    healer: Healer,
}

impl Night {
    fn begin(mode: &str) -> Self {
        let stage = Stage::deployed();
        let sandbox = Arc::clone(&stage.sandbox);
        let settings = Settings::read(|name| match name {
            "MODE" => Some(mode.to_owned()),
            "TOPIC_ARN" => Some(TOPIC_ARN.to_owned()),
            "COMPLIANCE_LOCKS" => Some("start".to_owned()),
            "HEALER_ROLE_ARN" => Some("arn:aws:iam::123456789012:role/drift-healer".to_owned()),
            _ => None,
        });
        let clock = Arc::clone(&sandbox);
        let config = emulator_config(&sandbox.endpoint(), "tester");
        let healer = Healer::new(settings.unwrap(), &config).unwrap();
        Self { healer: healer.without_pauses().with_clock(Arc::new(move || clock.now())), sandbox }
    }

    async fn send(&self, event: Value) -> Value {
        self.healer.handle(LambdaEvent::new(event, Context::default())).await.unwrap()
    }

    async fn schedule(&self) -> Value {
        self.send(json!({ "source": "aws.scheduler", "detail-type": "Scheduled Event", "detail": "{}" }))
            .await
    }

    /// A denied attempt, each time of another session.
    async fn attempt(&self, n: usize) -> Value {
        let mut event: Value =
            serde_json::from_str(include_str!("../../events/delete-backup-vault-denied.json")).unwrap();
        let time = self.sandbox.now().format(&time::format_description::well_known::Rfc3339).unwrap();
        event["detail"]["eventTime"] = json!(time);
        event["detail"]["eventID"] = json!(format!("00000000-0000-4000-8000-{n:012}"));
        event["detail"]["userIdentity"]["arn"] =
            json!(format!("arn:aws:sts::123456789012:assumed-role/intern/session-{n}"));
        self.send(event).await
    }

    /// Hourly runs that all find this: how often each wrote, and why it did not repair.
    async fn runs(&self, count: usize, code: &str) -> Vec<(usize, Value)> {
        let mut runs = Vec::new();
        for _ in 0..count {
            self.wait(60);
            self.sandbox.clear_calls();
            let answer = self.schedule().await;
            assert_eq!(answer["findings"][0]["code"], code, "{answer:#}");
            runs.push((self.sandbox.writes().len(), answer["findings"][0]["reason"].clone()));
        }
        runs
    }

    fn wait(&self, minutes: i64) {
        self.sandbox.advance(Duration::minutes(minutes));
    }

    /// The mails since the last time.
    fn mails(&self) -> Vec<String> {
        let messages = self.sandbox.messages();
        self.sandbox.clear_messages();
        let mail = |message: &sandbox::Message| {
            serde_json::from_str::<Value>(&message.message).unwrap()["email"].as_str().unwrap().to_owned()
        };
        messages.iter().map(mail).collect()
    }
}

#[tokio::test]
async fn the_total_of_an_hour_follows_after_it() {
    let night = Night::begin("repair");
    night.schedule().await;
    for n in 0..10 {
        night.wait(1);
        night.attempt(n).await;
    }
    // Lambda delivers twice what it likes.
    night.attempt(9).await;
    assert_eq!(night.mails().len(), 3);
    night.wait(60);
    let answer = night.schedule().await;
    assert_eq!(answer["incidents_before"]["attempts"], 10, "{answer:#}");
    assert_eq!(answer["incidents_before"]["actors"], 10);
    let mails = night.mails();
    let [mail] = mails.as_slice() else { panic!("{mails:#?}") };
    assert!(
        mail.contains("10 calls on backups or their keys were refused: DeleteBackupVault (10)."),
        "{mail}"
    );
    assert!(mail.contains("and 5 more"), "{mail}");
    night.wait(60);
    assert_eq!(night.schedule().await.get("incidents_before"), None);
    assert_eq!(night.mails(), Vec::<String>::new(), "it is told once");
}

#[tokio::test]
async fn an_hour_all_of_which_was_told_has_no_total() {
    let night = Night::begin("repair");
    night.schedule().await;
    night.attempt(1).await;
    assert_eq!(night.mails().len(), 1);
    night.wait(60);
    night.schedule().await;
    assert_eq!(night.mails(), Vec::<String>::new());
}

#[tokio::test]
async fn a_total_that_could_not_be_told_is_told_later() {
    let night = Night::begin("repair");
    night.schedule().await;
    for n in 0..5 {
        night.attempt(n).await;
    }
    night.mails();
    night.wait(60);
    let kind = sandbox::FaultKind::Error {
        code: "AuthorizationError".to_owned(),
        status: 403,
        message: "no".to_owned(),
    };
    night.sandbox.inject(sandbox::Fault::on("sns", "Publish", kind));
    let event = json!({ "source": "aws.scheduler", "detail-type": "Scheduled Event", "detail": "{}" });
    let failed = night.healer.handle(LambdaEvent::new(event, Context::default())).await;
    assert_eq!(failed.unwrap_err().error_type(), "NotDelivered");
    night.schedule().await;
    assert_eq!(night.mails().len(), 1);
}

#[tokio::test]
async fn no_number_of_attempts_keeps_a_look_away_for_long() {
    let night = Night::begin("repair");
    night.schedule().await;
    let mut looks = Vec::new();
    for n in 0..24 {
        night.wait(1);
        if n == 6 {
            drift(&night.sandbox, "vault-policy-deleted").unwrap();
        }
        let answer = night.attempt(n).await;
        if answer["passes"] != 0 {
            looks.push((n, answer["verdict"].as_str().unwrap().to_owned()));
        }
    }
    let verdicts: Vec<&str> = looks.iter().map(|(_, verdict)| verdict.as_str()).collect();
    assert_eq!(verdicts, ["in_sync", "healed", "in_sync", "in_sync"], "{looks:?}");
}

#[tokio::test]
async fn what_stays_open_is_told_by_the_hourly_run_and_not_in_between() {
    let night = Night::begin("report");
    drift(&night.sandbox, "vault-policy-deleted").unwrap();
    let mut told = Vec::new();
    for _ in 0..12 {
        night.schedule().await;
        told.push(night.mails().len());
        night.wait(20);
    }
    assert_eq!(told, [1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]);
}

/// What is in order again and then differs as before is news, however soon.
#[tokio::test]
async fn what_comes_back_is_told_again() {
    let night = Night::begin("repair");
    drift(&night.sandbox, "role-inline-policy-added").unwrap();
    night.schedule().await;
    assert_eq!(night.mails().len(), 1);
    sandbox_reference::deploy(&night.sandbox, sandbox_reference::Deployment::Reference).unwrap();
    night.wait(5);
    assert_eq!(night.schedule().await["verdict"], "in_sync");
    drift(&night.sandbox, "role-inline-policy-added").unwrap();
    night.wait(5);
    night.schedule().await;
    assert_eq!(night.mails().len(), 1);
}

#[tokio::test]
async fn a_put_that_leaves_a_running_lock_as_it_is_is_not_made_again() {
    let night = Night::begin("repair");
    drift(&night.sandbox, "vault-lock-retention").unwrap();
    night.sandbox.adjust(|settings| settings.lock_puts_without_effect = true);
    let runs = night.runs(2, "retention-differs").await;
    assert_eq!(runs, [(1, json!("tried")), (0, json!("needs-review"))], "the date would move on with each");

    // Somebody puts it again: what we did is undone, and not in vain.
    night.sandbox.adjust(|settings| settings.lock_puts_without_effect = false);
    night.wait(60);
    drift(&night.sandbox, "vault-lock-retention").unwrap();
    night.wait(60);
    assert_eq!(night.schedule().await["verdict"], "healed");
}

#[tokio::test]
async fn a_lock_that_is_put_and_never_there_is_put_twice_and_then_left_to_a_person() {
    let night = Night::begin("repair");
    drift(&night.sandbox, "vault-lock-deleted").unwrap();
    night.sandbox.adjust(|settings| settings.lock_puts_without_effect = true);
    let runs = night.runs(4, "missing").await;
    let (tried, review) = (json!("tried"), json!("needs-review"));
    assert_eq!(runs, [(1, tried.clone()), (1, tried), (0, review.clone()), (0, review)]);
    assert!(night.mails().concat().contains("AWS accepted it, and the difference is still there"));

    // Somebody else puts it and takes it away: what was before is no proof any more.
    night.sandbox.adjust(|settings| settings.lock_puts_without_effect = false);
    for name in ["vault-lock-governance", "vault-lock-deleted"] {
        drift(&night.sandbox, name).unwrap();
    }
    night.wait(60);
    assert_eq!(night.schedule().await["verdict"], "healed");
}
