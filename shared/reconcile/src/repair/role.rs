//! The answers about the role.

use super::context::{Context, Decision};
use super::reason::{BlockReason, Review};
use crate::call::Call;
use crate::drift::RoleDrift as D;
use crate::resource::ResourceId;
use Decision::Blocked;

pub(super) fn decide(context: &Context<'_>, id: &ResourceId, drift: &D) -> Decision {
    let want = &context.desired.role;
    let role = want.name.clone();
    match drift {
        D::Missing { .. } => Decision::Call(Call::CreateRole {
            role,
            path: want.path.clone(),
            trust: want.trust.clone(),
            tags: want.tags.clone(),
        }),
        D::PathDiffers { .. } => Blocked(BlockReason::Immutable),
        D::TrustDiffers { expected, .. } => {
            Decision::Call(Call::UpdateAssumeRolePolicy { role, trust: expected.clone() })
        }
        D::PolicyDetached { .. } if context.observed.role.present().is_none() => {
            Blocked(BlockReason::WaitingOn(id.clone()))
        }
        D::PolicyDetached { policy_arn } => {
            Decision::Call(Call::AttachRolePolicy { role, policy_arn: policy_arn.clone() })
        }
        // Somebody may have put them there for a reason, and there is no call that takes a policy away.
        D::PolicyUnexpected { .. } | D::InlinePolicyUnexpected { .. } | D::BoundaryUnexpected { .. } => {
            Blocked(BlockReason::NeedsReview(Review::ItsKind))
        }
        D::TagsDiffer { expected, .. } => Decision::Call(Call::TagRole { role, tags: expected.clone() }),
    }
}
