//! The answers about what AWS Backup does in a region at all.

use std::collections::BTreeSet;

use super::context::{Context, Decision};
use super::exceptions::covering;
use super::reason::{BlockReason, Review};
use crate::call::Call;
use crate::drift::{Drift, RegionSettingsDrift as D};
use crate::resource::ResourceId;

/// One call switches on all that the spec asks for; what it does not ask for costs money, and is for people to decide.
pub(super) fn decide(context: &Context<'_>, id: &ResourceId, drift: &D) -> Decision {
    let (D::OptInOff { is_asked_for, .. } | D::ManagementOff { is_asked_for, .. }) = drift;
    if !is_asked_for {
        return Decision::Blocked(BlockReason::NeedsReview(Review::ItsKind));
    }
    let (mut opt_in, mut management) = (BTreeSet::new(), BTreeSet::new());
    for found in context.findings_of(id) {
        let Drift::RegionSettings(drift) = &found.drift else { continue };
        if covering(context.desired, context.observed, found).is_some() {
            continue;
        }
        match drift {
            D::OptInOff { resource_type, is_asked_for: true, .. } => opt_in.insert(resource_type.clone()),
            D::ManagementOff { resource_type, is_asked_for: true, .. } => {
                management.insert(resource_type.clone())
            }
            D::OptInOff { .. } | D::ManagementOff { .. } => false,
        };
    }
    let region = id.region.clone().unwrap_or_default();
    Decision::Call(Call::UpdateRegionSettings { region, opt_in, management })
}
