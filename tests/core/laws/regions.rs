//! Regions in which nothing of the spec is.

use reconcile::desired::DesiredKey;
use reconcile::identity::{Whose, whose_region};
use reconcile::read::Read;
use reconcile::report::Reported;
use reconcile::spec::{Spec, Target};

use super::*;

#[test]
fn an_empty_account_is_left_alone_unless_it_is_to_be_filled() {
    let desired = desired();
    let (report, after) = heal(&desired, empty());
    assert_eq!((report.verdict(), report.calls.len()), (Verdict::Drifted, 0));
    assert_eq!(after, empty());
    let empty_account = Outcome::Blocked(BlockReason::EmptyAccount);
    assert!(report.findings.iter().all(|one| one.outcome == empty_account));

    let account = Preview::new(&desired, empty());
    let filled = now(run(&account, &desired, &Limits { bootstrap: true, ..NO_LIMITS }));
    assert_eq!(filled.verdict(), Verdict::Healed);
    assert_eq!(diff(&desired, &now(account.observe(&desired))), vec![]);
}

#[test]
fn a_region_without_anything_of_the_spec_is_left_alone_whatever_is_elsewhere() {
    let desired = desired();
    // A role is in every region at once, and may be there from somewhere else.
    let mut observed = Observed { roles: in_sync(&desired).roles, ..empty() };
    let (report, _) = heal(&desired, observed.clone());
    assert_eq!(report.calls.len(), 0);

    observed = in_sync(&desired);
    observed.aliases.retain(|(region, _), _| region == "us-east-1");
    observed.keys.retain(|arn, _| arn.contains(":us-east-1:"));
    observed.vaults.retain(|(region, _), _| region == "us-east-1");
    observed.vaults.remove(&place("us-east-1", "vault_prod_daily"));
    let (report, after) = heal(&desired, observed);
    assert!(after.vaults.keys().any(|(_, name)| name == "vault_prod_daily"), "its region is not empty");
    // Of the key it is not known that it is gone: that is never written about.
    let in_dr = |one: &&Reported| {
        let resource = &one.finding.resource;
        resource.region.as_deref() == Some("us-west-2") && resource.kind != Kind::Key
    };
    let left = report.findings.iter().filter(in_dr).collect::<Vec<_>>();
    assert_eq!(left.len(), 4, "alias, vault, policy and lock");
    assert!(left.iter().all(|one| one.outcome == Outcome::Blocked(BlockReason::EmptyAccount)), "{left:#?}");
    assert!(after.vaults.keys().all(|(region, _)| region == "us-east-1"));
}

#[test]
fn copies_are_not_moved_into_a_region_that_holds_nothing() {
    let observed = in_sync(&desired());
    let target = Target {
        partition: "aws".to_owned(),
        account: "123456789012".to_owned(),
        primary_region: None,
        dr_region: Some("eu-west-1".to_owned()),
    };
    let elsewhere = Spec::parse(SPEC).expect("the embedded spec").resolve(&target).expect("two regions");
    let (report, after) = heal(&elsewhere, observed.clone());
    assert_eq!(report.calls, [], "the copies that there are may be the right ones");
    assert_eq!(after, observed);
    let waits = |one: &Reported| matches!(one.outcome, Outcome::Blocked(BlockReason::WaitingOn(_)));
    // Nor into one that cannot be read.
    let mut unread = observed.clone();
    let denied = || Observation::Unreadable(refused(Read::ListBackupVaults, "AccessDeniedException"));
    unread.vaults.insert(place("eu-west-1", "vault_disaster_recovery"), denied());
    assert_eq!(heal(&elsewhere, unread).0.calls, []);
    assert!(report.findings.iter().filter(|one| one.finding.resource.kind == Kind::Plan).all(waits));
    let account = Preview::new(&elsewhere, observed);
    let report = now(run(&account, &elsewhere, &Limits { bootstrap: true, ..NO_LIMITS }));
    assert_eq!(report.verdict(), Verdict::Healed);

    // A retention is repaired all the same: nothing is taken away by it.
    let mut cut = in_sync(&desired());
    cut.aliases.retain(|(region, _), _| region == "us-east-1");
    cut.vaults.retain(|(region, _), _| region == "us-east-1");
    cut.keys.retain(|arn, _| arn.contains(":us-east-1:"));
    let retention = DRIFTS
        .iter()
        .find(|drift| drift.code == "plan/retention-differs (rules.*.delete_after_days)")
        .expect("its name");
    (retention.apply)(&mut cut, &desired());
    let (report, _) = heal(&desired(), cut);
    assert_eq!(report.calls.len(), 1, "{:#?}", report.calls);
}

