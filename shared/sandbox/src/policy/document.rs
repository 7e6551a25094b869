//! Policy documents: their statements, and what is refused in every one.

use serde_json::Value;

/// A policy document, or what is wrong with it in a few words.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    let document: Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    if !document.is_object() {
        return Err("not a JSON object".to_owned());
    }
    if statements(&document).is_empty() {
        return Err("no Statement".to_owned());
    }
    for statement in statements(&document) {
        // AWS documents Effect as case-sensitive.
        if !matches!(statement.get("Effect").and_then(Value::as_str), Some("Allow" | "Deny")) {
            return Err("Effect must be Allow or Deny".to_owned());
        }
    }
    Ok(document)
}

/// The statements, whether the document has one or a list.
pub(crate) fn statements(document: &Value) -> Vec<&Value> {
    match document.get("Statement") {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    }
}

/// A member that may be one string or a list of them.
pub(crate) fn strings<'a>(statement: &'a Value, member: &str) -> Vec<&'a str> {
    match statement.get(member) {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

pub(crate) fn is_deny(statement: &Value) -> bool {
    statement.get("Effect").and_then(Value::as_str) == Some("Deny")
}
