//! What is to be planted: the thing, and the members that are to be set.

use serde_json::Value;

use super::plan;
use crate::change::Change;

/// Plants what a body describes: a region, a thing in it by its kind and name, and in `set` its members under AWS's own
/// names.
pub(crate) fn plant(change: &mut Change<'_>, body: &Value) -> Result<(), String> {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let set = body.get("set").and_then(Value::as_object);
    let set = set.ok_or("planting needs {\"set\": {member: value}}")?;
    let region = text("region").unwrap_or("us-east-1");
    if let Some(name) = text("plan") {
        return plan::set(change.account.region(region), name, set);
    }
    Err("planting needs one of: plan".to_owned())
}
