//! One statement in normal form: two statements are the same exactly when all of these fields are.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    Allow,
    Deny,
}

/// `Action` or `NotAction`, and so on: the two are never equal, whatever they list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Terms<T> {
    Is(BTreeSet<T>),
    Not(BTreeSet<T>),
}

/// An action: compared in lower case, since IAM does not distinguish, and reported as it was written.
#[derive(Debug, Clone)]
pub(super) struct Action {
    pub(super) folded: String,
    pub(super) written: String,
}

/// A principal by type and name. An account is named by its id: the root ARN means the same in any partition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Principal {
    pub(super) kind: &'static str,
    pub(super) name: String,
}

/// Operator, then key in lower case, then values.
pub(super) type Condition = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Statement {
    pub(super) effect: Effect,
    pub(super) principals: Option<Terms<Principal>>,
    pub(super) actions: Terms<Action>,
    pub(super) resources: Option<Terms<String>>,
    pub(super) condition: Condition,
}

impl Principal {
    /// `"*"` and `{"AWS": "*"}` alike.
    pub(super) fn everyone() -> Principal {
        Principal { kind: "AWS", name: "*".to_owned() }
    }
}

impl Action {
    pub(super) fn new(written: &str) -> Action {
        Action { folded: written.to_ascii_lowercase(), written: written.to_owned() }
    }
}

impl AsRef<str> for Action {
    fn as_ref(&self) -> &str {
        &self.folded
    }
}

impl PartialEq for Action {
    fn eq(&self, other: &Action) -> bool {
        self.folded == other.folded
    }
}

impl Eq for Action {}

impl PartialOrd for Action {
    fn partial_cmp(&self, other: &Action) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Action {
    fn cmp(&self, other: &Action) -> Ordering {
        self.folded.cmp(&other.folded)
    }
}

impl Statement {
    pub(super) fn to_json(&self) -> Value {
        let mut members = serde_json::Map::new();
        let mut put = |name: &str, negated: bool, value: Value| {
            members.insert(if negated { format!("Not{name}") } else { name.to_owned() }, value);
        };
        let effect = match self.effect {
            Effect::Allow => "Allow",
            Effect::Deny => "Deny",
        };
        put("Effect", false, json!(effect));
        match &self.principals {
            Some(Terms::Is(set)) => put("Principal", false, by_kind(set)),
            Some(Terms::Not(set)) => put("Principal", true, by_kind(set)),
            None => {}
        }
        match &self.actions {
            Terms::Is(set) => put("Action", false, list(set)),
            Terms::Not(set) => put("Action", true, list(set)),
        }
        match &self.resources {
            Some(Terms::Is(set)) => put("Resource", false, list(set)),
            Some(Terms::Not(set)) => put("Resource", true, list(set)),
            None => {}
        }
        if !self.condition.is_empty() {
            put("Condition", false, json!(self.condition));
        }
        Value::Object(members)
    }
}

fn list<T: AsRef<str>>(set: &BTreeSet<T>) -> Value {
    set.iter().map(AsRef::as_ref).collect()
}

fn by_kind(principals: &BTreeSet<Principal>) -> Value {
    let mut kinds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for principal in principals {
        kinds.entry(principal.kind).or_default().push(&principal.name);
    }
    json!(kinds)
}
