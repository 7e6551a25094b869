//! How often our repairs were undone, and by whom.

use reconcile::call::CallError;

use super::*;

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
    let one = told.story();
    let contention = one.contention.as_ref().expect("contested");
    assert_eq!(contention.repairs, 3, "what is older than a day does not count");
    assert_eq!(contention.undone_by.values().copied().collect::<Vec<_>>(), [3]);
    assert_eq!(one.attribution.as_ref().and_then(|it| it.call.id.as_deref()), Some("g"));

    let told = explained(&fight[3..], Some(&own), policy_gone());
    assert!(told.story().contention.is_some());
    let told = explained(&fight[4..], Some(&own), policy_gone());
    assert_eq!(told.story().contention, None, "twice is not yet a fight");
    // The same event twice is one call: once it came by itself, and once out of the history.
    let twice = [&fight[4..], &fight[4..]].concat();
    assert_eq!(explained(&twice, Some(&own), policy_gone()).story().contention, None);
    // Nobody's calls are ours as long as we do not know who we are.
    assert_eq!(explained(&fight, None, policy_gone()).story().contention, None);
}

#[test]
fn contention_raises_the_severity() {
    let fight = [
        at(OURS, Duration::hours(5), "a"),
        at(OURS, Duration::hours(2), "b"),
        at(THEIRS, Duration::hours(1), "c"),
    ];
    let drift = Drift::VaultPolicy(VaultPolicyDrift::Differs {
        no_longer_allowed: Default::default(),
        expected: String::new(),
        observed: String::new(),
    });
    let resource = regional(Kind::VaultPolicy, "vault_prod_daily");
    let told = explained(&fight, Some(&own()), report(vec![found(resource, drift, Some(put_policy()))]));
    let one = &told.report.findings[0];
    assert_eq!(one.finding.drift.severity(), Severity::Medium);
    assert_eq!(told.story().severity(one), Severity::High);
}

#[test]
fn this_runs_own_calls_are_no_earlier_repairs() {
    let writes = [
        at(OURS, Duration::ZERO, "a"),
        at(OURS, Duration::seconds(-2), "b"),
        at(THEIRS, Duration::hours(1), "c"),
    ];
    assert_eq!(explained(&writes, Some(&own()), policy_gone()).story().contention, None);
}

#[test]
fn of_many_calls_the_last_before_a_repair_is_the_one_that_it_undid() {
    let calls = [
        by("script", THEIRS, Duration::hours(9), "a"),
        at(OURS, Duration::hours(8), "b"),
        by("bob", THEIRS, Duration::hours(7), "c"),
        by("bob", THEIRS, Duration::hours(6), "d"),
        by("bob", THEIRS, Duration::hours(5), "e"),
        by("script", THEIRS, Duration::hours(4), "f"),
        at(OURS, Duration::hours(3), "g"),
        by("script", THEIRS, Duration::hours(1), "h"),
    ];
    let told = explained(&calls, Some(&own()), policy_gone());
    let contention = told.story().contention.as_ref().expect("contested");
    assert_eq!(contention.undone_by, BTreeMap::from([("script".to_owned(), 3)]));
}

#[test]
fn a_call_that_two_repairs_came_after_was_undone_once() {
    let calls = [
        by("script", THEIRS, Duration::hours(9), "a"),
        at(OURS, Duration::hours(8), "b"),
        at(OURS, Duration::hours(7), "c"),
        by("script", THEIRS, Duration::hours(1), "d"),
    ];
    let told = explained(&calls, Some(&own()), policy_gone());
    let contention = told.story().contention.as_ref().expect("contested");
    assert_eq!((contention.repairs, &contention.undone_by), (3, &BTreeMap::from([("script".to_owned(), 2)])));
}

