//! Just enough of IAM's policy language to refuse bad documents and to enforce plain denials.

use serde_json::Value;

use crate::state::Iam;

/// A policy document, or what is wrong with it in a few words.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    let document: Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    if !document.is_object() {
        return Err("not a JSON object".to_owned());
    }
    if statements(&document).is_empty() {
        return Err("no Statement".to_owned());
    }
    for statement in statements(&document) {
        // AWS documents Effect as case-sensitive.
        if !matches!(statement.get("Effect").and_then(Value::as_str), Some("Allow" | "Deny")) {
            return Err("Effect must be Allow or Deny".to_owned());
        }
    }
    Ok(document)
}

/// The statements, whether the document has one or a list.
pub(crate) fn statements(document: &Value) -> Vec<&Value> {
    match document.get("Statement") {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    }
}

/// A member that may be one string or a list of them.
pub(crate) fn strings<'a>(statement: &'a Value, member: &str) -> Vec<&'a str> {
    match statement.get(member) {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

pub(crate) fn is_deny(statement: &Value) -> bool {
    statement.get("Effect").and_then(Value::as_str) == Some("Deny")
}

/// Whether the document denies the action to everybody, whatever the circumstances. Denials that depend on a
/// condition or on who calls are not enforced: signatures are not checked, so nobody knows who calls.
pub(crate) fn denies_everyone(document: &Value, action: &str, resources: &[&str]) -> bool {
    statements(document).into_iter().any(|statement| {
        is_deny(statement)
            && names_everyone(statement)
            && is_unconditional(statement)
            && covers_action(statement, action)
            && covers_resource(statement, resources)
    })
}

pub(crate) fn is_unconditional(statement: &Value) -> bool {
    statement.get("Condition").and_then(Value::as_object).is_none_or(serde_json::Map::is_empty)
}

pub(crate) fn names_everyone(statement: &Value) -> bool {
    match statement.get("Principal") {
        Some(Value::String(all)) => all == "*",
        Some(principal) => strings(principal, "AWS").contains(&"*"),
        None => false,
    }
}

/// Whether Action or NotAction reaches this action; action names have no case.
pub(crate) fn covers_action(statement: &Value, action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    let named = |member| {
        strings(statement, member).iter().any(|pattern| glob(&pattern.to_ascii_lowercase(), &action))
    };
    if statement.get("NotAction").is_some() { !named("NotAction") } else { named("Action") }
}

fn covers_resource(statement: &Value, resources: &[&str]) -> bool {
    let named = |member| {
        strings(statement, member)
            .iter()
            .any(|pattern| resources.iter().any(|resource| glob(pattern, resource)))
    };
    if statement.get("NotResource").is_some() { !named("NotResource") } else { named("Resource") }
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

/// `*` stands for any run of characters and `?` for one.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    fn matches(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|skipped| matches(rest, &text[skipped..])),
            Some(('?', rest)) => text.split_first().is_some_and(|(_, tail)| matches(rest, tail)),
            Some((letter, rest)) => {
                text.split_first().is_some_and(|(first, tail)| first == letter && matches(rest, tail))
            }
        }
    }
    matches(&pattern.chars().collect::<Vec<_>>(), &text.chars().collect::<Vec<_>>())
}
