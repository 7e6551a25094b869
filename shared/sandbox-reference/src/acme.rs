//! A deployment that shares no name and no value with the reference, and has what the reference leaves out: the calls that make it, as
//! data. It is the account of `tests/core/specs/acme.toml`, written down a second time on purpose.

use std::collections::BTreeMap;

use sandbox::{AwsError, Change, Service};
use serde_json::Value;
use time::Duration;

/// The region of its vaults and plans.
pub const ACME_REGION: &str = "eu-west-1";

const CALLS: &str = include_str!("acme.json");

/// Makes it in an account that holds nothing yet. What is made before the wait is that much older.
pub(crate) fn make(change: &mut Change<'_>) -> Result<(), AwsError> {
    let unreadable = |error: serde_json::Error| AwsError {
        status: 400,
        code: "UnreadableDeployment".to_owned(),
        message: error.to_string(),
        members: Default::default(),
    };
    let calls: Vec<Value> = serde_json::from_str(CALLS).map_err(unreadable)?;
    let waits: i64 = calls.iter().filter_map(|call| call["wait_days"].as_i64()).sum();
    let mut kept = BTreeMap::from([("account".to_owned(), change.account.id.clone())]);
    let now = change.now;
    change.now -= Duration::days(waits);
    let made = calls.iter().try_for_each(|call| one(change, call, &mut kept));
    change.now = now;
    made
}

fn one(change: &mut Change<'_>, call: &Value, kept: &mut BTreeMap<String, String>) -> Result<(), AwsError> {
    if let Some(days) = call["wait_days"].as_i64() {
        change.now += Duration::days(days);
        return Ok(());
    }
    // The sandbox has no call that makes a managed policy.
    if let Some(arn) = params(&call["policy"], kept).as_str() {
        change.account.iam.policies.insert(arn.to_owned(), call["document"].to_string());
        return Ok(());
    }
    let text = |name: &str| call[name].as_str().unwrap_or_default();
    let service = match text("service") {
        "iam" => Service::Iam,
        "kms" => Service::Kms,
        _ => Service::Backup,
    };
    let region = call["region"].as_str().unwrap_or("us-east-1");
    let answer = change.call(service, region, text("call"), params(&call["with"], kept))?;
    for (name, pointer) in call["keep"].as_object().into_iter().flatten() {
        let value = answer.pointer(pointer.as_str().unwrap_or_default()).and_then(Value::as_str);
        kept.insert(name.clone(), value.unwrap_or_default().to_owned());
    }
    Ok(())
}

/// The parameters with what earlier calls answered, and policies as the texts that AWS takes.
fn params(with: &Value, kept: &BTreeMap<String, String>) -> Value {
    const POLICIES: [&str; 3] = ["AssumeRolePolicyDocument", "PolicyDocument", "Policy"];
    match with {
        Value::String(text) => {
            let filled = kept
                .iter()
                .fold(text.clone(), |text, (name, value)| text.replace(&format!("${{{name}}}"), value));
            filled.into()
        }
        Value::Array(items) => items.iter().map(|item| params(item, kept)).collect(),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                let filled = params(value, kept);
                let is_policy = POLICIES.contains(&name.as_str()) && filled.is_object();
                (name.clone(), if is_policy { filled.to_string().into() } else { filled })
            };
            members.iter().map(member).collect()
        }
        other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other.clone(),
    }
}
