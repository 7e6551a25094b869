//! Texts that are kept in files and read by people when they change. `UPDATE=1 cargo test` rewrites them.

use std::fs;
use std::path::Path;

/// What has changed in a text that is kept, unless it is to be rewritten.
pub fn compare(file: &Path, expected: &str, actual: &str) -> Option<String> {
    if actual == expected {
        return None;
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(file, actual).unwrap();
        return None;
    }
    Some(format!("{}\n{}", file.display(), difference(expected, actual)))
}

/// The lines that are only in one of the two.
fn difference(expected: &str, actual: &str) -> String {
    let gone = expected
        .lines()
        .filter(|line| !actual.lines().any(|other| other == *line))
        .map(|line| format!("- {line}"));
    let new = actual
        .lines()
        .filter(|line| !expected.lines().any(|other| other == *line))
        .map(|line| format!("+ {line}"));
    gone.chain(new).collect::<Vec<_>>().join("\n")
}

/// Long values are cut.
pub fn short(value: &serde_json::Value) -> String {
    const MOST: usize = 150;
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
