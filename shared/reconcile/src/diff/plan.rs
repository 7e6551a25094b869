//! Plans: whether the plan is there, its document, its tags, its selections.

use super::found::Found;
use super::{document, selection};
use crate::desired::DesiredPlan;
use crate::drift::{Part, PlanDrift, SelectionDrift};
use crate::resource::{Kind, ResourceId};
use crate::state::{Observation, Observed, PlanMatch, place};

pub(super) fn diff(want: &DesiredPlan, observed: &Observed, found: &mut Found) {
    // Taken apart in full, so that a new attribute cannot be forgotten here.
    let DesiredPlan { region, document, tags, selections } = want;
    let id = ResourceId::regional(Kind::Plan, region, &document.name);
    let selection_ids =
        || selections.iter().map(|selection| ResourceId::selection(region, &document.name, &selection.name));
    match observed.plans.get(&place(region, &document.name)) {
        Some(Observation::Unreadable(refusal)) => {
            found.unreadable(&id, Part::Whole, refusal);
            selection_ids().for_each(|id| found.unreadable(&id, Part::Whole, refusal));
        }
        None | Some(Observation::Absent) => {
            found.add(&id, PlanDrift::Missing);
            selection_ids().for_each(|id| found.add(&id, SelectionDrift::Missing));
        }
        // Which of them is ours cannot be told, so neither their rules nor their selections are judged.
        Some(Observation::Present(PlanMatch::Several(ids))) => {
            found.add(&id, PlanDrift::Ambiguous { plan_ids: ids.clone() });
        }
        Some(Observation::Present(PlanMatch::One(seen))) => {
            document::diff(document, &seen.document, &id, found);
            found.tags(&id, tags, &seen.tags, |expected, observed| PlanDrift::TagsDiffer {
                arn: seen.arn.clone(),
                expected,
                observed,
            });
            selection::diff(want, seen, found);
        }
    }
}
