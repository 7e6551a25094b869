//! A policy as people write one: its members in the usual order, short lists on one line.

use serde_json::Value;

use super::unseen::in_json;

/// The usual order of a policy's members.
const ORDER: [&str; 12] = [
    "Version",
    "Id",
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
    "Statement",
];

/// What still fits on a line.
const WIDTH: usize = 110;

/// The text, indented; `None` for what is not JSON.
pub(super) fn pretty(policy: &str) -> Option<String> {
    let value: Value = serde_json::from_str(policy).ok()?;
    Some(in_json(&render(&value, 0)))
}

/// A form in which two policies are equal that were only written in another order.
pub(super) fn normal(policy: &str) -> String {
    serde_json::from_str::<Value>(policy)
        .map_or_else(|_| policy.to_owned(), |value| sorted(value).to_string())
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.into_iter().map(sorted).collect();
            items.sort_by_key(Value::to_string);
            // One and a list of one mean the same.
            if items.len() == 1 { items.remove(0) } else { Value::Array(items) }
        }
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, sorted(value))).collect(),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => other,
    }
}

fn render(value: &Value, indent: usize) -> String {
    let short = one_line(value);
    let is_whole = indent == 0 && value.is_object();
    if indent + short.len() <= WIDTH && !is_whole {
        return short;
    }
    let inner = indent + 2;
    let (open, close, items): (_, _, Vec<String>) = match value {
        Value::Array(items) => ('[', ']', items.iter().map(|item| render(item, inner)).collect()),
        Value::Object(_) => {
            let member =
                |(name, value): (&String, &Value)| format!("{}: {}", quoted(name), render(value, inner));
            ('{', '}', members(value).into_iter().map(member).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return short,
    };
    if items.is_empty() {
        return short;
    }
    let pad = " ".repeat(inner);
    let lines: Vec<String> = items.into_iter().map(|item| format!("{pad}{item}")).collect();
    format!("{open}\n{}\n{}{close}", lines.join(",\n"), " ".repeat(indent))
}

fn one_line(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(one_line).collect::<Vec<_>>().join(", ")),
        Value::Object(all) if all.is_empty() => "{}".to_owned(),
        Value::Object(_) => {
            let member = |(name, value): (&String, &Value)| format!("{}: {}", quoted(name), one_line(value));
            format!("{{ {} }}", members(value).into_iter().map(member).collect::<Vec<_>>().join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

fn quoted(name: &str) -> String {
    Value::from(name).to_string()
}

fn members(value: &Value) -> Vec<(&String, &Value)> {
    let mut members: Vec<_> = value.as_object().into_iter().flatten().collect();
    let rank = |name: &str| ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len());
    members.sort_by_key(|(name, _)| rank(name));
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_in_the_usual_order_and_mean_the_same() {
        let text = r#"{"Statement":[{"Resource":"*","Action":["backup:DeleteBackupVault","backup:DeleteRecoveryPoint","backup:UpdateRecoveryPointLifecycle"],"Principal":"*","Effect":"Deny","Sid":"keep"}],"Version":"2012-10-17"}"#;
        let told = pretty(text).unwrap();
        assert!(told.starts_with("{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": ["), "{told}");
        assert!(told.find("\"Sid\"") < told.find("\"Effect\""), "{told}");
        assert_eq!(
            serde_json::from_str::<Value>(&told).unwrap(),
            serde_json::from_str::<Value>(text).unwrap()
        );
    }

    #[test]
    fn order_makes_no_difference() {
        assert_eq!(
            normal(r#"{"Action":["b","a"],"Effect":"Deny"}"#),
            normal(r#"{"Effect":"Deny","Action":["a","b"]}"#)
        );
        assert_ne!(normal(r#"{"Action":["b"]}"#), normal(r#"{"Action":["a"]}"#));
    }
}
