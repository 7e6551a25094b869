//! Who may use a key, by its policy.

use serde_json::json;

use super::Policy;
use super::caller::Caller;
use super::statement::{Effect, Statement, Terms};
use super::ternary::{all, any, not};

/// Whether this is, by its meaning, the policy that KMS gives a key that is made without one ("Default key policy").
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

impl Policy {
    /// Whether a key's policy lets the caller do something with the key, or leaves it to IAM policies by an Allow for the account. Without
    /// an Allow nobody may, and a Deny counts more than any Allow.
    pub fn lets_use(&self, caller: &Caller, action: &str, key_arn: &str) -> Option<bool> {
        all([self.allows(caller, action, key_arn), not(self.is_said(Effect::Deny, caller, action, key_arn))])
    }

    /// Whether an Allow is for the caller, whatever is denied.
    pub fn allows(&self, caller: &Caller, action: &str, key_arn: &str) -> Option<bool> {
        self.is_said(Effect::Allow, caller, action, key_arn)
    }

    fn is_said(&self, effect: Effect, caller: &Caller, action: &str, key_arn: &str) -> Option<bool> {
        let action = action.to_ascii_lowercase();
        let statements = self.statements.keys().filter(|statement| statement.effect == effect);
        any(statements.map(|statement| {
            all([
                caller.is_among(statement.principals.as_ref()),
                statement.actions.reach(&action),
                is_about_the_key(statement, key_arn),
                caller.meets(&statement.condition),
            ])
        }))
    }
}

/// In a key policy `*` is the key itself, and nothing else is of use but the key's own ARN. Without a Resource a statement has no effect
/// ("Key policies in AWS KMS").
fn is_about_the_key(statement: &Statement, key_arn: &str) -> Option<bool> {
    match &statement.resources {
        Some(Terms::Is(_) | Terms::Not(_)) => statement.reaches(key_arn),
        None => Some(false),
    }
}
