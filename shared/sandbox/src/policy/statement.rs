//! What a statement covers: actions, resources and circumstances.

use serde_json::Value;

use super::condition;
use super::context::Context;
use super::document::strings;
use super::glob::glob;

/// Whether a pattern means an action; action names have no case.
pub(crate) fn is_action(pattern: &str, action: &str) -> bool {
    glob(&pattern.to_ascii_lowercase(), &action.to_ascii_lowercase())
}

/// Whether Action or NotAction reaches this action.
pub(crate) fn covers_action(statement: &Value, action: &str) -> bool {
    let named = |member| strings(statement, member).iter().any(|pattern| is_action(pattern, action));
    if statement.get("NotAction").is_some() { !named("NotAction") } else { named("Action") }
}

/// Whether Resource or NotResource reaches this resource.
pub(crate) fn covers_resource(statement: &Value, resource: &str, context: &Context) -> bool {
    let named = |member| {
        let patterns = strings(statement, member).into_iter().filter_map(|pattern| context.expanded(pattern));
        patterns.into_iter().any(|pattern| glob(&pattern, resource))
    };
    if statement.get("NotResource").is_some() { !named("NotResource") } else { named("Resource") }
}

/// Whether a statement is about this action on this resource under these circumstances, whoever calls.
pub(crate) fn applies(statement: &Value, action: &str, resource: &str, context: &Context) -> bool {
    covers_action(statement, action)
        && covers_resource(statement, resource, context)
        && condition::holds(statement, context)
}

pub(crate) fn is_unconditional(statement: &Value) -> bool {
    statement.get("Condition").and_then(Value::as_object).is_none_or(serde_json::Map::is_empty)
}
