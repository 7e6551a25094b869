//! Conditions: the operators of IAM but for those on addresses and bytes.

use std::cmp::Ordering;

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::context::Context;
use super::glob::glob;

/// How a value of a request is held against a value of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Test {
    Equals,
    EqualsIgnoringCase,
    Like,
    /// Numbers and dates: the orders that hold.
    Number(&'static [Ordering]),
    Date(&'static [Ordering]),
    Null,
}

/// What is done with several values of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Values {
    Any,
    All,
    /// No set operator: one value is expected.
    Plain,
}

#[derive(Debug, Clone, Copy)]
struct Operator {
    test: Test,
    values: Values,
    negated: bool,
    if_exists: bool,
}

impl Operator {
    /// `StringNotLike`, `ForAllValues:ArnEqualsIfExists` and the like. `ArnEquals` takes wildcards, as `ArnLike` does.
    fn parse(name: &str) -> Option<Operator> {
        let (values, name) = match name.split_once(':') {
            Some(("ForAnyValue", rest)) => (Values::Any, rest),
            Some(("ForAllValues", rest)) => (Values::All, rest),
            Some(_) => return None,
            None => (Values::Plain, name),
        };
        let (if_exists, name) = name.strip_suffix("IfExists").map_or((false, name), |rest| (true, rest));
        let order = |rest: &str| -> Option<(&'static [Ordering], bool)> {
            match rest {
                "Equals" => Some((&[Ordering::Equal], false)),
                "NotEquals" => Some((&[Ordering::Equal], true)),
                "LessThan" => Some((&[Ordering::Less], false)),
                "LessThanEquals" => Some((&[Ordering::Less, Ordering::Equal], false)),
                "GreaterThan" => Some((&[Ordering::Greater], false)),
                "GreaterThanEquals" => Some((&[Ordering::Greater, Ordering::Equal], false)),
                _ => None,
            }
        };
        let (test, negated) = match name {
            "StringEquals" => (Test::Equals, false),
            "StringNotEquals" => (Test::Equals, true),
            "StringEqualsIgnoreCase" | "Bool" => (Test::EqualsIgnoringCase, false),
            "StringNotEqualsIgnoreCase" => (Test::EqualsIgnoringCase, true),
            "StringLike" | "ArnEquals" | "ArnLike" => (Test::Like, false),
            "StringNotLike" | "ArnNotEquals" | "ArnNotLike" => (Test::Like, true),
            "Null" => (Test::Null, false),
            _ => {
                let number = name.strip_prefix("Numeric").and_then(order);
                let date = name.strip_prefix("Date").and_then(order);
                let number = number.map(|(orders, negated)| (Test::Number(orders), negated));
                number.or_else(|| date.map(|(orders, negated)| (Test::Date(orders), negated)))?
            }
        };
        Some(Operator { test, values, negated, if_exists })
    }

    fn holds(self, wanted: &[String], is: &[String]) -> bool {
        if self.test == Test::Null {
            return wanted.iter().any(|wanted| is.is_empty() == (wanted == "true"));
        }
        if is.is_empty() {
            // A key that is not there is not equal to anything, and is none of a set's values.
            return self.if_exists
                || self.values == Values::All
                || (self.negated && self.values == Values::Plain);
        }
        let fits = |is: &String| wanted.iter().any(|wanted| self.test.fits(wanted, is)) != self.negated;
        match (self.values, self.negated) {
            (Values::All, _) | (Values::Plain, true) => is.iter().all(fits),
            (Values::Any, _) | (Values::Plain, false) => is.iter().any(fits),
        }
    }
}

impl Test {
    fn fits(self, wanted: &str, is: &str) -> bool {
        match self {
            Test::Equals => is == wanted,
            Test::EqualsIgnoringCase => is.eq_ignore_ascii_case(wanted),
            Test::Like => glob(wanted, is),
            Test::Number(orders) => {
                let numbers = is.parse::<f64>().ok().zip(wanted.parse::<f64>().ok());
                numbers
                    .and_then(|(is, wanted)| is.partial_cmp(&wanted))
                    .is_some_and(|is| orders.contains(&is))
            }
            Test::Date(orders) => {
                date(is).zip(date(wanted)).is_some_and(|(is, wanted)| orders.contains(&is.cmp(&wanted)))
            }
            Test::Null => false,
        }
    }
}

