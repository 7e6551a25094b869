//! Selections. They cannot be updated, so one that differs is superseded: the right one is made first, and only when it
//! has been seen does the wrong one go.

use super::found::Found;
use crate::desired::{DesiredPlan, SelectionDocument};
use crate::drift::{Part, SelectionDrift as D};
use crate::resource::ResourceId;
use crate::state::{Observation, Plan, Selection};

pub(super) fn diff(want: &DesiredPlan, seen: &Plan, its_plan: &ResourceId, found: &mut Found) {
    let plan = &want.document.name;
    let id = |selection: &str| ResourceId::selection(&want.region, plan, selection);
    let selections = match &seen.selections {
        Observation::Present(selections) => selections.as_slice(),
        Observation::Absent => &[],
        Observation::Unreadable(refusal) if want.selections.is_empty() => {
            return found.unreadable(its_plan, Part::Selections, refusal);
        }
        Observation::Unreadable(refusal) => {
            return want
                .selections
                .iter()
                .for_each(|selection| found.unreadable(&id(&selection.name), Part::Whole, refusal));
        }
    };
    for selection in &want.selections {
        let named: Vec<&Selection> = selections.iter().filter(|one| one.name == selection.name).collect();
        diff_named(selection, &named, &id(&selection.name), found);
    }
    for extra in selections.iter().filter(|one| !want.selections.iter().any(|want| want.name == one.name)) {
        let (plan_id, selection_id, name) = (seen.id.clone(), extra.id.clone(), extra.name.clone());
        found.add(&id(&extra.name), D::Unmanaged { plan_id, selection_id, name });
    }
}

/// The selections that carry one name of the spec, oldest first.
fn diff_named(want: &SelectionDocument, named: &[&Selection], id: &ResourceId, found: &mut Found) {
    let unread = named.iter().find_map(|one| match &one.document {
        Observation::Unreadable(refusal) => Some(refusal),
        Observation::Present(_) | Observation::Absent => None,
    });
    if let Some(refusal) = unread {
        return found.unreadable(id, Part::Whole, refusal);
    }
    let (right, wrong): (Vec<&Selection>, Vec<&Selection>) =
        named.iter().partition(|one| one.document.present() == Some(want));
    let ids = |all: &[&Selection]| all.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
    match (right.as_slice(), wrong.as_slice()) {
        ([], []) => found.add(id, D::Missing),
        ([_], []) => {}
        (right, [only]) if right.len() <= 1 => diff_document(want, only, !right.is_empty(), id, found),
        ([], several) => found.add(id, D::Ambiguous { right: None, wrong: ids(several) }),
        ([kept, copies @ ..], wrong) => {
            let wrong = [ids(wrong), ids(copies)].concat();
            found.add(id, D::Ambiguous { right: Some(kept.id.clone()), wrong });
        }
    }
}

/// One attribute of a selection: whether it differs, and the drift that says so.
macro_rules! compare {
    ($found:ident, $id:ident, $seen:ident, $superseded:ident: $($want:ident, $have:expr => $drift:ident;)+) => {
        $($found.add_if($want != &$have, $id, || D::$drift {
            selection_id: $seen.id.clone(),
            expected: $want.clone(),
            observed: $have.clone(),
            superseded: $superseded,
        });)+
    };
}

fn diff_document(
    want: &SelectionDocument,
    seen: &Selection,
    superseded: bool,
    id: &ResourceId,
    found: &mut Found,
) {
    let Observation::Present(have) = &seen.document else { return };
    // Taken apart in full, so that a new attribute cannot be forgotten here. The name is how the selection was found.
    let SelectionDocument { name: _, role_arn, resources, not_resources, tags, conditions } = want;
    compare! { found, id, seen, superseded:
        resources, have.resources => ResourcesDiffer;
        not_resources, have.not_resources => NotResourcesDiffer;
        tags, have.tags => TagsDiffer;
        conditions, have.conditions => ConditionsDiffer;
        role_arn, have.role_arn => RoleDiffers;
    }
}
