//! One need against the statements: an explicit denial wins, and what nothing allows is denied.

use serde_json::{Map, Value};

use super::need::Need;
use crate::policy::{covers_action, glob, is_deny, strings};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    Allowed,
    Denied,
    NotAllowed,
}

pub(super) fn decide(statements: &[Value], need: &Need) -> Decision {
    let applies = |statement: &&Value| {
        covers_action(statement, &need.action) && covers_resource(statement, need) && holds(statement, need)
    };
    let (denials, grants): (Vec<&Value>, Vec<&Value>) =
        statements.iter().filter(applies).partition(|statement| is_deny(statement));
    match (denials.is_empty(), grants.is_empty()) {
        (false, _) => Decision::Denied,
        (true, true) => Decision::NotAllowed,
        (true, false) => Decision::Allowed,
    }
}

fn covers_resource(statement: &Value, need: &Need) -> bool {
    strings(statement, "Resource").iter().any(|pattern| glob(pattern, &need.resource))
}

/// What is done with a key's values: they are one, or any of them counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Test {
    Equals,
    Like,
    IsAbsent,
}

/// The operators that the project's policies use. `ArnEquals` takes wildcards, as `ArnLike` does.
fn operator(name: &str) -> Option<Test> {
    match name.strip_prefix("ForAnyValue:").unwrap_or(name) {
        "StringEquals" | "Bool" => Some(Test::Equals),
        "StringLike" | "ArnEquals" | "ArnLike" => Some(Test::Like),
        "Null" => Some(Test::IsAbsent),
        _ => None,
    }
}

fn conditions(statement: &Value) -> impl Iterator<Item = (&String, &Map<String, Value>)> {
    let all = statement.get("Condition").and_then(Value::as_object).into_iter().flatten();
    all.filter_map(|(name, keys)| Some((name, keys.as_object()?)))
}

pub(super) fn unknown_operator(statement: &Value) -> Option<String> {
    conditions(statement).find(|(name, _)| operator(name).is_none()).map(|(name, _)| name.clone())
}

/// All operators and all keys have to hold; of a key's values one is enough.
fn holds(statement: &Value, need: &Need) -> bool {
    conditions(statement).all(|(name, keys)| {
        let test = operator(name);
        keys.iter().all(|(key, _)| {
            let is = need.values(key);
            strings_of(keys, key).iter().any(|wanted| match test {
                Some(Test::Equals) => {
                    is.iter().any(|is| is.eq_ignore_ascii_case(wanted) && fits_case(name, is, wanted))
                }
                Some(Test::Like) => is.iter().any(|is| glob(wanted, is)),
                Some(Test::IsAbsent) => is.is_empty() == (wanted == "true"),
                None => false,
            })
        })
    })
}

/// Truth values have no case; strings do.
fn fits_case(operator: &str, is: &str, wanted: &str) -> bool {
    operator == "Bool" || is == wanted
}

fn strings_of(keys: &Map<String, Value>, key: &str) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match keys.get(key) {
        Some(Value::Array(list)) => list.iter().map(text).collect(),
        Some(one) => vec![text(one)],
        None => Vec::new(),
    }
}
