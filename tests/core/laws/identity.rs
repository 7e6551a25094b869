//! Whose a plan is, where two have its name.

use reconcile::desired::Tags;
use reconcile::drift::{Drift, PlanDrift, Severity};
use reconcile::identity::{PlanChoice, choose_plan};
use reconcile::read::Read;
use reconcile::state::{Plan, PlanCandidate};
use time::Duration;

use super::*;

#[test]
fn an_older_plan_with_the_rules_of_others_is_not_ours() {
    for desired in specs() {
        let mut observed = in_sync(&desired);
        for plans in observed.plans.values_mut().filter_map(Observation::present_mut) {
            let mut other = plans[0].clone();
            (other.id, other.created) = ("older".to_owned(), Some(NOW - Duration::days(900)));
            if let Observation::Present(plan) = &mut other.plan {
                plan.id = "older".to_owned();
                plan.tags = Observation::Present(Tags::new());
                plan.selections = Observation::Present(Vec::new());
                plan.document.rules.iter_mut().for_each(|rule| rule.name.push_str("_of_others"));
            }
            plans.push(other);
        }
        let (report, _) = heal(&desired, observed);
        assert!(!report.findings.is_empty(), "it is told");
        assert_eq!(report.calls, vec![], "and neither plan is written");
    }
}

/// What a plan carries of the spec: s(elections), r(ules), t(ags).
fn carrying(plan: &Plan, what: &str) -> Plan {
    let mut plan = plan.clone();
    if !what.contains('s') {
        plan.selections = Observation::Present(Vec::new());
    }
    if !what.contains('r') {
        plan.document.rules.iter_mut().for_each(|rule| rule.name.push_str("_of_others"));
    }
    if !what.contains('t') {
        plan.tags = Observation::Present(Tags::new());
    }
    plan
}

/// The reference's first plan, and plans of its name: how many days old, and what they carry; `-` where it cannot be read, `0` where it is
/// not found.
fn choice(plans: &[(Option<i64>, &str)]) -> String {
    let desired = desired();
    let mut observed = in_sync(&desired);
    let want = &desired.plans[0];
    let here = place(&want.region, &want.document.name);
    let like = observed.plans[&here].present().unwrap()[0].plan.present().unwrap().clone();
    let candidates = plans.iter().enumerate().map(|(index, &(days, what))| PlanCandidate {
        id: index.to_string(),
        created: days.map(|days| NOW - Duration::days(days)),
        plan: match what {
            "-" => Observation::Unreadable(refused(Read::GetBackupPlan, "AccessDeniedException")),
            "0" => Observation::Absent,
            what => Observation::Present(Plan { id: index.to_string(), ..carrying(&like, what) }),
        },
    });
    observed.plans.insert(here, Observation::Present(candidates.collect()));
    match choose_plan(want, &observed) {
        PlanChoice::Absent => "absent".to_owned(),
        PlanChoice::Unknown(why) => why.error.code,
        PlanChoice::Ours(plan, others) => {
            let others: Vec<&str> = others.iter().map(|other| other.id.as_str()).collect();
            format!("{} beside {}", plan.id, others.join(" "))
        }
        PlanChoice::Tie(plans) => {
            format!("tie {}", plans.iter().map(|plan| plan.id.as_str()).collect::<Vec<_>>().join(" "))
        }
    }
}

#[test]
fn of_plans_with_one_name_the_oldest_that_carries_anything_of_the_spec_is_ours() {
    let (old, young) = (Some(20), Some(10));
    for (plans, expected) in [
        (&[][..], "absent"),
        // The only one of a name is meant, whatever it carries.
        (&[(old, "")], "0 beside "),
        (&[(None, "srt")], "0 beside "),
        (&[(old, "-")], "AccessDeniedException"),
        (&[(old, "0")], "Contradicted"),
        (&[(young, "srt"), (old, "srt")], "1 beside 0"),
        (&[(young, "srt"), (old, "")], "0 beside 1"),
        // Each of these is enough.
        (&[(young, "srt"), (old, "s")], "1 beside 0"),
        (&[(young, "srt"), (old, "r")], "1 beside 0"),
        (&[(young, "srt"), (old, "t")], "1 beside 0"),
        (&[(young, ""), (old, "")], "tie 0 1"),
        (&[(old, "srt"), (old, "srt")], "tie 0 1"),
        (&[(old, "srt"), (old, "")], "0 beside 1"),
        (&[(old, "srt"), (old, "r"), (young, "srt")], "tie 0 1"),
        // One without a date may be older.
        (&[(old, "srt"), (None, "srt")], "tie 0 1"),
        (&[(old, "srt"), (None, "")], "0 beside 1"),
        (&[(None, "srt"), (None, "")], "0 beside 1"),
        // One that cannot be read may be ours, unless it came later.
        (&[(old, "srt"), (young, "-")], "0 beside 1"),
        (&[(young, "srt"), (old, "-")], "AccessDeniedException"),
        (&[(old, "srt"), (old, "-")], "AccessDeniedException"),
        (&[(old, "srt"), (None, "-")], "AccessDeniedException"),
        (&[(old, "srt"), (old, "0")], "Contradicted"),
        (&[(old, ""), (young, "-")], "AccessDeniedException"),
        (&[(old, "srt"), (young, "0")], "0 beside 1"),
    ] {
        assert_eq!(choice(plans), expected, "{plans:?}");
    }
}

#[test]
fn of_ambiguous_plans_it_is_told_how_each_differs_and_whether_one_of_them_selects_what_the_spec_does() {
    let desired = desired();
    let judge = |first: &str, second: &str, change: &dyn Fn(&mut Plan)| {
        let mut observed = in_sync(&desired);
        let here = place("us-east-1", "prod_backups");
        let plans = observed.plans.get_mut(&here).unwrap().present_mut().unwrap();
        let like = plans[0].plan.present().unwrap().clone();
        plans.push(plans[0].clone());
        for (plan, (id, what)) in plans.iter_mut().zip([("first", first), ("second", second)]) {
            let mut seen = Plan { id: id.to_owned(), ..carrying(&like, what) };
            change(&mut seen);
            (plan.id, plan.plan) = (id.to_owned(), Observation::Present(seen));
        }
        let found = diff(&desired, &observed);
        let [Finding { drift: Drift::Plan(PlanDrift::Ambiguous { differences, selects, .. }), .. }] =
            &found[..]
        else {
            panic!("{found:#?}")
        };
        let severity = found[0].drift.severity();
        assert_eq!(severity, if *selects { Severity::High } else { Severity::Critical });
        let told: Vec<String> =
            differences.iter().map(|(id, codes)| format!("{id}: {}", codes.join(" "))).collect();
        (*selects, told.join(", "))
    };
    let as_it_is = |_: &mut Plan| ();
    assert_eq!(judge("srt", "srt", &as_it_is), (true, "first: , second: ".to_owned()));
    assert_eq!(judge("srt", "rt", &as_it_is), (true, "first: , second: selection/missing".to_owned()));
    assert_eq!(judge("rt", "srt", &as_it_is), (true, "first: selection/missing, second: ".to_owned()));
    let (selects, told) = judge("rt", "r", &as_it_is);
    assert!(!selects && told.contains("plan/tags-differ") && told.contains("selection/missing"), "{told}");
    // What could not be read is no selection.
    let unread = |plan: &mut Plan| {
        plan.selections =
            Observation::Unreadable(refused(Read::ListBackupSelections, "AccessDeniedException"));
    };
    assert!(!judge("srt", "srt", &unread).0);
}
