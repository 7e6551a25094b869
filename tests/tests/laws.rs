//! Laws of the pure core, on the model: for every single way to drift and for every pair of them.

use drift_tests::model::{DRIFTS, ModelDrift, NO_LIMITS, NOW, SPEC, desired, empty, in_sync, now, refused};
use reconcile::desired::{Desired, Exception};
use reconcile::diff::diff;
use reconcile::read::Read;
use reconcile::repair::{BlockReason, Limits, plan_repairs};
use reconcile::report::{Outcome, Report, Reported, Verdict};
use reconcile::resource::Kind;
use reconcile::run::{Account, run};
use reconcile::simulate::Preview;
use reconcile::spec::{Spec, Target};
use reconcile::state::{Lock, Observation, Observed, place};

fn heal(desired: &Desired, observed: Observed) -> (Report, Observed) {
    let account = Preview::new(desired, observed);
    let report = now(run(&account, desired, &NO_LIMITS));
    (report, now(account.observe(desired)))
}

fn each_single(check: impl Fn(&ModelDrift, &Desired, Observed)) {
    let desired = desired();
    let clean = in_sync(&desired);
    for drift in DRIFTS {
        let mut observed = clean.clone();
        (drift.apply)(&mut observed);
        check(drift, &desired, observed);
    }
}

#[test]
fn an_account_made_by_a_run_is_in_sync() {
    let desired = desired();
    assert_eq!(diff(&desired, &in_sync(&desired)), vec![]);
}

#[test]
fn every_drift_is_found() {
    each_single(|drift, desired, observed| {
        assert_ne!(diff(desired, &observed), vec![], "{} is not found", drift.name);
    });
}

#[test]
fn every_finding_is_in_exactly_one_of_steps_and_blocked() {
    let desired = desired();
    for (a, b, observed) in drifted_pairs(&desired) {
        let findings = diff(&desired, &observed);
        for limits in
            [NO_LIMITS, Limits { max_calls: 1, bootstrap: false }, Limits { max_calls: 0, bootstrap: true }]
        {
            let plan = plan_repairs(&desired, &observed, &findings, &[], &limits);
            assert!(plan.steps.len() <= limits.max_calls);
            let answered = plan.steps.iter().flat_map(|step| &step.findings);
            let blocked = plan.blocked.iter().map(|(finding, _)| finding);
            let mut all: Vec<String> =
                answered.chain(blocked).map(|finding| format!("{finding:?}")).collect();
            let mut expected: Vec<String> = findings.iter().map(|finding| format!("{finding:?}")).collect();
            all.sort();
            expected.sort();
            assert_eq!(all, expected, "{} and {}", a.name, b.name);
        }
    }
}

#[test]
fn every_pair_of_drifts_settles_and_a_second_run_does_nothing() {
    let desired = desired();
    for (a, b, observed) in drifted_pairs(&desired) {
        let name = format!("{} and {}", a.name, b.name);
        let (first, healed) = heal(&desired, observed);
        assert!(first.passes < 12, "{name}: {} passes", first.passes);
        let (second, after) = heal(&desired, healed.clone());
        assert_eq!(second.calls, vec![], "{name}");
        assert_eq!(after, healed, "{name}");
        match first.verdict() {
            Verdict::InSync => {}
            Verdict::Healed => assert_eq!(second.findings, vec![], "{name}"),
            Verdict::Drifted => assert_eq!(second.verdict(), Verdict::Drifted, "{name}"),
        }
    }
}

#[test]
fn an_exception_survives_the_repair_of_its_neighbours() {
    let mut desired = desired();
    let clean = in_sync(&desired);
    let drifts = DRIFTS.iter().filter(|drift| {
        let mut observed = clean.clone();
        (drift.apply)(&mut observed);
        let found = diff(&desired, &observed);
        matches!(found.as_slice(), [one] if one.resource.kind == Kind::Plan)
            && plan_repairs(&desired, &observed, &found, &[], &NO_LIMITS).steps.len() == 1
    });
    let drifts: Vec<&ModelDrift> = drifts.collect();
    assert!(drifts.len() > 15, "{}", drifts.len());
    for excepted in &drifts {
        for neighbour in &drifts {
            let mut observed = clean.clone();
            (excepted.apply)(&mut observed);
            let agreed = diff(&desired, &observed).remove(0);
            desired.exceptions = vec![Exception {
                resource: agreed.resource.clone(),
                code: agreed.drift.code().code.to_owned(),
                attribute: None,
                owner: "ana@example.com".to_owned(),
                reason: "agreed".to_owned(),
                until: NOW.date(),
            }];
            (neighbour.apply)(&mut observed);
            // The neighbour may undo what was agreed, as when all copies go and the additional one with them.
            if !diff(&desired, &observed).iter().any(|one| one.drift.code().id() == agreed.drift.code().id())
            {
                continue;
            }
            let (report, healed) = heal(&desired, observed);
            let name = format!("{} beside {}", excepted.name, neighbour.name);
            assert_ne!(report.verdict(), Verdict::Drifted, "{name}");
            let left = diff(&desired, &healed);
            // A rule that is missing altogether has no other attribute left to be repaired.
            assert!(left.iter().all(|one| one.resource == agreed.resource), "{name}");
            assert!(
                left.iter().any(|one| one.drift.code().id() == agreed.drift.code().id()),
                "{name}: {left:?}"
            );
            desired.exceptions.clear();
        }
    }
}

