//! A plan is written as a whole, and nothing in it is lost by the way.

use reconcile::desired::{CopyRetention, PlanDocument, ScanAction, ScanSetting};
use reconcile::drift::Severity;

use super::*;

/// Fills every member of every plan that the spec leaves open.
fn fill(observed: &mut Observed, desired: &Desired) {
    for want in &desired.plans {
        let place = reconcile::state::place(&want.region, &want.document.name);
        let candidates = observed.plans.get_mut(&place).and_then(Observation::present_mut);
        let Some(plan) = candidates.and_then(|all| all.first_mut()?.plan.present_mut()) else { continue };
        if want.document.scan_settings.is_none() {
            plan.document.scan_settings = Some(
                [ScanSetting {
                    scanner: "GUARDDUTY".to_owned(),
                    resource_types: ["EBS".to_owned(), "EC2".to_owned()].into(),
                    role_arn: "arn:aws:iam::123456789012:role/scanner".to_owned(),
                }]
                .into(),
            );
        }
        for rule in &mut plan.document.rules {
            let Some(want) = want.document.rules.iter().find(|want| want.name == rule.name) else { continue };
            if want.scan_actions.is_none() {
                let scan = ScanAction { scanner: "GUARDDUTY".to_owned(), mode: "FULL_SCAN".to_owned() };
                rule.scan_actions = Some([scan].into());
            }
            if want.index_actions.is_none() {
                rule.index_actions = Some([["S3".to_owned()].into()].into());
            }
            if want.lifecycle.opt_in_to_archive.is_none() {
                rule.lifecycle.opt_in_to_archive = Some(true);
            }
            for copy in &mut rule.copies {
                let want = want.copies.iter().find(|want| want.destination == copy.destination);
                if want.is_some_and(|want| want.lifecycle.opt_in_to_archive.is_none()) {
                    copy.lifecycle.opt_in_to_archive = Some(true);
                }
            }
        }
    }
}

/// The documents of an account, in an order that does not depend on what was repaired.
fn documents(observed: &Observed) -> Vec<PlanDocument> {
    let mut all = Vec::new();
    let candidates = observed.plans.values().filter_map(Observation::present).flatten();
    for plan in candidates.filter_map(|one| one.plan.present()) {
        let mut document = plan.document.clone();
        document.rules.sort_by(|a, b| a.name.cmp(&b.name));
        document
            .rules
            .iter_mut()
            .for_each(|rule| rule.copies.sort_by(|a, b| a.destination.cmp(&b.destination)));
        all.push(document);
    }
    all
}

/// A rule or copy that is gone took its members with it: only a spec can bring those back.
fn takes_members_with_it(drift: &ModelDrift) -> bool {
    ["plan/missing", "plan/rule-missing (rules.*)", "plan/copy-missing (rules.*.copies.*)"]
        .contains(&drift.code)
}

#[test]
fn what_the_spec_leaves_open_is_no_drift() {
    for desired in specs() {
        let mut observed = in_sync(&desired);
        fill(&mut observed, &desired);
        assert_eq!(diff(&desired, &observed), []);
    }
}

#[test]
fn a_repair_leaves_every_other_member_of_the_document_as_it_was() {
    for desired in specs() {
        let mut full = in_sync(&desired);
        fill(&mut full, &desired);
        let of_plans =
            || DRIFTS.iter().filter(|drift| drift.code.starts_with("plan/") && !takes_members_with_it(drift));
        let pairs = of_plans().enumerate();
        for (first, second) in
            pairs.flat_map(|(at, first)| of_plans().skip(at).map(move |second| (first, second)))
        {
            let mut observed = full.clone();
            (first.apply)(&mut observed, &desired);
            (second.apply)(&mut observed, &desired);
            let (report, healed) = heal(&desired, observed);
            if report.verdict() == Verdict::Drifted {
                continue; // several plans of the name, which nobody touches
            }
            assert_eq!(documents(&healed), documents(&full), "{}, {}", first.name(), second.name());
        }
    }
}

/// Of two rules, or copies, of one name none of which is as designed, the one that is nearly so stays, with all that the spec leaves open.
#[test]
fn of_what_is_there_twice_the_nearest_stays() {
    for desired in specs() {
        let mut full = in_sync(&desired);
        fill(&mut full, &desired);
        for position in [0, 1] {
            let mut observed = full.clone();
            let candidates = observed.plans.values_mut().filter_map(Observation::present_mut).flatten();
            for plan in candidates.filter_map(|one| one.plan.present_mut()) {
                for rule in &mut plan.document.rules {
                    let Some(near) = rule.copies.first_mut() else { continue };
                    near.lifecycle.cold_storage_after_days = Some(1);
                    let mut far = near.clone();
                    far.lifecycle.kept = CopyRetention::Days(4000);
                    far.lifecycle.opt_in_to_archive = Some(false);
                    rule.copies.insert(position.min(rule.copies.len()), far);
                }
                let near = &mut plan.document.rules[0];
                near.start_window_minutes += 1;
                let mut far = near.clone();
                far.target_vault = "elsewhere".to_owned();
                (far.scan_actions, far.index_actions) = (Some([].into()), Some([].into()));
                plan.document.rules.insert(position, far);
            }
            let (report, healed) = heal(&desired, observed);
            assert_eq!(report.verdict(), Verdict::Healed);
            assert_eq!(documents(&healed), documents(&full), "{}, {position}", desired.name);
        }
    }
}

#[test]
fn an_update_names_the_version_that_it_replaces_and_what_goes_with_it() {
    let desired = desired();
    let mut observed = in_sync(&desired);
    let cut = DRIFTS.iter().find(|drift| drift.code.starts_with("plan/retention-differs")).expect("a drift");
    (cut.apply)(&mut observed, &desired);
    for candidate in observed.plans.values_mut().filter_map(Observation::present_mut).flatten() {
        if let Observation::Present(plan) = &mut candidate.plan {
            plan.version = "version-7".to_owned();
            plan.unknown_members = ["rules.daily.Novelty".to_owned()].into();
        }
    }
    let (report, _) = heal(&desired, observed);
    let notes: Vec<String> = report.notes.iter().map(|note| note.to_string()).collect();
    assert!(notes.iter().any(|note| note.contains("--version-id version-7")), "{notes:?}");
    assert!(notes.iter().any(|note| note.contains("rules.daily.Novelty")), "{notes:?}");
}

#[test]
fn a_schedule_that_never_comes_is_worse_than_one_at_another_time() {
    let desired = desired();
    for (schedule, severity) in
        [("cron(0 0 1 1 ? 2199)", Severity::Critical), ("cron(21 7 * * ? *)", Severity::High)]
    {
        let mut observed = in_sync(&desired);
        let plans =
            observed.plans.get_mut(&place("us-east-1", "ec2_prod_backups")).unwrap().present_mut().unwrap();
        plans[0].plan.present_mut().unwrap().document.rules[0].schedule = schedule.to_owned();
        let found = diff(&desired, &observed);
        assert_eq!(
            found.iter().map(|one| one.drift.severity()).collect::<Vec<_>>(),
            [severity],
            "{schedule}"
        );
    }
}
