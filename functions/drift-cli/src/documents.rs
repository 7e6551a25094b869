//! What differs between two documents, line by line: `-` is what was observed, `+` what is desired.

use reconcile::report::Reported;
use reconcile::words::clean;
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

/// Lines around a difference.
const CONTEXT: usize = 1;

/// The differing lines of a finding about a document; none of one about a single value, which its sentence tells.
pub(crate) fn diff(one: &Reported) -> Vec<(char, String)> {
    let (observed, desired) = (one.finding.drift.observed(), one.finding.drift.expected());
    let (Some(observed), Some(desired)) = (document(observed), document(desired)) else { return Vec::new() };
    let diff = TextDiff::from_lines(&observed, &desired);
    let mut lines = Vec::new();
    for group in diff.grouped_ops(CONTEXT) {
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            lines.push((sign, clean(change.value().trim_end_matches('\n'))));
        }
    }
    lines
}

/// A document with one member or item in each line.
fn document(value: Value) -> Option<String> {
    let value = match value {
        Value::String(text) => serde_json::from_str(&text).ok()?,
        other => other,
    };
    match value {
        Value::Object(_) | Value::Array(_) => Some(format!("{value:#}")),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}
