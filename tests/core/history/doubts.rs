//! When it may have been somebody else, or when nobody can be named.

use reconcile::call::CallError;
use reconcile::drift::RegionSettingsDrift;
use reconcile::drift::{Part, unreadable};
use reconcile::history::{Attribution, Doubt, is_explicable};
use reconcile::read::{Read, Refusal};

use super::*;

#[test]
fn a_deleted_plan_is_known_by_the_call_that_made_it_and_else_only_likely() {
    let deletion = write("delete-backup-plan");
    let missing = || {
        report(vec![found(regional(Kind::Plan, "ec2_prod_backups"), Drift::Plan(PlanDrift::Missing), None)])
    };
    let told = explained(std::slice::from_ref(&deletion), Some(&own()), missing());
    assert!(!told.story().attribution.as_ref().expect("a guess").is_certain());

    let id = event("delete-backup-plan")["requestParameters"]["backupPlanId"].clone();
    let created = |name: &str| {
        let mut record = event("create-backup-plan");
        record["requestParameters"]["backupPlan"]["backupPlanName"] = json!(name);
        record["responseElements"]["backupPlanId"] = id.clone();
        RecordedCall::parse(&record).unwrap()
    };
    let told = explained(&[deletion.clone(), created("ec2_prod_backups")], Some(&own()), missing());
    assert!(told.story().attribution.as_ref().expect("an actor").is_certain());
    let told = explained(&[deletion, created("somebody_elses")], Some(&own()), missing());
    assert_eq!(told.story().attribution, None, "another plan was deleted");
}

#[test]
fn what_our_last_repair_has_undone_explains_nothing() {
    let old = [at(THEIRS, Duration::hours(3), "a"), at(OURS, Duration::hours(2), "b")];
    let told = explained(&old, Some(&own()), policy_gone());
    assert_eq!(told.story().attribution, None, "the new deletion is not in the history yet");
}

#[test]
fn a_repair_of_days_ago_has_undone_what_was_done_before_it() {
    let old = [at(THEIRS, Duration::hours(50), "a"), at(OURS, Duration::hours(49), "b")];
    let told = explained(&old, Some(&own()), policy_gone());
    assert_eq!(
        told.story().attribution,
        None,
        "it was deleted again by somebody who is not in the history yet"
    );
}

#[test]
fn who_else_made_such_a_call_within_the_day_before_is_named() {
    let by = |actor: &str, before, id| by(actor, THEIRS, before, id);
    let named = |writes: &[RecordedCall]| {
        let told = explained(writes, Some(&own()), policy_gone());
        let attribution = told.story().attribution.clone().expect("an actor");
        let others: Vec<String> = attribution.others.iter().cloned().collect();
        (attribution.call.actor.clone().unwrap_or_default(), attribution.is_certain(), others)
    };
    let (maria, bob) = (by("maria", Duration::hours(3), "a"), by("bob", Duration::hours(1), "b"));
    let both = ("bob".to_owned(), false, vec!["maria".to_owned()]);
    assert_eq!(named(&[maria.clone(), bob.clone()]), both);
    assert_eq!(named(&[bob.clone(), by("bob", Duration::hours(2), "c")]), ("bob".to_owned(), true, vec![]));
    assert_eq!(
        named(&[by("maria", Duration::hours(30), "a"), bob.clone()]),
        ("bob".to_owned(), true, vec![])
    );
    // What was repaired in between is not there any more.
    assert_eq!(named(&[maria, at(OURS, Duration::hours(2), "c"), bob]), ("bob".to_owned(), true, vec![]));
}

fn only(told: &Told) -> &Attribution {
    told.story().attribution.as_ref().expect("an actor")
}

fn outcome(mut report: Report, outcome: Outcome) -> Report {
    report.findings[0].outcome = outcome;
    report
}

#[test]
fn what_is_left_as_it_is_may_be_there_for_months() {
    // Bob took it away and nobody repaired it; what maria did later changed nothing.
    let calls = [by("bob", THEIRS, Duration::days(40), "a"), by("maria", THEIRS, Duration::minutes(1), "b")];
    let named = |outcome: Outcome, calls: &[RecordedCall]| {
        let told = explained(calls, Some(&own()), self::outcome(policy_gone(), outcome));
        only(&told).others.clone()
    };
    for open in [Outcome::Planned, Outcome::Blocked(BlockReason::OverLimit)] {
        assert_eq!(named(open, &calls), BTreeSet::from(["bob".to_owned()]));
    }
    assert!(named(Outcome::Repaired, &calls).is_empty(), "an earlier run would have repaired it");
    let repaired = [&calls[..], &[at(OURS, Duration::days(39), "c")]].concat();
    assert!(named(Outcome::Planned, &repaired).is_empty());
}

