//! Every kind of invocation in `events/` is told for what it is, and no JSON is too odd to be told.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use drift_healer::Mode;
use drift_healer::trigger::TriggerKind::{self, Backup, Cloudtrail, Manual, Schedule};
use drift_healer::trigger::{self, AskedMode, Skip, Trigger};
use reconcile::history::RoleName;
use serde_json::{Value, json};

/// File, kind, event, the end of the actor, why it is no reason to look.
type Row = (&'static str, TriggerKind, Option<&'static str>, Option<&'static str>, Option<Skip>);

const SSO: Option<&str> = Some("AWSReservedSSO_AdministratorAccess_4f9a1c7be2d05836/maria.lopez@example.com");
const CI: Option<&str> = Some("assumed-role/ci-deploy/github-run-19284412");
const ON_CALL: Option<&str> = Some("assumed-role/break-glass/on-call");
const SCRIPT: Option<&str> = Some("user/backup-script");
const OWN: Option<&str> = Some("assumed-role/drift-healer/drift-healer");

#[rustfmt::skip]
const EVENTS: [Row; 50] = [
    ("schedule-explicit", Schedule, None, None, None),
    ("schedule-default", Schedule, None, None, None),
    ("schedule-rule", Schedule, None, None, None),
    ("manual-empty", Manual, None, None, None),
    ("manual-report", Manual, None, None, None),
    ("manual-repair", Manual, None, None, None),
    ("put-backup-vault-access-policy", Cloudtrail, Some("PutBackupVaultAccessPolicy"), SCRIPT, None),
    ("delete-backup-vault-access-policy", Cloudtrail, Some("DeleteBackupVaultAccessPolicy"), SSO, None),
    ("delete-backup-vault-access-policy-from-dr", Cloudtrail, Some("DeleteBackupVaultAccessPolicy"), SSO, None),
    ("delete-backup-vault-access-policy-by-impostor", Cloudtrail, Some("DeleteBackupVaultAccessPolicy"), Some("assumed-role/ci-deploy/drift-healer"), None),
    ("put-backup-vault-lock-configuration", Cloudtrail, Some("PutBackupVaultLockConfiguration"), Some("user/j.okafor"), None),
    ("delete-backup-vault-lock-configuration", Cloudtrail, Some("DeleteBackupVaultLockConfiguration"), SCRIPT, None),
    ("delete-backup-vault", Cloudtrail, Some("DeleteBackupVault"), ON_CALL, None),
    ("create-backup-vault", Cloudtrail, Some("CreateBackupVault"), SSO, None),
    ("update-backup-plan", Cloudtrail, Some("UpdateBackupPlan"), CI, None),
    ("create-backup-plan", Cloudtrail, Some("CreateBackupPlan"), SSO, None),
    ("delete-backup-plan", Cloudtrail, Some("DeleteBackupPlan"), SCRIPT, None),
    ("create-backup-selection", Cloudtrail, Some("CreateBackupSelection"), CI, None),
    ("delete-backup-selection", Cloudtrail, Some("DeleteBackupSelection"), SCRIPT, None),
    ("tag-resource", Cloudtrail, Some("TagResource"), SSO, None),
    ("untag-resource", Cloudtrail, Some("UntagResource"), CI, None),
    ("schedule-key-deletion", Cloudtrail, Some("ScheduleKeyDeletion"), ON_CALL, None),
    ("disable-key", Cloudtrail, Some("DisableKey"), SCRIPT, None),
    ("disable-key-rotation", Cloudtrail, Some("DisableKeyRotation"), SSO, None),
    ("put-key-policy", Cloudtrail, Some("PutKeyPolicy"), ON_CALL, None),
    ("update-alias", Cloudtrail, Some("UpdateAlias"), SSO, None),
    ("delete-alias", Cloudtrail, Some("DeleteAlias"), SCRIPT, None),
    ("detach-role-policy", Cloudtrail, Some("DetachRolePolicy"), SSO, None),
    ("attach-role-policy", Cloudtrail, Some("AttachRolePolicy"), SCRIPT, None),
    ("update-assume-role-policy", Cloudtrail, Some("UpdateAssumeRolePolicy"), CI, None),
    ("put-role-policy", Cloudtrail, Some("PutRolePolicy"), SCRIPT, None),
    ("put-role-permissions-boundary", Cloudtrail, Some("PutRolePermissionsBoundary"), SSO, None),
    ("delete-role", Cloudtrail, Some("DeleteRole"), Some(":root"), None),
    ("backup-selection-deleted-due-to-slr-deletion", Cloudtrail, Some("BackupSelectionDeletedDueToSLRDeletion"), Some("backup.amazonaws.com"), None),
    ("process-backup-plan-selection-failed", Cloudtrail, Some("ProcessBackupPlanSelection"), Some("backup.amazonaws.com"), None),
    ("delete-recovery-point", Cloudtrail, Some("DeleteRecoveryPoint"), SCRIPT, Some(Skip::RecoveryPoint)),
    ("update-recovery-point-lifecycle", Cloudtrail, Some("UpdateRecoveryPointLifecycle"), CI, Some(Skip::RecoveryPoint)),
    ("disassociate-recovery-point", Cloudtrail, Some("DisassociateRecoveryPoint"), ON_CALL, Some(Skip::RecoveryPoint)),
    ("delivered-by-sns", Cloudtrail, Some("DeleteBackupVaultAccessPolicy"), SSO, None),
    ("delivered-by-sqs", Cloudtrail, Some("UpdateBackupPlan"), CI, None),
    ("delivered-by-own-topic", Manual, None, None, Some(Skip::OwnMessage)),
    ("delete-backup-vault-denied", Cloudtrail, Some("DeleteBackupVault"), SCRIPT, Some(Skip::FailedCall)),
    ("delete-backup-vault-lock-configuration-refused", Cloudtrail, Some("DeleteBackupVaultLockConfiguration"), ON_CALL, Some(Skip::FailedCall)),
    ("put-backup-vault-access-policy-by-drift-healer", Cloudtrail, Some("PutBackupVaultAccessPolicy"), OWN, Some(Skip::OwnCall)),
    ("enable-key-rotation-by-drift-healer-with-path", Cloudtrail, Some("EnableKeyRotation"), OWN, Some(Skip::OwnCall)),
    ("backup-vault-state-change-modified", Backup, Some("Backup Vault State Change MODIFIED"), None, None),
    ("backup-vault-state-change-deleted", Backup, Some("Backup Vault State Change DELETED"), None, None),
    ("backup-plan-state-change-modified", Backup, Some("Backup Plan State Change MODIFIED"), None, None),
    ("backup-plan-state-change-deleted", Backup, Some("Backup Plan State Change DELETED"), None, None),
    ("region-setting-state-change-modified", Backup, Some("Region Setting State Change MODIFIED"), None, None),
];
const JOB: Row = (
    "backup-job-state-change-completed",
    Backup,
    Some("Backup Job State Change COMPLETED"),
    None,
    Some(Skip::JobEvent),
);

fn rows() -> impl Iterator<Item = Row> {
    EVENTS.into_iter().chain([JOB])
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../events")
}

fn event(name: &str) -> Value {
    let path = folder().join(format!("{name}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("a file of JSON")
}

/// The decision as the handler makes it, for a function whose role is drift-healer.
fn skip(trigger: &Trigger) -> Option<Skip> {
    let own = RoleName::of_assumed_role("arn:aws:sts::123456789012:assumed-role/drift-healer/drift-healer");
    assert!(own.is_some());
    if trigger.topic.as_deref() == Some("arn:aws:sns:us-east-1:123456789012:drift-healer") {
        return Some(Skip::OwnMessage);
    }
    trigger.skip.or_else(|| (role(trigger).is_some() && role(trigger) == own).then_some(Skip::OwnCall))
}

/// A payload with one event in it.
fn classify(payload: Value) -> Trigger {
    let mut events = trigger::classify(payload);
    assert_eq!(events.len(), 1);
    events.remove(0)
}

fn role(trigger: &Trigger) -> Option<RoleName> {
    trigger.call.as_ref()?.role.clone()
}

#[test]
fn every_file_of_events_is_told_for_what_it_is() {
    for (file, kind, name, actor, skipped) in rows() {
        let payload = event(file);
        let trigger = classify(payload.clone());
        assert_eq!(trigger.kind, kind, "{file}");
        assert_eq!(trigger.event.as_deref(), name, "{file}");
        match (trigger.actor.as_deref(), actor) {
            (None, None) => {}
            (Some(told), Some(end)) => assert!(told.ends_with(end), "{file}: {told}"),
            other => panic!("{file}: {other:?}"),
        }
        assert_eq!(skip(&trigger), skipped, "{file}");
        let payload = inside(payload);
        assert_eq!(trigger.id.as_deref(), payload["id"].as_str(), "{file}");
        assert_eq!(trigger.time.as_deref(), payload["time"].as_str(), "{file}");
        assert_eq!(trigger.source_ip.as_deref(), payload["detail"]["sourceIPAddress"].as_str(), "{file}");
    }
}

/// What an envelope of SNS, or of SNS by way of SQS, holds.
fn inside(payload: Value) -> Value {
    let record = &payload["Records"][0];
    let read = |text: &Value| serde_json::from_str::<Value>(text.as_str().expect("a text")).expect("JSON");
    if record["Sns"].is_object() {
        read(&record["Sns"]["Message"])
    } else if record["body"].is_string() {
        read(&read(&record["body"])["Message"])
    } else {
        payload
    }
}

#[test]
fn no_file_of_events_is_missing_here() {
    let files: BTreeSet<String> = fs::read_dir(folder())
        .expect("the folder of events")
        .filter_map(|entry| {
            entry.ok()?.file_name().into_string().ok()?.strip_suffix(".json").map(str::to_owned)
        })
        .collect();
    assert_eq!(rows().map(|row| row.0.to_owned()).collect::<BTreeSet<_>>(), files);
}

#[test]
fn a_payload_may_ask_for_a_mode_wherever_an_operator_would_write_it() {
    let asked = |payload: Value| classify(payload).asked;
    assert_eq!(asked(event("manual-report")), AskedMode::Known(Mode::Report));
    assert_eq!(asked(event("manual-repair")), AskedMode::Known(Mode::Repair));
    assert_eq!(asked(event("schedule-explicit")), AskedMode::Deployed);
    let schedule = |detail: Value| json!({ "source": "aws.scheduler", "detail-type": "Scheduled Event", "detail": detail });
    assert_eq!(asked(schedule(json!({ "mode": "report" }))), AskedMode::Known(Mode::Report));
    assert_eq!(asked(schedule(json!("{\"mode\":\"report\"}"))), AskedMode::Known(Mode::Report));
    let mut above = schedule(json!({ "mode": "repair" }));
    above["mode"] = json!("report");
    assert_eq!(asked(above), AskedMode::Known(Mode::Report));
    assert_eq!(asked(json!({ "mode": null })), AskedMode::Deployed);
    assert_eq!(asked(json!({ "mode": "destroy" })), AskedMode::Unknown("\"destroy\"".to_owned()));
    assert_eq!(asked(json!({ "mode": ["repair"] })), AskedMode::Unknown("[\"repair\"]".to_owned()));
}

#[test]
fn any_json_is_a_run_by_hand_unless_it_is_known() {
    let deep = (0..100).fold(json!("{}"), |inner, _| json!([inner]));
    let strings = (0..8).fold("{}".to_owned(), |inner, _| json!({ "detail": inner }).to_string());
    let odd = [
        Value::Null,
        json!(true),
        json!(-1.5e300),
        json!(""),
        json!(strings),
        json!([]),
        deep,
        json!({ "source": 1, "detail-type": {}, "detail": [] }),
        json!({ "source": "aws.backup" }),
        json!({ "source": "com.example", "detail-type": "deployed", "detail": {} }),
        json!({ "Records": [{ "eventSource": "aws:sqs", "body": "x".repeat(500_000) }] }),
    ];
    for payload in odd {
        let trigger = classify(payload);
        assert_eq!((trigger.kind, trigger.skip, trigger.asked), (Manual, None, AskedMode::Deployed));
    }
}

#[test]
fn only_who_surely_waits_is_a_person() {
    let waits = |payload: Value| classify(payload).by_a_person;
    for payload in [json!({}), json!({ "mode": "report" }), json!({ "mode": "repair" }), json!({ "mode": 5 })]
    {
        assert!(waits(payload.clone()), "{payload}");
    }
    for payload in [
        json!({ "myField": "x" }),
        json!({ "mode": null }),
        json!(null),
        json!([]),
        json!("{}"),
        json!({ "source": "com.example", "detail-type": "deployed", "detail": { "mode": "report" } }),
        json!({ "version": "2.0", "requestContext": { "http": {} }, "body": "{}" }),
        event("schedule-default"),
        event("delete-role"),
    ] {
        assert!(!waits(payload.clone()), "{payload}");
    }
}

#[test]
fn envelopes_are_taken_off_however_many_there_are() {
    let change = event("delete-role");
    let text = |value: &Value| json!(value.to_string());
    let sns = |inner: &Value| json!({ "Type": "Notification", "TopicArn": "arn:aws:sns:us-east-1:123456789012:t", "Message": text(inner) });
    let by_sns = |inner: &Value| json!({ "Records": [{ "EventSource": "aws:sns", "Sns": sns(inner) }] });
    let by_sqs = |body: &Value| json!({ "Records": [{ "eventSource": "aws:sqs", "body": text(body) }] });
    let failed = |inner: &Value| json!({ "version": "1.0", "requestContext": { "condition": "RetriesExhausted" }, "requestPayload": inner, "responsePayload": {} });
    for payload in [
        by_sns(&change),
        by_sqs(&change),
        by_sqs(&sns(&change)),
        json!([{ "eventSource": "aws:sqs", "body": text(&change) }]),
        json!([change]),
        failed(&change),
        by_sqs(&failed(&by_sns(&change))),
    ] {
        let trigger = classify(payload.clone());
        assert_eq!((trigger.kind, trigger.event.as_deref()), (Cloudtrail, Some("DeleteRole")), "{payload}");
    }
    // A person's wish is one in any envelope.
    assert!(classify(by_sqs(&json!({ "mode": "report" }))).by_a_person);
    // Others send records too, and a message need not be JSON.
    for payload in [
        json!({ "Records": [{ "eventSource": "aws:s3", "s3": {} }] }),
        json!({ "Records": [] }),
        json!({ "Records": "none" }),
        json!({ "Records": [{ "eventSource": "aws:sqs" }] }),
        by_sqs(&json!("hello")),
        json!({ "Records": [{ "EventSource": "aws:sns", "Sns": {} }] }),
    ] {
        let trigger = classify(payload.clone());
        assert_eq!((trigger.kind, trigger.by_a_person, trigger.skip), (Manual, false, None), "{payload}");
    }
}

#[test]
fn a_batch_is_all_of_its_events() {
    let body = |name: &str| json!({ "eventSource": "aws:sqs", "body": event(name).to_string() });
    let names = ["delete-backup-vault-denied", "delete-role", "delete-recovery-point"];
    let events = trigger::classify(json!({ "Records": names.map(body) }));
    let skips: Vec<_> = events.iter().map(|one| one.skip).collect();
    assert_eq!(skips, [Some(Skip::FailedCall), None, Some(Skip::RecoveryPoint)]);
}

/// An answer of the function has a mode in it, and by raw delivery nothing but the answer arrives.
#[test]
fn a_report_of_drift_healer_is_known_for_one() {
    let report = json!({ "verdict": "drifted", "mode": "repair", "account": "123456789012", "spec": { "name": "n", "sha256": "00" },
        "trigger": { "kind": "manual" }, "findings": [], "calls": [], "passes": 1 });
    let queued = json!({ "Records": [{ "eventSource": "aws:sqs", "body": report.to_string() }] });
    for payload in [report, queued] {
        let trigger = classify(payload);
        assert_eq!((trigger.skip, trigger.by_a_person), (Some(Skip::OwnMessage), false));
    }
}

#[test]
fn what_aws_tells_of_its_own_work_is_no_refused_call() {
    let mut told = event("process-backup-plan-selection-failed");
    assert_eq!(classify(told.clone()).skip, None);
    // By either of its two marks.
    told["detail"]["eventType"] = Value::Null;
    assert_eq!(classify(told.clone()).skip, None);
    told["detail-type"] = json!("AWS API Call via CloudTrail");
    assert_eq!(classify(told.clone()).skip, Some(Skip::FailedCall));
    told["detail"]["eventType"] = json!("AwsServiceEvent");
    assert_eq!(classify(told).skip, None);
}

#[test]
fn a_change_stays_a_change_however_little_of_it_arrives() {
    let change = |detail: Value| {
        let payload = json!({ "source": "aws.kms", "detail-type": "AWS API Call via CloudTrail", "id": 7, "time": "soon",
            "resources": "none", "detail": detail });
        let trigger = classify(payload);
        assert_eq!((trigger.kind, trigger.skip, trigger.id.clone()), (Cloudtrail, None, None));
        trigger
    };
    for detail in [
        json!(null),
        json!("truncated {"),
        json!([]),
        json!({ "userIdentity": null }),
        json!({ "errorCode": null }),
    ] {
        assert_eq!(change(detail).actor, None);
    }
    let mfa = change(
        json!({ "userIdentity": { "type": "IAMUser", "userName": "ann", "sessionContext": { "sessionIssuer": {} } } }),
    );
    assert_eq!((mfa.actor.as_deref(), role(&mfa)), (Some("ann"), None));
    let service =
        change(json!({ "userIdentity": { "type": "AWSService", "invokedBy": "backup.amazonaws.com" } }));
    assert_eq!(service.actor.as_deref(), Some("backup.amazonaws.com"));
    let without = classify(json!({ "source": "aws.backup", "detail-type": "Backup Plan State Change" }));
    assert_eq!((without.kind, without.event.as_deref()), (Backup, Some("Backup Plan State Change")));
}

#[test]
fn what_a_payload_says_is_kept_as_it_is_and_short() {
    let detail = json!({ "eventName": "Delete\nVERDICT: in sync", "sourceIPAddress": "x".repeat(100_000) });
    let trigger = classify(
        json!({ "source": "aws.iam", "detail-type": "AWS API Call via CloudTrail", "detail": detail }),
    );
    assert_eq!(trigger.event.as_deref(), Some("Delete\nVERDICT: in sync"));
    assert_eq!(trigger.source_ip.map(|text| text.len()), Some(512));
}
