//! What a run remembers from pass to pass, in accounts that change by themselves.

use reconcile::call::Call;
use reconcile::drift::Drift;
use reconcile::read::Read;
use reconcile::state::PlanCandidate;
use time::Duration;

use super::*;

/// Puts another plan of the name there, which nothing tells from the first.
fn twin(plans: &mut Observation<Vec<PlanCandidate>>) {
    let Observation::Present(plans) = plans else { return };
    let mut other = plans[0].clone();
    other.id = "twin".to_owned();
    if let Observation::Present(plan) = &mut other.plan {
        plan.id = "twin".to_owned();
    }
    plans.push(other);
}

pub(super) fn apply(observed: &mut Observed, desired: &Desired, code: &str) {
    let drift = DRIFTS.iter().find(|drift| drift.code == code).expect("a drift of the model");
    (drift.apply)(observed, desired);
}

pub(super) fn drifted(desired: &Desired, code: &str) -> Observed {
    let mut observed = in_sync(desired);
    apply(&mut observed, desired, code);
    observed
}

/// What came of each finding with this code.
pub(super) fn outcomes(report: &Report, code: &str) -> Vec<Outcome> {
    let those = report.findings.iter().filter(|one| one.finding.drift.code().id() == code);
    those.map(|one| one.outcome.clone()).collect()
}

#[test]
fn a_lock_is_put_once_a_run_however_many_days_are_left_by_then() {
    for desired in specs() {
        let mut observed = drifted(&desired, "vault-lock/retention-differs (retention)");
        for lock in observed.vaults.values_mut().filter_map(|vault| Some(&mut vault.present_mut()?.lock)) {
            lock.lock_date = lock.lock_date.map(|_| NOW + Duration::hours(240));
        }
        // Each look finds a day gone, and never the effect of the put.
        let account = Changing::new(&desired, observed, |look, observed| {
            if look > 0 {
                observed.at += Duration::days(1);
            }
        })
        .where_only(|call| !matches!(call, Call::PutBackupVaultLockConfiguration { .. }));
        let report = now(run(&account, &desired, &NO_LIMITS));
        let mut vaults: Vec<String> = report
            .calls
            .iter()
            .filter(|made| matches!(made.call, Call::PutBackupVaultLockConfiguration { .. }))
            .map(|made| made.resource.to_string())
            .collect();
        assert!(!vaults.is_empty());
        let puts = vaults.len();
        vaults.sort();
        vaults.dedup();
        assert_eq!(vaults.len(), puts, "{:#?}", report.calls);
        assert!(report.passes > 2);
    }
}

#[test]
fn what_vanished_with_its_whole_resource_was_not_repaired() {
    let desired = desired();
    let observed = drifted(&desired, "plan/retention-differs (rules.*.delete_after_days)");
    // The update is accepted, and then somebody makes a second plan of the name: nothing can be said of the rules any more.
    let account = Changing::new(&desired, observed.clone(), |look, observed| {
        if look == 1 {
            let plan = observed.plans.values_mut().next().expect("a plan");
            twin(plan);
        }
    });
    // The first plan by name is the other one.
    let report = now(run(&account, &desired, &NO_LIMITS));
    let other = outcomes(&report, "plan/retention-differs (rules.*.delete_after_days)");
    assert_eq!(other, [Outcome::Repaired], "the plan whose name is unique is judged as ever");

    let account = Changing::new(&desired, observed, |look, observed| {
        if look == 1 {
            observed.plans.values_mut().for_each(twin);
        }
    });
    let report = now(run(&account, &desired, &NO_LIMITS));
    let hidden = outcomes(&report, "plan/retention-differs (rules.*.delete_after_days)");
    assert_eq!(hidden, [Outcome::Blocked(BlockReason::Tried)]);
}

#[test]
fn a_selection_whose_plan_cannot_be_judged_any_more_was_not_seen_repaired() {
    let desired = desired();
    let account = Changing::new(&desired, drifted(&desired, "selection/missing"), |look, observed| {
        if look == 1 {
            for plan in observed.plans.values_mut() {
                *plan = Observation::Unreadable(refused(Read::GetBackupPlan, "AccessDeniedException"));
            }
        }
    });
    let report = now(run(&account, &desired, &NO_LIMITS));
    let unread = report.findings.iter().filter(|one| matches!(one.finding.drift, Drift::Unreadable(_)));
    assert!(unread.count() > 2);
    assert_eq!(outcomes(&report, "selection/missing"), [Outcome::Blocked(BlockReason::Tried)]);
}

