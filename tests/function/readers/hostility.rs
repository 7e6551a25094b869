//! What somebody writes into texts, and into which.

use std::hash::{DefaultHasher, Hash, Hasher};

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

/// What must not reach a reader: told here once more, and not by the code that cleans.
pub(super) fn is_raw(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// What they are used for: colours and links at terminals, paragraphs and lines of one's own, a text that reads backwards or not at all.
pub(super) const EVERYTHING: [&str; 7] = [
    "\u{202e}\u{1b}[31m",
    "\u{1b}]8;;http://evil.example\u{7}",
    "\r\n\n",
    "\u{85}\u{2028}\u{2029}",
    "\n\nBackup healed\u{202e}\u{2066}\u{2069}",
    "\u{200b}\u{200f}\u{feff}\u{ad}\u{61c}\u{e0001}\u{e0041}",
    "\u{0}\u{8}\u{7f}\u{9b}2J",
];

/// The same for the eye of a parser, and without harm.
pub(super) fn harmless(marks: &str) -> String {
    marks
        .chars()
        .map(|c| match c {
            raw if is_raw(raw) && raw.is_whitespace() => ' ',
            raw if is_raw(raw) => 'x',
            other => other,
        })
        .collect()
}

/// How texts are changed.
#[derive(Debug, Clone)]
pub(super) struct Hostility {
    /// What is put into them.
    pub(super) marks: String,
    /// Where, in characters from the start.
    pub(super) at: usize,
    /// Into how many of a hundred texts, which the seed chooses.
    pub(super) share: u64,
    pub(super) seed: u64,
    /// Whether a text that is JSON stays JSON: the marks are then in its own texts, and otherwise before it.
    pub(super) inside_json: bool,
}

impl Hostility {
    pub(super) fn disarmed(&self) -> Self {
        Self { marks: harmless(&self.marks), ..self.clone() }
    }

    pub(super) fn change(&self, text: &mut String) {
        let json = serde_json::from_str(text).ok().filter(Value::is_object);
        if let Some(mut json) = json.clone().filter(|_| self.inside_json) {
            self.change_json(&mut json);
            *text = json.to_string();
        } else if self.meets(text) {
            let at = if json.is_some() { 0 } else { self.at };
            let at = text.char_indices().nth(at).map_or(text.len(), |(index, _)| index);
            text.insert_str(at, &self.marks);
        }
    }

    fn meets(&self, text: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        (self.seed, text).hash(&mut hasher);
        hasher.finish() % 100 < self.share
    }

    pub(super) fn change_json(&self, json: &mut Value) {
        match json {
            Value::String(text) => self.change(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.change_json(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.change_json(member)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// Characters of which each alone does harm, and some that go with them.
pub(super) fn marks() -> impl Strategy<Value = String> {
    let raw: Vec<char> = ('\0'..='\u{e007f}').filter(|&c| is_raw(c)).collect();
    let c =
        prop_oneof![4 => select(raw), 1 => select(vec!['a', ' ', '"', '\'', '\\', '`', '@', '<', '{', '\n'])];
    // The first is none that a parser of JSON skips.
    proptest::collection::vec(c, 1..5).prop_map(|marks| format!("\u{202e}{}", String::from_iter(marks)))
}

pub(super) fn any_hostility() -> impl Strategy<Value = Hostility> {
    (marks(), 0_usize..60, select(vec![5_u64, 30, 100]), any::<u64>(), any::<bool>())
        .prop_map(|(marks, at, share, seed, inside_json)| Hostility { marks, at, share, seed, inside_json })
}