#[test]
fn a_region_that_was_not_read_in_full_is_not_called_empty() {
    let desired = desired();
    let mut observed = Observed { roles: in_sync(&desired).roles, ..empty() };
    observed.aliases.insert(
        place("us-west-2", "alias/aws_backup_key"),
        Observation::Unreadable(refused(Read::ListAliases, "ThrottlingException")),
    );
    let (report, _) = heal(&desired, observed);
    assert_eq!(report.calls, []);
    let outcomes = |region: &str| {
        let there =
            report.findings.iter().filter(move |one| one.finding.resource.region.as_deref() == Some(region));
        there.map(|one| one.outcome.clone()).collect::<Vec<_>>()
    };
    let empty = Outcome::Blocked(BlockReason::EmptyAccount);
    assert!(!outcomes("us-west-2").contains(&empty), "{:#?}", outcomes("us-west-2"));
    assert!(outcomes("us-east-1").contains(&empty));
}

/// An account with nothing but these kinds of evidence in the first region: v(ault), k(ey), p(lan), t(ags on any of them).
fn with_only(desired: &Desired, kinds: &str) -> Observed {
    let has = |kind: char| kinds.contains(kind);
    let whole = in_sync(desired);
    let mut observed = empty();
    let here = |region: &str| region == "us-east-1";
    if has('v') {
        observed.vaults = whole.vaults.into_iter().filter(|((region, _), _)| here(region)).collect();
    }
    if has('k') {
        observed.aliases = whole.aliases.into_iter().filter(|((region, _), _)| here(region)).collect();
        observed.keys = whole.keys.into_iter().filter(|(arn, _)| arn.contains(":us-east-1:")).collect();
    }
    if has('p') {
        observed.plans = whole.plans;
    }
    for vault in observed.vaults.values_mut().filter_map(Observation::present_mut).filter(|_| !has('t')) {
        vault.tags = Observation::Present(Default::default());
    }
    for key in observed.keys.values_mut().filter_map(Observation::present_mut).filter(|_| !has('t')) {
        key.tags = Observation::Present(Default::default());
    }
    for candidate in observed.plans.values_mut().filter_map(Observation::present_mut).flatten() {
        let Observation::Present(plan) = &mut candidate.plan else { continue };
        if !has('t') {
            plan.tags = Observation::Present(Default::default());
        }
    }
    observed
}

fn is_ours(desired: &Desired, observed: &Observed) -> bool {
    whose_region(desired, observed, Some("us-east-1")) == Whose::Ours
}

#[test]
fn a_region_is_ours_by_any_two_kinds_of_evidence_and_by_none_alone() {
    let desired = desired();
    for (kinds, expected) in [
        ("", false),
        ("v", false),
        ("k", false),
        ("p", false),
        ("vt", true),
        // An alias proves nothing of its key: whoever makes one may point it anywhere.
        ("kt", false),
        ("vk", true),
        // A plan's tags are whoever's the plan is.
        ("pt", false),
        ("vp", true),
    ] {
        assert_eq!(is_ours(&desired, &with_only(&desired, kinds)), expected, "{kinds:?}");
    }
    let mut observed = with_only(&desired, "vt");
    for vault in observed.vaults.values_mut().filter_map(Observation::present_mut) {
        vault.arn = vault.arn.replace("123456789012", "999999999999");
    }
    assert!(!is_ours(&desired, &observed), "a vault that another account shares is no evidence");
}

