//! What AWS Backup does in a region at all: which types of resources it is switched on for.

use super::found::Found;
use crate::coverage::{needs_opt_in, selects};
use crate::desired::{Desired, DesiredPlan, DesiredRegionSettings, SelectionDocument};
use crate::drift::{Part, RegionSettingsDrift};
use crate::resource::ResourceId;
use crate::state::{Observation, Observed, RegionSettings, place};

/// The type whose backups are not copied to other regions, and are not under the vault's key, unless AWS Backup manages them itself
/// ("Using AWS Backup with DynamoDB").
const DYNAMODB: &str = "DynamoDB";

pub(super) fn diff(desired: &Desired, want: &DesiredRegionSettings, observed: &Observed, found: &mut Found) {
    let DesiredRegionSettings { region, opt_in, management } = want;
    let id = ResourceId::region_settings(region);
    let seen = match observed.region_settings.get(region) {
        Some(Observation::Unreadable(refusal)) => return found.unreadable(&id, Part::Whole, refusal),
        // Every region has them.
        None | Some(Observation::Absent) => return,
        Some(Observation::Present(seen)) => seen,
    };
    let RegionSettings { opt_in: seen_opt_in, management: seen_management } = seen;
    let covered_by = |covers: &dyn Fn(&SelectionDocument) -> bool| -> Vec<String> {
        // A plan that is not there selects nothing yet: when it is made, this is looked at again.
        let is_there = |plan: &&DesiredPlan| {
            plan.region == *region
                && observed
                    .plans
                    .get(&place(region, &plan.document.name))
                    .is_some_and(|seen| !seen.is_absent())
        };
        let plans = desired.plans.iter().filter(is_there);
        let selections = plans.flat_map(|plan| plan.selections.iter().map(move |one| (plan, one)));
        let covering = selections.filter(|(_, selection)| covers(selection));
        covering.map(|(plan, one)| format!("{}/{}", plan.document.name, one.name)).collect()
    };
    // What the region does not have is not in the answer, and cannot be switched on.
    for (resource_type, _) in seen_opt_in.iter().filter(|(_, is_on)| !**is_on) {
        let covered_by = covered_by(&|selection| needs_opt_in(selection, resource_type));
        let is_asked_for = opt_in.asks_for(resource_type);
        found.add_if(is_asked_for || !covered_by.is_empty(), &id, || RegionSettingsDrift::OptInOff {
            resource_type: resource_type.clone(),
            covered_by,
            is_asked_for,
        });
    }
    for (resource_type, _) in seen_management.iter().filter(|(_, is_on)| !**is_on) {
        let covered_by =
            covered_by(&|selection| resource_type == DYNAMODB && selects(selection, resource_type));
        let is_asked_for = management.contains(resource_type);
        found.add_if(is_asked_for || !covered_by.is_empty(), &id, || RegionSettingsDrift::ManagementOff {
            resource_type: resource_type.clone(),
            covered_by,
            is_asked_for,
        });
    }
}
