//! Selections. They cannot be updated, so one that differs is superseded: the right one is made first, and only when it
//! has been seen does the wrong one go.

use super::{report, unreadable};
use crate::desired::{DesiredPlan, SelectionDocument};
use crate::drift::{Drift, Finding};
use crate::resource::ResourceId;
use crate::state::{Observation, Plan, Selection};

pub(super) fn diff(plan: &DesiredPlan, seen: &Plan, findings: &mut Vec<Finding>) {
    let name = &plan.document.name;
    let selections = match &seen.selections {
        Observation::Present(selections) => selections.as_slice(),
        Observation::Absent => &[],
        Observation::Unreadable(error) => {
            for want in &plan.selections {
                unreadable(
                    findings,
                    &ResourceId::selection(&plan.region, name, &want.name),
                    "selection",
                    error,
                );
            }
            return;
        }
    };
    for want in &plan.selections {
        let id = ResourceId::selection(&plan.region, name, &want.name);
        let ours: Vec<&Selection> = selections.iter().filter(|one| one.name == want.name).collect();
        diff_named(want, &ours, &id, findings);
    }
    for extra in selections.iter().filter(|one| !plan.selections.iter().any(|want| want.name == one.name)) {
        let id = ResourceId::selection(&plan.region, name, &extra.name);
        let (plan_id, selection_id) = (seen.id.clone(), extra.id.clone());
        report(findings, &id, Drift::SelectionUnmanaged { plan_id, selection_id, name: extra.name.clone() });
    }
}

/// The selections that carry one name of the spec, oldest first.
fn diff_named(want: &SelectionDocument, ours: &[&Selection], id: &ResourceId, findings: &mut Vec<Finding>) {
    let unread = ours.iter().find_map(|one| match &one.document {
        Observation::Unreadable(error) => Some(error),
        Observation::Present(_) | Observation::Absent => None,
    });
    if let Some(error) = unread {
        return unreadable(findings, id, "selection", error);
    }
    let (right, wrong): (Vec<&Selection>, Vec<&Selection>) =
        ours.iter().partition(|one| one.document.present() == Some(want));
    match (right.as_slice(), wrong.as_slice()) {
        ([], []) => report(findings, id, Drift::SelectionMissing),
        ([_], []) => {}
        (right, [only]) if right.len() <= 1 => diff_document(want, only, !right.is_empty(), id, findings),
        ([], several) => {
            let wrong = several.iter().map(|one| one.id.clone()).collect();
            report(findings, id, Drift::SelectionAmbiguous { right: None, wrong });
        }
        ([kept, copies @ ..], wrong) => {
            let right = Some(kept.id.clone());
            let wrong = wrong.iter().chain(copies).map(|one| one.id.clone()).collect();
            report(findings, id, Drift::SelectionAmbiguous { right, wrong });
        }
    }
}

fn diff_document(
    want: &SelectionDocument,
    seen: &Selection,
    superseded: bool,
    id: &ResourceId,
    findings: &mut Vec<Finding>,
) {
    let Observation::Present(have) = &seen.document else { return };
    let selection_id = || seen.id.clone();
    let SelectionDocument { name: _, role_arn, resources, not_resources, tags, conditions } = want;
    if *resources != have.resources {
        let (expected, observed) = (resources.clone(), have.resources.clone());
        report(
            findings,
            id,
            Drift::ResourcesDiffer { selection_id: selection_id(), expected, observed, superseded },
        );
    }
    if *not_resources != have.not_resources {
        let (expected, observed) = (not_resources.clone(), have.not_resources.clone());
        report(
            findings,
            id,
            Drift::NotResourcesDiffer { selection_id: selection_id(), expected, observed, superseded },
        );
    }
    if *tags != have.tags {
        let (expected, observed) = (tags.clone(), have.tags.clone());
        report(
            findings,
            id,
            Drift::SelectionTagsDiffer { selection_id: selection_id(), expected, observed, superseded },
        );
    }
    if *conditions != have.conditions {
        let (expected, observed) = (conditions.clone(), have.conditions.clone());
        report(
            findings,
            id,
            Drift::ConditionsDiffer { selection_id: selection_id(), expected, observed, superseded },
        );
    }
    if *role_arn != have.role_arn {
        let (expected, observed) = (role_arn.clone(), have.role_arn.clone());
        report(
            findings,
            id,
            Drift::SelectionRoleDiffers { selection_id: selection_id(), expected, observed, superseded },
        );
    }
}
