//! Policies in words: who may do what or must not, on what, under which conditions; and of two policies what they do not share.

use std::collections::BTreeSet;

use serde_json::Value;

use super::clip::LONGEST;
use super::prose::{Prose, Word};
use super::values::{list, texts_apart};
use crate::say;

/// How much of a statement is told.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Detail {
    /// Effect, actions and principals, and whether there are conditions.
    Outline,
    /// The resources too.
    Resources,
    /// The conditions too.
    All,
}

/// A policy in words; the whole of it is in the spec and in the account.
pub fn document(text: &str) -> Prose {
    match statements(text) {
        Some(all) => told(&all.iter().collect::<Vec<_>>(), Detail::Outline).clipped(LONGEST),
        None => say!("a policy that cannot be read: {}", text),
    }
}

/// Two policies that differ, in words that differ: only the statements that one has and the other has not, in as much detail as it
/// takes to tell them apart.
pub fn policies_apart(expected: &str, observed: &str) -> (Prose, Prose) {
    let (Some(want), Some(have)) = (statements(expected), statements(observed)) else {
        return (document(expected), say!("a policy that cannot be read: {}", observed));
    };
    let only = |these: &'_ [Value], others: &[Value]| -> Vec<Value> {
        these.iter().filter(|one| !others.contains(one)).cloned().collect()
    };
    let (wanted, found) = (only(&want, &have), only(&have, &want));
    for detail in [Detail::Outline, Detail::Resources, Detail::All] {
        let each = |all: &[Value]| all.iter().map(|one| statement(one, detail)).collect::<BTreeSet<_>>();
        // Not one statement reads like one of the other side: they are all different.
        if each(&wanted).is_disjoint(&each(&found)) {
            let tell = |all: &[Value]| told(&all.iter().collect::<Vec<_>>(), detail).clipped(LONGEST);
            let (wanted, found) = (tell(&wanted), tell(&found));
            if wanted != found {
                return (wanted, found);
            }
        }
    }
    texts_apart(expected, observed)
}

/// The actions of the statements that have this effect; `*` stands for all that a statement does not leave out. `None` if the policy
/// cannot be read.
pub fn actions(text: &str, effect: &str) -> Option<BTreeSet<String>> {
    let all = statements(text)?;
    let those = all.iter().filter(|one| one["Effect"] == effect);
    let named = those.flat_map(|one| match one.get("Action") {
        Some(Value::Array(several)) => {
            several.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
        }
        Some(Value::String(one)) => vec![one.clone()],
        Some(_) | None => vec!["*".to_owned()],
    });
    Some(named.collect())
}

fn statements(text: &str) -> Option<Vec<Value>> {
    let document: Value = serde_json::from_str(text).ok()?;
    let statement = document.get("Statement")?;
    match statement.as_array() {
        Some(all) => Some(all.clone()),
        None => statement.is_object().then(|| vec![statement.clone()]),
    }
}

fn told(statements: &[&Value], detail: Detail) -> Prose {
    if statements.is_empty() {
        return Prose::own("no such statement");
    }
    Prose::joined(statements.iter().map(|one| statement(one, detail)), "; ")
}

fn statement(statement: &Value, detail: Detail) -> Prose {
    let effect = statement["Effect"].as_str().unwrap_or("?");
    let (word, actions) = match statement.get("NotAction") {
        Some(not) => ("all but ", not),
        None => ("", &statement["Action"]),
    };
    let who = match (statement.get("Principal"), statement.get("NotPrincipal")) {
        (Some(principal), _) => say!(" to {}", principals(principal)),
        (None, Some(not)) => say!(" to all but {}", principals(not)),
        (None, None) => Prose::default(),
    };
    let resources = match (statement.get("Resource"), statement.get("NotResource")) {
        _ if detail < Detail::Resources => Prose::default(),
        (Some(resources), _) => say!(" on {}", texts(resources)),
        (None, Some(not)) => say!(" on all but {}", texts(not)),
        (None, None) => Prose::own(" on no resource"),
    };
    let conditions = match statement.get("Condition") {
        None => Prose::default(),
        Some(conditions) if detail >= Detail::All => say!(", if {}", condition(conditions)),
        Some(_) => Prose::own(", on conditions"),
    };
    say!("{} {}{}{}{}{}", effect, Word(word), texts(actions), who, resources, conditions)
}

