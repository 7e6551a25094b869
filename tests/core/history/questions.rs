//! What CloudTrail is asked, and in which order.

use reconcile::history::{Asked, Question, nothing_was_there, questions};

use super::*;

fn on<'a>(so_far: &'a BTreeSet<Question>, iam_region: &'a str) -> Asked<'a> {
    Asked { so_far, iam_region, started: NOW }
}

fn asked(told: &Told, before: &[&'static str]) -> Vec<&'static str> {
    let before = before.iter().map(|event| Question { region: "us-east-1".to_owned(), event }).collect();
    questions(&told.report, &told.stories, &on(&before, "us-east-1"))
        .into_iter()
        .map(|one| one.event)
        .collect()
}

#[test]
fn the_role_is_asked_for_where_iam_records_and_everything_else_where_it_is() {
    let role = found(
        ResourceId::role("aws_backup_role"),
        Drift::Role(RoleDrift::Missing { arn: String::new() }),
        None,
    );
    let all = questions(&report(vec![role]), &Stories::default(), &on(&BTreeSet::new(), "us-gov-west-1"));
    let there = |event| Question { region: "us-gov-west-1".to_owned(), event };
    assert_eq!(all, BTreeSet::from([there("CreateRole"), there("DeleteRole")]));
}

#[test]
fn causes_are_asked_for_one_after_the_other_until_nothing_newer_can_explain_it() {
    let gone = Told { report: policy_gone(), stories: Stories::default() };
    assert_eq!(asked(&gone, &[]), ["DeleteBackupVaultAccessPolicy", "PutBackupVaultAccessPolicy"]);
    let first = ["DeleteBackupVaultAccessPolicy", "PutBackupVaultAccessPolicy"];
    assert_eq!(asked(&gone, &first), ["DeleteBackupVault"]);
    let told = |before| explained(&[at(THEIRS, before, "a")], Some(&own()), policy_gone());
    let fresh = told(Duration::minutes(1));
    assert_eq!(asked(&fresh, &[]), ["PutBackupVaultAccessPolicy"], "the event told who, not how often");
    assert_eq!(asked(&fresh, &["PutBackupVaultAccessPolicy"]), [""; 0]);
    // An hour ago it was deleted; the vault may have been made anew since.
    let all = ["DeleteBackupVaultAccessPolicy", "PutBackupVaultAccessPolicy"];
    assert_eq!(asked(&told(Duration::hours(1)), &all), ["DeleteBackupVault"]);
    // The history lags by a quarter of an hour.
    assert_eq!(asked(&told(Duration::minutes(15)), &all), ["DeleteBackupVault"]);
    assert_eq!(asked(&told(Duration::minutes(15) - Duration::SECOND), &all), [""; 0]);
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
fn of_a_contested_finding_the_call_that_is_known_to_undo_it_is_asked_for_and_no_other() {
    let mut vault_gone = event("delete-backup-vault");
    vault_gone["requestParameters"]["backupVaultName"] = json!("vault_prod_daily");
    vault_gone["eventTime"] = json!(written(NOW - Duration::MINUTE));
    let fight = [
        at(OURS, Duration::hours(5), "a"),
        at(OURS, Duration::hours(2), "b"),
        RecordedCall::parse(&vault_gone).unwrap(),
    ];
    let told = explained(&fight, Some(&own()), policy_gone());
    assert_eq!(asked(&told, &["PutBackupVaultAccessPolicy"]), ["DeleteBackupVault"]);
    assert_eq!(asked(&told, &["PutBackupVaultAccessPolicy", "DeleteBackupVault"]), [""; 0]);
}

#[test]
fn what_the_history_knows_already_is_not_asked_for_before_its_other_causes() {
    let mut vault_gone = event("delete-backup-vault");
    vault_gone["requestParameters"]["backupVaultName"] = json!("vault_prod_daily");
    vault_gone["eventTime"] = json!(written(NOW - Duration::hours(1)));
    let told = explained(&[RecordedCall::parse(&vault_gone).unwrap()], Some(&own()), policy_gone());
    assert_eq!(asked(&told, &["PutBackupVaultAccessPolicy"]), ["DeleteBackupVaultAccessPolicy"]);
}

#[test]
fn who_may_have_deleted_another_plan_is_asked_about_further_also_after_the_repair() {
    let missing =
        found(regional(Kind::Plan, "ec2_prod_backups"), Drift::Plan(PlanDrift::Missing), Some(put_policy()));
    let told = explained(&[write("delete-backup-plan")], Some(&own()), report(vec![missing]));
    assert_eq!(told.report.findings[0].outcome, Outcome::Repaired);
    assert_eq!(asked(&told, &["DeleteBackupPlan", "CreateBackupPlan"]), ["UpdateBackupPlan"]);
}

#[test]
fn of_an_account_in_which_nothing_was_there_nothing_is_asked() {
    let with = |outcomes: &[BlockReason]| {
        let findings = outcomes.iter().map(|reason| {
            let mut one = policy_gone().findings.remove(0);
            one.outcome = Outcome::Blocked(reason.clone());
            one
        });
        let report = report(findings.collect());
        let is_asked =
            !questions(&report, &Stories::default(), &on(&BTreeSet::new(), "us-east-1")).is_empty();
        assert_eq!(nothing_was_there(&report), !is_asked && !report.findings.is_empty());
        is_asked
    };
    use BlockReason::{EmptyAccount, OverLimit, Unreadable};
    assert!(
        !with(&[EmptyAccount]) && !with(&[EmptyAccount, Unreadable]) && !with(&[Unreadable, EmptyAccount])
    );
    assert!(with(&[Unreadable]) && with(&[EmptyAccount, OverLimit]) && with(&[OverLimit]));
    assert!(!with(&[]));
}

#[test]
fn a_deletion_that_names_only_an_id_asks_who_gave_the_name() {
    let missing =
        report(vec![found(regional(Kind::Plan, "ec2_prod_backups"), Drift::Plan(PlanDrift::Missing), None)]);
    let told = explained(&[write("delete-backup-plan")], None, missing);
    assert_eq!(asked(&told, &["DeleteBackupPlan"]), ["CreateBackupPlan"], "which repairs it, too");
    assert_eq!(asked(&told, &["DeleteBackupPlan", "CreateBackupPlan"]), ["UpdateBackupPlan"]);
}

#[test]
fn what_only_the_invocation_tells_is_asked_for_first_and_nothing_more() {
    let invoked = [at("delete-backup-vault-access-policy", Duration::minutes(1), "new")];
    let told = explained_with(&[], &invoked, Some(&own()), policy_gone());
    assert_eq!(asked(&told, &[]), ["DeleteBackupVaultAccessPolicy", "PutBackupVaultAccessPolicy"]);
    // The history lags: what it does not know yet, other questions do not tell either.
    assert_eq!(asked(&told, &["DeleteBackupVaultAccessPolicy", "PutBackupVaultAccessPolicy"]), [""; 0]);
}
