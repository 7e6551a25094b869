//! The `resources` that KMS names in a record, and what the event history can be searched by.

use serde_json::{Value, json};

const KEY: &str = "AWS::KMS::Key";
const ALIAS: &str = "AWS::KMS::Alias";

fn resource(kind: &str, arn: &str, account: &str) -> Value {
    json!({ "accountId": account, "type": kind, "ARN": arn })
}

pub(super) fn key(arn: &str, account: &str) -> Value {
    resource(KEY, arn, account)
}

pub(super) fn alias(arn: &str, account: &str) -> Value {
    resource(ALIAS, arn, account)
}

/// The key that an answer of CreateKey is about.
pub(super) fn made(answer: &Value, account: &str) -> Option<Value> {
    answer.pointer("/KeyMetadata/Arn").and_then(Value::as_str).map(|arn| key(arn, account))
}

/// Type and name of what a record can be found by. That of KMS is in the record, that of IAM in the request. AWS does
/// not document any for AWS Backup, whose records name no resources: there is nothing to find them by here.
pub(super) fn findable(record: &Value) -> Vec<Value> {
    let pair = |kind: &str, name: &str| json!({ "ResourceType": kind, "ResourceName": name });
    let listed = record.get("resources").and_then(Value::as_array).into_iter().flatten();
    let listed =
        listed.filter_map(|resource| Some(pair(resource["type"].as_str()?, resource["ARN"].as_str()?)));
    let requested = [("AWS::IAM::Role", "roleName"), ("AWS::IAM::Policy", "policyArn")];
    let is_iam = record["eventSource"] == "iam.amazonaws.com";
    let requested = requested.into_iter().filter(|_| is_iam);
    let requested =
        requested.filter_map(|(kind, name)| Some(pair(kind, record["requestParameters"][name].as_str()?)));
    listed.chain(requested).collect()
}
