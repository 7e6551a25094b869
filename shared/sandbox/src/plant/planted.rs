//! What is to be planted: the thing, and the members that are to be set.

use serde_json::Value;

use super::{key, plan, region, role, vault};
use crate::change::Change;

/// Plants what a body describes: a region, a thing in it by its kind and name, and in `set` its members under AWS's own
/// names.
pub(crate) fn plant(change: &mut Change<'_>, body: &Value) -> Result<(), String> {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let set = body.get("set").and_then(Value::as_object);
    let set = set.ok_or("planting needs {\"set\": {member: value}}")?;
    let now = change.now;
    if let Some(name) = text("role") {
        return role::set(&mut change.account.iam, name, set);
    }
    if let Some(arn) = text("policy") {
        return role::set_policy(&mut change.account.iam, arn, set);
    }
    let place = change.account.region(text("region").unwrap_or("us-east-1"));
    if let Some(name) = text("plan") {
        plan::set(place, name, set)
    } else if let Some(name) = text("vault") {
        vault::set(place, name, set)
    } else if let Some(name) = text("key") {
        key::set(place, name, set)
    } else if let Some(name) = text("shared_vault") {
        let owner = text("owner").ok_or("a shared vault needs {\"owner\": account}")?;
        vault::share(place, name, owner, set, now)
    } else if body.get("settings").is_some() {
        region::set(place, set)
    } else {
        Err("planting needs one of: plan, vault, shared_vault, key, role, policy, settings".to_owned())
    }
}
