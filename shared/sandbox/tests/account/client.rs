//! A client of a few lines: one connection for each call, signed with a scope and nothing else.

use std::io::{Read, Write};
use std::net::TcpStream;

use sandbox::{Options, Sandbox};
use serde_json::{Value, json};
use time::macros::datetime;

/// A sandbox that holds the reference deployment, at a fixed time.
pub(crate) fn reference() -> Sandbox {
    let sandbox = empty();
    sandbox.deploy();
    sandbox
}

pub(crate) fn empty() -> Sandbox {
    let now = Some(datetime!(2026-11-02 08:00 UTC));
    Sandbox::start(Options { now, ..Options::default() }).unwrap()
}

/// Sends a request; status and body, or nothing when the connection closed without an answer.
fn send(sandbox: &Sandbox, scope: &str, head: &str, headers: &str, body: &str) -> Option<(u16, String)> {
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

pub(crate) fn try_backup(sandbox: &Sandbox, region: &str, head: &str, body: Value) -> Option<(u16, Value)> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let (status, body) = send(sandbox, &format!("{region}/backup"), head, "", &body)?;
    Some((status, serde_json::from_str(&body).unwrap_or(Value::Null)))
}

/// An AWS Backup call as `METHOD /path`.
pub(crate) fn backup(sandbox: &Sandbox, region: &str, head: &str, body: Value) -> (u16, Value) {
    try_backup(sandbox, region, head, body).unwrap()
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
    lookup_as(sandbox, region, "CloudTrail_20131101.LookupEvents", body)
}

/// LookupEvents under one of the names that SDKs give it.
pub(crate) fn lookup_as(sandbox: &Sandbox, region: &str, target: &str, body: Value) -> (u16, Value) {
    let target = format!("X-Amz-Target: {target}\r\n");
    let scope = format!("{region}/cloudtrail");
    let (status, body) = send(sandbox, &scope, "POST /", &target, &body.to_string()).unwrap();
    (status, serde_json::from_str(&body).unwrap())
}

/// One of the sandbox's own tools as `METHOD /path`.
pub(crate) fn tool(sandbox: &Sandbox, head: &str, body: Value) -> (u16, Value) {
    backup(sandbox, "us-east-1", head, body)
}

/// The id of a live plan by its name.
pub(crate) fn plan_id(sandbox: &Sandbox, name: &str) -> String {
    let (_, plans) = backup(sandbox, "us-east-1", "GET /backup/plans/", Value::Null);
    let plans = plans["BackupPlansList"].as_array().unwrap().clone();
    let plan = plans.into_iter().find(|plan| plan["BackupPlanName"] == name).unwrap();
    plan["BackupPlanId"].as_str().unwrap().to_owned()
}

/// Everything that a client can read of the reference deployment, in one text.
pub(crate) fn everything(sandbox: &Sandbox) -> String {
    let mut seen = Vec::new();
    for region in [sandbox::PRIMARY_REGION, sandbox::DR_REGION] {
        let read = |path: &str| backup(sandbox, region, &format!("GET {path}"), Value::Null).1;
        let vaults = read("/backup-vaults/");
        for vault in vaults["BackupVaultList"].as_array().unwrap() {
            let (name, arn) =
                (vault["BackupVaultName"].as_str().unwrap(), vault["BackupVaultArn"].as_str().unwrap());
            seen.push(read(&format!("/backup-vaults/{name}/access-policy")));
            seen.push(read(&format!("/tags/{arn}/")));
        }
        let plans = read("/backup/plans/");
        for plan in plans["BackupPlansList"].as_array().unwrap() {
            let (id, arn) = (plan["BackupPlanId"].as_str().unwrap(), plan["BackupPlanArn"].as_str().unwrap());
            seen.push(read(&format!("/backup/plans/{id}/")));
            seen.push(read(&format!("/tags/{arn}/")));
            let selections = read(&format!("/backup/plans/{id}/selections/"));
            for selection in selections["BackupSelectionsList"].as_array().unwrap() {
                let selection = selection["SelectionId"].as_str().unwrap();
                seen.push(read(&format!("/backup/plans/{id}/selections/{selection}")));
            }
        }
        let keys = kms(sandbox, region, "ListKeys", json!({})).1;
        for key in keys["Keys"].as_array().unwrap() {
            for operation in ["DescribeKey", "GetKeyRotationStatus", "GetKeyPolicy", "ListResourceTags"] {
                seen.push(kms(sandbox, region, operation, json!({ "KeyId": key["KeyId"] })).1);
            }
        }
        seen.extend([vaults, plans, keys, kms(sandbox, region, "ListAliases", json!({})).1]);
    }
    let role = ["GetRole", "ListAttachedRolePolicies", "ListRolePolicies", "ListRoleTags"]
        .map(|operation| iam(sandbox, &format!("Action={operation}&RoleName=aws_backup_role")).1)
        .map(|xml| xml.split("<RequestId>").next().unwrap().to_owned());
    format!("{seen:?}{role:?}")
}
