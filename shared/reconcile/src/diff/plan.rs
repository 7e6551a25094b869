//! Plans: whether the plan is there, and which one it is; its document, its tags, its selections.

use std::collections::BTreeMap;

use time::Date;

use super::found::Found;
use super::{document, selection};
use crate::desired::DesiredPlan;
use crate::drift::{Drift, Part, PlanDrift, SelectionDrift};
use crate::identity::{PlanChoice, choose_plan};
use crate::resource::{Kind, ResourceId};
use crate::state::{Observed, Plan};

pub(super) fn diff(want: &DesiredPlan, observed: &Observed, found: &mut Found) {
    let DesiredPlan { region, document, tags: _, selections } = want;
    let id = ResourceId::regional(Kind::Plan, region, &document.name);
    let selection_ids =
        || selections.iter().map(|selection| ResourceId::selection(region, &document.name, &selection.name));
    match choose_plan(want, observed) {
        PlanChoice::Unknown(refusal) => {
            found.unreadable(&id, Part::Whole, &refusal);
            selection_ids().for_each(|id| found.unreadable(&id, Part::Whole, &refusal));
        }
        PlanChoice::Absent => {
            found.add(&id, PlanDrift::Missing);
            selection_ids().for_each(|id| found.add(&id, SelectionDrift::Missing));
        }
        // Which of them is ours cannot be told, so nothing is judged by itself: how each differs is told.
        PlanChoice::Tie(plans) => found.add(&id, ambiguous(want, &plans, observed.at.date(), &id)),
        PlanChoice::Ours(seen, others) => {
            diff_plan(want, seen, observed.at.date(), &id, found);
            for other in others {
                found.add(&id, PlanDrift::Duplicate { plan_id: other.id.clone() });
            }
        }
    }
}

fn diff_plan(want: &DesiredPlan, seen: &Plan, today: Date, id: &ResourceId, found: &mut Found) {
    // Taken apart in full, so that a new attribute cannot be forgotten here.
    let DesiredPlan { region: _, document, tags, selections: _ } = want;
    document::diff(document, &seen.document, today, id, found);
    found.tags(id, tags, &seen.tags, |expected, observed| PlanDrift::TagsDiffer {
        arn: seen.arn.clone(),
        expected,
        observed,
    });
    selection::diff(want, seen, id, found);
}

fn ambiguous(want: &DesiredPlan, plans: &[&Plan], today: Date, id: &ResourceId) -> PlanDrift {
    let mut differences = BTreeMap::new();
    let mut selects = false;
    for plan in plans {
        let mut found = Found::default();
        diff_plan(want, plan, today, id, &mut found);
        let all = found.sorted();
        selects |= !all.iter().any(|one| matches!(one.drift, Drift::Selection(_) | Drift::Unreadable(_)));
        let mut codes: Vec<String> = all.iter().map(|one| one.drift.code().path()).collect();
        codes.dedup();
        differences.insert(plan.id.clone(), codes);
    }
    PlanDrift::Ambiguous { plan_ids: differences.keys().cloned().collect(), differences, selects }
}
