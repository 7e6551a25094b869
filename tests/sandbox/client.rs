//! A client of a few lines: one connection for each call, signed with a scope and nothing else. The tests of the
//! deployments use it as well.

use std::io::{Read, Write};
use std::net::TcpStream;

use sandbox::Sandbox;
use serde_json::{Value, json};

/// Sends a request; status and body, or nothing when the connection closed without an answer.
pub(crate) fn send(
    sandbox: &Sandbox,
    scope: &str,
    head: &str,
    headers: &str,
    body: &str,
) -> Option<(u16, String)> {
    let endpoint = sandbox.endpoint();
    let mut stream = TcpStream::connect(endpoint.strip_prefix("http://").unwrap()).unwrap();
    write!(
        stream,
        "{head} HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\nContent-Length: {}\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261102/{scope}/aws4_request, Signature=00\r\n\
         User-Agent: tests/1.0\r\n{headers}\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
}

/// An AWS Backup call as `METHOD /path`.
pub(crate) fn backup(sandbox: &Sandbox, region: &str, head: &str, body: Value) -> (u16, Value) {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let (status, body) = send(sandbox, &format!("{region}/backup"), head, "", &body).unwrap();
    (status, serde_json::from_str(&body).unwrap_or(Value::Null))
}

pub(crate) fn kms(sandbox: &Sandbox, region: &str, operation: &str, body: Value) -> (u16, Value) {
    let target = format!("X-Amz-Target: TrentService.{operation}\r\n");
    let (status, body) =
        send(sandbox, &format!("{region}/kms"), "POST /", &target, &body.to_string()).unwrap();
    (status, serde_json::from_str(&body).unwrap())
}

/// An IAM call as a form; the answer is XML.
pub(crate) fn iam(sandbox: &Sandbox, form: &str) -> (u16, String) {
    post(sandbox, "us-east-1/iam", form)
}

/// A form to a region and service, such as `us-east-1/sts`; the answer is XML.
pub(crate) fn post(sandbox: &Sandbox, scope: &str, form: &str) -> (u16, String) {
    let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
    send(sandbox, scope, "POST /", kind, form).unwrap()
}

pub(crate) fn lookup(sandbox: &Sandbox, region: &str, body: Value) -> (u16, Value) {
    let target = "X-Amz-Target: CloudTrail_20131101.LookupEvents\r\n";
    let scope = format!("{region}/cloudtrail");
    let (status, body) = send(sandbox, &scope, "POST /", target, &body.to_string()).unwrap();
    (status, serde_json::from_str(&body).unwrap())
}

/// The events that a question finds, or panics with the refusal.
pub(crate) fn found(sandbox: &Sandbox, region: &str, question: Value) -> Vec<Value> {
    let (status, body) = lookup(sandbox, region, question);
    assert_eq!(status, 200, "{body}");
    body["Events"].as_array().unwrap().clone()
}

/// One of the sandbox's own tools as `METHOD /path`.
pub(crate) fn tool(sandbox: &Sandbox, head: &str, body: Value) -> (u16, Value) {
    backup(sandbox, "us-east-1", head, body)
}

/// The records of the default account, oldest first.
pub(crate) fn records(sandbox: &Sandbox) -> Vec<Value> {
    tool(sandbox, "GET /_sandbox/trail", json!(null)).1.as_array().unwrap().clone()
}

/// The operations that records tell of.
pub(crate) fn names(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["eventName"].as_str().unwrap()).collect()
}