#[test]
fn where_the_spec_has_one_kind_of_evidence_that_is_enough() {
    let mut desired = desired();
    let whole = desired.clone();
    desired.keys.clear();
    desired.vaults.clear();
    for plan in &mut desired.plans {
        plan.selections.clear();
        plan.tags.clear();
    }
    assert!(is_ours(&desired, &with_only(&whole, "p")));
    assert!(!is_ours(&desired, &empty()));
    desired.vaults = whole.vaults.clone();
    assert!(!is_ours(&desired, &with_only(&whole, "p")), "a vault would be a second one");
    desired.vaults.clear();
    desired.plans.clear();
    assert!(!is_ours(&desired, &with_only(&whole, "p")), "nothing shows anything");
}

#[test]
fn a_key_that_only_a_person_can_make_is_not_made() {
    let changes: [fn(&mut DesiredKey); 2] =
        [|key| key.origin = "EXTERNAL".to_owned(), |key| key.multi_region = true];
    for change in changes {
        let mut desired = desired();
        desired.keys.iter_mut().for_each(change);
        let account = Preview::new(&desired, empty());
        let report = now(run(&account, &desired, &Limits { bootstrap: true, ..NO_LIMITS }));
        assert!(!report.calls.is_empty());
        assert!(report.calls.iter().all(|made| made.call.operation() != "CreateKey"), "{:#?}", report.calls);
    }
}

#[test]
fn a_key_that_only_a_vault_names_shows_something_if_it_has_the_description_or_is_of_our_making() {
    let judge = |wanted: &str, seen: &str, is_of_our_making: bool| {
        let mut desired = desired();
        desired.keys.iter_mut().for_each(|key| key.description = wanted.to_owned());
        let mut observed = with_only(&desired, "vk");
        observed.aliases.clear();
        for key in observed.keys.values_mut().filter_map(Observation::present_mut) {
            key.description = seen.to_owned();
            observed.made_by_us.insert(key.arn.clone(), Observation::Present(is_of_our_making));
        }
        is_ours(&desired, &observed)
    };
    assert!(judge("our backups", "our backups", false));
    assert!(!judge("our backups", "another", false));
    assert!(judge("our backups", "another", true));
    // No description is none.
    assert!(!judge("", "", false));
}

#[test]
fn a_plan_elsewhere_that_copies_into_a_vault_is_a_second_witness_of_its_region() {
    let desired = desired();
    let judge = |change: &dyn Fn(&mut reconcile::desired::Rule)| {
        let whole = in_sync(&desired);
        let mut observed = Observed { plans: whole.plans, ..empty() };
        let there = place("us-west-2", "vault_disaster_recovery");
        let mut vault = whole.vaults[&there].clone();
        vault.present_mut().unwrap().tags = Observation::Present(Default::default());
        observed.vaults.insert(there, vault);
        let plans = observed.plans.values_mut().filter_map(Observation::present_mut).flatten();
        for plan in plans.filter_map(|one| one.plan.present_mut()) {
            plan.document.rules.iter_mut().for_each(change);
        }
        whose_region(&desired, &observed, Some("us-west-2")) == Whose::Ours
    };
    assert!(judge(&|_| ()));
    assert!(!judge(&|rule| rule.copies.clear()));
    // A name is another vault's in another region.
    assert!(!judge(&|rule| {
        rule.copies.clear();
        rule.target_vault = "vault_disaster_recovery".to_owned();
    }));
}

#[test]
fn vaults_without_tags_are_the_one_kind_of_evidence_of_a_spec_that_has_no_other() {
    let mut desired = desired();
    let whole = desired.clone();
    desired.keys.clear();
    desired.plans.clear();
    assert!(!is_ours(&desired, &with_only(&whole, "v")), "their tags would be a second one");
    assert!(is_ours(&desired, &with_only(&whole, "vt")));
    desired.vaults.iter_mut().for_each(|vault| vault.tags.clear());
    assert!(is_ours(&desired, &with_only(&whole, "v")));
}
