//! What nobody sees in a text that somebody else wrote is written out, so that the file means the same and hides nothing.

use std::fmt::Write;

use reconcile::words::is_unseen;
use toml_edit::visit_mut::{self, VisitMut};
use toml_edit::{DocumentMut, InlineTable, Key, Table, TableLike, Value};

/// The text of a document; what nobody sees in its strings and keys stands there as TOML's own `\u202e`.
pub(super) fn rendered(mut document: DocumentMut) -> String {
    WriteOut.visit_document_mut(&mut document);
    document.to_string()
}

/// A text in JSON, or another one in which a `\` is never alone, with JSON's `\u202e` for what nobody sees.
pub(super) fn in_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if is_hidden(c) {
            // JSON has no other way to write what is beyond the first 65,536.
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Ends of lines and tabs are seen by what they do.
fn is_hidden(c: char) -> bool {
    is_unseen(c) && !matches!(c, '\n' | '\r' | '\t')
}

struct WriteOut;

impl VisitMut for WriteOut {
    fn visit_value_mut(&mut self, node: &mut Value) {
        let Some(text) = node.as_str().filter(|text| text.contains(is_hidden)) else {
            return visit_mut::visit_value_mut(self, node);
        };
        if let Ok(mut written) = quoted(text).parse::<Value>() {
            *written.decor_mut() = node.decor().clone();
            *node = written;
        }
    }

    fn visit_table_mut(&mut self, node: &mut Table) {
        for (key, written) in hidden(node) {
            if let Some(item) = node.remove(&key) {
                node.insert_formatted(&written, item);
            }
        }
        visit_mut::visit_table_mut(self, node);
    }

    fn visit_inline_table_mut(&mut self, node: &mut InlineTable) {
        for (key, written) in hidden(node) {
            if let Some(value) = node.remove(&key) {
                node.insert_formatted(&written, value);
            }
        }
        visit_mut::visit_inline_table_mut(self, node);
    }
}

/// The keys that hide something, and how they are written.
fn hidden(table: &dyn TableLike) -> Vec<(String, Key)> {
    let hidden = table.iter().map(|(key, _)| key.to_owned()).filter(|key| key.contains(is_hidden));
    hidden.filter_map(|key| quoted(&key).parse().ok().map(|written| (key, written))).collect()
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        let _ = match c {
            '"' | '\\' => write!(out, "\\{c}"),
            '\n' => write!(out, "\\n"),
            '\r' => write!(out, "\\r"),
            '\t' => write!(out, "\\t"),
            c if !is_unseen(c) => write!(out, "{c}"),
            c if u32::from(c) <= 0xffff => write!(out, "\\u{:04x}", u32::from(c)),
            c => write!(out, "\\U{:08x}", u32::from(c)),
        };
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use toml_edit::{Item, value};

    use super::*;

    const HIDDEN: &str = "a\u{202e}b\u{2066}c\u{2028}d\u{9b}e\"\\\u{e0041}\u{1}\n";

    #[test]
    fn nothing_hidden_is_left_and_everything_means_the_same() {
        let mut document = DocumentMut::new();
        document["plain"] = value("as \"it\" is");
        document["value"] = value(HIDDEN);
        document["inline"] = value(InlineTable::from_iter([(HIDDEN, HIDDEN)]));
        document["table"] = Item::Table([(HIDDEN, value(HIDDEN))].into_iter().collect());
        let same = document.clone();
        let text = rendered(document);
        assert!(!text.contains(is_hidden), "{text:?}");
        assert!(text.contains(r"a\u202eb\u2066c\u2028d\u009be"), "{text}");
        let read: DocumentMut = text.parse().unwrap();
        let values = |document: &DocumentMut| {
            let under = |name: &str| {
                document[name].as_table_like().and_then(|one| one.get(HIDDEN)?.as_str()).map(str::to_owned)
            };
            (document["value"].as_str().map(str::to_owned), under("inline"), under("table"))
        };
        assert_eq!(values(&read), values(&same));
        assert_eq!(values(&read).2.as_deref(), Some(HIDDEN));
    }

    #[test]
    fn a_policy_means_the_same() {
        let json = serde_json::json!({ HIDDEN: [HIDDEN] });
        let text = in_json(&json.to_string());
        assert!(!text.contains(is_hidden), "{text:?}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), json);
    }
}
