//! Laws of the pure core, on the model of two specs: for every single way to drift and for every pair of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "this is a test")]

mod documents;
mod endings;
mod exceptions;
mod identity;
mod key_policies;
mod keys;
mod liveness;
mod lock_answers;
mod lock_puts;
mod memory;
mod notes;
mod only;
mod order;
mod region_settings;
mod regions;
mod registry;
mod said;
mod vault_keys;
mod vault_policies;
mod which_key;

use drift_tests::model::{
    Changing, DRIFTS, ModelDrift, NO_LIMITS, NOW, SPEC, desired, empty, in_sync, now, refused, specs,
};
use reconcile::desired::{Desired, Exception};
use reconcile::diff::diff;
use reconcile::drift::Finding;
use reconcile::repair::{BlockReason, Limits, plan_repairs};
use reconcile::report::{Outcome, Report, Reported, Verdict};
use reconcile::resource::Kind;
use reconcile::run::{Account, run};
use reconcile::simulate::Preview;
use reconcile::state::{Lock, Observation, Observed, place};

fn heal(desired: &Desired, observed: Observed) -> (Report, Observed) {
    let account = Preview::new(desired, observed);
    let report = now(run(&account, desired, &NO_LIMITS));
    (report, now(account.observe(desired)))
}

/// Somebody agreed today to this, wherever in the resource it is.
fn exception_of(finding: &Finding) -> Exception {
    Exception {
        resource: finding.resource.clone(),
        code: finding.drift.code().code.to_owned(),
        attribute: None,
        owner: "ana@example.com".to_owned(),
        reason: "agreed".to_owned(),
        until: NOW.date(),
    }
}

/// Each drift that a spec can have, in each of the specs.
fn each_single(check: impl Fn(&ModelDrift, &Desired, Observed)) {
    for desired in specs() {
        for (drift, observed) in singles(&desired) {
            check(drift, &desired, observed);
        }
    }
}

/// The drifts that this spec can have, and the account with each.
fn singles(desired: &Desired) -> Vec<(&'static ModelDrift, Observed)> {
    let clean = in_sync(desired);
    let drifted = DRIFTS.iter().map(|drift| {
        let mut observed = clean.clone();
        (drift.apply)(&mut observed, desired);
        (drift, observed)
    });
    drifted
        .filter(|(drift, observed)| ids(&diff(desired, observed)).iter().any(|id| id == drift.code))
        .collect()
}

/// Every pair of drifts, a drift with itself included, in each of the specs.
fn each_pair(check: impl Fn(&str, &Desired, Observed)) {
    for desired in specs() {
        let singles = singles(&desired);
        for (index, (a, first)) in singles.iter().enumerate() {
            for (b, _) in &singles[index..] {
                let mut observed = first.clone();
                (b.apply)(&mut observed, &desired);
                check(&format!("{}: {} and {}", desired.name, a.name(), b.name()), &desired, observed);
            }
        }
    }
}

fn ids<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<String> {
    findings.into_iter().map(|finding| finding.drift.code().id()).collect()
}

#[test]
fn an_account_made_by_a_run_is_in_sync() {
    for desired in specs() {
        assert_eq!(diff(&desired, &in_sync(&desired)), vec![], "{}", desired.name);
    }
}

#[test]
fn every_drift_is_found_under_its_code_in_one_of_the_specs_at_least() {
    let [one, other] = specs();
    let found: Vec<String> =
        [singles(&one), singles(&other)].concat().iter().map(|(drift, _)| drift.name()).collect();
    for drift in DRIFTS {
        assert!(found.contains(&drift.name()), "{}", drift.name());
    }
}

#[test]
fn every_finding_is_in_exactly_one_of_steps_and_blocked() {
    each_pair(|name, desired, observed| {
        let findings = diff(desired, &observed);
        for limits in [
            NO_LIMITS,
            Limits { max_calls: 1, ..NO_LIMITS },
            Limits { max_calls: 0, bootstrap: true, ..NO_LIMITS },
        ] {
            let repairs = plan_repairs(desired, &observed, &findings, &[], &limits);
            assert!(repairs.steps.len() <= limits.max_calls);
            let answered = repairs.steps.iter().flat_map(|step| &step.findings);
            let blocked = repairs.blocked.iter().map(|(finding, _)| finding);
            let mut all: Vec<_> = answered.chain(blocked).map(Finding::id).collect();
            let mut expected: Vec<_> = findings.iter().map(Finding::id).collect();
            all.sort();
            expected.sort();
            assert_eq!(all, expected, "{name}");
        }
    });
}

