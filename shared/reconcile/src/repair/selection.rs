//! The answers about selections.

use super::context::{Context, Decision};
use super::reason::{BlockReason, Review};
use crate::call::Call;
use crate::desired::SelectionDocument;
use crate::drift::SelectionDrift as D;
use crate::resource::ResourceId;
use BlockReason::{Ambiguous, NeedsReview, WaitingOn};
use Decision::Blocked;

pub(super) fn decide(context: &Context<'_>, id: &ResourceId, drift: &D) -> Decision {
    match drift {
        D::Missing | D::Ambiguous { right: None, .. } => create(context, id),
        // One at a time: what is left is looked at again before the next one goes.
        D::Ambiguous { right: Some(_), wrong } => match wrong.first() {
            Some(selection_id) => delete(context, id, selection_id),
            None => Blocked(Ambiguous),
        },
        D::ResourcesDiffer { selection_id, superseded, .. }
        | D::NotResourcesDiffer { selection_id, superseded, .. }
        | D::TagsDiffer { selection_id, superseded, .. }
        | D::ConditionsDiffer { selection_id, superseded, .. }
        | D::RoleDiffers { selection_id, superseded, .. } => {
            if *superseded {
                return delete(context, id, selection_id);
            }
            match create(context, id) {
                // Only if AWS refuses a second selection of the name does the wrong one have to go first; the right one follows at once.
                Decision::Call(create) if context.name_is_taken(&create) => {
                    match delete(context, id, selection_id) {
                        Decision::Call(first) => Decision::Replace { first, then: create },
                        other @ (Decision::Replace { .. } | Decision::Blocked(_)) => other,
                    }
                }
                create @ (Decision::Call(_) | Decision::Replace { .. } | Decision::Blocked(_)) => create,
            }
        }
        D::Unmanaged { .. } => Blocked(NeedsReview(Review::ItsKind)),
    }
}

fn create(context: &Context<'_>, id: &ResourceId) -> Decision {
    let (Some(document), Some(plan)) = (desired(context, id), id.its_plan()) else {
        return Blocked(NeedsReview(Review::ItsKind));
    };
    // AWS Backup checks the role when a selection is made.
    let role = context.desired.role_of(&document.role_arn).map(|role| ResourceId::role(&role.name));
    if let Some(role) = role.filter(|role| context.held_up(role)) {
        return Blocked(WaitingOn(role));
    }
    match context.plan(&plan) {
        Some(seen) => Decision::Call(Call::CreateBackupSelection {
            region: id.region.clone().unwrap_or_default(),
            plan_id: seen.id.clone(),
            document: document.clone(),
        }),
        None => Blocked(WaitingOn(plan)),
    }
}

fn delete(context: &Context<'_>, id: &ResourceId, selection_id: &str) -> Decision {
    let Some(plan) = id.its_plan().and_then(|plan| context.plan(&plan)) else { return Blocked(Ambiguous) };
    let seen = plan.selections.present().and_then(|all| all.iter().find(|one| one.id == selection_id));
    Decision::Call(Call::DeleteBackupSelection {
        region: id.region.clone().unwrap_or_default(),
        plan_id: plan.id.clone(),
        selection_id: selection_id.to_owned(),
        unknown_members: seen.map(|seen| seen.unknown_members.clone()).unwrap_or_default(),
    })
}

fn desired<'a>(context: &Context<'a>, id: &ResourceId) -> Option<&'a SelectionDocument> {
    let plan = context.desired_plan(&id.its_plan()?)?;
    plan.selections.iter().find(|selection| selection.name == id.name)
}