#[test]
fn who_only_may_have_undone_it_is_not_counted() {
    let mut ours = event("create-backup-selection");
    ours["requestParameters"]["backupPlanId"] =
        event("delete-backup-selection")["requestParameters"]["backupPlanId"].clone();
    ours["requestParameters"]["backupSelection"]["selectionName"] = json!("all_ec2");
    ours["userIdentity"] = event(OURS)["userIdentity"].clone();
    ours["userAgent"] = json!("aws-sdk-rust/1.3.14 app/drift-healer");
    let mut theirs = write("delete-backup-selection");
    let mut calls = Vec::new();
    for hours in [6, 4] {
        ours["eventID"] = json!(format!("ours {hours}"));
        ours["eventTime"] = json!(written(NOW - Duration::hours(hours)));
        theirs.id = Some(format!("theirs {hours}"));
        theirs.time = Some(NOW - Duration::hours(hours + 1));
        calls.extend([RecordedCall::parse(&ours).unwrap(), theirs.clone()]);
    }
    let call = Call::DeleteBackupSelection {
        region: "us-east-1".to_owned(),
        plan_id: String::new(),
        selection_id: String::new(),
        unknown_members: BTreeSet::new(),
    };
    let resource = ResourceId::selection("us-east-1", "ec2_prod_backups", "all_ec2");
    let mut report = report(vec![found(resource, Drift::Selection(SelectionDrift::Missing), Some(call))]);
    report.plans = seen_plans();
    let told = explained(&calls, Some(&own()), report);
    let contention = told.story().contention.as_ref().expect("contested");
    assert_eq!((contention.repairs, contention.undone_by.len()), (3, 0));
}

#[test]
fn what_is_only_planned_or_refused_is_no_repair() {
    let fight = [at(OURS, Duration::hours(5), "a"), at(OURS, Duration::hours(2), "b")];
    let refused = CallError { code: "AccessDeniedException".to_owned(), message: String::new() };
    for outcome in [Outcome::Planned, Outcome::Failed(refused)] {
        let mut report = policy_gone();
        report.findings[0].outcome = outcome.clone();
        let told = explained(&fight, Some(&own()), report.clone());
        assert_eq!(told.story().contention, None, "{outcome:?}");
        let third = [&fight[..], &[at(OURS, Duration::hours(1), "c")]].concat();
        let told = explained(&third, Some(&own()), report);
        assert_eq!(told.story().contention.as_ref().map(|it| it.repairs), Some(3), "{outcome:?}");
    }
}

#[test]
fn a_repair_is_a_call_of_ours_that_was_taken_and_was_about_this_before_this_run() {
    let contested = |second: RecordedCall| {
        let writes = [at(OURS, Duration::hours(5), "a"), second];
        explained(&writes, Some(&own()), policy_gone()).story().contention.is_some()
    };
    assert!(contested(at(OURS, Duration::hours(2), "b")));
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut record = event(OURS);
        record["requestParameters"]["backupVaultName"] = json!("vault_prod_daily");
        record["eventTime"] = json!(written(NOW - Duration::hours(2)));
        record["eventID"] = json!("b");
        record["userAgent"] = json!("aws-sdk-rust/1.3.14 app/drift-healer");
        change(&mut record);
        RecordedCall::parse(&record).unwrap()
    };
    assert!(contested(changed(&|_| ())));
    assert!(!contested(changed(&|record| record["errorCode"] = json!("AccessDenied"))));
    assert!(!contested(changed(&|record| record["requestParameters"]["backupVaultName"] = json!("another"))));
    assert!(!contested(changed(&|record| record["eventName"] = json!("PutBackupVaultLockConfiguration"))));
    assert!(!contested(changed(&|record| record["userAgent"] = json!("aws-cli/2"))));
    // What began with this run is this run's.
    assert!(!contested(at(OURS, Duration::ZERO, "b")));
    assert!(contested(at(OURS, Duration::SECOND, "b")));
}

#[test]
fn a_selection_was_repaired_by_a_call_that_names_it() {
    let resource = ResourceId::selection("us-east-1", "prod_backups", "all_except_ec2_and_s3");
    let contested = |names: bool| {
        let made = |hours: i64, id: &str| {
            let mut record = event("create-backup-selection");
            record["eventTime"] = json!(written(NOW - Duration::hours(hours)));
            record["eventID"] = json!(id);
            record["userIdentity"] = event(OURS)["userIdentity"].clone();
            record["userAgent"] = json!("aws-sdk-rust/1.3.14 app/drift-healer");
            if !names {
                record["requestParameters"]["backupSelection"] = json!({});
            }
            RecordedCall::parse(&record).unwrap()
        };
        let call = Call::DeleteBackupSelection {
            region: String::new(),
            plan_id: String::new(),
            selection_id: String::new(),
            unknown_members: BTreeSet::new(),
        };
        let one = found(resource.clone(), Drift::Selection(SelectionDrift::Missing), Some(call));
        let mut report = report(vec![one]);
        report.plans = seen_plans();
        explained(&[made(5, "a"), made(2, "b")], Some(&own()), report).story().contention.is_some()
    };
    assert!(contested(true) && !contested(false));
}
