//! When it may have been somebody else, or when nobody can be named.

use super::*;

#[test]
fn a_deleted_plan_is_known_by_the_call_that_made_it_and_else_only_likely() {
    let deletion = write("delete-backup-plan");
    let missing = || report(vec![found(regional(Kind::Plan, "ec2_prod_backups"), Drift::PlanMissing, None)]);
    let told = explained(std::slice::from_ref(&deletion), None, missing());
    assert!(!told.findings[0].attribution.as_ref().expect("a guess").is_certain());

    let id = event("delete-backup-plan")["requestParameters"]["backupPlanId"].clone();
    let created = |name: &str| {
        let mut record = event("create-backup-plan");
        record["requestParameters"]["backupPlan"]["backupPlanName"] = json!(name);
        record["responseElements"]["backupPlanId"] = id.clone();
        Write::parse(&record).unwrap()
    };
    let told = explained(&[deletion.clone(), created("ec2_prod_backups")], None, missing());
    assert!(told.findings[0].attribution.as_ref().expect("an actor").is_certain());
    let told = explained(&[deletion, created("somebody_elses")], None, missing());
    assert_eq!(told.findings[0].attribution, None, "another plan was deleted");
}

#[test]
fn what_our_last_repair_has_undone_explains_nothing() {
    let old = [at(THEIRS, Duration::hours(3), "a"), at(OURS, Duration::hours(2), "b")];
    let told = explained(&old, Some(&own()), policy_gone());
    assert_eq!(told.findings[0].attribution, None, "the new deletion is not in the history yet");
}

#[test]
fn a_repair_of_days_ago_has_undone_what_was_done_before_it() {
    let old = [at(THEIRS, Duration::hours(50), "a"), at(OURS, Duration::hours(49), "b")];
    let told = explained(&old, Some(&own()), policy_gone());
    assert_eq!(
        told.findings[0].attribution, None,
        "it was deleted again by somebody who is not in the history yet"
    );
}

#[test]
fn who_else_made_such_a_call_within_the_day_before_is_named() {
    let by = |actor: &str, before, id| by(actor, THEIRS, before, id);
    let named = |writes: &[Write]| {
        let told = explained(writes, Some(&own()), policy_gone());
        let attribution = told.findings[0].attribution.clone().expect("an actor");
        let others: Vec<String> = attribution.others.iter().cloned().collect();
        (attribution.write.actor.clone().unwrap_or_default(), attribution.is_certain(), others)
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

#[test]
fn another_selection_of_the_same_plan_may_have_been_deleted() {
    let missing = || {
        let resource = regional(Kind::Selection, "ec2_prod_backups/all_ec2");
        let mut report = report(vec![found(resource, Drift::SelectionMissing, None)]);
        report.plans = seen_plans();
        report
    };
    let deletion = write("delete-backup-selection");
    let told = explained(std::slice::from_ref(&deletion), None, missing());
    assert!(!told.findings[0].attribution.as_ref().expect("a guess").is_certain());
    let told = explained(&[deletion.clone(), made_selection()], None, missing());
    assert!(told.findings[0].attribution.as_ref().expect("an actor").is_certain());
    let mut record = event("create-backup-selection");
    record["requestParameters"]["backupSelection"]["selectionName"] = json!("somebody_elses");
    let id = event("delete-backup-selection")["requestParameters"]["selectionId"].clone();
    record["responseElements"] = json!({ "selectionId": id });
    let told = explained(&[deletion, Write::parse(&record).unwrap()], None, missing());
    assert_eq!(told.findings[0].attribution, None);
}

#[test]
fn a_name_in_a_call_says_nothing_against_an_id() {
    let with_name = |error: Option<&str>| {
        let mut record = event("update-backup-plan");
        record["requestParameters"]["backupPlanId"] =
            event("delete-backup-plan")["requestParameters"]["backupPlanId"].clone();
        record["requestParameters"]["backupPlan"]["backupPlanName"] = json!("ec2_prod_backups");
        record["errorCode"] = json!(error);
        Write::parse(&record).unwrap()
    };
    // Bob deletes his own plan, after a call that was refused gave it the name of ours.
    let missing = || report(vec![found(regional(Kind::Plan, "ec2_prod_backups"), Drift::PlanMissing, None)]);
    let deletion = write("delete-backup-plan");
    let told = explained(&[deletion.clone(), with_name(Some("AccessDenied"))], None, missing());
    assert!(!told.findings[0].attribution.as_ref().expect("a guess").is_certain());
    // A plan that the run saw has the name that it saw.
    let mut seen = missing();
    let id = event("delete-backup-plan")["requestParameters"]["backupPlanId"].as_str().unwrap().to_owned();
    seen.plans = BTreeMap::from([(id, regional(Kind::Plan, "bobs"))]);
    let told = explained(&[deletion, with_name(None)], None, seen);
    assert_eq!(told.findings[0].attribution, None);
}
