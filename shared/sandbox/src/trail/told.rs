//! Requests and answers as CloudTrail writes them.

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

use crate::service::Service;

/// A request or an answer as it is told; null if it says nothing.
pub(super) fn told(service: Service, value: &Value) -> Value {
    let told = lowered(service, value);
    let says_something = told.as_object().is_some_and(|members| !members.is_empty());
    if says_something { told } else { Value::Null }
}

/// The first letter of each member is lowered, and no other one: `AWSAccountId` becomes `aWSAccountId`.
fn lowered(service: Service, value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let pairs = members.iter().filter(|(name, _)| !SECRET.contains(&name.as_str()));
            let pairs = pairs.map(|(name, value)| (first_lowered(name), member(service, name, value)));
            Value::Object(pairs.collect())
        }
        Value::Array(items) => items.iter().map(|item| lowered(service, item)).collect(),
        leaf @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => leaf.clone(),
    }
}

fn first_lowered(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

/// What the model of AWS Backup calls sensitive: its shapes `Tags`, `TagKeyList` and `Metadata`.
const HIDDEN_VALUE: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";
const HIDDEN: [&str; 6] =
    ["Tags", "TagKeyList", "BackupVaultTags", "BackupPlanTags", "RecoveryPointTags", "Metadata"];

/// Maps: what looks like members are keys, and they are data.
const MAPS: [&str; 5] = [
    "BackupOptions",
    "ResourceTypeOptInPreference",
    "ResourceTypeManagementPreference",
    "EncryptionContextEquals",
    "EncryptionContextSubset",
];

/// What KMS keeps out of its records: tokens, and wrapped material.
const SECRET: [&str; 4] = ["GrantToken", "GrantTokens", "ImportToken", "EncryptedKeyMaterial"];

fn member(service: Service, name: &str, value: &Value) -> Value {
    match name {
        _ if service == Service::Backup && HIDDEN.contains(&name) => HIDDEN_VALUE.into(),
        "Value" if service == Service::Ssm => HIDDEN_VALUE.into(),
        _ if MAPS.contains(&name) => value.clone(),
        // Forms carry numbers as text.
        "MaxSessionDuration" => value
            .as_str()
            .and_then(|text| text.parse::<i64>().ok())
            .map_or_else(|| value.clone(), Value::from),
        _ if name.ends_with("Date") || name == "ValidTo" => date(value).unwrap_or_else(|| value.clone()),
        _ => lowered(service, value),
    }
}

/// Dates of answers are written in English, whichever way the service itself writes them.
fn date(value: &Value) -> Option<Value> {
    let time = match value {
        Value::Number(seconds) => OffsetDateTime::from_unix_timestamp(seconds.as_f64()? as i64).ok()?,
        Value::String(text) => OffsetDateTime::parse(text, &Rfc3339).ok()?,
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    let form = format_description!(
        "[month repr:short] [day padding:none], [year] [hour repr:12 padding:none]:[minute]:[second] [period]"
    );
    time.format(&form).ok().map(Value::from)
}
