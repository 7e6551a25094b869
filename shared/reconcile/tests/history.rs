//! Who did it: each event of `events/` explains the finding that it leads to and no other, and repairs are counted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "this is a test")]

use std::collections::{BTreeMap, BTreeSet};

use reconcile::call::Call;
use reconcile::desired::{DesiredLock, LockMode, Tags};
use reconcile::drift::{Drift, Finding, Severity};
use reconcile::history::{Client, Explained, Principal, Question, RoleName, Write, questions};
use reconcile::repair::BlockReason;
use reconcile::report::{Outcome, Report, Reported};
use reconcile::resource::{Kind, ResourceId};
use reconcile::state::Lock;
use serde_json::{Value, json};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const NOW: OffsetDateTime = datetime!(2026-11-23 03:00 UTC);
const PRIMARY_KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/4f8a1c52-6d0e-4b97-a3f1-c2e5d7089b64";

fn event(name: &str) -> Value {
    let path = format!("{}/../../events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str::<Value>(&text).unwrap()["detail"].clone()
}

fn write(name: &str) -> Write {
    Write::parse(&event(name)).unwrap_or_else(|| panic!("{name} is no record"))
}

fn regional(kind: Kind, name: &str) -> ResourceId {
    ResourceId::regional(kind, "us-east-1", name)
}

fn found(resource: ResourceId, drift: Drift, call: Option<Call>) -> Reported {
    Reported {
        finding: Finding { resource, drift },
        outcome: Outcome::Blocked(BlockReason::NeedsReview),
        calls: call.into_iter().collect(),
        immutable_at: None,
        seen_at: NOW,
        repaired_at: None,
        attribution: None,
        contention: None,
    }
}

fn report(findings: Vec<Reported>) -> Report {
    Report {
        findings,
        calls: Vec::new(),
        passes: 1,
        at: Some(NOW),
        plans: BTreeMap::new(),
        notes: Vec::new(),
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
    let pending = |arn: &str| Drift::KeyPendingDeletion { key_arn: arn.to_owned(), deletion_at: None };
    let key_of = |file: &str| {
        let detail = event(file);
        detail["resources"][0]["ARN"].as_str().unwrap().to_owned()
    };
    vec![
        (
            "put-backup-vault-access-policy",
            policy("vault_prod_daily"),
            Drift::VaultPolicyWeakened {
                no_longer_denied: BTreeSet::new(),
                expected: s(""),
                observed: s(""),
            },
        ),
        (
            "delete-backup-vault-access-policy",
            policy("vault_prod_daily"),
            Drift::VaultPolicyMissing { expected: s("") },
        ),
        (
            "delete-backup-vault-access-policy-from-dr",
            ResourceId::regional(Kind::VaultPolicy, "us-west-2", "vault_disaster_recovery"),
            Drift::VaultPolicyMissing { expected: s("") },
        ),
        (
            "put-backup-vault-lock-configuration",
            lock_of("vault_prod_monthly"),
            Drift::LockDateTooFar { expected: DESIRED_LOCK, observed: lock(), observed_mode: "compliance" },
        ),
        (
            "delete-backup-vault-lock-configuration",
            lock_of("vault_prod_hourly"),
            Drift::LockMissing { expected: DESIRED_LOCK },
        ),
        (
            "delete-backup-vault",
            regional(Kind::Vault, "vault_prod_monthly"),
            Drift::VaultMissing { key_arn: None },
        ),
        // The vault is made again by us, and then lacks what went with it.
        ("delete-backup-vault", lock_of("vault_prod_monthly"), Drift::LockMissing { expected: DESIRED_LOCK }),
        (
            "create-backup-vault",
            regional(Kind::Vault, "vault_prod_monthly"),
            Drift::VaultKeyDiffers { expected: None, candidates: Vec::new(), observed: s("") },
        ),
        (
            "update-backup-plan",
            regional(Kind::Plan, "prod_backups"),
            Drift::RetentionDiffers { rule: s("daily"), expected: Some(30), observed: Some(7) },
        ),
        (
            "create-backup-plan",
            regional(Kind::Plan, "ec2_prod_backups"),
            Drift::PlanAmbiguous { plan_ids: Vec::new() },
        ),
        (
            "create-backup-selection",
            regional(Kind::Selection, "prod_backups/all_except_ec2_and_s3"),
            Drift::SelectionAmbiguous { right: None, wrong: Vec::new() },
        ),
        ("schedule-key-deletion", key(), pending(&key_of("schedule-key-deletion"))),
        (
            "disable-key",
            ResourceId::regional(Kind::Key, "us-west-2", "alias/aws_backup_key"),
            Drift::KeyDisabled { key_arn: key_of("disable-key") },
        ),
        (
            "disable-key-rotation",
            key(),
            Drift::RotationOff { key_arn: key_of("disable-key-rotation"), period_days: None },
        ),
        (
            "put-key-policy",
            key(),
            Drift::KeyPolicyDiffers { key_arn: key_of("put-key-policy"), expected: s(""), observed: s("") },
        ),
        (
            "update-alias",
            regional(Kind::Alias, "alias/aws_backup_key"),
            Drift::AliasTargetDiffers { expected: None, observed: s(""), candidates: Vec::new() },
        ),
        (
            "delete-alias",
            regional(Kind::Alias, "alias/aws_backup_key"),
            Drift::AliasMissing { key_arn: None, candidates: Vec::new() },
        ),
        (
            "detach-role-policy",
            role(),
            Drift::PolicyDetached {
                policy_arn: s("arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"),
            },
        ),
        (
            "attach-role-policy",
            role(),
            Drift::PolicyUnexpected {
                policy_arn: event("attach-role-policy")["requestParameters"]["policyArn"]
                    .as_str()
                    .unwrap()
                    .to_owned(),
            },
        ),
        ("update-assume-role-policy", role(), Drift::TrustDiffers { expected: s(""), observed: s("") }),
        (
            "put-role-policy",
            role(),
            Drift::InlinePolicyUnexpected {
                policy: event("put-role-policy")["requestParameters"]["policyName"]
                    .as_str()
                    .unwrap()
                    .to_owned(),
            },
        ),
        ("put-role-permissions-boundary", role(), Drift::BoundaryUnexpected { boundary_arn: s("") }),
        ("delete-role", role(), Drift::RoleMissing { arn: s("") }),
        (
            "untag-resource",
            regional(Kind::Plan, "prod_backups"),
            Drift::PlanTagsDiffer { arn: s(""), expected: Tags::new(), observed: Tags::new() },
        ),
        (
            "tag-resource",
            regional(Kind::Vault, "vault_prod_daily"),
            Drift::VaultTagsDiffer { arn: s(""), expected: Tags::new(), observed: Tags::new() },
        ),
        (
            "delete-backup-selection",
            regional(Kind::Selection, "ec2_prod_backups/all_ec2"),
            Drift::SelectionMissing,
        ),
        ("delete-backup-plan", regional(Kind::Plan, "ec2_prod_backups"), Drift::PlanMissing),
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

fn explained(writes: &[Write], own: Option<&Principal>, mut report: Report) -> Report {
    Explained { writes, own, started: NOW }.explain(&mut report);
    report
}

#[test]
fn each_event_explains_the_finding_that_it_leads_to() {
    for (file, resource, drift) in led_to() {
        let mut one = report(vec![found(resource.clone(), drift, None)]);
        one.plans = seen_plans();
        let told = explained(&[write(file)], None, one);
        let attribution = told.findings[0].attribution.as_ref();
        let attribution = attribution.unwrap_or_else(|| panic!("{file} does not explain {resource}"));
        assert_eq!(attribution.write.actor, write(file).actor, "{file}");
        assert!(attribution.certain, "{file}");
    }
}

#[test]
fn no_event_explains_what_is_elsewhere() {
    for (file, resource, drift) in led_to() {
        let other_name = match resource.kind {
            Kind::Selection => "another_plan/another",
            _ => "another",
        };
        let mut other_drift = drift.clone();
        if let Drift::KeyPendingDeletion { key_arn, .. }
        | Drift::KeyDisabled { key_arn }
        | Drift::RotationOff { key_arn, .. }
        | Drift::KeyPolicyDiffers { key_arn, .. } = &mut other_drift
        {
            *key_arn = PRIMARY_KEY.replace("4f8a", "0000");
        }
        let elsewhere = ResourceId { region: Some("eu-west-1".to_owned()), ..resource.clone() };
        let mut all =
            vec![found(ResourceId { name: other_name.to_owned(), ..resource.clone() }, other_drift, None)];
        if resource.kind != Kind::Role {
            all.push(found(elsewhere, drift, None));
        }
        let mut one = report(all);
        one.plans = seen_plans();
        let told = explained(&[write(file)], None, one);
        assert!(
            told.findings.iter().all(|one| one.attribution.is_none()),
            "{file} explains {:#?}",
            told.findings
        );
    }
}

#[test]
fn a_deleted_plan_is_known_by_the_call_that_made_it_and_else_only_likely() {
    let deletion = write("delete-backup-plan");
    let missing = || report(vec![found(regional(Kind::Plan, "ec2_prod_backups"), Drift::PlanMissing, None)]);
    let told = explained(std::slice::from_ref(&deletion), None, missing());
    assert!(!told.findings[0].attribution.as_ref().expect("a guess").certain);

    let id = event("delete-backup-plan")["requestParameters"]["backupPlanId"].clone();
    let created = |name: &str| {
        let mut record = event("create-backup-plan");
        record["requestParameters"]["backupPlan"]["backupPlanName"] = json!(name);
        record["responseElements"]["backupPlanId"] = id.clone();
        Write::parse(&record).unwrap()
    };
    let told = explained(&[deletion.clone(), created("ec2_prod_backups")], None, missing());
    assert!(told.findings[0].attribution.as_ref().expect("an actor").certain);
    let told = explained(&[deletion, created("somebody_elses")], None, missing());
    assert_eq!(told.findings[0].attribution, None, "another plan was deleted");
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
    report(vec![found(resource, Drift::VaultPolicyMissing { expected: String::new() }, Some(put_policy()))])
}

fn at(name: &str, before: Duration, id: &str) -> Write {
    let mut record = event(name);
    record["requestParameters"]["backupVaultName"] = json!("vault_prod_daily");
    let time = NOW - before;
    record["eventTime"] = json!(time.format(&time::format_description::well_known::Rfc3339).unwrap());
    record["eventID"] = json!(id);
    if name.ends_with("by-drift-healer") {
        record["userAgent"] = json!("aws-sdk-rust/1.3.14 os/linux lang/rust/1.95.0 app/drift-healer");
    }
    Write::parse(&record).unwrap()
}

fn own() -> Principal {
    Principal::of_caller("arn:aws:sts::123456789012:assumed-role/drift-healer/drift-healer")
}

const OURS: &str = "put-backup-vault-access-policy-by-drift-healer";
const THEIRS: &str = "delete-backup-vault-access-policy";

#[test]
fn from_the_third_repair_within_a_day_on_a_finding_is_contested() {
    let fight = [
        at(THEIRS, Duration::hours(30), "a"),
        at(OURS, Duration::hours(29), "b"),
        at(THEIRS, Duration::hours(6), "c"),
        at(OURS, Duration::hours(5), "d"),
        at(THEIRS, Duration::hours(3), "e"),
        at(OURS, Duration::hours(2), "f"),
        at(THEIRS, Duration::hours(1), "g"),
    ];
    let own = own();
    let told = explained(&fight, Some(&own), policy_gone());
    let one = &told.findings[0];
    let contention = one.contention.as_ref().expect("contested");
    assert_eq!(contention.repairs, 3, "what is older than a day does not count");
    assert_eq!(contention.undone_by.values().copied().collect::<Vec<_>>(), [3]);
    assert_eq!(one.attribution.as_ref().and_then(|it| it.write.id.as_deref()), Some("g"));

    let told = explained(&fight[3..], Some(&own), policy_gone());
    assert!(told.findings[0].contention.is_some());
    let told = explained(&fight[4..], Some(&own), policy_gone());
    assert_eq!(told.findings[0].contention, None, "twice is not yet a fight");
    // The same event twice is one call: once it came by itself, and once out of the history.
    let twice = [&fight[4..], &fight[4..]].concat();
    assert_eq!(explained(&twice, Some(&own), policy_gone()).findings[0].contention, None);
    // Nobody's calls are ours as long as we do not know who we are.
    assert_eq!(explained(&fight, None, policy_gone()).findings[0].contention, None);
}

#[test]
fn contention_raises_the_severity() {
    let fight = [
        at(OURS, Duration::hours(5), "a"),
        at(OURS, Duration::hours(2), "b"),
        at(THEIRS, Duration::hours(1), "c"),
    ];
    let drift = Drift::VaultPolicyDiffers { expected: String::new(), observed: String::new() };
    let resource = regional(Kind::VaultPolicy, "vault_prod_daily");
    let told = explained(&fight, Some(&own()), report(vec![found(resource, drift, Some(put_policy()))]));
    assert_eq!(told.findings[0].finding.drift.severity(), Severity::Medium);
    assert_eq!(told.findings[0].severity(), Severity::High);
    assert_eq!(told.worst(), Some(Severity::High));
}

#[test]
fn this_runs_own_calls_are_no_earlier_repairs() {
    let writes = [
        at(OURS, Duration::ZERO, "a"),
        at(OURS, Duration::seconds(-2), "b"),
        at(THEIRS, Duration::hours(1), "c"),
    ];
    assert_eq!(explained(&writes, Some(&own()), policy_gone()).findings[0].contention, None);
}

#[test]
fn what_our_last_repair_has_undone_explains_nothing() {
    let old = [at(THEIRS, Duration::hours(3), "a"), at(OURS, Duration::hours(2), "b")];
    let told = explained(&old, Some(&own()), policy_gone());
    assert_eq!(told.findings[0].attribution, None, "the new deletion is not in the history yet");
}

#[test]
fn what_came_after_the_look_and_what_was_refused_explains_nothing() {
    let later = at(THEIRS, Duration::minutes(-1), "a");
    let mut refused = event(THEIRS);
    refused["errorCode"] = json!("AccessDenied");
    let told = explained(&[later, Write::parse(&refused).unwrap()], None, policy_gone());
    assert_eq!(told.findings[0].attribution, None);
}

#[test]
fn our_role_in_somebodys_shell_is_somebody() {
    let mut record = event(OURS);
    record["eventName"] = json!("DeleteBackupVaultAccessPolicy");
    record["requestParameters"] = json!({ "backupVaultName": "vault_prod_daily" });
    record["userAgent"] = json!("aws-cli/2.32.4 md/command#backup.delete-backup-vault-access-policy");
    let told = explained(&[Write::parse(&record).unwrap()], Some(&own()), policy_gone());
    let attribution = told.findings[0].attribution.as_ref().expect("a thief");
    assert_eq!(
        attribution.write.role,
        Some(RoleName { account: "123456789012".into(), name: "drift-healer".into() })
    );
    record["userAgent"] = json!("aws-sdk-rust/1.3.14 app/drift-healer");
    let told = explained(&[Write::parse(&record).unwrap()], Some(&own()), policy_gone());
    assert_eq!(told.findings[0].attribution, None);
}

#[test]
fn clients_are_told_by_what_they_say_of_themselves() {
    let with = |agent: &str, invoked_by: Option<&str>, console: bool| {
        let mut record = json!({ "eventName": "UpdateBackupPlan", "userAgent": agent, "userIdentity": {} });
        if let Some(service) = invoked_by {
            record["userIdentity"]["invokedBy"] = json!(service);
        }
        if console {
            record["sessionCredentialFromConsole"] = json!("true");
        }
        Write::parse(&record).unwrap().client()
    };
    for (agent, client) in [
        (
            "APN/1.0 HashiCorp/1.0 Terraform/1.14.0 terraform-provider-aws/6.22.1 aws-sdk-go-v2/1.40.0",
            Client::Terraform,
        ),
        ("APN/1.0 HashiCorp/1.0 OpenTofu/1.10.0 terraform-provider-aws/6.22.1", Client::OpenTofu),
        ("APN/1.0 Pulumi/1.0 (+https://www.pulumi.com) aws-sdk-go-v2/1.40.0", Client::Pulumi),
        ("cloudformation.amazonaws.com", Client::CloudFormation),
        ("aws-cli/2.32.4 md/awscrt#0.28.4 Botocore/1.42", Client::Cli),
        ("Boto3/1.42.3 md/Botocore#1.42.3", Client::Boto3),
        ("Mozilla/5.0 (Macintosh)", Client::Console),
        ("aws-sdk-java/2.30", Client::Sdk),
        ("backup.amazonaws.com", Client::Service),
        ("AWS Internal", Client::Service),
        ("curl/8.0", Client::Unknown),
    ] {
        assert_eq!(with(agent, None, false), client, "{agent}");
    }
    assert_eq!(with("AWS Internal", None, true), Client::Console);
    assert_eq!(with("Mozilla/5.0", Some("cloudformation.amazonaws.com"), false), Client::CloudFormation);
    assert!(Client::Terraform.is_code() && Client::CloudFormation.is_code() && !Client::Console.is_code());
}

fn asked(report: &Report, before: &[&'static str]) -> Vec<&'static str> {
    let before = before.iter().map(|event| Question { region: "us-east-1".to_owned(), event }).collect();
    questions(report, &before, "us-east-1").into_iter().map(|one| one.event).collect()
}

#[test]
fn the_role_is_asked_for_where_iam_records_and_everything_else_where_it_is() {
    let role = found(ResourceId::role("aws_backup_role"), Drift::RoleMissing { arn: String::new() }, None);
    let all = questions(&report(vec![role]), &BTreeSet::new(), "us-gov-west-1");
    assert_eq!(all, BTreeSet::from([Question { region: "us-gov-west-1".to_owned(), event: "DeleteRole" }]));
}

#[test]
fn causes_are_asked_for_one_after_the_other_until_one_explains_it() {
    let gone = policy_gone();
    assert_eq!(asked(&gone, &[]), ["DeleteBackupVaultAccessPolicy", "PutBackupVaultAccessPolicy"]);
    let first = ["DeleteBackupVaultAccessPolicy", "PutBackupVaultAccessPolicy"];
    assert_eq!(asked(&gone, &first), ["DeleteBackupVault"]);
    let explained = explained(&[at(THEIRS, Duration::hours(1), "a")], None, gone);
    assert_eq!(asked(&explained, &[]), ["PutBackupVaultAccessPolicy"], "the event told who, not how often");
    assert_eq!(asked(&explained, &["PutBackupVaultAccessPolicy"]), [""; 0]);
}

#[test]
fn of_a_contested_finding_all_calls_that_undid_it_are_asked_for() {
    let fight = [
        at(OURS, Duration::hours(5), "a"),
        at(OURS, Duration::hours(2), "b"),
        at(THEIRS, Duration::hours(1), "c"),
    ];
    let told = explained(&fight, Some(&own()), policy_gone());
    assert_eq!(asked(&told, &["PutBackupVaultAccessPolicy"]), ["DeleteBackupVaultAccessPolicy"]);
}

#[test]
fn a_deletion_that_names_only_an_id_asks_who_gave_the_name() {
    let missing = report(vec![found(regional(Kind::Plan, "ec2_prod_backups"), Drift::PlanMissing, None)]);
    let told = explained(&[write("delete-backup-plan")], None, missing);
    assert_eq!(asked(&told, &["DeleteBackupPlan"]), ["CreateBackupPlan"]);
    assert_eq!(asked(&told, &["DeleteBackupPlan", "CreateBackupPlan"]), ["UpdateBackupPlan"]);
}

#[test]
fn a_record_of_any_form_costs_no_more_than_what_it_lacks() {
    for record in [json!(null), json!([]), json!("text")] {
        assert_eq!(Write::parse(&record), None);
    }
    let odd = json!({ "eventName": 5, "userIdentity": [], "resources": "none", "requestParameters": "x", "eventTime": "soon" });
    let write = Write::parse(&odd).unwrap();
    assert_eq!((write.event.as_str(), &write.actor, write.time, write.target()), ("", &None, None, None));
    let long = json!({ "eventName": "Delete\nRole", "userAgent": "x".repeat(10_000) });
    let write = Write::parse(&long).unwrap();
    assert_eq!((write.event.as_str(), write.user_agent.map(|agent| agent.len())), ("DeleteRole", Some(512)));
}