fn principals(principal: &Value) -> Prose {
    let all = match principal.as_object() {
        Some(members) => list(members.values().map(texts)),
        None => texts(principal),
    };
    if all.as_str() == "*" { Prose::own("everyone") } else { all }
}

fn condition(conditions: &Value) -> Prose {
    let Some(operators) = conditions.as_object() else { return texts(conditions) };
    let each = operators.iter().flat_map(|(operator, keys)| match keys.as_object() {
        Some(keys) => keys.iter().map(|(key, value)| say!("{} {} {}", operator, key, texts(value))).collect(),
        None => vec![say!("{} {}", operator, texts(keys))],
    });
    list(each)
}

fn texts(value: &Value) -> Prose {
    match value {
        Value::Array(items) => list(items.iter().map(texts)),
        Value::String(text) => say!("{}", text),
        Value::Null => Prose::own("nothing"),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => say!("{}", value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn deny(resource: &str, condition: Option<Value>) -> String {
        let mut statement = json!({
            "Effect": "Deny", "Principal": { "AWS": "*" }, "Action": "backup:DeleteRecoveryPoint", "Resource": resource
        });
        if let Some(condition) = condition {
            statement["Condition"] = condition;
        }
        json!({ "Version": "2012-10-17", "Statement": statement }).to_string()
    }

    fn apart(expected: &str, observed: &str) -> (String, String) {
        let (expected, observed) = policies_apart(expected, observed);
        (expected.into(), observed.into())
    }

    #[test]
    fn a_policy_is_told_by_effect_actions_and_who() {
        let policy = json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Deny", "Principal": { "AWS": "*" }, "Action": ["backup:DeleteBackupVault", "backup:DeleteRecoveryPoint"] },
            { "Effect": "Allow", "NotPrincipal": { "AWS": ["a", "b"] }, "NotAction": "backup:CopyIntoBackupVault", "Condition": {} } ] });
        assert_eq!(
            document(&policy.to_string()).as_str(),
            "Deny backup:DeleteBackupVault, backup:DeleteRecoveryPoint to everyone; Allow all but backup:CopyIntoBackupVault to all but a, b, on conditions"
        );
        assert_eq!(document("no\nJSON").as_str(), "a policy that cannot be read: \"no\\u{a}JSON\"");
    }

    #[test]
    fn what_differs_is_what_is_told() {
        let everyone = "Deny backup:DeleteRecoveryPoint to everyone";
        let vault = "arn:aws:backup:us-east-1:123456789012:backup-vault:v";
        assert_eq!(
            apart(&deny("*", None), &deny(vault, None)),
            (format!("{everyone} on *"), format!("{everyone} on {vault}"))
        );
        let of = |account: &str| Some(json!({ "StringEquals": { "aws:SourceAccount": account } }));
        assert_eq!(
            apart(&deny("*", of("111111111111")), &deny("*", of("222222222222"))),
            (
                format!("{everyone} on *, if StringEquals aws:SourceAccount 111111111111"),
                format!("{everyone} on *, if StringEquals aws:SourceAccount 222222222222")
            )
        );
        // Something else differs as well, and yet the reader sees what became of the first statement.
        let (allow, both) = (
            r#"{"Effect":"Allow","Principal":"*","Action":"backup:ListTags","Resource":"*"}"#,
            deny(vault, None),
        );
        let both = both.replacen("\"Statement\":", &format!("\"Statement\":[{allow},"), 1).replacen(
            "},\"Version\"",
            "}],\"Version\"",
            1,
        );
        assert_eq!(
            apart(&deny("*", None), &both),
            (
                format!("{everyone} on *"),
                format!("Allow backup:ListTags to everyone on *; {everyone} on {vault}")
            )
        );
        assert_eq!(
            apart(&deny("*", None), r#"{"Version":"2012-10-17","Statement":[]}"#),
            (everyone.to_owned(), "no such statement".to_owned())
        );
    }

    #[test]
    fn two_policies_never_read_alike() {
        let versions = [deny("*", None), deny("*", None).replace("2012-10-17", "2008-10-17")];
        let (a, b) = apart(&versions[0], &versions[1]);
        assert_ne!(a, b);
    }
}
