//! What does not look alive is noted, and changes no verdict.

use reconcile::liveness::Liveness;
use reconcile::resource::ResourceId;
use reconcile::state::{Plan, Role};
use time::{Duration, OffsetDateTime};

use super::*;

/// A deployment of the reference that is a year old, and of which everything was used within the hour.
fn alive(desired: &Desired) -> Observed {
    let mut observed = in_sync(desired);
    let (before, lately) = (Some(NOW - Duration::days(365)), Some(NOW - Duration::minutes(40)));
    for role in observed.roles.values_mut().filter_map(Observation::present_mut) {
        role.last_used = lately;
    }
    for vault in observed.vaults.values_mut().filter_map(Observation::present_mut) {
        (vault.created, vault.recovery_points) = (before, Some(3));
        vault.lock.lock_date = vault.lock.lock_date.and(Some(NOW - Duration::days(300)));
    }
    for candidate in observed.plans.values_mut().filter_map(Observation::present_mut).flatten() {
        candidate.created = before;
        if let Observation::Present(plan) = &mut candidate.plan {
            plan.last_run = lately;
        }
    }
    observed
}

fn names(found: &[ResourceId]) -> Vec<&str> {
    found.iter().map(|one| one.name.as_str()).collect()
}

#[test]
fn what_is_used_is_not_noted() {
    for desired in specs() {
        assert_eq!(Liveness::of(&desired, &alive(&desired)).notes(), []);
    }
}

#[test]
fn a_plan_that_started_nothing_since_it_was_due_is_noted() {
    let desired = desired();
    let mut observed = alive(&desired);
    // It is three in the morning: the hourly rule was due at 23:20 and later, the daily ones at 07:20 and 09:20.
    for candidate in observed.plans.values_mut().filter_map(Observation::present_mut).flatten() {
        if let Observation::Present(plan) = &mut candidate.plan {
            plan.last_run = Some(NOW - Duration::hours(8));
        }
    }
    assert_eq!(names(&Liveness::of(&desired, &observed).idle_plans), ["prod_backups"]);
    for candidate in observed.plans.values_mut().filter_map(Observation::present_mut).flatten() {
        candidate.created = Some(NOW - Duration::hours(1));
    }
    assert_eq!(Liveness::of(&desired, &observed).idle_plans, [], "it is younger than that");
}

fn no_recovery_points(observed: &mut Observed) {
    for vault in observed.vaults.values_mut().filter_map(Observation::present_mut) {
        vault.recovery_points = Some(0);
    }
}

#[test]
fn an_empty_vault_and_an_unused_role_are_noted_and_nothing_is_drifted() {
    let desired = desired();
    let mut observed = alive(&desired);
    no_recovery_points(&mut observed);
    for role in observed.roles.values_mut().filter_map(Observation::present_mut) {
        role.last_used = None;
    }
    let liveness = Liveness::of(&desired, &observed);
    let all = ["vault_prod_hourly", "vault_prod_daily", "vault_prod_monthly", "vault_disaster_recovery"];
    assert_eq!(names(&liveness.empty_vaults), all);
    assert_eq!(names(&liveness.unused_roles), ["aws_backup_role"]);
    let (report, _) = heal(&desired, observed);
    assert_eq!(report.verdict(), Verdict::InSync);
    assert_eq!(report.notes.len(), 2, "{:?}", report.notes);
}

/// Each plan, with the time at which it was made.
pub(super) fn each_plan(observed: &mut Observed, change: impl Fn(&mut Option<OffsetDateTime>, &mut Plan)) {
    for candidate in observed.plans.values_mut().filter_map(Observation::present_mut).flatten() {
        if let Observation::Present(plan) = &mut candidate.plan {
            change(&mut candidate.created, plan);
        }
    }
}

#[test]
fn a_rule_counts_when_its_windows_and_some_patience_are_over() {
    let desired = desired();
    let mut observed = alive(&desired);
    let idle = |observed: &Observed| names(&Liveness::of(&desired, observed).idle_plans).join(" ");
    // A job of 22:20 should have begun by 23:20, and three hours of patience are over; with one of 23:20 AWS may still be late.
    for (minutes, expected) in [(279, ""), (281, "prod_backups")] {
        each_plan(&mut observed, |_, plan| plan.last_run = Some(NOW - Duration::minutes(minutes)));
        assert_eq!(idle(&observed), expected, "{minutes} minutes ago");
    }
    // The plan of the instances was due at 09:20 for the last time.
    each_plan(&mut observed, |_, plan| plan.last_run = Some(NOW - Duration::hours(24)));
    assert_eq!(idle(&observed), "prod_backups ec2_prod_backups");
}