#[test]
fn nor_is_a_selection_whose_plan_is_ambiguous_by_then_though_nothing_is_said_of_selections() {
    let desired = desired();
    let account = Changing::new(&desired, drifted(&desired, "selection/missing"), |look, observed| {
        if look == 1 {
            observed.plans.values_mut().for_each(twin);
        }
    });
    let report = now(run(&account, &desired, &NO_LIMITS));
    assert_eq!(outcomes(&report, "selection/missing"), [Outcome::Blocked(BlockReason::Tried)]);
}

#[test]
fn what_is_unread_of_a_plan_hides_nothing_of_its_selections() {
    let desired = desired();
    let mut observed = drifted(&desired, "selection/missing");
    for candidate in observed.plans.values_mut().filter_map(Observation::present_mut).flatten() {
        if let Observation::Present(plan) = &mut candidate.plan {
            plan.tags = Observation::Unreadable(refused(Read::ListTags, "AccessDeniedException"));
        }
    }
    let (report, _) = heal(&desired, observed);
    assert_eq!(outcomes(&report, "selection/missing"), [Outcome::Repaired]);
}

#[test]
fn what_nothing_was_called_for_keeps_its_reason_when_it_cannot_be_judged_any_more() {
    let desired = desired();
    let mut observed = drifted(&desired, "plan/retention-differs (rules.*.delete_after_days)");
    apply(&mut observed, &desired, "selection/unmanaged");
    let account = Changing::new(&desired, observed, |look, observed| {
        if look == 1 {
            observed.plans.values_mut().for_each(twin);
        }
    });
    let report = now(run(&account, &desired, &NO_LIMITS));
    let reasons = outcomes(&report, "selection/unmanaged");
    assert!(
        !reasons.is_empty()
            && reasons.iter().all(|one| matches!(one, Outcome::Blocked(BlockReason::NeedsReview(_)))),
        "{reasons:?}"
    );
}

#[test]
fn what_was_repaired_was_so_at_the_first_look_that_did_not_see_it() {
    let desired = desired();
    let (first, second) = ("plan/retention-differs (rules.*.delete_after_days)", "vault/tags-differ (tags)");
    let wanted = desired.clone();
    let account = Changing::new(&desired, drifted(&desired, first), move |look, observed| {
        observed.at = NOW + Duration::minutes(look as i64);
        if look == 1 {
            apply(observed, &wanted, second);
        }
    });
    let report = now(run(&account, &desired, &NO_LIMITS));
    let times = |code: &str| {
        let those = report.findings.iter().filter(|one| one.finding.drift.code().id() == code);
        those.map(|one| (one.seen_at - NOW, one.repaired_at.map(|at| at - NOW))).collect::<Vec<_>>()
    };
    let (none, one, two) = (Duration::ZERO, Duration::minutes(1), Duration::minutes(2));
    assert_eq!(report.passes, 3);
    assert_eq!(times(first), [(none, Some(one))]);
    assert_eq!(times(second), [(one, Some(two))]);
}

#[test]
fn a_name_that_aws_still_takes_for_taken_is_tried_some_times() {
    let desired = desired();
    let is_create = |call: &Call| matches!(call, Call::CreateBackupSelection { .. });
    for late in 0..5 {
        // AWS refuses a second selection of the name, and for some calls after the first was deleted as well.
        let account =
            Changing::new(&desired, drifted(&desired, "selection/resources-differ (resources)"), |_, _| {})
                .that_refuses(move |call, before| {
                    let is_deleted =
                        before.iter().any(|one| matches!(one, Call::DeleteBackupSelection { .. }));
                    let is_free = is_deleted && before.iter().filter(|one| is_create(one)).count() > late;
                    (is_create(call) && !is_free).then_some("AlreadyExistsException")
                });
        let report = now(run(&account, &desired, &NO_LIMITS));
        let creates = report.calls.iter().filter(|made| is_create(&made.call)).count();
        assert_eq!(creates, (late + 2).min(4), "late by {late}: {:#?}", report.calls);
        assert_eq!(report.verdict() == Verdict::Healed, late <= 2, "late by {late}");
    }
}
