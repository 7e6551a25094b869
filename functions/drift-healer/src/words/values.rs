//! Values in as few words as fit a phone.

use std::collections::BTreeSet;
use std::fmt::Display;

use reconcile::desired::{Lifecycle, Tags};
use serde_json::Value;

/// The most bytes of one value: what is longer is read in the account, not in a message.
const LONGEST: usize = 300;

/// Text in no more than so many bytes, cut between characters, with dots where something is missing.
pub(crate) fn clip(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let mut end = most.saturating_sub(3);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}...", &text[..end])
}

/// A text of AWS's or of anybody's, short enough and in quotation marks.
pub(super) fn quote(text: &str) -> String {
    format!("\"{}\"", clip(&text.replace(['\n', '\r'], " "), LONGEST))
}

/// A number with its unit, in the plural where it has to be.
pub(crate) fn count(number: impl Display, unit: &str) -> String {
    let number = number.to_string();
    let plural = if number == "1" { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

/// A retention; none is no end.
pub(super) fn kept(days: Option<i64>) -> String {
    days.map_or_else(|| "for ever".to_owned(), |days| format!("for {}", count(days, "day")))
}

/// A move to cold storage.
pub(super) fn cold(days: Option<i64>) -> String {
    days.map_or_else(|| "never".to_owned(), |days| format!("after {}", count(days, "day")))
}

/// How long a copy is kept; one without a time of its own follows the rule.
pub(super) fn copied(lifecycle: &Lifecycle) -> String {
    match lifecycle.delete_after_days {
        Some(days) => format!("kept for {}", count(days, "day")),
        None => "kept as the rule says".to_owned(),
    }
}

/// Names in a row; of many the first few.
pub(super) fn list<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    const MOST: usize = 5;
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    let text = match items.as_slice() {
        [] => "nothing".to_owned(),
        few if few.len() <= MOST => few.join(", "),
        many => format!("{} and {} more", many[..MOST].join(", "), many.len() - MOST),
    };
    clip(&text, LONGEST)
}

/// What two sets do not share: "without a, b; with c besides".
pub(super) fn difference<T: Display + Ord>(expected: &BTreeSet<T>, observed: &BTreeSet<T>) -> String {
    let missing: Vec<&T> = expected.difference(observed).collect();
    let more: Vec<&T> = observed.difference(expected).collect();
    match (missing.is_empty(), more.is_empty()) {
        (false, false) => format!("{} in place of {}", list(more), list(missing)),
        (false, true) => format!("no {}", list(missing)),
        (true, _) => format!("{} besides", list(more)),
    }
}

/// The tags that are not as they should be: three right ones say nothing about the fourth.
pub(super) fn tags(expected: &Tags, observed: &Tags) -> String {
    let wrong = expected.iter().filter(|(key, value)| observed.get(*key) != Some(value));
    list(wrong.map(|(key, value)| match observed.get(key) {
        Some(other) => format!("{key}={other} in place of {key}={value}"),
        None => format!("no {key}={value}"),
    }))
}

/// Effect, actions and who of each statement: most of a policy. The whole of it is in the spec and in the account.
pub(super) fn policy(text: &str) -> String {
    let Ok(document) = serde_json::from_str::<Value>(text) else {
        return format!("a policy that cannot be read: {}", quote(text));
    };
    let statements = match &document["Statement"] {
        Value::Array(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    clip(&statements.iter().map(statement).collect::<Vec<_>>().join("; "), LONGEST)
}

fn statement(statement: &Value) -> String {
    let effect = statement["Effect"].as_str().unwrap_or("?");
    let (word, actions) = match statement.get("NotAction") {
        Some(not) => ("all but ", not),
        None => ("", &statement["Action"]),
    };
    let who = match (statement.get("Principal"), statement.get("NotPrincipal")) {
        (Some(principal), _) => format!(" to {}", principals(principal)),
        (None, Some(not)) => format!(" to all but {}", principals(not)),
        (None, None) => String::new(),
    };
    let conditions = if statement.get("Condition").is_some() { ", on conditions" } else { "" };
    format!("{effect} {word}{}{who}{conditions}", texts(actions))
}

fn principals(principal: &Value) -> String {
    let all = match principal {
        Value::Object(members) => list(members.values().map(texts)),
        other => texts(other),
    };
    if all == "*" { "everyone".to_owned() } else { all }
}

fn texts(value: &Value) -> String {
    match value {
        Value::Array(items) => list(items.iter().map(texts)),
        Value::String(text) => text.clone(),
        Value::Null => "nothing".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set(items: &[&str]) -> BTreeSet<String> {
        items.iter().map(|item| (*item).to_owned()).collect()
    }

    #[test]
    fn numbers_carry_their_unit_and_an_absent_retention_is_for_ever() {
        assert_eq!(
            (kept(Some(1)), kept(Some(30)), kept(None)),
            ("for 1 day".into(), "for 30 days".into(), "for ever".into())
        );
        assert_eq!((cold(Some(8)), cold(None)), ("after 8 days".into(), "never".into()));
    }

    #[test]
    fn of_sets_and_tags_only_the_difference_is_told() {
        assert_eq!(difference(&set(&["a", "b"]), &set(&["b", "c"])), "c in place of a");
        assert_eq!(difference(&set(&["a", "b"]), &set(&["b"])), "no a");
        assert_eq!(difference(&set(&["b"]), &set(&["a", "b"])), "a besides");
        let tags_of = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect::<Tags>()
        };
        let expected = tags_of(&[("env", "prod"), ("priority", "critical"), ("terraform", "true")]);
        let observed = tags_of(&[("env", "prod"), ("priority", "low"), ("mine", "too")]);
        assert_eq!(
            tags(&expected, &observed),
            "priority=low in place of priority=critical, no terraform=true"
        );
    }

    #[test]
    fn a_policy_is_told_by_effect_actions_and_who() {
        let document = json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Deny", "Principal": { "AWS": "*" }, "Action": ["backup:DeleteBackupVault", "backup:DeleteRecoveryPoint"] },
            { "Effect": "Allow", "NotPrincipal": { "AWS": ["a", "b"] }, "NotAction": "backup:CopyIntoBackupVault", "Condition": {} } ] });
        assert_eq!(
            policy(&document.to_string()),
            "Deny backup:DeleteBackupVault, backup:DeleteRecoveryPoint to everyone; Allow all but backup:CopyIntoBackupVault to all but a, b, on conditions"
        );
        assert_eq!(policy("no\nJSON"), "a policy that cannot be read: \"no JSON\"");
    }

    #[test]
    fn text_is_cut_between_characters() {
        assert_eq!(clip("abcdef", 6), "abcdef");
        assert_eq!(clip("ééééé", 8), "éé...");
        assert!(quote(&"ü".repeat(1000)).len() <= LONGEST + 2);
        assert_eq!(list(1..=7), "1, 2, 3, 4, 5 and 2 more");
    }
}