#[test]
fn a_vault_is_empty_by_the_rules_that_write_to_it_for_as_long_as_they_keep_it() {
    let desired = desired();
    let mut observed = alive(&desired);
    no_recovery_points(&mut observed);
    // Of plans that are thirty hours old only the hourly rule was due so long ago that its jobs must be over.
    each_plan(&mut observed, |created, _| *created = Some(NOW - Duration::hours(30)));
    let empty = |observed: &Observed| names(&Liveness::of(&desired, observed).empty_vaults).join(" ");
    assert_eq!(empty(&observed), "vault_prod_hourly");
    for (days, expected) in [(2, "vault_prod_hourly"), (1, "")] {
        each_plan(&mut observed, |_, plan| {
            plan.document.rules.iter_mut().for_each(|rule| rule.lifecycle.delete_after_days = Some(days));
        });
        assert_eq!(empty(&observed), expected, "kept for {days} days");
    }
}

/// How many minutes ago it is first noted.
fn noted_first(is_noted: impl Fn(OffsetDateTime) -> bool) -> i64 {
    (0..60 * 48).find(|&minutes| is_noted(NOW - Duration::minutes(minutes))).unwrap()
}

#[test]
fn what_was_made_or_used_at_the_minute_at_which_a_rule_was_due_counts_as_later() {
    let desired = desired();
    let mut observed = alive(&desired);
    no_recovery_points(&mut observed);
    // The rules are due twenty minutes past the hour: the first that is too old is of a minute before.
    let is_before_a_run = |minutes: i64| (NOW - Duration::minutes(minutes)).minute() == 19;
    let role = |change: &dyn Fn(&mut Role)| {
        let mut observed = observed.clone();
        observed.roles.values_mut().filter_map(Observation::present_mut).for_each(change);
        !Liveness::of(&desired, &observed).unused_roles.is_empty()
    };
    let used = noted_first(|at| role(&|role| role.last_used = Some(at)));
    let made = noted_first(|at| role(&|role| (role.created, role.last_used) = (Some(at), None)));
    let vault = noted_first(|at| {
        let mut observed = observed.clone();
        let vaults = observed.vaults.values_mut().filter_map(Observation::present_mut);
        vaults.for_each(|vault| vault.created = Some(at));
        !Liveness::of(&desired, &observed).empty_vaults.is_empty()
    });
    assert_eq!([used, made, vault].map(is_before_a_run), [true; 3], "{used} {made} {vault}");
}

#[test]
fn a_role_is_unused_by_the_plans_whose_selections_have_it() {
    let mut desired = desired();
    let mut observed = alive(&desired);
    let mut other = desired.roles[0].clone();
    (other.name, other.arn) = ("of_nobody".to_owned(), other.arn.replace("aws_backup_role", "of_nobody"));
    let mut seen = observed.roles.values().next().unwrap().clone();
    seen.present_mut().unwrap().last_used = None;
    observed.roles.insert(other.name.clone(), seen);
    desired.roles.insert(0, other);
    assert_eq!(Liveness::of(&desired, &observed).unused_roles, [], "no selection has it");
}

#[test]
fn the_next_runs_are_told_in_their_order() {
    let desired = desired();
    let mut observed = alive(&desired);
    for candidate in observed.plans.values_mut().filter_map(Observation::present_mut).flatten() {
        if let Observation::Present(plan) = &mut candidate.plan {
            plan.next_runs = vec![(NOW + Duration::hours(6), "daily_backup_rule".to_owned())];
        }
    }
    let told = Liveness::of(&desired, &observed).next_runs_note().unwrap();
    assert_eq!(
        told.as_str(),
        "The next scheduled backups: 2026-11-23 09:00:00 UTC by daily_backup_rule of plan us-east-1/ec2_prod_backups, 2026-11-23 09:00:00 UTC by daily_backup_rule of plan us-east-1/prod_backups."
    );
}
