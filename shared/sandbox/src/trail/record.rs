//! One record, in the form of the CloudTrail record contents page.

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::deed::Deed;
use super::resources;
use super::told::told;
use crate::clock::iso;
use crate::error::AwsError;

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
    let mut record = of_kms_itself("DeleteKey", arn, account, region, time);
    record["responseElements"] = json!({ "keyId": arn });
    record
}

/// `DeleteExpiredKeyMaterial` of the KMS guide.
pub(super) fn of_expired_material(arn: &str, account: &str, region: &str, time: OffsetDateTime) -> Value {
    let mut record = of_kms_itself("DeleteExpiredKeyMaterial", arn, account, region, time);
    record["serviceEventDetails"] = json!({ "keyId": arn.rsplit('/').next() });
    record
}

fn of_kms_itself(name: &str, arn: &str, account: &str, region: &str, time: OffsetDateTime) -> Value {
    json!({
        "eventVersion": VERSION,
        "userIdentity": { "accountId": account, "invokedBy": "AWS Internal" },
        "eventTime": iso(time),
        "eventSource": "kms.amazonaws.com",
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": "AWS Internal",
        "userAgent": "AWS Internal",
        "requestParameters": Value::Null,
        "responseElements": Value::Null,
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
