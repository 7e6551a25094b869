//! What a policy's explicit denies reach: whether a protection is still there, and whether a policy would shut out the
//! role that has to repair it. No allow is read: an explicit deny wins over every allow.

use std::collections::BTreeSet;

use super::Policy;
use super::pattern::{covers, covers_arn, has_variable, has_wildcard};
use super::statement::{Action, Condition, Effect, Principal, Statement, Terms};

/// The actions that `desired` denies to everyone, unconditionally, on `resource` (an ARN) and `observed` no longer does;
/// empty when the protection is not weakened. Names are as `desired` writes them; a lost `NotAction` deny is named
/// `every action but …`. Denied pattern by pattern: a desired `backup:Delete*` counts as lost when `observed` only lists
/// single actions, since nobody knows the next action that AWS adds.
pub fn no_longer_denied(desired: &Policy, observed: &Policy, resource: &str) -> BTreeSet<String> {
    let mut lost = BTreeSet::new();
    for statement in desired.statements.keys().filter(|statement| statement.protects(resource)) {
        match &statement.actions {
            Terms::Is(actions) => lost.extend(
                actions
                    .iter()
                    .filter(|action| !observed.denies_everyone(&action.written, resource))
                    .map(|action| action.written.clone()),
            ),
            // An empty exception is not documented to mean "everything": it denied nothing that could be lost.
            Terms::Not(spared) if spared.is_empty() => {}
            Terms::Not(spared) => {
                if !observed.denies_everyone_all_but(spared, resource) {
                    let spared: Vec<&str> = spared.iter().map(|action| action.written.as_str()).collect();
                    lost.insert(format!("every action but {}", spared.join(" or ")));
                }
            }
        }
    }
    lost
}

impl Policy {
    /// Whether `action` (a name, or a pattern that is then denied as a whole) on `resource` is denied to everyone,
    /// without any condition. In doubt the answer is no: a protection that only may hold is not one.
    pub fn denies_everyone(&self, action: &str, resource: &str) -> bool {
        let action = action.to_ascii_lowercase();
        self.statements
            .keys()
            .any(|statement| statement.protects(resource) && statement.actions.reach(&action) == Some(true))
    }

    fn denies_everyone_all_but(&self, spared: &BTreeSet<Action>, resource: &str) -> bool {
        let spared_here = |action: &Action| spared.iter().any(|other| covers(&other.folded, &action.folded));
        self.statements.keys().filter(|statement| statement.protects(resource)).any(|statement| {
            match &statement.actions {
                Terms::Is(actions) => actions.iter().any(|action| covers(&action.folded, "*")),
                Terms::Not(actions) => !actions.is_empty() && actions.iter().all(spared_here),
            }
        })
    }

    /// Whether an explicit deny would bind `principal_arn` (a role's ARN) for `action` on `resource`. In doubt the answer
    /// is yes: a deny counts unless its principals, or a condition on `aws:PrincipalArn` or `aws:PrincipalAccount`,
    /// clearly leave the principal out, because only AWS Support can undo a lock-out.
    pub fn denies(&self, principal_arn: &str, action: &str, resource: &str) -> bool {
        let action = action.to_ascii_lowercase();
        self.statements.keys().any(|statement| {
            statement.effect == Effect::Deny
                && all([
                    binds(statement.principals.as_ref(), principal_arn),
                    statement.actions.reach(&action),
                    statement.resources.as_ref().and_then(|resources| resources.reach(resource)),
                    holds(&statement.condition, principal_arn),
                ]) != Some(false)
        })
    }
}

impl Statement {
    /// Whether this denies something to everyone on `resource` whatever the circumstances. A missing `Resource` does
    /// not: KMS accepts it and gives it no effect.
    fn protects(&self, resource: &str) -> bool {
        self.effect == Effect::Deny
            && self.condition.is_empty()
            && matches!(&self.principals, Some(Terms::Is(set)) if set.contains(&Principal::everyone()))
            && self.resources.as_ref().and_then(|resources| resources.reach(resource)) == Some(true)
    }
}

