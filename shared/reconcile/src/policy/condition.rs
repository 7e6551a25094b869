//! Which conditions hold of what is known of a call, and which of nothing at all. Where it cannot be told it is said so.

use std::collections::BTreeSet;

use super::pattern::{covers, covers_arn, has_variable, has_wildcard, overlaps, overlaps_arn};
use super::statement::Condition;
use super::ternary::{any, not};

/// What a key has in a call: what it is sure to be, a pattern of it where not all of it is known, and all that it may be.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) surely: &'a str,
    pub(super) possibly: &'a str,
}

impl<'a> Known<'a> {
    pub(super) fn is(surely: &'a str) -> Self {
        Self { surely, possibly: surely }
    }

    /// Whether a test of one value holds. Which values are like nothing, is told.
    pub(super) fn meets(
        self,
        operator: &str,
        values: &BTreeSet<String>,
        is_void: impl Fn(&str) -> bool,
    ) -> Option<bool> {
        let Self { surely, possibly } = self;
        let operator = if_exists(operator).1;
        let one_of = |matches: &dyn Fn(&str) -> Option<bool>| {
            let answers = values.iter().map(|value| match has_variable(value) {
                false => matches(value),
                // What is asked of it with a negation is documented in two ways.
                true => (is_void(value) && !is_negated(operator)).then_some(false),
            });
            // What a list without values means is not documented.
            (!values.is_empty()).then(|| any(answers)).flatten()
        };
        let equal = |value: &str| either(value == surely && !has_wildcard(surely), overlaps(value, possibly));
        let equal_in_any_case = |value: &str| {
            if has_wildcard(possibly) { None } else { Some(value.eq_ignore_ascii_case(surely)) }
        };
        let like = |value: &str| either(covers(value, surely), overlaps(value, possibly));
        // The IAM guide: ArnEquals and ArnLike behave identically.
        let arn_like = |value: &str| either(covers_arn(value, surely)?, overlaps_arn(value, possibly)?);
        match operator {
            "StringEquals" => one_of(&equal),
            "StringNotEquals" => not(one_of(&equal)),
            "StringEqualsIgnoreCase" | "Bool" => one_of(&equal_in_any_case),
            "StringNotEqualsIgnoreCase" => not(one_of(&equal_in_any_case)),
            "StringLike" => one_of(&like),
            "StringNotLike" => not(one_of(&like)),
            "ArnEquals" | "ArnLike" => one_of(&arn_like),
            "ArnNotEquals" | "ArnNotLike" => not(one_of(&arn_like)),
            _ => None,
        }
    }
}

/// Whether a test holds of a key that is not there ("IAM JSON policy elements: Condition operators").
pub(super) fn without_the_key(operator: &str, values: &BTreeSet<String>) -> Option<bool> {
    let (if_exists, operator) = if_exists(operator);
    if operator == "Null" {
        return is_null(values);
    }
    // What a list without values means is not documented.
    let (set, operator) = of_a_set(operator);
    let holds = if_exists
        || match set {
            Some(Set::All) => true,
            Some(Set::Any) => false,
            None => is_negated(operator),
        };
    (!values.is_empty()).then_some(holds)
}

/// Whether a test holds, or does not, whatever the key has, and whether it is there or not. A value that is made of what never comes is
/// like nothing ("Policy variables with no value").
pub(super) fn of_any_value(
    operator: &str,
    values: &BTreeSet<String>,
    is_void: impl Fn(&str) -> bool,
) -> Option<bool> {
    let (if_exists, operator) = if_exists(operator);
    let (set, operator) = of_a_set(operator);
    let if_absent = if_exists || set == Some(Set::All);
    if if_absent && operator == "StringLike" && values.contains("*") {
        return Some(true);
    }
    let is_never = !if_absent && !is_negated(operator) && operator != "Null" && !values.is_empty();
    (is_never && values.iter().all(|value| is_void(value))).then_some(false)
}

/// The names of the keys that variables in a text stand for, but of those with a default.
pub(super) fn variables(text: &str) -> impl Iterator<Item = &str> {
    let names = text.split("${").skip(1).filter_map(|rest| rest.split_once('}'));
    names.map(|(name, _)| name.trim()).filter(|name| !name.contains(','))
}

/// Whether two tests of one key contradict each other, so that the condition holds of nothing, whatever the key has.
pub(super) fn contradicts_itself(condition: &Condition) -> bool {
    // Of several values some may do this and some that ("AWS global condition context keys": multivalued).
    const OF_SEVERAL: [&str; 7] = [
        "aws:calledvia",
        "aws:principalorgpaths",
        "aws:principalservicenameslist",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:tagkeys",
        "sts:transitivetagkeys",
    ];
    let keys: BTreeSet<&String> = condition.values().flat_map(|keys| keys.keys()).collect();
    keys.into_iter().filter(|key| !OF_SEVERAL.contains(&key.as_str())).any(|key| {
        let tests: Vec<(bool, &str, &BTreeSet<String>)> = condition
            .iter()
            .filter_map(|(operator, keys)| {
                let (if_exists, operator) = if_exists(operator);
                keys.get(key)
                    .filter(|_| of_a_set(operator).0.is_none())
                    .map(|values| (if_exists, operator, values))
            })
            .collect();
        let asks_for = |none: bool| {
            tests.iter().any(|(_, operator, values)| *operator == "Null" && is_null(values) == Some(none))
        };
        let is_there = asks_for(false)
            || tests.iter().any(|(if_exists, operator, values)| {
                !if_exists && *operator != "Null" && !is_negated(operator) && !values.is_empty()
            });
        let excludes = |operator: &str, values: &BTreeSet<String>| {
            tests.iter().any(|(_, other, excluded)| {
                is_negation_of(other, operator) && !values.is_empty() && values.is_subset(excluded)
            })
        };
        is_there && (asks_for(true) || tests.iter().any(|(_, operator, values)| excludes(operator, values)))
    })
}

/// `StringNotLike` of `StringLike`, `NotIpAddress` of `IpAddress`.
fn is_negation_of(operator: &str, other: &str) -> bool {
    operator.replacen("Not", "", 1) == other && operator != other
}

fn is_negated(operator: &str) -> bool {
    operator.contains("Not")
}

/// Whether a test holds also where the key does not exist, and the test.
pub(super) fn if_exists(operator: &str) -> (bool, &str) {
    operator.strip_suffix("IfExists").map_or((false, operator), |operator| (true, operator))
}

/// What is asked of several values of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    Any,
    All,
}

pub(super) fn of_a_set(operator: &str) -> (Option<Set>, &str) {
    match operator.split_once(':') {
        Some(("ForAnyValue", operator)) => (Some(Set::Any), operator),
        Some(("ForAllValues", operator)) => (Some(Set::All), operator),
        Some(_) | None => (None, operator),
    }
}

/// Whether a test with `Null` asks for a key that is not there.
pub(super) fn is_null(values: &BTreeSet<String>) -> Option<bool> {
    match values.first().filter(|_| values.len() == 1).map(String::as_str) {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    }
}

fn either(surely: bool, perhaps: bool) -> Option<bool> {
    match (surely, perhaps) {
        (true, _) => Some(true),
        (false, true) => None,
        (false, false) => Some(false),
    }
}
