//! The many documents that say the same.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::meaning::{Condition, Meaning, Statement};

/// The choices of one spelling, from a seed; each `spell` of another seed spells the same meaning otherwise.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last + 1);
            items.swap(last, other);
        }
    }

    /// In another order, some of it twice.
    fn repeat<T: Clone>(&mut self, items: impl IntoIterator<Item = T>) -> Vec<T> {
        let mut items: Vec<T> = items.into_iter().collect();
        for index in 0..items.len() {
            if self.below(4) == 0 {
                items.push(items[index].clone());
            }
        }
        self.shuffle(&mut items);
        items
    }

    fn list(&mut self, mut items: Vec<Value>) -> Value {
        if items.len() == 1 && self.coin() { items.remove(0) } else { Value::Array(items) }
    }

    fn case(&mut self, text: &str) -> String {
        text.chars()
            .map(|c| if self.coin() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
            .collect()
    }

    fn object(&mut self, mut members: Vec<(String, Value)>) -> Value {
        self.shuffle(&mut members);
        Value::Object(members.into_iter().collect::<Map<_, _>>())
    }
}

pub(crate) fn spell(meaning: &Meaning, seed: u64) -> String {
    let dice = &mut Dice(seed);
    let statements =
        dice.repeat(&meaning.statements).into_iter().map(|one| spell_statement(one, dice)).collect();
    let mut members = vec![("Statement".to_owned(), dice.list(statements))];
    match meaning.version {
        Some(version) => members.push(("Version".to_owned(), json!(version))),
        None if dice.coin() => members.push(("Version".to_owned(), json!("2008-10-17"))),
        None => {}
    }
    if dice.coin() {
        members.push(("Id".to_owned(), json!(dice.below(9).to_string())));
    }
    let document = dice.object(members);
    let text = if dice.coin() { document.to_string() } else { format!("\n{document:#}\n") };
    if dice.coin() { text } else { utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string() }
}

fn spell_statement(statement: &Statement, dice: &mut Dice) -> Value {
    let effect = if statement.deny { "Deny" } else { "Allow" };
    let mut members =
        vec![("Effect".to_owned(), json!(if dice.coin() { effect.to_owned() } else { dice.case(effect) }))];
    let name = |negated: bool, element: &str| format!("{}{element}", if negated { "Not" } else { "" });
    let actions =
        dice.repeat(&statement.actions.1).into_iter().map(|action| json!(dice.case(action))).collect();
    members.push((name(statement.actions.0, "Action"), dice.list(actions)));
    if let Some((negated, resources)) = &statement.resources {
        let resources = dice.repeat(resources).into_iter().map(|resource| json!(resource)).collect();
        members.push((name(*negated, "Resource"), dice.list(resources)));
    }
    if let Some((negated, principals)) = &statement.principals {
        members.push((name(*negated, "Principal"), spell_principals(principals, dice)));
    }
    if !statement.condition.is_empty() || dice.coin() {
        members.push(("Condition".to_owned(), spell_condition(&statement.condition, dice)));
    }
    if dice.coin() {
        members.push(("Sid".to_owned(), json!(format!("sid{}", dice.below(3)))));
    }
    dice.object(members)
}

fn spell_principals(principals: &BTreeSet<(&str, &str)>, dice: &mut Dice) -> Value {
    if principals.iter().eq([&("AWS", "*")]) && dice.coin() {
        return json!("*");
    }
    let mut kinds: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (kind, name) in dice.repeat(principals) {
        let is_account = name.bytes().all(|byte| byte.is_ascii_digit());
        let name =
            if is_account && dice.coin() { format!("arn:aws:iam::{name}:root") } else { (*name).to_owned() };
        kinds.entry((*kind).to_owned()).or_default().push(json!(name));
    }
    let members = kinds.into_iter().map(|(kind, names)| (kind, dice.list(names))).collect();
    dice.object(members)
}

fn spell_condition(condition: &Condition, dice: &mut Dice) -> Value {
    let mut operators = Vec::new();
    for (operator, tests) in condition {
        let mut keys = Vec::new();
        for (key, values) in tests {
            let values = dice
                .repeat(values)
                .into_iter()
                .map(|value| match *value {
                    "true" | "false" if dice.coin() => json!(*value == "true"),
                    "3600" if dice.coin() => json!(3600),
                    text => json!(text),
                })
                .collect();
            keys.push((dice.case(key), dice.list(values)));
        }
        operators.push(((*operator).to_owned(), dice.object(keys)));
    }
    dice.object(operators)
}