impl<T: AsRef<str> + Ord> Terms<T> {
    /// Whether these patterns reach `value`; `None` where that depends on the request.
    fn reach(&self, value: &str) -> Option<bool> {
        let covering = |set: &BTreeSet<T>| {
            any(set.iter().map(|pattern| {
                let pattern = pattern.as_ref();
                if has_variable(pattern) { None } else { Some(covers(pattern, value)) }
            }))
        };
        match self {
            Terms::Is(set) => covering(set),
            // An empty exception is not documented to mean "everything".
            Terms::Not(set) if set.is_empty() => None,
            // A pattern that no exception covers as a whole may still overlap with one.
            Terms::Not(set) if has_wildcard(value) => covering(set).filter(|covered| *covered).map(|_| false),
            Terms::Not(set) => covering(set).map(|covered| !covered),
        }
    }
}

fn binds(principals: Option<&Terms<Principal>>, arn: &str) -> Option<bool> {
    match principals {
        Some(Terms::Is(set)) => any(set.iter().map(|principal| names(principal, arn))),
        // NotPrincipal never clears anyone: to spare a role it has to list role, session and account, and a principal
        // with a permissions boundary is denied even then (IAM guide, NotPrincipal).
        Some(Terms::Not(_)) => None,
        None => None,
    }
}

fn names(principal: &Principal, arn: &str) -> Option<bool> {
    if principal.kind != "AWS" {
        return Some(false);
    }
    let name = principal.name.as_str();
    if name == "*" || name == arn || account_of(arn) == Some(name) {
        return Some(true);
    }
    // The session's name is not known here.
    let role = arn.rsplit('/').next().unwrap_or(arn);
    let own_session =
        account_of(arn).is_some_and(|account| name.contains(&format!(":{account}:assumed-role/{role}/")));
    if own_session || has_wildcard(name) { None } else { Some(false) }
}

fn account_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(4)
}

fn holds(condition: &Condition, principal_arn: &str) -> Option<bool> {
    all(condition.iter().flat_map(|(operator, keys)| {
        keys.iter().map(move |(key, values)| test_holds(operator, key, values, principal_arn))
    }))
}

fn test_holds(operator: &str, key: &str, values: &BTreeSet<String>, principal_arn: &str) -> Option<bool> {
    // Both keys are present in every request that a role signs, so `…IfExists` changes nothing.
    let actual = match key {
        "aws:principalarn" => principal_arn,
        "aws:principalaccount" => account_of(principal_arn)?,
        _ => return None,
    };
    let equal = |value: &str| Some(value == actual);
    let equal_in_any_case = |value: &str| Some(value.eq_ignore_ascii_case(actual));
    let like = |value: &str| Some(covers(value, actual));
    // The IAM guide: ArnEquals and ArnLike behave identically.
    let arn_like = |value: &str| covers_arn(value, actual);
    match operator.strip_suffix("IfExists").unwrap_or(operator) {
        "StringEquals" => one_of(values, equal),
        "StringNotEquals" => none_of(values, equal),
        "StringEqualsIgnoreCase" => one_of(values, equal_in_any_case),
        "StringNotEqualsIgnoreCase" => none_of(values, equal_in_any_case),
        "StringLike" => one_of(values, like),
        "StringNotLike" => none_of(values, like),
        "ArnEquals" | "ArnLike" => one_of(values, arn_like),
        "ArnNotEquals" | "ArnNotLike" => none_of(values, arn_like),
        _ => None,
    }
}

fn one_of(values: &BTreeSet<String>, matches: impl Fn(&str) -> Option<bool>) -> Option<bool> {
    if values.is_empty() {
        return None;
    }
    any(values.iter().map(|value| if has_variable(value) { None } else { matches(value) }))
}

fn none_of(values: &BTreeSet<String>, matches: impl Fn(&str) -> Option<bool>) -> Option<bool> {
    one_of(values, matches).map(|matched| !matched)
}

/// `Some(true)` when one is, `None` when one may be.
fn any(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let answers: Vec<_> = answers.into_iter().collect();
    if answers.contains(&Some(true)) {
        Some(true)
    } else if answers.contains(&None) {
        None
    } else {
        Some(false)
    }
}

/// `Some(false)` when one is not, `None` when one may not be.
fn all(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let answers: Vec<_> = answers.into_iter().collect();
    if answers.contains(&Some(false)) {
        Some(false)
    } else if answers.contains(&None) {
        None
    } else {
        Some(true)
    }
}
