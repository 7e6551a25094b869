//! Who did it: each event of `events/` explains the finding that it leads to and no other, and repairs are counted.

mod confirmed;
mod contention;
mod doubts;
mod questions;
mod records;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use reconcile::call::Call;
use reconcile::desired::{DesiredLock, LockMode, Tags};
use reconcile::drift::{
    AliasDrift, Drift, Finding, KeyAccessDrift, KeyDrift, PlanDrift, RightKey, RoleDrift, RuleDrift,
    SelectionDrift, Severity, VaultDrift, VaultLockDrift, VaultPolicyDrift,
};
use reconcile::history::{Principal, RecordedCall, Records, RoleName, Stories, Story};
use reconcile::lock::LockState;
use reconcile::repair::{BlockReason, Review};
use reconcile::report::{Outcome, Report, Reported};
use reconcile::resource::{Kind, ResourceId};
use reconcile::state::Lock;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const NOW: OffsetDateTime = datetime!(2026-11-23 03:00 UTC);
const PRIMARY_KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/4f8a1c52-6d0e-4b97-a3f1-c2e5d7089b64";

fn event(name: &str) -> Value {
    let path = format!("{}/../../events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str::<Value>(&text).unwrap()["detail"].clone()
}

/// A minute before the run.
fn write(name: &str) -> RecordedCall {
    let mut record = event(name);
    record["eventTime"] = json!(written(NOW - Duration::MINUTE));
    RecordedCall::parse(&record).unwrap_or_else(|| panic!("{name} is no record"))
}

fn written(time: OffsetDateTime) -> String {
    time.format(&Rfc3339).unwrap()
}

fn regional(kind: Kind, name: &str) -> ResourceId {
    ResourceId::regional(kind, "us-east-1", name)
}

fn found(resource: ResourceId, drift: Drift, call: Option<Call>) -> Reported {
    Reported {
        finding: Finding { resource, drift },
        outcome: if call.is_some() {
            Outcome::Repaired
        } else {
            Outcome::Blocked(BlockReason::NeedsReview(Review::ItsKind))
        },
        calls: call.into_iter().collect(),
        immutable_at: None,
        seen_at: NOW,
        repaired_at: None,
    }
}

fn report(findings: Vec<Reported>) -> Report {
    Report {
        findings,
        calls: Vec::new(),
        passes: 1,
        at: Some(NOW),
        plans: BTreeMap::new(),
        ..Report::default()
    }
}

fn lock() -> Lock {
    Lock { locked: true, lock_date: Some(NOW), ..Lock::default() }
}

const DESIRED_LOCK: DesiredLock = DesiredLock {
    mode: LockMode::Compliance { changeable_for_days: 3 },
    min_retention_days: None,
    max_retention_days: None,
};

/// A file of `events/`, and a finding that it leads to.
fn led_to() -> Vec<(&'static str, ResourceId, Drift)> {
    let s = str::to_owned;
    let policy = |name| regional(Kind::VaultPolicy, name);
    let lock_of = |name| regional(Kind::VaultLock, name);
    let role = || ResourceId::role("aws_backup_role");
    let key = || regional(Kind::Key, "alias/aws_backup_key");
    let pending =
        |arn: &str| Drift::Key(KeyDrift::PendingDeletion { key_arn: arn.to_owned(), deletion_at: None });
    let key_of = |file: &str| {
        let detail = event(file);
        detail["resources"][0]["ARN"].as_str().unwrap().to_owned()
    };
    vec![
        (
            "put-backup-vault-access-policy",
            policy("vault_prod_daily"),
            Drift::VaultPolicy(VaultPolicyDrift::Weakened {
                no_longer_denied: BTreeSet::new(),
                expected: s(""),
                observed: s(""),
            }),
        ),
        (
            "delete-backup-vault-access-policy",
            policy("vault_prod_daily"),
            Drift::VaultPolicy(VaultPolicyDrift::Missing { expected: s("") }),
        ),
        (
            "delete-backup-vault-access-policy-from-dr",
            ResourceId::regional(Kind::VaultPolicy, "us-west-2", "vault_disaster_recovery"),
            Drift::VaultPolicy(VaultPolicyDrift::Missing { expected: s("") }),
        ),
        (
            "put-backup-vault-lock-configuration",
            lock_of("vault_prod_monthly"),
            Drift::VaultLock(VaultLockDrift::DateTooFar {
                expected: DESIRED_LOCK,
                observed: lock(),
                state: LockState::Grace { until: NOW },
            }),
        ),
        (
            "delete-backup-vault-lock-configuration",
            lock_of("vault_prod_hourly"),
            Drift::VaultLock(VaultLockDrift::Missing { expected: DESIRED_LOCK }),
        ),
        (
            "delete-backup-vault",
            regional(Kind::Vault, "vault_prod_monthly"),
            Drift::Vault(VaultDrift::Missing { key: RightKey::Unknown }),
        ),
        // The vault is made again by us, and then lacks what went with it.
        (
            "delete-backup-vault",
            lock_of("vault_prod_monthly"),
            Drift::VaultLock(VaultLockDrift::Missing { expected: DESIRED_LOCK }),
        ),
        (
            "create-backup-vault",
            regional(Kind::Vault, "vault_prod_monthly"),
            Drift::Vault(VaultDrift::KeyDiffers { expected: None, candidates: Vec::new(), observed: s("") }),
        ),
        (
            "update-backup-plan",
            regional(Kind::Plan, "prod_backups"),
            Drift::Rule(RuleDrift::RetentionDiffers {
                rule: s("daily"),
                expected: Some(30),
                observed: Some(7),
            }),
        ),
        (
            "create-backup-plan",
            regional(Kind::Plan, "ec2_prod_backups"),
            Drift::Plan(PlanDrift::Ambiguous {
                plan_ids: Vec::new(),
                differences: Default::default(),
                selects: true,
            }),
        ),
        (
            "create-backup-selection",
            ResourceId::selection("us-east-1", "prod_backups", "all_except_ec2_and_s3"),
            Drift::Selection(SelectionDrift::Ambiguous { right: None, wrong: Vec::new() }),
        ),
        ("schedule-key-deletion", key(), pending(&key_of("schedule-key-deletion"))),
        (
            "disable-key",
            ResourceId::regional(Kind::Key, "us-west-2", "alias/aws_backup_key"),
            Drift::Key(KeyDrift::Disabled { key_arn: key_of("disable-key") }),
        ),
        (
            "disable-key-rotation",
            key(),
            Drift::Key(KeyDrift::RotationOff { key_arn: key_of("disable-key-rotation"), period_days: None }),
        ),
        (
            "put-key-policy",
            key(),
            Drift::KeyAccess(KeyAccessDrift::PolicyDiffers {
                key_arn: key_of("put-key-policy"),
                who: Vec::new(),
                expected: s(""),
                observed: s(""),
            }),
        ),
        (
            "update-alias",
            regional(Kind::Alias, "alias/aws_backup_key"),
            Drift::Alias(AliasDrift::TargetDiffers {
                expected: None,
                observed: s(""),
                candidates: Vec::new(),
            }),
        ),
        (
            "delete-alias",
            regional(Kind::Alias, "alias/aws_backup_key"),
            Drift::Alias(AliasDrift::Missing { key_arn: None, candidates: Vec::new() }),
        ),
        (
            "detach-role-policy",
            role(),
            Drift::Role(RoleDrift::PolicyDetached {
                policy_arn: s("arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"),
            }),
        ),
        (
            "attach-role-policy",
            role(),
            Drift::Role(RoleDrift::PolicyUnexpected {
                policy_arn: event("attach-role-policy")["requestParameters"]["policyArn"]
                    .as_str()
                    .unwrap()
                    .to_owned(),
            }),
        ),
        (
            "update-assume-role-policy",
            role(),
            Drift::Role(RoleDrift::TrustDiffers { expected: s(""), observed: s("") }),
        ),
        (
            "put-role-policy",
            role(),
            Drift::Role(RoleDrift::InlinePolicyUnexpected {
                policy: event("put-role-policy")["requestParameters"]["policyName"]
                    .as_str()
                    .unwrap()
                    .to_owned(),
            }),
        ),
        (
            "put-role-permissions-boundary",
            role(),
            Drift::Role(RoleDrift::BoundaryUnexpected { boundary_arn: s("") }),
        ),
        ("delete-role", role(), Drift::Role(RoleDrift::Missing { arn: s("") })),
        (
            "untag-resource",
            regional(Kind::Plan, "prod_backups"),
            Drift::Plan(PlanDrift::TagsDiffer { arn: s(""), expected: Tags::new(), observed: Tags::new() }),
        ),
        (
            "tag-resource",
            regional(Kind::Vault, "vault_prod_daily"),
            Drift::Vault(VaultDrift::TagsDiffer { arn: s(""), expected: Tags::new(), observed: Tags::new() }),
        ),
        (
            "delete-backup-selection",
            ResourceId::selection("us-east-1", "ec2_prod_backups", "all_ec2"),
            Drift::Selection(SelectionDrift::Missing),
        ),
        ("delete-backup-plan", regional(Kind::Plan, "ec2_prod_backups"), Drift::Plan(PlanDrift::Missing)),
    ]
}

/// The plans of the events by id, as a run would have seen them.
fn seen_plans() -> BTreeMap<String, ResourceId> {
    let id = |file: &str| event(file)["requestParameters"]["backupPlanId"].as_str().unwrap().to_owned();
    let tagged = event("untag-resource")["requestParameters"]["resourceArn"].as_str().unwrap().to_owned();
    let tagged = tagged.rsplit(':').next().unwrap().to_owned();
    BTreeMap::from([
        (id("update-backup-plan"), regional(Kind::Plan, "prod_backups")),
        (id("create-backup-selection"), regional(Kind::Plan, "prod_backups")),
        (tagged, regional(Kind::Plan, "prod_backups")),
        (id("delete-backup-selection"), regional(Kind::Plan, "ec2_prod_backups")),
        (id("delete-backup-plan"), regional(Kind::Plan, "ec2_prod_backups")),
    ])
}

/// The call that gave the selection of `delete-backup-selection` its name, long ago.
fn made_selection() -> RecordedCall {
    let deleted = event("delete-backup-selection");
    let mut record = event("create-backup-selection");
    record["eventTime"] = json!("2026-09-01T00:00:00Z");
    record["requestParameters"]["backupPlanId"] = deleted["requestParameters"]["backupPlanId"].clone();
    record["requestParameters"]["backupSelection"]["selectionName"] = json!("all_ec2");
    record["responseElements"] = json!({ "selectionId": deleted["requestParameters"]["selectionId"] });
    RecordedCall::parse(&record).unwrap()
}

/// A report and what the history tells of it.
struct Told {
    report: Report,
    stories: Stories,
}

impl Told {
    /// The story of the first finding.
    fn story(&self) -> &Story {
        self.stories.of(&self.report.findings[0])
    }
}

fn explained(calls: &[RecordedCall], own: Option<&Principal>, report: Report) -> Told {
    explained_with(calls, &[], own, report)
}

/// The same with what the invocation tells.
fn explained_with(
    calls: &[RecordedCall],
    told: &[RecordedCall],
    own: Option<&Principal>,
    report: Report,
) -> Told {
    let account = "123456789012";
    let stories = Records { calls, told, account, own, is_complete: true, started: NOW }.stories(&report);
    Told { report, stories }
}

#[test]
fn each_event_explains_the_finding_that_it_leads_to() {
    for (file, resource, drift) in led_to() {
        let mut one = report(vec![found(resource.clone(), drift, None)]);
        one.plans = seen_plans();
        let told = explained(&[write(file), made_selection()], Some(&own()), one);
        let attribution = told.story().attribution.as_ref();
        let attribution = attribution.unwrap_or_else(|| panic!("{file} does not explain {resource}"));
        assert_eq!(attribution.call.actor, write(file).actor, "{file}");
        assert!(attribution.is_certain(), "{file}");
    }
}

/// A resource of another name, and of another plan.
fn another(resource: &ResourceId) -> ResourceId {
    let plan = resource.plan.as_ref().map(|_| "another_plan".to_owned());
    ResourceId { name: "another".to_owned(), plan, ..resource.clone() }
}

#[test]
fn no_event_explains_what_is_elsewhere() {
    for (file, resource, drift) in led_to() {
        let mut other_drift = drift.clone();
        if let Drift::Key(KeyDrift::PendingDeletion { key_arn, .. })
        | Drift::Key(KeyDrift::Disabled { key_arn })
        | Drift::Key(KeyDrift::RotationOff { key_arn, .. })
        | Drift::KeyAccess(KeyAccessDrift::PolicyDiffers { key_arn, .. }) = &mut other_drift
        {
            *key_arn = PRIMARY_KEY.replace("4f8a", "0000");
        }
        let elsewhere = ResourceId { region: Some("eu-west-1".to_owned()), ..resource.clone() };
        let mut all = vec![found(another(&resource), other_drift, None)];
        if resource.kind != Kind::Role {
            all.push(found(elsewhere, drift, None));
        }
        let mut one = report(all);
        one.plans = seen_plans();
        let told = explained(&[write(file)], None, one);
        assert!(
            told.report.findings.iter().all(|one| told.stories.of(one).attribution.is_none()),
            "{file} explains {:#?}",
            told.stories
        );
    }
}

fn put_policy() -> Call {
    Call::PutBackupVaultAccessPolicy {
        region: "us-east-1".to_owned(),
        vault: "vault_prod_daily".to_owned(),
        policy: String::new(),
    }
}

fn policy_gone() -> Report {
    let resource = regional(Kind::VaultPolicy, "vault_prod_daily");
    report(vec![found(
        resource,
        Drift::VaultPolicy(VaultPolicyDrift::Missing { expected: String::new() }),
        Some(put_policy()),
    )])
}

fn at(name: &str, before: Duration, id: &str) -> RecordedCall {
    let mut record = event(name);
    record["requestParameters"]["backupVaultName"] = json!("vault_prod_daily");
    record["eventTime"] = json!(written(NOW - before));
    record["eventID"] = json!(id);
    if name.ends_with("by-drift-healer") {
        record["userAgent"] = json!("aws-sdk-rust/1.3.14 os/linux lang/rust/1.95.0 app/drift-healer");
    }
    RecordedCall::parse(&record).unwrap()
}

/// The same call by somebody of this name.
fn by(actor: &str, name: &str, before: Duration, id: &str) -> RecordedCall {
    let mut write = at(name, before, id);
    write.actor = Some(actor.to_owned());
    write
}

fn own() -> Principal {
    Principal::of_caller("arn:aws:sts::123456789012:assumed-role/drift-healer/drift-healer")
}

const OURS: &str = "put-backup-vault-access-policy-by-drift-healer";
const THEIRS: &str = "delete-backup-vault-access-policy";

#[test]
fn what_came_after_the_look_and_what_was_refused_explains_nothing() {
    let later = at(THEIRS, Duration::minutes(-1), "a");
    let mut refused = event(THEIRS);
    refused["errorCode"] = json!("AccessDenied");
    let told = explained(&[later, RecordedCall::parse(&refused).unwrap()], None, policy_gone());
    assert_eq!(told.story().attribution, None);
}

#[test]
fn our_role_in_somebodys_shell_is_somebody() {
    let mut record = event(OURS);
    record["eventName"] = json!("DeleteBackupVaultAccessPolicy");
    record["requestParameters"] = json!({ "backupVaultName": "vault_prod_daily" });
    record["userAgent"] = json!("aws-cli/2.32.4 md/command#backup.delete-backup-vault-access-policy");
    let told = explained(&[RecordedCall::parse(&record).unwrap()], Some(&own()), policy_gone());
    let attribution = told.story().attribution.as_ref().expect("a thief");
    assert_eq!(
        attribution.call.role,
        Some(RoleName { account: "123456789012".into(), name: "drift-healer".into() })
    );
    record["userAgent"] = json!("aws-sdk-rust/1.3.14 app/drift-healer");
    let told = explained(&[RecordedCall::parse(&record).unwrap()], Some(&own()), policy_gone());
    assert_eq!(told.story().attribution, None);
}