#[test]
fn without_a_call_of_this_run_the_last_repair_counts_too() {
    let old = [at(THEIRS, Duration::hours(3), "a"), at(OURS, Duration::hours(2), "b")];
    for reason in [BlockReason::OverLimit, BlockReason::OutOfTime] {
        let mut open = outcome(policy_gone(), Outcome::Blocked(reason));
        open.findings[0].calls.clear();
        assert_eq!(explained(&old, Some(&own()), open).story().attribution, None);
    }
}

#[test]
fn an_old_call_is_not_certain_and_a_newer_likely_one_goes_before_it() {
    let told = |before| explained(&[at(THEIRS, before, "a")], Some(&own()), policy_gone());
    assert!(only(&told(Duration::hours(1))).is_certain());
    assert_eq!(only(&told(Duration::hours(3))).doubts, BTreeSet::from([Doubt::Old]));
    assert_eq!(only(&told(Duration::hours(2))).doubts, BTreeSet::from([Doubt::Old]));
    assert!(only(&told(Duration::hours(2) - Duration::SECOND)).is_certain());

    let missing =
        report(vec![found(regional(Kind::Plan, "ec2_prod_backups"), Drift::Plan(PlanDrift::Missing), None)]);
    let mut alice = event("delete-backup-plan");
    alice["eventTime"] = json!(written(NOW - Duration::days(60)));
    alice["requestParameters"]["backupPlanId"] = json!("an-earlier-plan");
    let mut of_it = event("create-backup-plan");
    of_it["requestParameters"]["backupPlan"]["backupPlanName"] = json!("ec2_prod_backups");
    of_it["responseElements"]["backupPlanId"] = json!("an-earlier-plan");
    let mut bob = write("delete-backup-plan");
    bob.id = Some("b".to_owned());
    bob.actor = Some("bob".to_owned());
    let calls = [RecordedCall::parse(&alice).unwrap(), RecordedCall::parse(&of_it).unwrap(), bob];
    let told = explained(&calls, Some(&own()), missing);
    assert_eq!(only(&told).call.actor.as_deref(), Some("bob"));
    assert_eq!(only(&told).doubts, BTreeSet::from([Doubt::OnlyAnId]));
}

#[test]
fn a_history_that_was_not_asked_in_full_leaves_a_doubt_about_all_but_what_was_just_repaired() {
    let told = |before, own: Option<&Principal>| {
        let report = policy_gone();
        let calls = [at(THEIRS, before, "a")];
        let stories = Records {
            calls: &calls,
            told: &[],
            account: "123456789012",
            own,
            is_complete: false,
            started: NOW,
        }
        .stories(&report);
        only(&Told { report, stories }).doubts.clone()
    };
    assert_eq!(told(Duration::minutes(1), Some(&own())), BTreeSet::new());
    assert_eq!(told(Duration::hours(1), Some(&own())), BTreeSet::from([Doubt::NotAsked]));
    assert_eq!(told(Duration::minutes(1), None), BTreeSet::from([Doubt::NotAsked]));
}

#[test]
fn a_read_that_is_denied_may_be_denied_by_more_and_a_busy_service_is_nobodys_doing() {
    let unreadable = |code: &str| {
        let resource = regional(Kind::VaultPolicy, "vault_prod_daily");
        let error = CallError { code: code.to_owned(), message: "no".to_owned() };
        let refusal = Refusal::of(Read::GetBackupVaultAccessPolicy, error);
        let drift = unreadable(&resource, Part::Whole, &refusal).into();
        let one =
            Reported { outcome: Outcome::Blocked(BlockReason::Unreadable), ..found(resource, drift, None) };
        explained(&[at(OURS, Duration::minutes(1), "a")], None, report(vec![one]))
    };
    let denied = unreadable("AccessDeniedException");
    assert!(only(&denied).doubts.contains(&Doubt::Denial));
    let busy = unreadable("ThrottlingException");
    assert_eq!(busy.story().attribution, None);
}