#[test]
fn every_pair_of_drifts_settles_and_a_second_run_does_nothing() {
    each_pair(|name, desired, observed| {
        let (first, healed) = heal(desired, observed);
        assert!(first.passes < 12, "{name}: {} passes", first.passes);
        let (second, after) = heal(desired, healed.clone());
        assert_eq!(second.calls, vec![], "{name}");
        assert_eq!(after, healed, "{name}");
        match first.verdict() {
            Verdict::InSync => {}
            Verdict::Healed => assert_eq!(second.findings, vec![], "{name}"),
            Verdict::Drifted => assert_eq!(second.verdict(), Verdict::Drifted, "{name}"),
        }
    });
}

#[test]
fn an_exception_survives_the_repair_of_its_neighbours() {
    for mut desired in specs() {
        let drifts: Vec<_> = singles(&desired)
            .into_iter()
            .filter(|(_, observed)| {
                let found = diff(&desired, observed);
                matches!(found.as_slice(), [one] if one.resource.kind == Kind::Plan)
                    && plan_repairs(&desired, observed, &found, &[], &NO_LIMITS).steps.len() == 1
            })
            .collect();
        assert!(drifts.len() > 15, "{}", drifts.len());
        for (excepted, with_it) in &drifts {
            for (neighbour, _) in &drifts {
                let agreed = diff(&desired, with_it).remove(0);
                let id = agreed.drift.code().id();
                desired.exceptions = vec![exception_of(&agreed)];
                let mut observed = with_it.clone();
                (neighbour.apply)(&mut observed, &desired);
                // The neighbour may undo what was agreed, as when all copies go and the additional one with them.
                if !ids(&diff(&desired, &observed)).contains(&id) {
                    continue;
                }
                let (report, healed) = heal(&desired, observed);
                let name = format!("{} beside {}", excepted.name(), neighbour.name());
                assert_ne!(report.verdict(), Verdict::Drifted, "{name}");
                let left = diff(&desired, &healed);
                // A rule that is missing altogether has no other attribute left to be repaired.
                assert!(left.iter().all(|one| one.resource == agreed.resource), "{name}");
                assert!(ids(&left).contains(&id), "{name}: {left:?}");
                desired.exceptions.clear();
            }
        }
    }
}

#[test]
fn what_waits_names_something_that_is_found_too() {
    each_pair(|name, desired, observed| {
        let (report, _) = heal(desired, observed);
        for one in &report.findings {
            if let Outcome::Blocked(BlockReason::WaitingOn(other)) = &one.outcome {
                let open = |seen: &&Reported| {
                    seen.finding.resource == *other && seen.outcome != Outcome::Repaired && *seen != one
                };
                // What AWS KMS is about to finish by itself waits for nothing else.
                let settles = one.finding.drift.code().code == "settling";
                assert!(settles || report.findings.iter().any(|seen| open(&seen)), "{name}: {other}");
            }
        }
    });
}

#[test]
fn no_call_is_made_twice_in_a_run() {
    each_pair(|name, desired, observed| {
        let (report, _) = heal(desired, observed);
        for (index, made) in report.calls.iter().enumerate() {
            let again = report.calls[index + 1..].iter().any(|later| later.call == made.call);
            assert!(!again, "{name}: {:?}", made.call);
        }
    });
}

#[test]
fn what_the_function_may_not_do_is_not_tried_in_another_form() {
    each_single(|drift, desired, observed| {
        let account =
            Changing::new(desired, observed, |_, _| {}).that_refuses(|_, _| Some("AccessDeniedException"));
        let report = now(run(&account, desired, &NO_LIMITS));
        let mut made: Vec<_> =
            report.calls.iter().map(|made| (made.call.operation(), made.resource.to_string())).collect();
        made.sort();
        let all = made.len();
        made.dedup();
        assert_eq!(made.len(), all, "{}: {}: {:#?}", desired.name, drift.name(), report.calls);
    });
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
    let limits = Limits { max_calls: 1, ..NO_LIMITS };
    let repairs = plan_repairs(&desired, &observed, &findings, &[], &limits);
    assert_eq!(repairs.steps.iter().map(|step| step.resource.kind).collect::<Vec<_>>(), [Kind::VaultLock]);
    assert!(repairs.blocked.iter().all(|(_, reason)| *reason == BlockReason::OverLimit));
    assert_eq!(repairs.blocked.len(), 2);
}
