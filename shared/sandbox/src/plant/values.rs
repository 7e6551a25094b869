//! The reading of values that are planted.

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A time as ISO 8601 or in seconds since 1970.
pub(super) fn time(value: &Value) -> Result<OffsetDateTime, String> {
    let parsed = match value {
        Value::String(text) => OffsetDateTime::parse(text, &Rfc3339).ok(),
        Value::Number(seconds) => {
            seconds.as_f64().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds as i64).ok())
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    parsed.ok_or_else(|| format!("this is no time: {value}"))
}

/// The same, or null for none.
pub(super) fn time_or_none(value: &Value) -> Result<Option<OffsetDateTime>, String> {
    if value.is_null() { Ok(None) } else { time(value).map(Some) }
}

pub(super) fn text(value: &Value) -> Result<String, String> {
    value.as_str().map(str::to_owned).ok_or_else(|| format!("this is no text: {value}"))
}

/// A whole number, or null for none.
pub(super) fn whole(value: &Value) -> Result<Option<i64>, String> {
    if value.is_null() {
        return Ok(None);
    }
    value.as_i64().map(Some).ok_or_else(|| format!("this is no whole number: {value}"))
}

/// A member that cannot be planted.
pub(super) fn unknown(kind: &str, member: &str) -> String {
    format!("{kind} has no {member} that could be planted")
}
