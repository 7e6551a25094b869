//! Message attributes, which subscriptions filter by.

use std::collections::BTreeMap;

use serde_json::Value;

use super::refusal::invalid;
use crate::error::AwsError;
use crate::messages::Attribute;
use crate::request::Request;

/// The attributes of a Publish, or what SNS refuses in them.
pub(super) fn checked(request: &Request) -> Result<BTreeMap<String, Attribute>, AwsError> {
    let mut attributes = BTreeMap::new();
    for entry in request.list("MessageAttributes") {
        let text = |path: &str| entry.pointer(path).and_then(Value::as_str).filter(|text| !text.is_empty());
        let name = text("/Name").ok_or_else(|| invalid("MessageAttributes Reason: a name is missing"))?;
        if !is_name(name) {
            return Err(invalid(format!("MessageAttributes Reason: {name} is not a valid attribute name")));
        }
        let kind = text("/Value/DataType").ok_or_else(|| without_value(name, "type"))?;
        let value = text("/Value/StringValue").or_else(|| text("/Value/BinaryValue"));
        let value = value.ok_or_else(|| without_value(name, "value"))?;
        if !["String", "Number", "Binary"].iter().any(|base| kind.split('.').next() == Some(base)) {
            return Err(invalid(format!("MessageAttributes Reason: {name} has the unknown type {kind}")));
        }
        if kind == "Number" && value.parse::<f64>().is_err() {
            return Err(invalid(format!("MessageAttributes Reason: {name} is not a number: {value}")));
        }
        attributes.insert(name.to_owned(), Attribute { kind: kind.to_owned(), value: value.to_owned() });
    }
    Ok(attributes)
}

fn without_value(name: &str, what: &str) -> AwsError {
    let message = format!("The message attribute '{name}' must contain a non-empty message attribute {what}");
    AwsError::bad("ParameterValueInvalid", message)
}

fn is_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    let lower = name.to_ascii_lowercase();
    name.len() <= 256
        && name.bytes().all(allowed)
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..")
        && !lower.starts_with("aws.")
        && !lower.starts_with("amazon.")
}
