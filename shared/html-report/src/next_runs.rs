//! The next runs of the plans, as the account has them scheduled.

use std::collections::BTreeMap;

use reconcile::desired::Desired;
use reconcile::identity::{PlanChoice, choose_plan};
use reconcile::state::Observed;
use time::OffsetDateTime;

/// By region, plan and rule: when it runs next.
#[derive(Debug, Clone, Default)]
pub struct NextRuns(BTreeMap<(String, String, String), OffsetDateTime>);

impl NextRuns {
    /// Those of the plans that are the spec's.
    pub fn of(desired: &Desired, observed: &Observed) -> Self {
        let mut next = BTreeMap::new();
        for want in &desired.plans {
            let PlanChoice::Ours(plan, _) = choose_plan(want, observed) else { continue };
            for (at, rule) in &plan.next_runs {
                let key = (want.region.clone(), want.document.name.clone(), rule.clone());
                let earliest = next.entry(key).or_insert(*at);
                *earliest = (*earliest).min(*at);
            }
        }
        Self(next)
    }

    pub(crate) fn of_rule(&self, region: &str, plan: &str, rule: &str) -> Option<OffsetDateTime> {
        self.0.get(&(region.to_owned(), plan.to_owned(), rule.to_owned())).copied()
    }
}
