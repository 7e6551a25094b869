//! The reading of members, and how AWS Backup refuses what it finds there.

use serde_json::Value;

use crate::error::AwsError;

pub(super) fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::bad("InvalidParameterValueException", message)
}

pub(super) fn missing(what: &str) -> AwsError {
    AwsError::bad("MissingParameterValueException", format!("A backup plan needs {what}; none was given"))
}

pub(super) fn present<'a>(value: &'a Value, member: &str) -> Option<&'a Value> {
    value.get(member).filter(|value| !value.is_null())
}

pub(super) fn text<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member).and_then(Value::as_str)
}

pub(super) fn list<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value.get(member).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub(super) fn whole(value: &Value, member: &str) -> Result<Option<i64>, AwsError> {
    match present(value, member) {
        None => Ok(None),
        Some(number) => number.as_i64().map(Some).ok_or_else(|| {
            AwsError::bad("SerializationException", format!("{member} is not a whole number"))
        }),
    }
}

/// A member that the model limits to a few words.
pub(super) fn one_of<'a>(value: &'a Value, member: &str, words: &[&str]) -> Result<&'a str, AwsError> {
    let given = text(value, member).ok_or_else(|| missing(member))?;
    if words.contains(&given) {
        Ok(given)
    } else {
        Err(invalid(format!("{member} {given} is not one of {words:?}")))
    }
}

/// The members that `known` has not, if AWS knows them and the sandbox does not.
pub(super) fn keep_unknown(from: &Value, known: &[&str], into: &mut Value) {
    let members = from.as_object().into_iter().flatten();
    for (name, value) in members.filter(|(name, value)| !known.contains(&name.as_str()) && !value.is_null()) {
        into[name] = value.clone();
    }
}
