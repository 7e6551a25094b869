//! Findings in words: what was expected, what is there, what was done, in as few words as fit a phone.

use reconcile::call::Call;
use reconcile::drift::Facts;
use reconcile::repair::BlockReason;
use reconcile::report::{Outcome, Reported};
use serde_json::Value;

/// The most bytes of one value: what is longer is read in the account, not in a message.
const LONGEST_VALUE: usize = 240;

/// What differs, where, and how bad that is, on one line: the title of a finding.
pub(super) fn title(one: &Reported, facts: &Facts) -> String {
    let attribute =
        if facts.attribute.is_empty() { String::new() } else { format!(" ({})", facts.attribute) };
    format!("{}: {}{attribute}", one.finding.resource, facts.code.replace('-', " "))
}

/// "Expected 30 days, observed 7 days."
pub(super) fn difference(facts: &Facts) -> String {
    if let Some(error) = facts.observed.get("error").and_then(Value::as_str) {
        return format!("Could not be read: {}.", clip(error.trim_end_matches('.'), LONGEST_VALUE));
    }
    let (expected, observed) = contrast(&facts.expected, &facts.observed);
    let unit = unit(&facts.attribute);
    format!("Expected {}, observed {}.", value(&expected, unit), value(&observed, unit))
}

/// What was done, or why nothing was, and what there is to do.
pub(super) fn outcome(one: &Reported) -> String {
    let call = one.call.as_ref().map(Call::action);
    let done = match (&one.outcome, call) {
        (Outcome::Repaired, Some(call)) => format!("Repaired with {call}, and seen repaired."),
        (Outcome::Repaired, None) => "Gone without a call of its own.".to_owned(),
        (Outcome::Planned, Some(call)) => format!("Would be repaired with {call}."),
        (Outcome::Planned, None) => "Would be gone without a call of its own.".to_owned(),
        (Outcome::Failed(error), _) => {
            format!(
                "Not repaired. AWS's words: {}.",
                clip(error.message.trim_end_matches('.'), LONGEST_VALUE)
            )
        }
        (Outcome::Blocked(BlockReason::Excepted), _) => "Left as it is.".to_owned(),
        (Outcome::Blocked(reason), _) => format!("Not repaired ({}).", reason.code()),
    };
    match one.next_step() {
        Some(next) => format!("{done} {next}"),
        None => done,
    }
}

/// Text in no more than so many bytes, cut between characters, with dots where something is missing.
pub(super) fn clip(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let mut end = most.saturating_sub(3);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}...", &text[..end])
}

/// Of two objects only the members that differ: three equal tags say nothing about the fourth.
fn contrast(expected: &Value, observed: &Value) -> (Value, Value) {
    let (Value::Object(one), Value::Object(other)) = (expected, observed) else {
        return (expected.clone(), observed.clone());
    };
    if one.contains_key("Statement") {
        return (expected.clone(), observed.clone());
    }
    let without = |of: &serde_json::Map<String, Value>, equal: &serde_json::Map<String, Value>| {
        of.iter()
            .filter(|(key, value)| equal.get(*key) != Some(value))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect()
    };
    (Value::Object(without(one, other)), Value::Object(without(other, one)))
}

fn unit(attribute: &str) -> &'static str {
    if attribute.ends_with("_days") {
        " days"
    } else if attribute.ends_with("_minutes") {
        " minutes"
    } else {
        ""
    }
}

fn value(value: &Value, unit: &str) -> String {
    let words = match value {
        Value::Null if unit == " days" => "no end".to_owned(),
        Value::Null => "nothing".to_owned(),
        Value::Bool(true) => "on".to_owned(),
        Value::Bool(false) => "off".to_owned(),
        Value::Number(number) => format!("{number}{unit}"),
        Value::String(text) if text.is_empty() => "an empty text".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "nothing".to_owned(),
        Value::Array(items) => list(items),
        Value::Object(members) => match (members.get("Statement"), members.get("no_longer_denied")) {
            (Some(statements), _) => policy(statements),
            (None, Some(allowed)) => format!("no longer denied: {}", self::value(allowed, "")),
            (None, None) => pairs(members),
        },
    };
    clip(&words, LONGEST_VALUE)
}

fn list(items: &[Value]) -> String {
    items.iter().map(|item| value(item, "")).collect::<Vec<_>>().join(", ")
}

fn pairs(members: &serde_json::Map<String, Value>) -> String {
    let told: Vec<String> = members
        .iter()
        .filter(|(_, member)| !member.is_null())
        .map(|(key, member)| format!("{} {}", key.replace('_', " "), value(member, "")))
        .collect();
    if told.is_empty() { "nothing".to_owned() } else { told.join(", ") }
}

/// Effect and actions tell most of a policy; the whole of it is in the spec and in the account.
fn policy(statements: &Value) -> String {
    let statements = match statements {
        Value::Array(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let told: Vec<String> = statements
        .iter()
        .map(|statement| {
            let effect = statement["Effect"].as_str().unwrap_or("?");
            let (word, actions) = match statement.get("NotAction") {
                Some(not) => ("all but ", not),
                None => ("", &statement["Action"]),
            };
            format!("{effect} {word}{}", value(actions, ""))
        })
        .collect();
    format!("a policy [{}]", told.join("; "))
}

#[cfg(test)]
mod tests {
    use reconcile::drift::Severity;
    use serde_json::json;

    use super::*;

    fn told(attribute: &str, expected: Value, observed: Value) -> String {
        let attribute = attribute.to_owned();
        difference(&Facts { code: "differs", severity: Severity::Low, attribute, expected, observed })
    }

    #[test]
    fn numbers_carry_their_unit_and_an_absent_retention_is_no_end() {
        let attribute = "rules.daily_backup_rule.delete_after_days";
        assert_eq!(told(attribute, json!(30), json!(null)), "Expected 30 days, observed no end.");
        assert_eq!(
            told("rules.r.start_window_minutes", json!(60), json!(480)),
            "Expected 60 minutes, observed 480 minutes."
        );
        assert_eq!(told("rotation", json!(true), json!(false)), "Expected on, observed off.");
    }

    #[test]
    fn of_tags_only_the_difference_is_told() {
        let expected = json!({ "environment": "prod", "priority": "critical", "terraform": "true" });
        let observed = json!({ "environment": "prod", "priority": "low" });
        assert_eq!(
            told("tags", expected, observed),
            "Expected priority critical, terraform true, observed priority low."
        );
    }

    #[test]
    fn a_policy_is_told_by_effect_and_actions() {
        let expected = json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Deny", "Principal": { "AWS": "*" }, "Action": ["backup:DeleteBackupVault", "backup:DeleteRecoveryPoint"] } ] });
        let observed = json!({ "no_longer_denied": ["backup:DeleteBackupVault"], "policy": "{}" });
        assert_eq!(
            told("", expected, observed),
            "Expected a policy [Deny backup:DeleteBackupVault, backup:DeleteRecoveryPoint], observed no longer denied: backup:DeleteBackupVault."
        );
    }

    #[test]
    fn an_unreadable_resource_tells_the_error() {
        let observed = json!({ "error": "GetKeyPolicy: AccessDeniedException: no." });
        assert_eq!(
            told("", Value::Null, observed),
            "Could not be read: GetKeyPolicy: AccessDeniedException: no."
        );
    }

    #[test]
    fn text_is_cut_between_characters() {
        assert_eq!(clip("abcdef", 6), "abcdef");
        assert_eq!(clip("ééééé", 8), "éé...");
        assert!(value(&json!("ü".repeat(1000)), "").len() <= LONGEST_VALUE);
    }
}
