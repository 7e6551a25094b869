//! A policy that says what another says, and keeps the denials that were found beside it.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Value, json};

use super::Policy;
use super::caller::is_account;
use super::pattern::covers;
use super::statement::Effect;
use super::within::{Comparison, no_longer_allowed};

/// The `desired` policy, with the denials of `observed` that it lacks as they stand: a policy that is put takes nothing away. `None` if
/// there are none, or one of the two cannot be read. What a denial must not deny is left out of it: `harm` names it, given the denial as
/// a policy of its own.
pub fn with_denials_of(
    desired: &str,
    observed: &str,
    vault_arn: &str,
    harm: impl Fn(&Policy) -> BTreeSet<&'static str>,
) -> Option<String> {
    let (want, mut document, found) = both(desired, observed)?;
    let mut statements = listed(document.get("Statement")?);
    let carried = listed(found.get("Statement")?)
        .into_iter()
        .filter_map(|statement| without(statement, &found["Version"], &harm))
        .filter(|statement| is_lacking(statement, &found["Version"], &want, vault_arn));
    let carried = relabelled(&statements, carried);
    if carried.is_empty() {
        return None;
    }
    statements.extend(carried);
    document["Statement"] = Value::Array(statements);
    Some(document.to_string())
}

/// The desired policy, and the documents of both.
fn both(desired: &str, observed: &str) -> Option<(Policy, Value, Value)> {
    let document = |text| serde_json::from_str(text).ok();
    Some((Policy::parse(desired).ok()?, document(desired)?, document(observed)?))
}

/// The `observed` policy without what it allows beyond the desired one, and with the denials of that one that it lacks: as narrow as it was
/// found. `None` if one of the two cannot be read, or nothing is left.
pub fn as_narrow_as(
    desired: &str,
    observed: &str,
    resource: &str,
    harm: impl Fn(&Policy) -> BTreeSet<&'static str>,
) -> Option<String> {
    let (want, mut document, found) = both(desired, observed)?;
    let version = &found["Version"];
    let have = alone(&found["Statement"], version)?;
    let lost = |statement: &Value| is_lacking(statement, &document["Version"], &have, resource);
    let lost: Vec<Value> = listed(&document["Statement"]).into_iter().filter(lost).collect();
    let kept = listed(&found["Statement"]).into_iter().filter_map(|statement| {
        let one = alone(&statement, version)?;
        if one.denials().next().is_some() {
            return without(statement, version, &harm);
        }
        no_longer_allowed(&one, &want, resource).is_empty().then_some(statement)
    });
    let kept = relabelled(&lost, kept);
    if kept.is_empty() {
        return None;
    }
    document["Statement"] = Value::Array([lost, kept].concat());
    Some(document.to_string())
}

/// Statements that come beside others, without labels that are there already: a label may be there once only.
pub(super) fn relabelled(beside: &[Value], statements: impl Iterator<Item = Value>) -> Vec<Value> {
    let labels: Vec<&Value> = beside.iter().filter_map(|statement| statement.get("Sid")).collect();
    let relabelled = statements.map(|mut statement| {
        if let Some(members) = statement.as_object_mut()
            && members.get("Sid").is_some_and(|label| labels.contains(&label))
        {
            members.remove("Sid");
        }
        statement
    });
    relabelled.collect()
}

pub(super) fn listed(statements: &Value) -> Vec<Value> {
    statements.as_array().cloned().unwrap_or_else(|| vec![statements.clone()])
}

/// A statement, or a list of some, as a policy of its own.
pub(super) fn alone(statements: impl Serialize, version: &Value) -> Option<Policy> {
    let mut document = json!({ "Statement": statements });
    if version.is_string() {
        document["Version"] = version.clone();
    }
    Policy::parse(&document.to_string()).ok()
}

/// Whether a statement denies what the desired policy does not.
pub(super) fn is_lacking(statement: &Value, version: &Value, want: &Policy, vault_arn: &str) -> bool {
    alone(statement, version).is_some_and(|policy| {
        // Under another version a variable would mean something else than it did.
        if !policy.is_of_same_version(want) && statement.to_string().contains("${") {
            return false;
        }
        let comparison = Comparison::of(&policy, want, Effect::Deny, vault_arn);
        policy.denials().any(|denial| !comparison.unsaid(denial).is_empty())
    })
}

/// A denial without what it must not deny; `None` for what is no denial, and where nothing is left of it.
fn without(
    mut statement: Value,
    version: &Value,
    harm: &impl Fn(&Policy) -> BTreeSet<&'static str>,
) -> Option<Value> {
    alone(&statement, version)?.denials().next()?;
    without_the_gone(statement.as_object_mut()?)?;
    let harm = harm(&alone(&statement, version)?);
    let members = statement.as_object_mut()?;
    if harm.is_empty() {
        return Some(statement);
    }
    match (members.get("Action"), members.get("NotAction")) {
        (Some(actions), _) => {
            let harms = |action: &Value| {
                let action = action.as_str().unwrap_or_default();
                harm.iter().any(|harm| covers(&action.to_ascii_lowercase(), &harm.to_ascii_lowercase()))
            };
            let left: Vec<Value> = listed(actions).into_iter().filter(|action| !harms(action)).collect();
            if left.is_empty() {
                return None;
            }
            members.insert("Action".to_owned(), Value::Array(left));
        }
        (None, Some(spared)) => {
            let spared: Vec<Value> =
                listed(spared).into_iter().chain(harm.iter().map(|action| json!(action))).collect();
            members.insert("NotAction".to_owned(), Value::Array(spared));
        }
        (None, None) => return None,
    }
    Some(statement)
}

/// Takes out the unique ids that AWS shows of roles and users that were deleted: they bind nobody and spare nobody, and AWS takes no policy
/// with them. `None` where nobody is left whom the statement is for.
pub(super) fn without_the_gone(members: &mut serde_json::Map<String, Value>) -> Option<()> {
    let is_gone = |name: &Value| {
        name.as_str().is_some_and(|name| name != "*" && !name.contains(':') && !is_account(name))
    };
    for (element, binds) in [("Principal", true), ("NotPrincipal", false)] {
        let Some(kinds) = members.get_mut(element).and_then(Value::as_object_mut) else { continue };
        let named = listed(kinds.get("AWS").unwrap_or(&Value::Null));
        if !named.iter().any(is_gone) {
            continue;
        }
        let left: Vec<Value> = named.into_iter().filter(|name| !is_gone(name)).collect();
        if left.is_empty() {
            kinds.remove("AWS");
        } else {
            kinds.insert("AWS".to_owned(), Value::Array(left));
        }
        match (kinds.is_empty(), binds) {
            (false, _) => {}
            (true, true) => return None,
            // Nobody is spared any more.
            (true, false) => {
                members.remove(element);
                members.insert("Principal".to_owned(), json!("*"));
            }
        }
    }
    Some(())
}
