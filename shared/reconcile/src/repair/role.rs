//! The answers about the role.

use super::context::{Context, Decision};
use super::reason::{BlockReason, Review};
use crate::call::Call;
use crate::drift::RoleDrift as D;
use crate::policy::Trust;
use crate::resource::ResourceId;
use BlockReason::{Immutable, NeedsReview, WaitingOn};
use Decision::Blocked;

pub(super) fn decide(context: &Context<'_>, id: &ResourceId, drift: &D) -> Decision {
    let Some(want) = context.desired_role(id) else { return Blocked(NeedsReview(Review::ItsKind)) };
    let role = want.name.clone();
    let is_there = || context.observed.roles.get(&role).is_some_and(|seen| seen.present().is_some());
    match drift {
        D::Missing { .. } => Decision::Call(Call::CreateRole {
            role,
            path: want.path.clone(),
            trust: want.trust.clone(),
            boundary: want.boundary.clone(),
            tags: want.tags.clone(),
        }),
        D::PathDiffers { .. } => Blocked(Immutable),
        D::TrustDiffers { expected, observed } => {
            let update = |trust: String| Call::UpdateAssumeRolePolicy { role: role.clone(), trust };
            let as_narrow =
                match Trust::of(expected, observed, &context.desired.trusted_in(context.observed.at)) {
                    Trust::Differs { put } => Some(update(put)),
                    Trust::Same | Trust::Narrower { .. } => None,
                };
            // What is lost comes back even if IAM does not take it together with what else was found.
            let call = as_narrow.filter(|call| !context.was_refused(call));
            Decision::Call(call.unwrap_or_else(|| update(expected.clone())))
        }
        D::PolicyDetached { .. } if !is_there() => Blocked(WaitingOn(id.clone())),
        D::PolicyDetached { policy_arn } => {
            Decision::Call(Call::AttachRolePolicy { role, policy_arn: policy_arn.clone() })
        }
        // A put would open what is closed.
        D::TrustStronger { .. } => Blocked(NeedsReview(Review::ItsKind)),
        // Somebody may have put them there for a reason, and there is no call that takes a policy away. What an inline policy or a boundary
        // says could not be limited: whoever may put them may give the role any right, or none.
        D::PolicyUnexpected { .. }
        | D::InlinePolicyUnexpected { .. }
        | D::InlinePolicyMissing { .. }
        | D::InlinePolicyDiffers { .. }
        | D::BoundaryUnexpected { .. }
        | D::BoundaryDiffers { .. }
        | D::ActionDenied { .. } => Blocked(NeedsReview(Review::ItsKind)),
        D::TagsDiffer { expected, .. } => Decision::Call(Call::TagRole { role, tags: expected.clone() }),
    }
}
