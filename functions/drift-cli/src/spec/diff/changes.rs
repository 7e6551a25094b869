//! The sentences of a comparison.

use std::collections::{BTreeMap, BTreeSet};

use super::words;

/// What changed, in the order in which it was found.
#[derive(Debug, Default)]
pub(super) struct Changes(Vec<String>);

impl Changes {
    pub(super) fn lines(self) -> Vec<String> {
        self.0.iter().map(|line| words::line(line)).collect()
    }

    pub(super) fn say(&mut self, of: &str, sentence: impl AsRef<str>) {
        self.0.push(format!("{of}: {}", sentence.as_ref()));
    }

    /// "the name is b instead of a".
    pub(super) fn instead(&mut self, of: &str, what: &str, from: &str, to: &str) {
        if from != to {
            self.say(of, format!("{what} {to} instead of {from}"));
        }
    }

    /// "`what`: a added, b removed".
    pub(super) fn sets(&mut self, of: &str, what: &str, from: &BTreeSet<String>, to: &BTreeSet<String>) {
        let (more, less) = (words::beyond(to, from), words::beyond(from, to));
        match (more.is_empty(), less.is_empty()) {
            (true, true) => {}
            (false, true) => self.say(of, format!("{what}: {} added", words::row(more))),
            (true, false) => self.say(of, format!("{what}: {} removed", words::row(less))),
            (false, false) => {
                self.say(of, format!("{what}: {} added, {} removed", words::row(more), words::row(less)));
            }
        }
    }

    pub(super) fn tags(&mut self, of: &str, from: &BTreeMap<String, String>, to: &BTreeMap<String, String>) {
        let keys: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
        for key in keys {
            match (from.get(key), to.get(key)) {
                (Some(from), Some(to)) => self.instead(of, &format!("the tag {key} is"), from, to),
                (None, Some(to)) => {
                    self.say(of, format!("the tag {key} is now required, with the value {to}"))
                }
                (Some(_), None) => self.say(of, format!("the tag {key} is no longer required")),
                (None, None) => {}
            }
        }
    }

    /// What is in both, by name; what comes and what goes is said.
    pub(super) fn both<'a, T>(
        &mut self,
        kind: &str,
        from: &'a [T],
        to: &'a [T],
        name: impl Fn(&T) -> String,
    ) -> Vec<(String, &'a T, &'a T)> {
        let find = |all: &'a [T], wanted: &str| all.iter().find(|one| name(one) == wanted);
        for one in from.iter().filter(|one| find(to, &name(one)).is_none()) {
            self.say(&format!("{kind} {}", name(one)), "is no longer in the spec");
        }
        let mut both = Vec::new();
        for one in to {
            let its = name(one);
            match find(from, &its) {
                Some(before) => both.push((format!("{kind} {its}"), before, one)),
                None => self.say(&format!("{kind} {its}"), "is new in the spec"),
            }
        }
        both
    }
}
