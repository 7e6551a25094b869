//! Members of JSON values, read with patience: a number may stand in quotation marks, and one may stand for a list of one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub(crate) fn text(value: &Value, key: &str) -> Option<String> {
    scalar(&value[key])
}

/// A text that is not empty; numbers and booleans as they are written.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    plain(value).filter(|text| !text.is_empty())
}

/// The same, also if it is empty.
pub(crate) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is_so) => Some(is_so.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

pub(crate) fn integer(value: &Value, key: &str) -> Option<i64> {
    match &value[key] {
        // Some writers have no whole numbers.
        Value::Number(number) => {
            number.as_i64().or_else(|| number.to_string().strip_suffix(".0")?.parse().ok())
        }
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A member that should be a whole number and is something else, wherever it stands: taken for none, it would mean "for ever".
pub(crate) fn no_number(value: &Value, is_number: &dyn Fn(&str) -> bool) -> Option<String> {
    match value {
        Value::Array(items) => items.iter().find_map(|item| no_number(item, is_number)),
        Value::Object(members) => members.iter().find_map(|(name, member)| {
            let is_none = member.is_null() || member.as_str() == Some("");
            if is_number(name) && !is_none && integer(value, name).is_none() {
                return Some(name.clone());
            }
            no_number(member, is_number)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Days or minutes; 0 and -1 stand for none.
pub(crate) fn positive(value: &Value, key: &str) -> Option<i64> {
    integer(value, key).filter(|number| *number > 0)
}

pub(crate) fn boolean(value: &Value, key: &str) -> Option<bool> {
    match &value[key] {
        Value::Bool(is_so) => Some(*is_so),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The items of a list; one that is no list is a list of one.
pub(crate) fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    match &value[key] {
        Value::Array(items) => items,
        Value::Null => &[],
        one @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
            std::slice::from_ref(one)
        }
    }
}

pub(crate) fn strings(value: &Value, key: &str) -> BTreeSet<String> {
    items(value, key).iter().filter_map(scalar).collect()
}

pub(crate) fn map(value: &Value, key: &str) -> BTreeMap<String, String> {
    let members = value[key].as_object().into_iter().flatten();
    members.filter_map(|(key, value)| Some((key.clone(), plain(value)?))).collect()
}

/// The names of what is `true` in a map.
pub(crate) fn switched_on(value: &Value, key: &str) -> BTreeSet<String> {
    let members = value[key].as_object().into_iter().flatten();
    members.filter(|(_, is_on)| **is_on == Value::Bool(true)).map(|(name, _)| name.clone()).collect()
}
