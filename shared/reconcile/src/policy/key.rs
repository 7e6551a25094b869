//! Key policies, where the spec has none: who cannot use the key, who may from outside, and whether it is the policy that KMS gives a key
//! by itself ("Default key policy").

use std::collections::BTreeSet;

use serde_json::json;

use super::caller::Caller;
use super::statement::{Effect, Statement, Terms};
use super::ternary::{all, any};
use super::{Policy, PolicyError};

/// Somebody who needs the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Principal<'a> {
    /// How a report calls them.
    pub name: &'a str,
    /// The role's ARN with its path, or that of an account's root for all that IAM policies decide in it.
    pub arn: &'a str,
    /// The actions that they need: `kms:Decrypt`.
    pub actions: &'a [&'a str],
}

/// Somebody who cannot use the key, or perhaps not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShutOut {
    /// Their name.
    pub name: String,
    /// What they cannot do.
    pub action: String,
    /// Whether that is sure. It cannot be told where a condition, a NotPrincipal or a variable decides.
    pub certainly: bool,
}

/// Who of these is shut out, for each action that they need; who is not in the answer is let in, or left to IAM policies by an Allow for
/// the account. A Deny shuts out whoever it reaches; without an Allow everybody is.
///
/// # Errors
///
/// [`PolicyError`] if the policy cannot be read, so that nothing can be said.
pub fn shuts_out(policy: &str, who: &[Principal<'_>]) -> Result<Vec<ShutOut>, PolicyError> {
    let policy = Policy::parse(policy)?;
    let mut found = Vec::new();
    for Principal { name, arn, actions } in who {
        let caller = Caller::role(arn);
        for action in *actions {
            let is_let_in = all([
                reaches(&policy, Effect::Allow, &caller, action),
                reaches(&policy, Effect::Deny, &caller, action).map(|denied| !denied),
            ]);
            if is_let_in != Some(true) {
                let (name, action) = ((*name).to_owned(), (*action).to_owned());
                found.push(ShutOut { name, action, certainly: is_let_in.is_some() });
            }
        }
    }
    Ok(found)
}

/// Who may do something with the key from outside of the account, by an Allow that no condition keeps to the account.
///
/// # Errors
///
/// [`PolicyError`] if the policy cannot be read, so that nothing can be said.
pub fn lets_in(policy: &str, account: &str) -> Result<BTreeSet<String>, PolicyError> {
    Ok(Policy::parse(policy)?.lets_in(account))
}

/// Whether this is, by its meaning, the policy that KMS gives a key that is made without one.
pub fn is_default(policy: &str, account: &str, partition: &str) -> bool {
    let default = json!({
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:{partition}:iam::{account}:root") },
            "Action": "kms:*",
            "Resource": "*",
        },
    });
    matches!(
        (Policy::parse(policy), Policy::parse(&default.to_string())),
        (Ok(policy), Ok(default)) if policy == default
    )
}

fn reaches(policy: &Policy, effect: Effect, caller: &Caller, action: &str) -> Option<bool> {
    let action = action.to_ascii_lowercase();
    let statements = policy.statements.keys().filter(|statement| statement.effect == effect);
    any(statements.map(|statement| {
        all([
            caller.is_among(statement.principals.as_ref()),
            statement.actions.reach(&action),
            is_about_the_key(statement),
            caller.meets(&statement.condition),
        ])
    }))
}

/// In a key policy `*` is the key itself, and nothing else is of use but the key's own ARN. Without a Resource a statement has no effect.
fn is_about_the_key(statement: &Statement) -> Option<bool> {
    match &statement.resources {
        Some(Terms::Is(set)) if set.contains("*") => Some(true),
        Some(Terms::Is(set)) if set.is_empty() => Some(false),
        Some(Terms::Is(_) | Terms::Not(_)) => None,
        None => Some(false),
    }
}
