//! The answers about plans and selections.

use super::BlockReason::{Ambiguous, NeedsReview, WaitingOn};
use super::answer::Answer::{self, Blocked};
use super::context::Context;
use super::{RepairPlan, exceptions, plan_id};
use crate::call::Call;
use crate::desired::{DesiredPlan, SelectionDocument};
use crate::resource::{Kind, ResourceId};

pub(super) fn update_plan(context: &Context<'_>, plan: &RepairPlan, id: &ResourceId) -> Answer {
    let Some(want) = context.desired_plan(id) else { return Blocked(NeedsReview) };
    let in_hand = context.vault_in_hand(&want.region, &want.document, plan);
    if let Some(vault) = in_hand.or_else(|| context.vault_in_doubt(id, &want.region, &want.document, plan)) {
        return Blocked(WaitingOn(vault));
    }
    match plan_id(context.observed, &want.region, &want.document.name) {
        Some(plan_id) => Answer::Call(Call::UpdateBackupPlan {
            region: want.region.clone(),
            plan_id: plan_id.to_owned(),
            document: exceptions::keep_in_document(context, id, &want.document),
        }),
        None => Blocked(Ambiguous),
    }
}

pub(super) fn create_selection(context: &Context<'_>, id: &ResourceId) -> Answer {
    let Some((plan, document)) = desired_selection(context, id) else { return Blocked(NeedsReview) };
    let plan_resource = ResourceId::regional(Kind::Plan, &plan.region, &plan.document.name);
    // AWS Backup checks the role when a selection is made.
    let role = ResourceId::role(&context.desired.role.name);
    if context.held_up(&role) {
        return Blocked(WaitingOn(role));
    }
    match plan_id(context.observed, &plan.region, &plan.document.name) {
        Some(plan_id) => Answer::Call(Call::CreateBackupSelection {
            region: plan.region.clone(),
            plan_id: plan_id.to_owned(),
            document: document.clone(),
        }),
        None => Blocked(WaitingOn(plan_resource)),
    }
}

pub(super) fn delete_selection(context: &Context<'_>, id: &ResourceId, selection_id: &str) -> Answer {
    let Some((plan, _)) = desired_selection(context, id) else { return Blocked(NeedsReview) };
    match plan_id(context.observed, &plan.region, &plan.document.name) {
        Some(plan_id) => Answer::Call(Call::DeleteBackupSelection {
            region: plan.region.clone(),
            plan_id: plan_id.to_owned(),
            selection_id: selection_id.to_owned(),
        }),
        None => Blocked(Ambiguous),
    }
}

fn desired_selection<'a>(
    context: &Context<'a>,
    id: &ResourceId,
) -> Option<(&'a DesiredPlan, &'a SelectionDocument)> {
    context
        .desired
        .plans
        .iter()
        .filter(|plan| Some(&plan.region) == id.region.as_ref())
        .flat_map(|plan| plan.selections.iter().map(move |selection| (plan, selection)))
        .find(|(plan, selection)| {
            *id == ResourceId::selection(&plan.region, &plan.document.name, &selection.name)
        })
}
