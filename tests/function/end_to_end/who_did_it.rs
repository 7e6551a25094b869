//! Who did it, through the binary: out of the event, out of CloudTrail's history, at AWS's pace, and never at the cost of a run.

use std::collections::BTreeMap;
use std::time::Duration;

use sandbox::{Actor, Fault, FaultKind};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::log_lines::named;
use super::stage::{SCHEDULE, Stage};

fn terraform() -> Actor {
    Actor {
        arn: "arn:aws:sts::123456789012:assumed-role/ci-deploy/run-1".to_owned(),
        user_agent: Some("APN/1.0 HashiCorp/1.0 Terraform/1.14.0".to_owned()),
        source_ip: "198.51.100.18".to_owned(),
    }
}

fn refused(code: &str) -> FaultKind {
    FaultKind::Error { code: code.to_owned(), status: 400, message: "on request".to_owned() }
}

/// The CloudTrail record in an event.
fn detail(event: &str) -> Value {
    serde_json::from_str::<Value>(event).unwrap()["detail"].clone()
}

fn lookups(stage: &Stage) -> Vec<sandbox::Call> {
    stage.sandbox.calls().into_iter().filter(|call| call.operation == "LookupEvents").collect()
}

fn attribution<'a>(answer: &'a Value, kind: &str) -> &'a Value {
    let findings = answer["findings"].as_array().unwrap();
    let one = findings.iter().find(|one| one["resource"]["kind"] == kind);
    &one.unwrap_or_else(|| panic!("no {kind} in {answer:#}"))["attribution"]
}

#[tokio::test]
async fn a_scheduled_run_finds_who_it_was_in_each_region_and_for_the_role_where_iam_is() {
    let mut stage = Stage::deployed(&[]).await;
    stage.sandbox.change_as(terraform());
    stage.drift(&[
        "vault-policy-deleted:vault_disaster_recovery",
        "role-policy-detached",
        "rule-retention-cut",
    ]);
    let answer = stage.invoke(SCHEDULE).await;
    for (kind, event) in [
        ("vault-policy", "DeleteBackupVaultAccessPolicy"),
        ("role", "DetachRolePolicy"),
        ("plan", "UpdateBackupPlan"),
    ] {
        let who = attribution(&answer, kind);
        assert_eq!(who["event"], event, "{who}");
        assert_eq!(who["actor"], terraform().arn, "{who}");
        assert_eq!(
            (&who["client"], &who["code"], &who["certain"], &who["source_ip"]),
            (&json!("terraform"), &json!(true), &json!(true), &json!("198.51.100.18"))
        );
    }
    let mail = stage.sandbox.messages()[0].message.clone();
    assert!(mail.contains("By its user agent this was Terraform: code and spec disagree"), "{mail}");
    // The DR region was asked about its vault, and IAM only where it records.
    let asked: BTreeMap<String, Vec<String>> =
        lookups(&stage).into_iter().fold(BTreeMap::new(), |mut all, call| {
            let event = call.params["LookupAttributes"][0]["AttributeValue"].as_str().unwrap().to_owned();
            all.entry(call.region).or_default().push(event);
            all
        });
    assert!(asked["us-west-2"].contains(&"DeleteBackupVaultAccessPolicy".to_owned()), "{asked:?}");
    assert!(!asked["us-west-2"].contains(&"DetachRolePolicy".to_owned()), "{asked:?}");
    assert!(asked["us-east-1"].contains(&"DetachRolePolicy".to_owned()), "{asked:?}");
}

#[tokio::test]
async fn a_clean_run_asks_nobody() {
    let mut stage = Stage::deployed(&[]).await;
    stage.invoke(SCHEDULE).await;
    assert_eq!(lookups(&stage), []);
}

/// The sandbox's clock runs, so that it refuses a third lookup within a second as AWS does.
#[tokio::test]
async fn lookups_keep_to_the_rate_that_aws_allows() {
    let mut stage = Stage::deployed(&[]).await;
    stage.sandbox.set_page_size(Some(1));
    stage.drift(&["key-rotation-off", "vault-untagged", "vault-lock-deleted", "alias-deleted"]);
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!(answer["verdict"], "healed");
    let made = lookups(&stage);
    assert!(made.len() > 5, "too few to be throttled: {made:#?}");
    assert!(made.iter().all(|call| call.error.is_none()), "{made:#?}");
    for kind in ["key", "vault", "vault-lock", "alias"] {
        assert!(attribution(&answer, kind)["actor"].is_string(), "{kind}: {answer:#}");
    }
}

