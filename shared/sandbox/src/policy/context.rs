//! What a request says of itself: the values of condition keys.

use std::collections::BTreeMap;

/// The values of condition keys, by name in lower case: keys have no case.
#[derive(Debug, Clone, Default)]
pub(crate) struct Context(BTreeMap<String, Vec<String>>);

impl Context {
    /// Adds a key. One without values is one that the request does not carry.
    pub(crate) fn with<'a>(mut self, key: &str, values: impl IntoIterator<Item = &'a str>) -> Context {
        let values: Vec<String> = values.into_iter().map(str::to_owned).collect();
        if !values.is_empty() {
            self.0.insert(key.to_ascii_lowercase(), values);
        }
        self
    }

    /// The same with all that another one knows.
    pub(crate) fn and(mut self, other: &Context) -> Context {
        self.0.extend(other.0.clone());
        self
    }

    /// The values of a key; none if the request does not carry it.
    pub(crate) fn values(&self, key: &str) -> &[String] {
        self.0.get(&key.to_ascii_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// A text with the values of its policy variables in their places; nothing if the request does not carry one, for then
    /// nothing matches it. Documents of the old version, in which `${…}` is a text like others, are not told apart.
    pub(crate) fn expanded(&self, text: &str) -> Option<String> {
        let Some((before, rest)) = text.split_once("${") else { return Some(text.to_owned()) };
        let (variable, after) = rest.split_once('}')?;
        let (key, default) = match variable.split_once(',') {
            Some((key, default)) => (key.trim(), Some(default.trim().trim_matches('\''))),
            None => (variable, None),
        };
        let value = match (key, self.values(key)) {
            ("*" | "?" | "$", _) => key,
            (_, [one]) => one.as_str(),
            _ => default?,
        };
        Some(format!("{before}{value}{}", self.expanded(after)?))
    }
}
