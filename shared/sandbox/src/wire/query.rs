//! awsQuery, which IAM, STS and SNS speak: a form goes in, XML comes out.

use std::fmt::Write;

use serde_json::{Map, Value};

use super::http::{Http, Reply, pairs};
use crate::error::AwsError;
use crate::service::Service;

const KIND: &str = "text/xml";

pub(super) fn decode(http: &Http) -> Result<(String, Value), AwsError> {
    let body = String::from_utf8_lossy(&http.body);
    let text = if body.trim().is_empty() { http.query.as_str() } else { body.trim() };
    let mut root = Map::new();
    for (name, value) in pairs(text) {
        insert(&mut root, &name, value);
    }
    root.remove("Version");
    match root.remove("Action") {
        Some(Value::String(operation)) => Ok((operation, lists(Value::Object(root)))),
        Some(_) | None => Err(AwsError::bad("MissingAction", "The request names no Action")),
    }
}

/// `Tags.member.1.Key=a` becomes nested objects.
fn insert(into: &mut Map<String, Value>, name: &str, value: String) {
    match name.split_once('.') {
        None => {
            into.insert(name.to_owned(), value.into());
        }
        Some((first, rest)) => {
            let child = into.entry(first).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(child) = child {
                insert(child, rest, value);
            }
        }
    }
}

/// Objects that only hold numbered members or entries become lists, in the order of the numbers.
fn lists(value: Value) -> Value {
    let Value::Object(mut members) = value else { return value };
    if members.len() == 1
        && let Some(Value::Object(numbered)) = members.remove("member").or_else(|| members.remove("entry"))
    {
        let mut items: Vec<(usize, Value)> = numbered
            .into_iter()
            .map(|(number, item)| (number.parse().unwrap_or(usize::MAX), lists(item)))
            .collect();
        items.sort_by_key(|(number, _)| *number);
        return Value::Array(items.into_iter().map(|(_, item)| item).collect());
    }
    Value::Object(members.into_iter().map(|(name, value)| (name, lists(value))).collect())
}

fn namespace(service: Option<Service>) -> &'static str {
    match service {
        Some(Service::Iam) | None => "https://iam.amazonaws.com/doc/2010-05-08/",
        Some(Service::Sns) => "http://sns.amazonaws.com/doc/2010-03-31/",
        Some(Service::Sts | Service::Backup | Service::Kms | Service::Ssm | Service::CloudTrail) => {
            "https://sts.amazonaws.com/doc/2011-06-15/"
        }
    }
}

pub(super) fn success(service: Service, operation: &str, value: &Value, request_id: &str) -> Reply {
    let mut body = String::new();
    let _ = write!(body, "<{operation}Response xmlns=\"{}\">", namespace(Some(service)));
    // Operations without output have no result element.
    if !value.is_null() {
        element(&mut body, &format!("{operation}Result"), value);
    }
    let _ = write!(
        body,
        "<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>"
    );
    Reply { status: 200, content_type: KIND, error_type: None, request_id: request_id.to_owned(), body }
}

pub(super) fn error(service: Option<Service>, error: &AwsError, request_id: &str) -> Reply {
    let fault = if error.status < 500 { "Sender" } else { "Receiver" };
    let body = format!(
        "<ErrorResponse xmlns=\"{}\"><Error><Type>{fault}</Type><Code>{}</Code><Message>{}</Message></Error>\
         <RequestId>{request_id}</RequestId></ErrorResponse>",
        namespace(service),
        escaped(&error.code),
        escaped(&error.message),
    );
    Reply {
        status: error.status,
        content_type: KIND,
        error_type: None,
        request_id: request_id.to_owned(),
        body,
    }
}

fn element(out: &mut String, name: &str, value: &Value) {
    let _ = write!(out, "<{name}>");
    match value {
        Value::Null => {}
        Value::Bool(flag) => {
            let _ = write!(out, "{flag}");
        }
        Value::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Value::String(text) => out.push_str(&escaped(text)),
        Value::Array(items) => items.iter().for_each(|item| element(out, "member", item)),
        Value::Object(members) => members.iter().for_each(|(name, value)| element(out, name, value)),
    }
    let _ = write!(out, "</{name}>");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
