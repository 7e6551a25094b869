//! Text that somebody else wrote, made harmless for whoever reads it: in a mail, a chat, a log or at a terminal.

use std::fmt::Write;

use serde_json::Value;

/// Writes out what nobody can see or what moves other text about: control characters, separators of lines, marks of
/// direction, joiners, tags. Nothing is dropped, so two texts that differ never read alike.
pub fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if is_unseen(c) {
            write_out(c, &mut cleaned);
        } else if c == '\\' && text[at + 1..].starts_with("u{") {
            // What was written like that to begin with stays distinct.
            cleaned.push_str("\\\\");
        } else {
            cleaned.push(c);
        }
    }
    cleaned
}

/// A sentence of ours, in which foreign texts are quoted already: what cannot be seen is written out, and nothing else.
pub(crate) fn written_out(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unseen(c) { write_out(c, &mut seen) } else { seen.push(c) }
    }
    seen
}

fn write_out(c: char, into: &mut String) {
    // A String takes every character.
    let _ = write!(into, "\\u{{{:x}}}", u32::from(c));
}

/// Every text of a JSON value, cleaned; the names of its members too.
pub fn clean_json(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(clean(&text)),
        Value::Array(items) => items.into_iter().map(clean_json).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (clean(&name), clean_json(value))).collect()
        }
        other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other,
    }
}

/// JSON in one line, in which what nobody can see is written in JSON's own way: whoever reads it as JSON gets each text as it was.
pub fn json_line(value: &Value) -> String {
    let text = value.to_string();
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unseen(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                // A String takes every character.
                let _ = write!(line, "\\u{unit:04x}");
            }
        } else {
            line.push(c);
        }
    }
    line
}

/// As it stands in a sentence: cleaned, no link that a mail program would make clickable, and in quotation marks unless
/// it is plainly a name.
pub(super) fn quoted(text: &str) -> String {
    let text = unlinked(&clean(text));
    if !text.is_empty() && text.chars().all(is_plain) {
        return text;
    }
    format!("\"{}\"", text.replace('"', "\\\""))
}

/// Mail and chat programs turn addresses into links, and a link in our message looks like ours.
pub(super) fn unlinked(text: &str) -> String {
    text.replace("://", "[:]//").replace("www.", "www[.]")
}

/// What names, ARNs, patterns and schedules are made of.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_./:=,@+*?[]".contains(c)
}

/// What nobody sees, and what changes how its neighbours are seen: control characters, marks of direction, what has no width.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        assert_eq!(
            clean("a\u{202e}b\u{2066}c\nd\u{1b}[31m\u{2028}"),
            "a\\u{202e}b\\u{2066}c\\u{a}d\\u{1b}[31m\\u{2028}"
        );
        assert_eq!(clean("plain ü 日本 text"), "plain ü 日本 text");
    }

    #[test]
    fn a_line_of_json_shows_everything_and_is_read_back_as_it_was() {
        let value = json!({ "a\u{202e}b": "c\nd \u{e0001} ü 日本 \\u{202e}" });
        let line = json_line(&value);
        assert!(!line.chars().any(is_unseen), "{line}");
        assert_eq!(serde_json::from_str::<Value>(&line).expect("JSON"), value);
    }

    #[test]
    fn two_texts_that_differ_never_read_alike() {
        assert_ne!(clean("a\u{202e}"), clean("a\\u{202e}"));
        assert_ne!(clean("a\\\\u{202e}"), clean("a\\u{202e}"));
    }

    #[test]
    fn names_stand_bare_and_everything_else_in_quotation_marks() {
        assert_eq!(quoted("arn:aws:s3:::bucket/*"), "arn:aws:s3:::bucket/*");
        assert_eq!(quoted("Backup healed: all clear"), "\"Backup healed: all clear\"");
        assert_eq!(quoted("say \"no\""), "\"say \\\"no\\\"\"");
        assert_eq!(quoted(""), "\"\"");
    }

    #[test]
    fn nothing_is_left_to_click_on() {
        assert_eq!(quoted("https://evil.example/x"), "https[:]//evil.example/x");
        assert_eq!(quoted("www.evil.example"), "www[.]evil.example");
    }

    #[test]
    fn json_is_cleaned_in_all_its_texts() {
        let cleaned = clean_json(json!({ "a\u{202e}": ["b\u{2066}", 1, null, { "c": "\r" }] }));
        assert_eq!(cleaned, json!({ "a\\u{202e}": ["b\\u{2066}", 1, null, { "c": "\\u{d}" }] }));
    }
}
