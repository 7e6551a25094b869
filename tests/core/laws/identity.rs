//! Whose a plan is, where two have its name.

use reconcile::desired::Tags;
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
