//! The answers about plans and their documents.

use super::context::{Context, Decision};
use super::exceptions::covering;
use super::reason::{BlockReason, Review};
use super::repairs::RepairPlan;
use crate::call::{Call, Replaced};
use crate::drift::{Drift, PlanDrift};
use crate::resource::ResourceId;
use BlockReason::{Ambiguous, NeedsReview, WaitingOn};
use Decision::Blocked;

pub(super) fn decide(
    context: &Context<'_>,
    repairs: &RepairPlan,
    id: &ResourceId,
    drift: &PlanDrift,
) -> Decision {
    match drift {
        PlanDrift::Missing => create(context, repairs, id),
        PlanDrift::Ambiguous { .. } => Blocked(Ambiguous),
        PlanDrift::Duplicate { .. } => Blocked(NeedsReview(Review::ItsKind)),
        PlanDrift::TagsDiffer { arn, expected, .. } => Decision::Call(Call::TagBackupResource {
            region: id.region.clone().unwrap_or_default(),
            arn: arn.clone(),
            tags: expected.clone(),
        }),
    }
}

fn create(context: &Context<'_>, repairs: &RepairPlan, id: &ResourceId) -> Decision {
    let Some(want) = context.desired_plan(id) else { return Blocked(NeedsReview(Review::ItsKind)) };
    match context.vault_in_hand(&want.region, &want.document, repairs) {
        Some(vault) => Blocked(WaitingOn(vault)),
        None => Decision::Call(Call::CreateBackupPlan {
            region: want.region.clone(),
            document: want.document.clone(),
            tags: want.tags.clone(),
        }),
    }
}

/// One update mends all that differs in the document. It starts from what was read, so whatever is not mended stays as it is: what an
/// exception covers, what the spec does not speak of, and what depends on a vault in doubt.
pub(super) fn update(
    context: &Context<'_>,
    repairs: &RepairPlan,
    id: &ResourceId,
    drift: &Drift,
) -> Decision {
    let Some(want) = context.desired_plan(id) else { return Blocked(NeedsReview(Review::ItsKind)) };
    let in_doubt = |drift| context.vault_in_doubt(&want.region, &want.document, drift, repairs);
    let in_hand = context.vault_in_hand(&want.region, &want.document, repairs);
    if let Some(vault) = in_hand.or_else(|| in_doubt(drift)) {
        return Blocked(WaitingOn(vault));
    }
    let Some(plan) = context.plan(id) else { return Blocked(Ambiguous) };
    if context.may_not_pass_a_role(&plan.id) {
        return Blocked(NeedsReview(Review::ScannerRole));
    }
    let mut document = plan.document.clone();
    for finding in context.findings_of(id) {
        if covering(context.desired, context.observed, finding).is_none()
            && !context.is_left_out(finding)
            && in_doubt(&finding.drift).is_none()
        {
            finding.drift.mend(&mut document);
        }
    }
    Decision::Call(Call::UpdateBackupPlan {
        region: want.region.clone(),
        plan_id: plan.id.clone(),
        document,
        replaces: Replaced { version: plan.version.clone(), unknown_members: plan.unknown_members.clone() },
    })
}
