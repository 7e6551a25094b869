//! Whom a statement names, whoever calls.

use serde_json::Value;

use super::context::Context;
use super::document::{is_deny, statements, strings};
use super::statement::{applies, covers_action, is_unconditional};
use crate::state::Iam;

pub(crate) fn names_everyone(statement: &Value) -> bool {
    match statement.get("Principal") {
        Some(Value::String(all)) => all == "*",
        Some(principal) => strings(principal, "AWS").contains(&"*"),
        None => false,
    }
}

/// Whether a trust policy lets a service assume the role. Conditions count as met, because the usual ones name
/// the account and the service's own request meets them.
pub(crate) fn lets_service_assume(document: &Value, service: &str) -> bool {
    let bound = |statement: &&Value| {
        let service_named = statement
            .get("Principal")
            .is_some_and(|principal| strings(principal, "Service").contains(&service));
        (service_named || names_everyone(statement)) && covers_action(statement, "sts:AssumeRole")
    };
    let (denials, grants): (Vec<&Value>, Vec<&Value>) =
        statements(document).into_iter().filter(bound).partition(|statement| is_deny(statement));
    !grants.is_empty() && denials.is_empty()
}

/// The first role of this account that a Principal names although it does not exist; AWS refuses such documents.
pub(crate) fn unknown_principal(document: &Value, account: &str, iam: &Iam) -> Option<String> {
    let own = format!(":iam::{account}:role/");
    statements(document)
        .into_iter()
        .filter_map(|statement| statement.get("Principal"))
        .flat_map(|principal| strings(principal, "AWS"))
        .find(|arn| arn.contains(&own) && iam.role_by_arn(arn).is_none())
        .map(str::to_owned)
}

/// Whether an Allow reaches anybody of this account: everyone, the account itself or one of its principals.
pub(crate) fn names_account(statement: &Value, account: &str) -> bool {
    let own = format!("::{account}:");
    names_everyone(statement)
        || statement.get("Principal").is_some_and(|principal| {
            strings(principal, "AWS").iter().any(|arn| *arn == account || arn.contains(&own))
        })
}

/// The document after a principal was deleted: AWS then shows its unique id in place of its ARN, and a new principal
/// of the same name is not meant any more. Conditions keep the ARN.
pub(crate) fn without_principal(text: &str, arn: &str, id: &str) -> Option<String> {
    let mut document: Value = serde_json::from_str(text).ok()?;
    let mut changed = false;
    let mut rename = |value: &mut Value| {
        if value.as_str() == Some(arn) {
            *value = id.into();
            changed = true;
        }
    };
    let statements = match document.get_mut("Statement")? {
        Value::Array(list) => list.as_mut_slice(),
        one @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
            std::slice::from_mut(one)
        }
    };
    for statement in statements {
        for member in ["Principal", "NotPrincipal"] {
            match statement.get_mut(member).and_then(|principal| principal.get_mut("AWS")) {
                Some(Value::Array(list)) => list.iter_mut().for_each(&mut rename),
                Some(one) => rename(one),
                None => {}
            }
        }
    }
    changed.then(|| document.to_string())
}

/// Whether the document denies the action to everybody, whatever the circumstances.
pub(crate) fn denies_everyone(document: &Value, action: &str, resource: &str) -> bool {
    statements(document).into_iter().any(|statement| {
        is_deny(statement)
            && names_everyone(statement)
            && is_unconditional(statement)
            && applies(statement, action, resource, &Context::default())
    })
}
