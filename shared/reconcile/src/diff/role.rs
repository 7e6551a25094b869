//! The role: trust, policies, boundary, tags.

use super::{report, tags_fit, unreadable};
use crate::desired::Desired;
use crate::drift::{Drift, Finding};
use crate::policy::Policy;
use crate::resource::ResourceId;
use crate::state::{Observation, Observed, Role};

pub(super) fn diff(desired: &Desired, observed: &Observed, findings: &mut Vec<Finding>) {
    let id = ResourceId::role(&desired.role.name);
    match &observed.role {
        Observation::Unreadable(error) => unreadable(findings, &id, "role", error),
        Observation::Absent => {
            report(findings, &id, Drift::RoleMissing { arn: desired.role.arn.clone() });
            for policy_arn in &desired.role.managed_policies {
                report(findings, &id, Drift::PolicyDetached { policy_arn: policy_arn.clone() });
            }
        }
        Observation::Present(role) => diff_present(desired, role, &id, findings),
    }
}

fn diff_present(desired: &Desired, role: &Role, id: &ResourceId, findings: &mut Vec<Finding>) {
    let want = &desired.role;
    // Role names are unique whatever their path, and a selection names the whole ARN.
    if role.arn != want.arn {
        let (expected, observed) = (want.arn.clone(), role.arn.clone());
        report(findings, id, Drift::RolePathDiffers { expected, observed });
    }
    if !same_policy(&want.trust, &role.trust) {
        let (expected, observed) = (want.trust.clone(), role.trust.clone());
        report(findings, id, Drift::TrustDiffers { expected, observed });
    }
    match &role.attached {
        Observation::Unreadable(error) => unreadable(findings, id, "managed_policies", error),
        Observation::Absent => {
            for policy_arn in &want.managed_policies {
                report(findings, id, Drift::PolicyDetached { policy_arn: policy_arn.clone() });
            }
        }
        Observation::Present(attached) => {
            for policy_arn in want.managed_policies.difference(attached) {
                report(findings, id, Drift::PolicyDetached { policy_arn: policy_arn.clone() });
            }
            for policy_arn in attached.difference(&want.managed_policies) {
                report(findings, id, Drift::PolicyUnexpected { policy_arn: policy_arn.clone() });
            }
        }
    }
    match &role.inline {
        Observation::Unreadable(error) => unreadable(findings, id, "inline_policies", error),
        Observation::Absent => {}
        Observation::Present(names) => {
            for policy in names {
                report(findings, id, Drift::InlinePolicyUnexpected { policy: policy.clone() });
            }
        }
    }
    if let Some(boundary_arn) = &role.boundary {
        report(findings, id, Drift::BoundaryUnexpected { boundary_arn: boundary_arn.clone() });
    }
    if !tags_fit(&want.tags, &role.tags) {
        let (expected, observed) = (want.tags.clone(), role.tags.clone());
        report(findings, id, Drift::RoleTagsDiffer { expected, observed });
    }
}

/// A document that cannot be parsed cannot be said to mean the same.
pub(super) fn same_policy(desired: &str, observed: &str) -> bool {
    match (Policy::parse(desired), Policy::parse(observed)) {
        (Ok(desired), Ok(observed)) => desired == observed,
        _ => false,
    }
}
