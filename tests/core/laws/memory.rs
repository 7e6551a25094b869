//! What a run remembers from pass to pass, in accounts that change by themselves.

use reconcile::call::Call;
use reconcile::drift::Drift;
use reconcile::read::Read;
use reconcile::state::{Plan, PlanCandidate};
use time::Duration;

use super::liveness::each_plan;
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
fn a_selection_that_the_spec_does_not_name_is_not_gone_because_the_list_of_its_plan_is_unread() {
    fn list(plan: &mut Plan) {
        plan.selections = Observation::Unreadable(refused(Read::ListBackupSelections, "ThrottlingException"));
    }
    fn one(plan: &mut Plan) {
        let selections = plan.selections.present_mut().unwrap();
        selections.retain(|one| one.name != "extra");
        selections[0].document =
            Observation::Unreadable(refused(Read::GetBackupSelection, "ThrottlingException"));
    }
    let list: fn(&mut Plan) = list;
    let cases = [(true, list, false), (false, list, false), (true, one, true)];
    for (names_selections, change, is_seen) in cases {
        let mut desired = desired();
        let mut observed = drifted(&desired, "plan/retention-differs (rules.*.delete_after_days)");
        apply(&mut observed, &desired, "selection/unmanaged");
        if !names_selections {
            desired.plans.iter_mut().for_each(|plan| plan.selections.clear());
        }
        let account = Changing::new(&desired, observed, move |look, observed| {
            if look == 1 {
                each_plan(observed, |_, plan| change(plan));
            }
        });
        let report = now(run(&account, &desired, &NO_LIMITS));
        let extra = report.findings.iter().find(|one| one.finding.resource.name == "extra").unwrap();
        assert_eq!(extra.outcome == Outcome::Repaired, is_seen, "{report:#?}");
        // What could not be read is told, whatever the spec names.
        assert!(
            report.findings.iter().any(|one| matches!(one.finding.drift, Drift::Unreadable(_))),
            "{report:#?}"
        );
    }
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

#[test]
fn a_selection_whose_name_is_taken_is_not_made_again_before_something_of_the_name_is_gone() {
    let desired = desired();
    let mut observed = in_sync(&desired);
    let candidates = observed.plans.values_mut().filter_map(Observation::present_mut).flatten();
    for plan in candidates.filter_map(|one| one.plan.present_mut()) {
        plan.selections = Observation::Present(Vec::new());
    }
    let taken = |call: &Call| matches!(call, Call::CreateBackupSelection { document, .. } if document.name == "all_ec2");
    let account = Changing::new(&desired, observed, |_, _| {})
        .that_refuses(move |call, _| taken(call).then_some("AlreadyExistsException"));
    let report = now(run(&account, &desired, &NO_LIMITS));
    assert_eq!(report.calls.iter().filter(|made| taken(&made.call)).count(), 1, "{:#?}", report.calls);
    assert_eq!(report.calls.len(), 2);
}

/// What came of a finding of the first look when, at the second one, it could not be told which key of the first region is meant.
fn when_the_key_is_in_doubt(desired: &Desired, observed: Observed, code: &str) -> Vec<Outcome> {
    let account = Changing::new(desired, observed, |look, observed| {
        if look > 0 {
            let hourly = place("us-east-1", "vault_prod_hourly");
            let denied = refused(Read::ListBackupVaults, "AccessDeniedException");
            observed.vaults.insert(hourly, Observation::Unreadable(denied));
        }
    });
    let report = now(run(&account, desired, &NO_LIMITS));
    assert!(report.passes > 1, "{:#?}", report.findings);
    outcomes(&report, code)
}

#[test]
fn what_hangs_on_the_key_was_not_seen_repaired_when_nothing_tells_the_key_any_more() {
    let desired = desired();
    // The tags make a second look.
    let with = |code| {
        let mut observed = drifted(&desired, code);
        apply(&mut observed, &desired, "plan/tags-differ (tags)");
        observed
    };
    let judge = |observed, code| when_the_key_is_in_doubt(&desired, observed, code);
    let (moved, other_key) = ("alias/target-differs (target)", "vault/key-differs (encryption_key)");
    assert_eq!(judge(with(moved), moved), [Outcome::Blocked(BlockReason::Tried)]);
    let mut changed = with(other_key);
    let right = observed_key(&changed, "vault_prod_monthly");
    let other = observed_key(&changed, "vault_prod_daily");
    assert_ne!(right, other);
    let vaults = changed.vaults.values_mut().filter_map(Observation::present_mut);
    vaults.for_each(|vault| vault.created = Some(NOW - Duration::days(200)));
    let daily = changed.vaults.get_mut(&place("us-east-1", "vault_prod_daily")).unwrap();
    daily.present_mut().unwrap().created = Some(NOW - Duration::days(1));
    assert_eq!(judge(changed, other_key), [Outcome::Blocked(BlockReason::Immutable)]);
    // What does not hang on it is judged as ever, and so is the other region.
    for code in ["vault/tags-differ (tags)", "plan/tags-differ (tags)"] {
        assert_eq!(judge(with(code), code), [Outcome::Repaired], "{code}");
    }
    let mut elsewhere = with("vault/tags-differ (tags)");
    elsewhere.aliases.insert(place("us-west-2", "alias/aws_backup_key"), Observation::Absent);
    assert_eq!(judge(elsewhere, "alias/missing"), [Outcome::Repaired]);
}

fn observed_key(observed: &Observed, vault: &str) -> String {
    observed.vault("us-east-1", vault).unwrap().key_arn.clone()
}

#[test]
fn a_finding_about_the_key_hides_nothing_of_the_alias_as_long_as_it_is_known_which_key_is_meant() {
    let desired = desired();
    let code = "alias/target-differs (target)";
    let account = Changing::new(&desired, drifted(&desired, code), |look, observed| {
        for key in observed.keys.values_mut().filter_map(Observation::present_mut).filter(|_| look == 1) {
            key.rotation =
                Observation::Unreadable(refused(Read::GetKeyRotationStatus, "AccessDeniedException"));
        }
    });
    let report = now(run(&account, &desired, &NO_LIMITS));
    assert_eq!(outcomes(&report, code), [Outcome::Repaired]);
}

#[test]
fn what_goes_beside_a_call_was_repaired_by_it_unless_it_was_missing_and_the_call_was_for_something_else() {
    let desired = desired();
    for (code, went_by_itself) in [("selection/unmanaged", false), ("selection/missing", true)] {
        let (mut observed, clean) = (drifted(&desired, code), in_sync(&desired));
        apply(&mut observed, &desired, "vault/tags-differ (tags)");
        let account = Changing::new(&desired, observed, move |look, observed| {
            if look == 1 {
                observed.plans.clone_from(&clean.plans);
            }
        });
        let report = now(run(&account, &desired, &NO_LIMITS));
        let told = if went_by_itself { vec![] } else { vec![Outcome::Repaired] };
        assert_eq!(outcomes(&report, code), told, "{code}");
        let notes: Vec<String> = report.notes.iter().map(|note| note.to_string()).collect();
        let is_told = notes.iter().any(|note| note.contains("a later one did not"));
        assert_eq!(is_told, went_by_itself, "{notes:?}");
    }
}

#[test]
fn one_wait_is_enough_for_all_that_the_first_look_missed() {
    for desired in specs() {
        let settings = in_sync(&desired).region_settings;
        let account = Changing::new(&desired, Observed { region_settings: settings, ..empty() }, |_, _| {});
        let report = now(run(&account, &desired, &Limits { bootstrap: true, ..NO_LIMITS }));
        assert!(report.calls.iter().filter(|made| made.call.makes_another()).count() > 4);
        assert_eq!(account.waits(), 1, "{}", desired.name);
    }
}

#[test]
fn a_selection_is_never_deleted_before_the_right_one_was_seen() {
    for desired in specs() {
        let code = "selection/resources-differ (resources)";
        let account = Changing::new(&desired, drifted(&desired, code), |_, _| {}).where_only(|_| false);
        let report = now(run(&account, &desired, &NO_LIMITS));
        let calls: Vec<&str> = report.calls.iter().map(|made| made.call.operation()).collect();
        assert_eq!(calls, ["CreateBackupSelection"]);
        assert_eq!(outcomes(&report, code), [Outcome::Blocked(BlockReason::Tried)]);
    }
}

#[test]
fn what_cannot_be_read_any_more_was_not_seen_repaired() {
    let parts =
        |name: &str| DRIFTS.iter().find(|drift| drift.name() == format!("any/unreadable {name}")).unwrap();
    let mut tried = 0;
    for desired in specs() {
        for (code, unread, is_hidden) in [
            ("key/rotation-off (rotation)", "rotation", true),
            ("key/rotation-off (rotation)", "key tags", false),
            ("key/rotation-period-differs (rotation_period_days)", "rotation", true),
            ("key/key-policy-differs (policy)", "key policy", true),
            ("key/key-policy-differs (policy)", "grants", false),
            ("key/tags-differ (tags)", "key tags", true),
            ("key/description-differs (description)", "key tags", false),
            ("vault/tags-differ (tags)", "vault tags", true),
            ("vault/notifications-differ (notifications)", "notifications", true),
            ("vault/tags-differ (tags)", "notifications", false),
            ("vault/tags-differ (tags)", "vault", true),
            ("plan/tags-differ (tags)", "plan tags", true),
            ("plan/retention-differs (rules.*.delete_after_days)", "plan tags", false),
            ("plan/retention-differs (rules.*.delete_after_days)", "plan", true),
            ("role/policy-detached (managed_policies.*)", "managed policies", true),
            ("role/policy-detached (managed_policies.*)", "inline policies", false),
            ("role/tags-differ (tags)", "managed policies", false),
            ("role/tags-differ (tags)", "role", true),
        ] {
            let (part, wanted) = (parts(unread), desired.clone());
            let account = Changing::new(&desired, drifted(&desired, code), move |look, observed| {
                if look == 1 {
                    (part.apply)(observed, &wanted);
                }
            });
            let report = now(run(&account, &desired, &NO_LIMITS));
            // Some of it only one of the specs can have.
            let Some(outcome) = outcomes(&report, code).pop() else { continue };
            let has_part =
                report.findings.iter().any(|one| matches!(one.finding.drift, Drift::Unreadable(_)));
            if has_part {
                let expected =
                    if is_hidden { Outcome::Blocked(BlockReason::Tried) } else { Outcome::Repaired };
                assert_eq!(outcome, expected, "{code}, then {unread}");
                tried += 1;
            }
        }
    }
    assert!(tried > 20, "{tried}");
}