#[tokio::test]
async fn what_others_use_up_of_the_rate_is_waited_for() {
    let mut stage = Stage::deployed(&[]).await;
    stage.drift(&["vault-policy-deleted"]);
    stage.sandbox.inject(Fault::on("cloudtrail", "LookupEvents", refused("ThrottlingException")).times(2));
    let answer = stage.invoke(SCHEDULE).await;
    assert!(attribution(&answer, "vault-policy")["actor"].is_string(), "{answer:#}");
    assert_eq!(lookups(&stage).iter().filter(|call| call.error.is_some()).count(), 2);
}

#[tokio::test]
async fn older_events_are_found_on_later_pages() {
    let mut stage = Stage::deployed(&[]).await;
    stage.sandbox.change_as(terraform());
    stage.drift(&["vault-policy-deleted"]);
    // Newer ones of the same name, about other vaults.
    for vault in ["a_vault", "another_vault"] {
        stage.sandbox.record(json!({
            "eventName": "DeleteBackupVaultAccessPolicy", "eventSource": "backup.amazonaws.com", "awsRegion": "us-east-1",
            "requestParameters": { "backupVaultName": vault }, "userIdentity": { "arn": "arn:aws:iam::123456789012:user/other" },
        }));
    }
    stage.sandbox.set_page_size(Some(1));
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!(attribution(&answer, "vault-policy")["actor"], terraform().arn);
}

#[tokio::test]
async fn a_history_that_may_not_be_read_costs_the_name_and_nothing_else() {
    for code in ["AccessDeniedException", "InternalFailure"] {
        let mut stage = Stage::deployed(&[]).await;
        stage.drift(&["vault-policy-deleted"]);
        stage.sandbox.inject(Fault::on("cloudtrail", "LookupEvents", refused(code)).times(usize::MAX));
        let answer = stage.invoke(SCHEDULE).await;
        assert_eq!(answer["verdict"], "healed", "{code}");
        assert_eq!(attribution(&answer, "vault-policy"), &Value::Null, "{code}");
        let mail = &stage.sandbox.messages()[0].message;
        assert!(mail.contains("could not be asked in full (cloudtrail:LookupEvents: "), "{code}: {mail}");
        assert!(answer["attribution_gap"].as_str().unwrap().contains(code), "{code}: {answer:#}");
        // It is denied once in each region, and not asked again.
        assert_eq!(lookups(&stage).len(), 1, "{code}");
        let log = stage.stop().await;
        assert_eq!(named(&log, "event history incomplete").len(), 1, "{log:#?}");
    }
}

#[tokio::test]
async fn a_flood_of_calls_that_hides_one_is_told() {
    let mut stage = Stage::deployed(&[]).await;
    stage.drift(&["vault-policy-deleted"]);
    for _ in 0..4 {
        stage.sandbox.record(json!({
            "eventName": "DeleteBackupVaultAccessPolicy", "eventSource": "backup.amazonaws.com", "awsRegion": "us-east-1",
            "errorCode": "AccessDenied", "requestParameters": { "backupVaultName": "vault_prod_daily" },
        }));
    }
    stage.sandbox.set_page_size(Some(1));
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!(attribution(&answer, "vault-policy"), &Value::Null);
    let gap = answer["attribution_gap"].as_str().unwrap();
    assert!(gap.contains("so many calls of DeleteBackupVaultAccessPolicy"), "{gap}");
    // What else there is to ask is asked all the same.
    let asked = lookups(&stage);
    assert!(asked.iter().any(|call| call.params.to_string().contains("CreateBackupVault")), "{asked:#?}");
}

#[tokio::test]
async fn calls_of_weeks_ago_count_and_more_than_are_read_are_told() {
    let attach = |id: usize, days: i64, role: &str| {
        let text = include_str!("../../../events/attach-role-policy.json");
        let mut record = detail(text);
        let time = OffsetDateTime::now_utc() - time::Duration::days(days);
        record["eventTime"] = json!(time.format(&Rfc3339).unwrap());
        record["eventID"] = json!(format!("{id}"));
        record["requestParameters"]["roleName"] = json!(role);
        record["requestParameters"]["policyArn"] = json!("arn:aws:iam::aws:policy/AWSDenyAll");
        record
    };
    for (others, found) in [(60, true), (160, false)] {
        let mut stage = Stage::deployed(&[("MODE", "report")]).await;
        stage.drift(&["role-policy-added"]);
        stage.sandbox.set_trail_lag(Duration::from_secs(900));
        stage.sandbox.record(attach(0, 12, "aws_backup_role"));
        for id in 1..=others {
            stage.sandbox.record(attach(id, 3, "another_role"));
        }
        let answer = stage.invoke(SCHEDULE).await;
        let told = attribution(&answer, "role");
        assert_eq!(told["event_id"] == "0", found, "{others} others: {told:#}");
        assert_eq!(answer.get("attribution_gap").is_none_or(Value::is_null), found, "{others} others");
    }
}

