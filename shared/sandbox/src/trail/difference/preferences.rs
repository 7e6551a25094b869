//! Calls about which services are backed up.

use std::collections::BTreeMap;

use serde_json::json;

use super::calls::Calls;
use crate::service::Service;
use crate::state::Preferences;

pub(super) fn make(calls: &mut Calls<'_>, region: &str, old: &Preferences, new: &Preferences) {
    // The first vault or plan opts in by itself, and AWS alone says which services a region has.
    let Preferences { in_use: _, opt_in, management, unsupported: _ } = new;
    let (opt_in, management) = (changed(&old.opt_in, opt_in), changed(&old.management, management));
    if opt_in.is_some() || management.is_some() {
        let params = json!({
            "ResourceTypeOptInPreference": opt_in,
            "ResourceTypeManagementPreference": management,
        });
        calls.call(Service::Backup, region, "UpdateRegionSettings", params);
    }
}

fn changed<'a>(
    old: &BTreeMap<String, bool>,
    new: &'a BTreeMap<String, bool>,
) -> Option<BTreeMap<&'a String, &'a bool>> {
    let changed: BTreeMap<_, _> = new.iter().filter(|(name, is)| old.get(*name) != Some(is)).collect();
    (!changed.is_empty()).then_some(changed)
}
