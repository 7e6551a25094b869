//! What a record is about: the `resources` that KMS names, and what the event history can be searched by.

use serde_json::{Value, json};

use crate::request::Service;
use crate::state::{Account, partition};

const KEY: &str = "AWS::KMS::Key";
const ALIAS: &str = "AWS::KMS::Alias";

fn resource(kind: &str, arn: &str, account: &str) -> Value {
    json!({ "accountId": account, "type": kind, "ARN": arn })
}

pub(super) fn key(arn: &str, account: &str) -> Value {
    resource(KEY, arn, account)
}

/// The alias and the key that the parameters of a call name: a key by id or ARN, an alias with the key that it is to
/// point to or else points to.
pub(crate) fn named(account: &Account, service: Service, region: &str, params: &Value) -> Vec<Value> {
    if service != Service::Kms {
        return Vec::new();
    }
    let text = |name: &str| params.get(name).and_then(Value::as_str);
    let full = |rest: &str| match rest.starts_with("arn:") {
        true => rest.to_owned(),
        false => format!("arn:{}:kms:{region}:{}:{rest}", partition(region), account.id),
    };
    let name = text("AliasName");
    let aliases = account.regions.get(region).map(|region| &region.kms.aliases);
    let pointed_to = name.and_then(|name| Some(aliases?.get(name)?.target.as_str()));
    // The few operations that take an alias in place of a key only read.
    let given = text("KeyId").or_else(|| text("TargetKeyId")).or(pointed_to);
    let id = given.filter(|given| !given.contains("alias/"));
    let alias = name.map(|name| resource(ALIAS, &full(name), &account.id));
    let key = id.map(|id| {
        let rest = if id.starts_with("arn:") { id.to_owned() } else { format!("key/{id}") };
        key(&full(&rest), &account.id)
    });
    alias.into_iter().chain(key).collect()
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