#[tokio::test]
async fn who_does_not_know_himself_blames_nobody() {
    let mut stage = Stage::deployed(&[]).await;
    stage.sandbox.inject(Fault::on("sts", "GetCallerIdentity", refused("AccessDenied")).times(usize::MAX));
    let own = include_str!("../../../events/put-backup-vault-access-policy-by-drift-healer.json");
    stage.sandbox.record(detail(own));
    stage.drift(&["vault-policy-weakened"]);
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!(answer["verdict"], "healed");
    assert_eq!(attribution(&answer, "vault-policy"), &Value::Null);
    let gap = answer["attribution_gap"].as_str().unwrap();
    let reason = "the function could not tell its own calls from others', because sts:GetCallerIdentity failed: AccessDenied";
    assert!(gap.starts_with(reason), "{gap}");
}

/// A run in which one operation never answers: it ends in time, with its repair made and its message sent.
async fn while_hanging(service: &str, operation: &str) -> Value {
    let time = Duration::from_secs(8);
    let mut stage = Stage::with_deadline(&[], drift_tests::runtime_api::Deadline::In(time)).await;
    stage.invoke(SCHEDULE).await;
    stage.forget();
    stage.drift(&["vault-policy-deleted"]);
    let hanging = FaultKind::Delay { milliseconds: 25_000 };
    stage.sandbox.inject(Fault::on(service, operation, hanging).times(usize::MAX));
    let start = std::time::Instant::now();
    let answer = stage.invoke(SCHEDULE).await;
    assert!(start.elapsed() < time, "answered after {:?}", start.elapsed());
    assert_eq!(answer["verdict"], "healed");
    assert_eq!(stage.sandbox.messages().len(), 1);
    answer
}

#[tokio::test]
async fn a_history_that_does_not_answer_does_not_outlive_the_invocation() {
    while_hanging("cloudtrail", "LookupEvents").await;
}

#[tokio::test]
async fn an_sts_that_does_not_answer_does_not_outlive_the_invocation() {
    let answer = while_hanging("sts", "GetCallerIdentity").await;
    let gap = answer["attribution_gap"].as_str().unwrap();
    assert!(gap.contains("sts:GetCallerIdentity"), "{gap}");
}

#[tokio::test]
async fn a_history_that_may_not_be_read_is_told_though_the_event_has_a_name() {
    let mut stage = Stage::deployed(&[]).await;
    stage.drift(&["vault-policy-deleted"]);
    stage
        .sandbox
        .inject(Fault::on("cloudtrail", "LookupEvents", refused("AccessDeniedException")).times(usize::MAX));
    let mut event: Value =
        serde_json::from_str(include_str!("../../../events/delete-backup-vault-access-policy.json")).unwrap();
    event["detail"]["eventTime"] = json!(OffsetDateTime::now_utc().format(&Rfc3339).unwrap());
    let answer = stage.invoke(&event.to_string()).await;
    // Whoever may invoke the function may have made the event up.
    let who = attribution(&answer, "vault-policy");
    assert_eq!((&who["certain"], &who["confirmed"]), (&json!(false), &json!(false)));
    assert!(who["actor"].as_str().unwrap().ends_with("maria.lopez@example.com"), "{who}");
    let messages = stage.sandbox.messages();
    let bodies: Value = serde_json::from_str(&messages[0].message).unwrap();
    let mail = bodies["email"].as_str().unwrap();
    assert!(mail.contains("could not be asked in full"), "{mail}");
}

#[tokio::test]
async fn what_made_the_vault_a_month_ago_is_not_who_emptied_it_today() {
    let mut stage = Stage::deployed(&[]).await;
    let mut made: Value = detail(include_str!("../../../events/create-backup-vault.json"));
    made["eventTime"] =
        json!((OffsetDateTime::now_utc() - time::Duration::days(30)).format(&Rfc3339).unwrap());
    made["requestParameters"]["backupVaultName"] = json!("vault_prod_daily");
    made["userAgent"] = json!("APN/1.0 HashiCorp/1.0 Terraform/1.14.0");
    stage.sandbox.record(made);
    stage.sandbox.set_trail_lag(Duration::from_secs(900));
    stage.drift(&["vault-policy-deleted"]);
    let answer = stage.invoke(SCHEDULE).await;
    let told = attribution(&answer, "vault-policy");
    assert_eq!((&told["event"], &told["certain"]), (&json!("CreateBackupVault"), &json!(false)));
    let messages = stage.sandbox.messages();
    assert!(messages[0].message.contains("By: probably"), "{}", messages[0].message);
    assert!(!messages[0].message.contains("By its user agent this was"), "{}", messages[0].message);
}