/// ISO 8601, or seconds since 1970.
fn date(text: &str) -> Option<OffsetDateTime> {
    let seconds = || OffsetDateTime::from_unix_timestamp(text.parse().ok()?).ok();
    OffsetDateTime::parse(text, &Rfc3339).ok().or_else(seconds)
}

fn conditions(statement: &Value) -> impl Iterator<Item = (&String, &Map<String, Value>)> {
    let all = statement.get("Condition").and_then(Value::as_object).into_iter().flatten();
    all.filter_map(|(name, keys)| Some((name, keys.as_object()?)))
}

/// The first operator of a statement that is none of these.
pub(crate) fn unknown_operator(statement: &Value) -> Option<String> {
    conditions(statement).find(|(name, _)| Operator::parse(name).is_none()).map(|(name, _)| name.clone())
}

/// All keys that the conditions of a statement ask for.
pub(crate) fn keys(statement: &Value) -> impl Iterator<Item = &String> {
    conditions(statement).flat_map(|(_, keys)| keys.keys())
}

/// All operators and all keys have to hold; of a key's values one is enough. An unknown operator never holds.
pub(crate) fn holds(statement: &Value, context: &Context) -> bool {
    conditions(statement).all(|(name, keys)| {
        Operator::parse(name).is_some_and(|operator| {
            keys.iter().all(|(key, wanted)| operator.holds(&texts(wanted, context), context.values(key)))
        })
    })
}

fn texts(wanted: &Value, context: &Context) -> Vec<String> {
    let all = match wanted {
        Value::Array(list) => list.as_slice(),
        one @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
            std::slice::from_ref(one)
        }
    };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    all.iter().filter_map(|value| context.expanded(&text(value))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn context() -> Context {
        Context::default()
            .with("aws:PrincipalArn", ["arn:aws:iam::1:role/ops/Admin"])
            .with("aws:TagKeys", ["a", "b"])
            .with("backup:MinRetentionDays", ["7"])
            .with("aws:CurrentTime", ["2026-11-02T08:00:00Z"])
    }

    #[test]
    fn each_operator_says_what_the_guide_says() {
        for (operator, key, wanted, expected) in [
            ("StringEquals", "aws:principalarn", json!(["x", "arn:aws:iam::1:role/ops/Admin"]), true),
            ("StringEquals", "aws:PrincipalArn", json!("arn:aws:iam::1:role/ops/admin"), false),
            ("StringEqualsIgnoreCase", "aws:PrincipalArn", json!("arn:aws:iam::1:role/ops/admin"), true),
            ("StringNotEquals", "aws:PrincipalArn", json!("x"), true),
            ("StringNotEquals", "aws:userid", json!("x"), true),
            ("StringEqualsIfExists", "aws:userid", json!("x"), true),
            ("StringLike", "aws:userid", json!("*"), false),
            ("ArnNotLike", "aws:PrincipalArn", json!("arn:aws:iam::1:role/*"), false),
            ("ArnEquals", "aws:PrincipalArn", json!("arn:aws:iam::*:role/ops/*"), true),
            ("Null", "aws:userid", json!("true"), true),
            ("Null", "aws:PrincipalArn", json!(false), true),
            ("ForAllValues:StringEquals", "aws:TagKeys", json!(["a"]), false),
            ("ForAnyValue:StringEquals", "aws:TagKeys", json!(["a"]), true),
            ("ForAllValues:StringEquals", "aws:userid", json!(["a"]), true),
            ("ForAnyValue:StringNotEquals", "aws:userid", json!(["a"]), false),
            ("NumericLessThan", "backup:MinRetentionDays", json!(8), true),
            ("NumericGreaterThanEquals", "backup:MinRetentionDays", json!("8"), false),
            ("DateGreaterThan", "aws:CurrentTime", json!("2026-11-01T00:00:00Z"), true),
            ("StringEquals", "aws:PrincipalArn", json!("${aws:PrincipalArn}"), true),
            ("StringEquals", "aws:PrincipalArn", json!("${aws:username}"), false),
            ("IpAddress", "aws:SourceIp", json!("192.0.2.0/24"), false),
        ] {
            let statement = json!({ "Condition": { operator: { key: wanted } } });
            assert_eq!(holds(&statement, &context()), expected, "{statement}");
        }
    }
}
