//! Compares what is with what should be, one finding for each attribute that differs.

mod document;
mod found;
mod key;
pub(crate) mod key_policy;
mod plan;
mod region_settings;
mod role;
mod selection;
mod vault;
mod vault_lock;
mod vault_policy;

use crate::desired::Desired;
use crate::drift::Finding;
use crate::identity::KeyChoices;
use crate::state::Observed;

use found::Found;
pub(crate) use vault_lock::{HISTORY_LAG, failing};

/// Every difference between the spec and the account, sorted by kind, region and name.
pub fn diff(desired: &Desired, observed: &Observed) -> Vec<Finding> {
    let mut found = Found::default();
    for role in &desired.roles {
        role::diff(desired, role, observed, &mut found);
    }
    for key in &desired.keys {
        key::diff(desired, key, observed, &mut found);
    }
    let keys = KeyChoices::of(desired, observed);
    key::diff_by_arn(desired, observed, &keys, &mut found);
    for vault in &desired.vaults {
        vault::diff(desired, vault, observed, &keys, &mut found);
    }
    for plan in &desired.plans {
        plan::diff(plan, observed, &mut found);
    }
    for settings in &desired.region_settings {
        region_settings::diff(desired, settings, observed, &mut found);
    }
    found.sorted()
}
