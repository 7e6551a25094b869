//! Who is let in from outside the account.

use std::collections::BTreeSet;

use super::Policy;
use super::caller::is_account;
use super::pattern::has_wildcard;
use super::statement::{Condition, Effect, Principal, Statement, Terms};

/// Everybody, as policies write it.
const EVERYONE: &str = "*";

impl Policy {
    /// The principals outside of an account that an Allow names and no condition keeps to the account: account ids, ARNs, `*`. A service
    /// is not an account, and what is let in with it is for the service's own policy to say.
    pub fn lets_in(&self, account: &str) -> BTreeSet<String> {
        let allows = self.statements.keys().filter(|statement| statement.effect == Effect::Allow);
        allows.flat_map(|statement| statement.lets_in(account)).collect()
    }
}

impl Statement {
    pub(super) fn lets_in(&self, account: &str) -> Vec<String> {
        let nothing = matches!(&self.actions, Terms::Is(actions) if actions.is_empty());
        if nothing || keeps_to(&self.condition, account) {
            return Vec::new();
        }
        match &self.principals {
            Some(Terms::Is(set)) => {
                let outside = set.iter().filter(|one| is_outside(one, account));
                let name = |one: &Principal| match one.kind {
                    "Service" => format!("Service {}", one.name),
                    _ => one.name.clone(),
                };
                outside.map(name).collect()
            }
            Some(Terms::Not(_)) => vec![EVERYONE.to_owned()],
            None => Vec::new(),
        }
    }
}

fn is_outside(Principal { kind, name }: &Principal, account: &str) -> bool {
    let of_arn = || name.split(':').nth(4).filter(|_| name.starts_with("arn:"));
    match *kind {
        // What a wildcard means here is not documented: any service, for whatever account it works.
        "Service" => has_wildcard(name),
        "AWS" if is_account(name) => name != account,
        // The unique id that AWS shows of a deleted user or role lets nobody in.
        "AWS" => name == EVERYONE || of_arn().is_some_and(|other| other != account),
        // A provider of our own is ours; a canonical user id may be that of any account.
        _ => of_arn() != Some(account),
    }
}

/// Whether the conditions let nobody through but who is of the account.
fn keeps_to(condition: &Condition, account: &str) -> bool {
    condition.iter().any(|(operator, keys)| {
        // Both keys of this kind are in every request that KMS takes; the others may be absent, and then `…IfExists` holds.
        let always = ["aws:principalaccount", "aws:principalarn", "kms:calleraccount"];
        let (operator, if_exists) = match operator.strip_suffix("IfExists") {
            Some(operator) => (operator, true),
            None => (operator.as_str(), false),
        };
        keys.iter().any(|(key, values)| {
            let key = key.as_str();
            let is_account = |value: &String| match operator {
                "StringEquals" | "StringEqualsIgnoreCase" => value == account,
                "StringLike" => value == account,
                _ => false,
            };
            let is_arn = |value: &String| {
                let parts: Vec<&str> = value.splitn(6, ':').collect();
                let [_, partition, service, region, owner, _] = parts.as_slice() else { return false };
                match operator {
                    // A star of these reaches over colons, so one before the account may take in another's.
                    "StringEquals" | "StringEqualsIgnoreCase" | "StringLike" => {
                        *owner == account
                            && ![partition, service, region].iter().any(|part| has_wildcard(part))
                    }
                    "ArnEquals" | "ArnLike" => *owner == account,
                    _ => false,
                }
            };
            let keeps = match key {
                "aws:principalaccount" | "kms:calleraccount" | "aws:sourceaccount" => {
                    values.iter().all(is_account)
                }
                "aws:principalarn" | "aws:sourcearn" => values.iter().all(is_arn),
                _ => false,
            };
            keeps && !values.is_empty() && (!if_exists || always.contains(&key))
        })
    })
}
