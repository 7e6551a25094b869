//! Small pieces of TOML: tables with comments, lists that people can read, texts of several lines.

use std::collections::BTreeMap;

use reconcile::words::clean;
use toml_edit::{Array, InlineTable, Item, Table, Value};

/// A list of this length still fits on a line.
const WIDTH: usize = 100;

/// Sets a member.
pub(super) fn set(table: &mut Table, key: &str, value: impl Into<Value>) {
    table.insert(key, Item::Value(value.into()));
}

/// Sets a member, if there is a value.
pub(super) fn set_some<T: Into<Value>>(table: &mut Table, key: &str, value: Option<T>) {
    if let Some(value) = value {
        set(table, key, value);
    }
}

/// The lines of a comment. Whatever somebody else wrote cannot get out of it.
pub(super) fn comment(text: &str) -> String {
    let line = |line: &str| match clean(line).trim_end() {
        "" => "#\n".to_owned(),
        line => format!("# {line}\n"),
    };
    text.lines().map(line).collect()
}

/// A table whose header has comments before it, and an empty line before them.
pub(super) fn commented(mut table: Table, comments: &[String]) -> Table {
    let comments: String = comments.iter().map(|text| comment(text)).collect();
    table.decor_mut().set_prefix(format!("\n{comments}"));
    table
}

/// Puts comments before a member.
pub(super) fn comment_member(table: &mut Table, key: &str, comments: &[String]) {
    let comments: String = comments.iter().map(|text| comment(text)).collect();
    if let Some(mut key) = table.key_mut(key) {
        key.leaf_decor_mut().set_prefix(comments);
    }
}

/// A list, one item a line where it is long.
pub(super) fn list(items: impl IntoIterator<Item = impl Into<Value>>) -> Array {
    let mut array: Array = items.into_iter().map(Into::into).collect();
    if array.to_string().len() > WIDTH {
        for item in array.iter_mut() {
            item.decor_mut().set_prefix("\n    ");
        }
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    }
    array
}

/// A table on one line.
pub(super) fn inline(members: &BTreeMap<String, String>) -> InlineTable {
    members.iter().map(|(key, value)| (key.as_str(), Value::from(value.as_str()))).collect()
}

/// A text of several lines as it is, if TOML can say it so.
pub(super) fn block(text: &str) -> Value {
    let literal = format!("'''\n{text}\n'''").parse::<Value>().ok();
    let same = literal.filter(|value| value.as_str().is_some_and(|told| told.trim() == text.trim()));
    same.unwrap_or_else(|| Value::from(text))
}

/// A text of TOML as a comment.
pub(super) fn commented_out(toml: &str) -> String {
    comment(toml.trim())
}
