//! The role that AWS Backup assumes: trust, policies, boundary, tags.

use std::collections::BTreeSet;

use super::found::{Found, same_policy};
use crate::desired::DesiredRole;
use crate::drift::{Part, RoleDrift};
use crate::resource::ResourceId;
use crate::state::{Observation, Observed, Role};

pub(super) fn diff(want: &DesiredRole, observed: &Observed, found: &mut Found) {
    let id = ResourceId::role(&want.name);
    match &observed.role {
        Observation::Unreadable(refusal) => found.unreadable(&id, Part::Whole, refusal),
        Observation::Absent => {
            found.add(&id, RoleDrift::Missing { arn: want.arn.clone() });
            diff_policies(&want.managed_policies, &BTreeSet::new(), &id, found);
        }
        Observation::Present(role) => diff_present(want, role, &id, found),
    }
}

fn diff_present(want: &DesiredRole, role: &Role, id: &ResourceId, found: &mut Found) {
    // Taken apart in full, so that a new attribute cannot be forgotten here. Name and path are in the ARN.
    let DesiredRole { name: _, path: _, arn, trust, managed_policies, tags } = want;
    // Role names are unique whatever their path, and a selection names the whole ARN.
    found.add_if(role.arn != *arn, id, || RoleDrift::PathDiffers {
        expected: arn.clone(),
        observed: role.arn.clone(),
    });
    found.add_if(!same_policy(trust, &role.trust), id, || RoleDrift::TrustDiffers {
        expected: trust.clone(),
        observed: role.trust.clone(),
    });
    match &role.attached {
        Observation::Unreadable(refusal) => found.unreadable(id, Part::ManagedPolicies, refusal),
        Observation::Absent => diff_policies(managed_policies, &BTreeSet::new(), id, found),
        Observation::Present(attached) => diff_policies(managed_policies, attached, id, found),
    }
    match &role.inline {
        Observation::Unreadable(refusal) => found.unreadable(id, Part::InlinePolicies, refusal),
        Observation::Absent => {}
        Observation::Present(names) => {
            for policy in names {
                found.add(id, RoleDrift::InlinePolicyUnexpected { policy: policy.clone() });
            }
        }
    }
    if let Some(boundary_arn) = &role.boundary {
        found.add(id, RoleDrift::BoundaryUnexpected { boundary_arn: boundary_arn.clone() });
    }
    found.tags(id, tags, &Observation::Present(role.tags.clone()), |expected, observed| {
        RoleDrift::TagsDiffer { expected, observed }
    });
}

fn diff_policies(want: &BTreeSet<String>, attached: &BTreeSet<String>, id: &ResourceId, found: &mut Found) {
    for policy_arn in want.difference(attached) {
        found.add(id, RoleDrift::PolicyDetached { policy_arn: policy_arn.clone() });
    }
    for policy_arn in attached.difference(want) {
        found.add(id, RoleDrift::PolicyUnexpected { policy_arn: policy_arn.clone() });
    }
}