#[test]
fn another_selection_of_the_same_plan_may_have_been_deleted() {
    let missing = || {
        let resource = ResourceId::selection("us-east-1", "ec2_prod_backups", "all_ec2");
        let mut report = report(vec![found(resource, Drift::Selection(SelectionDrift::Missing), None)]);
        report.plans = seen_plans();
        report
    };
    let deletion = write("delete-backup-selection");
    let told = explained(std::slice::from_ref(&deletion), Some(&own()), missing());
    assert!(!told.story().attribution.as_ref().expect("a guess").is_certain());
    let told = explained(&[deletion.clone(), made_selection()], Some(&own()), missing());
    assert!(told.story().attribution.as_ref().expect("an actor").is_certain());
    let mut record = event("create-backup-selection");
    record["requestParameters"]["backupSelection"]["selectionName"] = json!("somebody_elses");
    let id = event("delete-backup-selection")["requestParameters"]["selectionId"].clone();
    record["responseElements"] = json!({ "selectionId": id });
    let told = explained(&[deletion, RecordedCall::parse(&record).unwrap()], Some(&own()), missing());
    assert_eq!(told.story().attribution, None);
}

#[test]
fn a_name_in_a_call_says_nothing_against_an_id() {
    let with_name = |error: Option<&str>| {
        let mut record = event("update-backup-plan");
        record["requestParameters"]["backupPlanId"] =
            event("delete-backup-plan")["requestParameters"]["backupPlanId"].clone();
        record["requestParameters"]["backupPlan"]["backupPlanName"] = json!("ec2_prod_backups");
        record["errorCode"] = json!(error);
        RecordedCall::parse(&record).unwrap()
    };
    // Bob deletes his own plan, after a call that was refused gave it the name of ours.
    let missing = || {
        report(vec![found(regional(Kind::Plan, "ec2_prod_backups"), Drift::Plan(PlanDrift::Missing), None)])
    };
    let deletion = write("delete-backup-plan");
    let told = explained(&[deletion.clone(), with_name(Some("AccessDenied"))], Some(&own()), missing());
    assert!(!told.story().attribution.as_ref().expect("a guess").is_certain());
    // A plan that the run saw has the name that it saw.
    let mut seen = missing();
    let id = event("delete-backup-plan")["requestParameters"]["backupPlanId"].as_str().unwrap().to_owned();
    seen.plans = BTreeMap::from([(id, regional(Kind::Plan, "bobs"))]);
    let told = explained(&[deletion, with_name(None)], Some(&own()), seen);
    assert_eq!(told.story().attribution, None);
}

#[test]
fn of_old_calls_the_newest_is_told_though_it_only_may_have_been_it() {
    let missing = || {
        report(vec![found(regional(Kind::Plan, "ec2_prod_backups"), Drift::Plan(PlanDrift::Missing), None)])
    };
    let deletion = |by: &str, plan: &str, before: Duration| {
        let mut record = event("delete-backup-plan");
        record["eventTime"] = json!(written(NOW - before));
        record["requestParameters"]["backupPlanId"] = json!(plan);
        record["userIdentity"] = json!({ "arn": by });
        record["eventID"] = json!(by);
        RecordedCall::parse(&record).unwrap()
    };
    let mut of_it = event("create-backup-plan");
    of_it["eventTime"] = json!(written(NOW - Duration::days(80)));
    of_it["requestParameters"]["backupPlan"]["backupPlanName"] = json!("ec2_prod_backups");
    of_it["responseElements"]["backupPlanId"] = json!("an-earlier-plan");
    let of_it = RecordedCall::parse(&of_it).unwrap();
    let named = |calls: &[RecordedCall]| {
        let told = explained(&[calls, std::slice::from_ref(&of_it)].concat(), Some(&own()), missing());
        let one = only(&told);
        (one.call.actor.clone().unwrap(), one.others.iter().cloned().collect::<Vec<_>>())
    };
    let (alice, bob) = ("alice".to_owned(), "bob".to_owned());
    let certain = |before| deletion("alice", "an-earlier-plan", before);
    let likely = |before| deletion("bob", "nobody-knows", before);
    let (hours, days) = (Duration::hours, Duration::days);
    assert_eq!(named(&[certain(days(60)), likely(hours(3))]), (bob.clone(), vec![alice.clone()]));
    // One that is certain and new goes before it, and whoever came later may have done it all the same.
    assert_eq!(named(&[certain(hours(1)), likely(Duration::minutes(10))]), (alice.clone(), vec![bob]));
    assert_eq!(named(&[certain(hours(1)), likely(hours(1))]), (alice.clone(), vec![]));
    assert_eq!(named(&[certain(hours(1)), likely(hours(3))]), (alice, vec![]));
}