/// Somebody invokes the function with a record of their own making, while what really happened is in the history.
#[tokio::test]
async fn a_made_up_event_makes_nobody_the_culprit() {
    let mut stage = Stage::deployed(&[]).await;
    stage.sandbox.change_as(terraform());
    stage.drift(&["vault-policy-deleted"]);
    let mut event: Value =
        serde_json::from_str(include_str!("../../../events/delete-backup-vault-access-policy.json")).unwrap();
    event["detail"]["eventTime"] = json!(OffsetDateTime::now_utc().format(&Rfc3339).unwrap());
    event["detail"]["userIdentity"]["arn"] = json!("arn:aws:iam::123456789012:user/innocent");
    let answer = stage.invoke(&event.to_string()).await;
    let who = attribution(&answer, "vault-policy");
    assert_eq!((&who["actor"], &who["confirmed"]), (&json!(terraform().arn), &json!(true)), "{who:#}");
    assert_eq!(who["certain"], false);
}

/// The same while the history shows nothing yet: the event is told for what it is.
#[tokio::test]
async fn what_only_the_invocation_tells_is_said_to_be_that() {
    let mut stage = Stage::deployed(&[]).await;
    stage.sandbox.set_trail_lag(Duration::from_secs(900));
    stage.drift(&["vault-policy-deleted"]);
    let mut event: Value =
        serde_json::from_str(include_str!("../../../events/delete-backup-vault-access-policy.json")).unwrap();
    event["detail"]["eventTime"] = json!(OffsetDateTime::now_utc().format(&Rfc3339).unwrap());
    let answer = stage.invoke(&event.to_string()).await;
    let who = attribution(&answer, "vault-policy");
    assert_eq!((&who["certain"], &who["confirmed"]), (&json!(false), &json!(false)));
    let bodies: Value = serde_json::from_str(&stage.sandbox.messages()[0].message).unwrap();
    let mail = bodies["email"].as_str().unwrap();
    assert!(mail.contains("By: probably maria.lopez@example.com"), "{mail}");
    assert!(mail.contains("told by the invocation, not confirmed"), "{mail}");
}

/// A central bus carries the events of many accounts, and names repeat in them.
#[tokio::test]
async fn somebody_of_another_account_is_not_blamed() {
    let mut stage = Stage::deployed(&[]).await;
    stage.sandbox.set_trail_lag(Duration::from_secs(900));
    stage.drift(&["vault-policy-deleted"]);
    let mut event: Value =
        serde_json::from_str(include_str!("../../../events/delete-backup-vault-access-policy.json")).unwrap();
    event["account"] = json!("999988887777");
    event["detail"]["recipientAccountId"] = json!("999988887777");
    event["detail"]["eventTime"] = json!(OffsetDateTime::now_utc().format(&Rfc3339).unwrap());
    event["detail"]["userIdentity"]["arn"] = json!("arn:aws:sts::999988887777:assumed-role/TeamB/bob");
    let answer = stage.invoke(&event.to_string()).await;
    assert_eq!(answer["verdict"], "healed");
    assert_eq!(attribution(&answer, "vault-policy"), &Value::Null);
    let note = answer["notes"][0].as_str().unwrap();
    assert!(note.contains("999988887777") && note.contains("explains nothing"), "{note}");
}

/// The spec's role cannot be used, and AWS Backup tells so itself: IAM's own events may not reach the function at all.
#[tokio::test]
async fn a_service_event_with_an_error_is_news_and_no_refused_call() {
    let mut stage = Stage::deployed(&[]).await;
    stage.drift(&["role-policy-detached"]);
    let event = include_str!("../../../events/process-backup-plan-selection-failed.json");
    let answer = stage.invoke(event).await;
    assert_eq!((&answer["verdict"], answer.get("skipped")), (&json!("healed"), None));
    let notes = answer["notes"].to_string();
    assert!(notes.contains("ProcessBackupPlanSelection failed (AccessDenied"), "{notes}");
}
