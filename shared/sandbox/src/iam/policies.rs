//! Managed policies attached to roles, and policies written into them.

use serde_json::{Value, json};

use super::find::{is_name, malformed, no_such_entity, percent_encoded, role};
use crate::error::AwsError;
use crate::operation::Answer;
use crate::page;
use crate::partition::partition;
use crate::policy;
use crate::request::{Request, without_nulls};
use crate::state::Account;

const MOST_ATTACHED: usize = 10;

/// Policies of AWS and of this account can be attached. There is no catalogue: which of them exist is not checked.
pub(super) fn is_attachable(arn: &str, account: &Account, request: &Request) -> bool {
    let partition = partition(&request.region);
    let mut owners = ["aws", account.id.as_str()].into_iter();
    owners.any(|owner| arn.starts_with(&format!("arn:{partition}:iam::{owner}:policy/")))
}

fn checked_arn<'a>(account: &Account, request: &'a Request) -> Result<&'a str, AwsError> {
    let arn = request.required("PolicyArn")?;
    if !arn.starts_with("arn:") {
        return Err(AwsError::bad("InvalidInput", format!("ARN {arn} is not valid.")));
    }
    if is_attachable(arn, account, request) {
        Ok(arn)
    } else {
        Err(no_such_entity(format!("Policy {arn} does not exist or is not attachable.")))
    }
}

pub(super) fn attach(account: &mut Account, request: &Request) -> Answer {
    let name = role(account, request)?.name.clone();
    let arn = checked_arn(account, request)?;
    let role = role(account, request)?;
    if role.attached.iter().any(|attached| attached == arn) {
        return Ok(Value::Null);
    }
    if role.attached.len() >= MOST_ATTACHED {
        let message = format!("Cannot exceed quota for PoliciesPerRole: {MOST_ATTACHED} on {name}");
        return Err(AwsError::new(409, "LimitExceeded", message));
    }
    role.attached.push(arn.to_owned());
    Ok(Value::Null)
}

pub(super) fn detach(account: &mut Account, request: &Request) -> Answer {
    let role = role(account, request)?;
    let arn = request.required("PolicyArn")?;
    match role.attached.iter().position(|attached| attached == arn) {
        Some(at) => {
            role.attached.remove(at);
            Ok(Value::Null)
        }
        None => Err(no_such_entity(format!("Policy {arn} was not found."))),
    }
}

pub(super) fn list_attached(account: &mut Account, request: &Request) -> Answer {
    let role = role(account, request)?;
    let items = role.attached.iter().map(|arn| {
        let name = arn.rsplit('/').next().unwrap_or(arn);
        (arn.clone(), json!({ "PolicyName": name, "PolicyArn": arn }))
    });
    let page = request.page(items.collect(), &page::IAM)?;
    Ok(without_nulls(json!({
        "AttachedPolicies": page.items,
        "IsTruncated": page.next.is_some(),
        "Marker": page.next,
    })))
}

pub(super) fn put_inline(account: &mut Account, request: &Request) -> Answer {
    let role = role(account, request)?;
    let name = request.required("PolicyName")?;
    if !is_name(name, 128) {
        return Err(request.invalid(format!("PolicyName {name} must be 1 to 128 letters, digits or _+=,.@-")));
    }
    let text = request.required("PolicyDocument")?;
    let document =
        policy::parse(text).map_err(|why| malformed(format!("This policy is not valid: {why}")))?;
    if policy::statements(&document).iter().any(|statement| statement.get("Principal").is_some()) {
        return Err(malformed("Policy document should not specify a principal."));
    }
    role.inline.insert(name.to_owned(), text.to_owned());
    Ok(Value::Null)
}

fn no_such_policy(name: &str) -> AwsError {
    no_such_entity(format!("The role policy with name {name} cannot be found."))
}

pub(super) fn read_inline(account: &mut Account, request: &Request) -> Answer {
    let role = role(account, request)?;
    let name = request.required("PolicyName")?;
    let document = role.inline.get(name).ok_or_else(|| no_such_policy(name))?;
    Ok(json!({ "RoleName": role.name, "PolicyName": name, "PolicyDocument": percent_encoded(document) }))
}

pub(super) fn delete_inline(account: &mut Account, request: &Request) -> Answer {
    let role = role(account, request)?;
    let name = request.required("PolicyName")?;
    role.inline.remove(name).map(|_| Value::Null).ok_or_else(|| no_such_policy(name))
}

pub(super) fn list_inline(account: &mut Account, request: &Request) -> Answer {
    let names = role(account, request)?.inline.keys();
    let page = request.page(names.map(|name| (name.clone(), json!(name))).collect(), &page::IAM)?;
    Ok(without_nulls(
        json!({ "PolicyNames": page.items, "IsTruncated": page.next.is_some(), "Marker": page.next }),
    ))
}
