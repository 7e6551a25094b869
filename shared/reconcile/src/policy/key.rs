//! Who may use a key, by its policy.

use serde_json::json;

use super::Policy;
use super::caller::Caller;
use super::pattern::overlaps;
use super::statement::{Effect, Statement, Terms};
use super::ternary::{all, any, not};
use super::within::{Comparison, whos_apart};

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

    /// Whether an explicit deny may bind the caller, whatever is allowed.
    pub fn may_deny_use(&self, caller: &Caller, action: &str, key_arn: &str) -> bool {
        self.is_said(Effect::Deny, caller, action, key_arn) != Some(false)
    }

    /// Whether a deny names this service, or services by a wildcard: what that means is not documented.
    pub fn denies_service(&self, service: &str, action: &str, key_arn: &str) -> bool {
        let is_it = |statement: &Statement| {
            matches!(&statement.principals, Some(Terms::Is(set))
                if set.iter().any(|one| one.kind == "Service" && overlaps(&one.name, service)))
        };
        let action = action.to_ascii_lowercase();
        self.denials().any(|statement| {
            let says = all([statement.actions.reach(&action), is_about_the_key(statement, key_arn)]);
            is_it(statement) && says != Some(false)
        })
    }

    /// Whether all whom this lets in by name may do as much by the other policy, but for those who are looked at by themselves: by account
    /// id or ARN.
    pub fn names_are_kept(&self, other: &Policy, key_arn: &str, but_for: &[&str]) -> bool {
        let comparison = Comparison::of(self, other, Effect::Allow, key_arn);
        let allows = self.statements.keys().filter(|statement| statement.effect == Effect::Allow);
        allows.flat_map(whos_apart).all(|(name, one)| {
            name.is_some_and(|name| but_for.contains(&name)) || comparison.unsaid(&one).is_empty()
        })
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