#[test]
fn a_call_about_another_policy_of_the_role_explains_nothing() {
    let call = write("detach-role-policy");
    let of = event("detach-role-policy")["requestParameters"]["policyArn"].as_str().unwrap().to_owned();
    let explains = |policy_arn: String| {
        let drift = Drift::Role(RoleDrift::PolicyDetached { policy_arn });
        let one = report(vec![found(ResourceId::role("aws_backup_role"), drift, None)]);
        explained(std::slice::from_ref(&call), Some(&own()), one).story().attribution.is_some()
    };
    assert!(explains(of.clone()));
    assert!(!explains(format!("{of}2")));
}

#[test]
fn a_call_that_names_nothing_or_is_of_another_service_explains_nothing() {
    let explains = |record: Value, resource: ResourceId, drift: Drift| {
        let mut one = report(vec![found(resource, drift, None)]);
        one.plans = seen_plans();
        let call = RecordedCall::parse(&record).unwrap();
        explained(&[call], Some(&own()), one).story().attribution.is_some()
    };
    let tags = || {
        Drift::Vault(VaultDrift::TagsDiffer {
            arn: String::new(),
            expected: Tags::new(),
            observed: Tags::new(),
        })
    };
    let vault = || regional(Kind::Vault, "vault_prod_daily");
    let mut tagged = event("tag-resource");
    assert!(explains(tagged.clone(), vault(), tags()));
    tagged["eventSource"] = json!("kms.amazonaws.com");
    assert!(!explains(tagged, vault(), tags()));
    let plan = || regional(Kind::Plan, "prod_backups");
    let cut = || {
        Drift::Rule(RuleDrift::RetentionDiffers {
            rule: "daily".to_owned(),
            expected: Some(30),
            observed: Some(7),
        })
    };
    let mut update = event("update-backup-plan");
    assert!(explains(update.clone(), plan(), cut()));
    update["requestParameters"] = json!({});
    assert!(!explains(update, plan(), cut()));
    let selection = || ResourceId::selection("us-east-1", "prod_backups", "all_except_ec2_and_s3");
    let missing = || Drift::Selection(SelectionDrift::Missing);
    let mut deleted = event("delete-backup-selection");
    deleted["requestParameters"]["backupPlanId"] =
        event("update-backup-plan")["requestParameters"]["backupPlanId"].clone();
    assert!(explains(deleted.clone(), selection(), missing()));
    deleted["requestParameters"] = json!({});
    assert!(!explains(deleted, selection(), missing()));
    let settings = |event: &str, region: &str| {
        let drift = RegionSettingsDrift::OptInOff {
            resource_type: "RDS".to_owned(),
            covered_by: Vec::new(),
            is_asked_for: true,
        };
        let record = json!({
            "eventSource": "backup.amazonaws.com", "eventName": event, "awsRegion": region,
            "eventTime": written(NOW - Duration::MINUTE), "userIdentity": { "arn": "ana" },
        });
        explains(record, ResourceId::region_settings("us-east-1"), Drift::RegionSettings(drift))
    };
    assert!(settings("UpdateRegionSettings", "us-east-1") && !settings("UpdateRegionSettings", "us-west-2"));
    assert!(!settings("UpdateGlobalSettings", "us-east-1"));
}

#[test]
fn nobody_can_know_who_brought_about_what_no_call_brings_about() {
    let finding = |drift: Drift| Finding { resource: regional(Kind::Plan, "prod_backups"), drift };
    assert!(is_explicable(&finding(Drift::Plan(PlanDrift::Missing))));
    let error = CallError { code: "ThrottlingException".to_owned(), message: "no".to_owned() };
    let id = regional(Kind::Plan, "prod_backups");
    let unread = unreadable(&id, Part::Whole, &Refusal::of(Read::GetBackupPlan, error));
    assert!(!is_explicable(&finding(unread.into())));
}
