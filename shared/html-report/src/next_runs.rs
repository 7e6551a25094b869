//! The next runs of the plans, as the account has them scheduled.

use std::collections::BTreeMap;

use reconcile::liveness::Liveness;
use time::OffsetDateTime;

/// By region, plan and rule: when it runs next.
#[derive(Debug, Clone, Default)]
pub struct NextRuns(BTreeMap<(String, String, String), OffsetDateTime>);

impl NextRuns {
    /// Those of the plans that a run has found to be the spec's.
    pub fn of(liveness: &Liveness) -> Self {
        let mut next = BTreeMap::new();
        for (at, plan, rule) in &liveness.next_runs {
            let region = plan.region.clone().unwrap_or_default();
            let earliest = next.entry((region, plan.name.clone(), rule.clone())).or_insert(*at);
            *earliest = (*earliest).min(*at);
        }
        Self(next)
    }

    pub(crate) fn of_rule(&self, region: &str, plan: &str, rule: &str) -> Option<OffsetDateTime> {
        self.0.get(&(region.to_owned(), plan.to_owned(), rule.to_owned())).copied()
    }
}