#[test]
fn what_waits_names_something_that_is_found_too() {
    let desired = desired();
    for (a, b, observed) in drifted_pairs(&desired) {
        let (report, _) = heal(&desired, observed);
        for one in &report.findings {
            if let Outcome::Blocked(BlockReason::WaitingOn(other)) = &one.outcome {
                let open = |seen: &&reconcile::report::Reported| {
                    seen.finding.resource == *other && seen.outcome != Outcome::Repaired && *seen != one
                };
                assert!(report.findings.iter().any(|seen| open(&seen)), "{} and {}: {other}", a.name, b.name);
            }
        }
    }
}

#[test]
fn no_call_is_made_twice_in_a_run() {
    let desired = desired();
    for (a, b, observed) in drifted_pairs(&desired) {
        let (report, _) = heal(&desired, observed);
        for (index, attempt) in report.calls.iter().enumerate() {
            let again = report.calls[index + 1..].iter().any(|later| later.call == attempt.call);
            assert!(!again, "{} and {}: {:?}", a.name, b.name, attempt.call);
        }
    }
}

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
    let mut observed = Observed { role: in_sync(&desired).role, ..empty() };
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
    let retention = DRIFTS.iter().find(|drift| drift.name == "rule retention").expect("its name");
    (retention.apply)(&mut cut);
    let (report, _) = heal(&desired(), cut);
    assert_eq!(report.calls.len(), 1, "{:#?}", report.calls);
}

#[test]
fn a_region_that_was_not_read_in_full_is_not_called_empty() {
    let desired = desired();
    let mut observed = Observed { role: in_sync(&desired).role, ..empty() };
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

#[test]
fn over_the_limit_the_most_pressing_is_repaired() {
    let desired = desired();
    let mut observed = in_sync(&desired);
    for key in observed.keys.values_mut().filter_map(|key| key.present_mut()) {
        key.description = "something else".to_owned();
    }
    let vault = observed.vaults.values_mut().find_map(|vault| vault.present_mut()).expect("a vault");
    vault.lock = Lock::default();
    let findings = diff(&desired, &observed);
    let limits = Limits { max_calls: 1, bootstrap: false };
    let plan = plan_repairs(&desired, &observed, &findings, &[], &limits);
    assert_eq!(plan.steps.iter().map(|step| step.resource.kind).collect::<Vec<_>>(), [Kind::VaultLock]);
    assert!(plan.blocked.iter().all(|(_, reason)| *reason == BlockReason::OverLimit));
    assert_eq!(plan.blocked.len(), 2);
}

#[test]
fn repairs_are_counted_by_the_call_that_makes_them() {
    each_single(|drift, desired, observed| {
        let (report, _) = heal(desired, observed);
        for one in &report.findings {
            let Some(call) = one.call() else { continue };
            // A selection is replaced by two calls, and only the first names it.
            let action = match call.action() {
                "backup:DeleteBackupSelection" => "backup:CreateBackupSelection",
                other => other,
            };
            let counted = one.finding.drift.repaired_by();
            assert_eq!(counted, action.split(':').next_back(), "{}: {}", drift.name, one.finding.resource);
        }
    });
}

/// Every pair of drifts, a drift with itself included, and the account after both.
fn drifted_pairs(
    desired: &Desired,
) -> impl Iterator<Item = (&'static ModelDrift, &'static ModelDrift, Observed)> {
    let clean = in_sync(desired);
    let pairs = DRIFTS.iter().enumerate().flat_map(|(index, a)| DRIFTS[index..].iter().map(move |b| (a, b)));
    pairs.map(move |(a, b)| {
        let mut observed = clean.clone();
        (a.apply)(&mut observed);
        (b.apply)(&mut observed);
        (a, b, observed)
    })
}
