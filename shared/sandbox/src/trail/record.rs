//! One record, in the form of the CloudTrail record contents page.

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

use super::deed::Deed;
use super::resources;
use crate::clock::iso;
use crate::error::AwsError;
use crate::service::Service;

const VERSION: &str = "1.11";

pub(super) fn of_call(deed: &Deed, identity: &Value, account: &str) -> Value {
    let mut record = json!({
        "eventVersion": VERSION,
        "userIdentity": identity,
        "eventTime": iso(deed.time),
        "eventSource": format!("{}.amazonaws.com", deed.service.name()),
        "eventName": deed.operation,
        "awsRegion": deed.region,
        "requestParameters": told(deed.service, &deed.params),
        "responseElements": Value::Null,
        "readOnly": false,
        "eventType": "AwsApiCall",
        "managementEvent": true,
        "recipientAccountId": account,
        "eventCategory": "Management",
    });
    let mut named = deed.named.clone();
    match &deed.outcome {
        Ok(answer) => {
            named.extend(resources::made(answer, account));
            record["responseElements"] = Some(told(deed.service, answer))
                .filter(|told| !told.is_null())
                .unwrap_or_else(|| key_alone(deed, &named));
        }
        Err(error) => {
            record["errorCode"] = code(error).into();
            record["errorMessage"] = error.message.clone().into();
        }
    }
    if !named.is_empty() {
        record["resources"] = named.into();
    }
    record
}

/// `DeleteKey` of the KMS guide: a service event, by nobody.
pub(super) fn of_key_deletion(arn: &str, account: &str, region: &str, time: OffsetDateTime) -> Value {
    json!({
        "eventVersion": VERSION,
        "userIdentity": { "accountId": account, "invokedBy": "AWS Internal" },
        "eventTime": iso(time),
        "eventSource": "kms.amazonaws.com",
        "eventName": "DeleteKey",
        "awsRegion": region,
        "sourceIPAddress": "AWS Internal",
        "userAgent": "AWS Internal",
        "requestParameters": Value::Null,
        "responseElements": { "keyId": arn },
        "readOnly": false,
        "resources": [resources::key(arn, account)],
        "eventType": "AwsServiceEvent",
        "managementEvent": true,
        "recipientAccountId": account,
        "eventCategory": "Management",
    })
}

/// Since December 2022 some operations of KMS that answer nothing are told with the key's ARN.
fn key_alone(deed: &Deed, named: &[Value]) -> Value {
    let operations = ["EnableKey", "DisableKey", "EnableKeyRotation", "DisableKeyRotation"];
    match (operations.contains(&deed.operation.as_str()), named.first()) {
        (true, Some(key)) => json!({ "keyId": key["ARN"] }),
        _ => Value::Null,
    }
}

/// CloudTrail writes a denial without the ending that some services give it on the wire.
fn code(error: &AwsError) -> &str {
    if error.code == "AccessDeniedException" { "AccessDenied" } else { &error.code }
}

/// A request or an answer as it is told; null if it says nothing.
fn told(service: Service, value: &Value) -> Value {
    match value.as_object() {
        Some(members) if !members.is_empty() => lowered(service, value),
        _ => Value::Null,
    }
}

/// The first letter of each member is lowered, and no other one: `AWSAccountId` becomes `aWSAccountId`.
fn lowered(service: Service, value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let pairs = members.iter();
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
const HIDDEN: [&str; 6] =
    ["Tags", "TagKeyList", "BackupVaultTags", "BackupPlanTags", "RecoveryPointTags", "Metadata"];

const MAPS: [&str; 3] = ["BackupOptions", "ResourceTypeOptInPreference", "ResourceTypeManagementPreference"];

fn member(service: Service, name: &str, value: &Value) -> Value {
    match name {
        _ if service == Service::Backup && HIDDEN.contains(&name) => "HIDDEN_DUE_TO_SECURITY_REASONS".into(),
        // Maps: what looks like members are keys, and they are data.
        _ if MAPS.contains(&name) => value.clone(),
        // Forms carry numbers as text.
        "MaxSessionDuration" => value
            .as_str()
            .and_then(|text| text.parse::<i64>().ok())
            .map_or_else(|| value.clone(), Value::from),
        _ if name.ends_with("Date") => date(value).unwrap_or_else(|| value.clone()),
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
