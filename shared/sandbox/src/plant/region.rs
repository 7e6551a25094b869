//! A region's settings: services that it does not have, or that came late.

use serde_json::{Map, Value};

use super::values::unknown;
use crate::state::Region;

pub(super) fn set(region: &mut Region, set: &Map<String, Value>) -> Result<(), String> {
    let preferences = &mut region.backup.preferences;
    for (member, value) in set {
        let given = value.as_object().into_iter().flatten();
        // Null takes the service away.
        let (on, gone): (Vec<_>, Vec<_>) = given.partition(|(_, value)| value.is_boolean());
        let on = on.into_iter().map(|(name, value)| (name.clone(), value == true));
        match member.as_str() {
            "ResourceTypeOptInPreference" => preferences.opt_in.extend(on),
            "ResourceTypeManagementPreference" => preferences.management.extend(on),
            other => return Err(unknown("a region", other)),
        }
        preferences.unsupported.extend(gone.into_iter().map(|(name, _)| name.clone()));
    }
    Ok(())
}
