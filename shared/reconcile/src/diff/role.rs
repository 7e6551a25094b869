//! The roles that AWS Backup assumes: trust, policies, boundary, tags, and what they may do in the end.

use std::collections::{BTreeMap, BTreeSet};

use super::found::{Found, same_policy};
use crate::desired::{Desired, DesiredRole};
use crate::drift::{Part, RoleDrift};
use crate::policy::{Trust, TrustedIn};
use crate::resource::ResourceId;
use crate::state::{Observation, Observed, Role};

pub(super) fn diff(desired: &Desired, want: &DesiredRole, observed: &Observed, found: &mut Found) {
    let id = ResourceId::role(&want.name);
    match observed.roles.get(&want.name) {
        Some(Observation::Unreadable(refusal)) => found.unreadable(&id, Part::Whole, refusal),
        None | Some(Observation::Absent) => {
            found.add(&id, RoleDrift::Missing { arn: want.arn.clone() });
            diff_policies(&want.managed_policies, &BTreeSet::new(), &id, found);
        }
        Some(Observation::Present(role)) => {
            let here = desired.trusted_in(observed.at);
            diff_present(&here, want, role, &id, found);
        }
    }
}

fn diff_present(here: &TrustedIn<'_>, want: &DesiredRole, role: &Role, id: &ResourceId, found: &mut Found) {
    // Taken apart in full, so that a new attribute cannot be forgotten here. Name and path are in the ARN.
    let DesiredRole { name: _, path: _, arn, trust, managed_policies, boundary, inline_policies, tags } =
        want;
    // Role names are unique whatever their path, and a selection names the whole ARN.
    found.add_if(role.arn != *arn, id, || RoleDrift::PathDiffers {
        expected: arn.clone(),
        observed: role.arn.clone(),
    });
    let both = || (trust.clone(), role.trust.clone());
    match Trust::of(trust, &role.trust, here) {
        Trust::Same => {}
        Trust::Narrower { certainly } => {
            let (expected, observed) = both();
            found.add(id, RoleDrift::TrustStronger { certainly, expected, observed });
        }
        Trust::Differs { put: _ } => {
            let (expected, observed) = both();
            found.add(id, RoleDrift::TrustDiffers { expected, observed });
        }
    }
    match &role.attached {
        Observation::Unreadable(refusal) => found.unreadable(id, Part::ManagedPolicies, refusal),
        Observation::Absent => diff_policies(managed_policies, &BTreeSet::new(), id, found),
        Observation::Present(attached) => diff_policies(managed_policies, attached, id, found),
    }
    match &role.inline {
        Observation::Unreadable(refusal) => found.unreadable(id, Part::InlinePolicies, refusal),
        Observation::Absent => diff_inline(inline_policies, &BTreeMap::new(), id, found),
        Observation::Present(policies) => diff_inline(inline_policies, policies, id, found),
    }
    diff_boundary(boundary.as_ref(), role.boundary.as_ref(), id, found);
    match &role.denied_actions {
        Observation::Unreadable(refusal) => found.unreadable(id, Part::Permissions, refusal),
        // IAM works this out only for whoever may ask, and not to have asked is no finding.
        Observation::Absent => {}
        Observation::Present(actions) => found.add_if(!actions.is_empty(), id, || RoleDrift::ActionDenied {
            role_arn: role.arn.clone(),
            actions: actions.clone(),
        }),
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

fn diff_inline(
    want: &BTreeMap<String, Option<String>>,
    have: &BTreeMap<String, Observation<String>>,
    id: &ResourceId,
    found: &mut Found,
) {
    for (policy, expected) in want {
        match (expected, have.get(policy)) {
            (_, None) => found.add(id, RoleDrift::InlinePolicyMissing { policy: policy.clone() }),
            (Some(expected), Some(Observation::Present(observed))) => {
                found.add_if(!same_policy(expected, observed), id, || RoleDrift::InlinePolicyDiffers {
                    policy: policy.clone(),
                    expected: expected.clone(),
                    observed: observed.clone(),
                });
            }
            (Some(_), Some(Observation::Unreadable(refusal))) => {
                found.unreadable(id, Part::InlinePolicies, refusal);
            }
            // Only the name matters, or it was deleted since it was listed and the next look tells.
            (None, Some(_)) | (Some(_), Some(Observation::Absent)) => {}
        }
    }
    for policy in have.keys().filter(|policy| !want.contains_key(*policy)) {
        found.add(id, RoleDrift::InlinePolicyUnexpected { policy: policy.clone() });
    }
}

fn diff_boundary(want: Option<&String>, have: Option<&String>, id: &ResourceId, found: &mut Found) {
    match (want, have) {
        (Some(want), have) if have != Some(want) => {
            found.add(id, RoleDrift::BoundaryDiffers { expected: want.clone(), observed: have.cloned() });
        }
        (None, Some(have)) => found.add(id, RoleDrift::BoundaryUnexpected { boundary_arn: have.clone() }),
        (Some(_), _) | (None, None) => {}
    }
}
