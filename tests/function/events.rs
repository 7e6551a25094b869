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
const EVENTS: [Row; 43] = [
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
        assert_eq!(trigger.id.as_deref(), payload["id"].as_str(), "{file}");
        assert_eq!(trigger.time.as_deref(), payload["time"].as_str(), "{file}");
        assert_eq!(trigger.source_ip.as_deref(), payload["detail"]["sourceIPAddress"].as_str(), "{file}");
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
