//! What happens to the settings of a region.

use sandbox::{Change, Service};
use serde_json::{Value, json};

use super::named::Outcome;

fn update(change: &mut Change<'_>, region: &str, params: Value) -> Outcome {
    change.call(Service::Backup, region, "UpdateRegionSettings", params)?;
    Ok(())
}

/// One service, if the target names it as `region/service`, else all of them.
pub(super) fn opt_in_off(change: &mut Change<'_>, target: &str) -> Outcome {
    let (region, service) =
        target.split_once('/').map_or((target, None), |(region, one)| (region, Some(one)));
    let all = change.account.region(region).backup.preferences.opted_in();
    let named = all.into_keys().filter(|name| service.is_none_or(|one| one == name));
    let off: Value = named.map(|name| (name, json!(false))).collect();
    if off.as_object().is_none_or(serde_json::Map::is_empty) {
        return Err("the region does not have this service".into());
    }
    update(change, region, json!({ "ResourceTypeOptInPreference": off }))
}

pub(super) fn management_off(change: &mut Change<'_>, region: &str) -> Outcome {
    update(change, region, json!({ "ResourceTypeManagementPreference": { "DynamoDB": false } }))
}
