//! The same checks with inputs that are changed without looking where the code goes: no build of its own is needed for it. What AWS answers
//! is changed inside its JSON, or most of it would only be no JSON any more.

use serde_json::{Value, json};

/// A sequence of numbers that is the same each time (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 1).unwrap_or_default() % end.max(1)
    }
}

/// What stands in for any value.
fn odd(numbers: &mut Numbers) -> Value {
    let odd = [
        Value::Null,
        json!(true),
        json!(-1),
        json!(0),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1e308),
        json!(-0.5),
        json!(""),
        json!("arn:aws:::"),
        json!("\u{202e}\u{0}\\u{202e}😀"),
        json!("x".repeat(5000)),
        json!("é".repeat(151)),
        json!("{\"Statement\":[]}"),
        json!("cron(0 0 31 2 ? *)"),
        json!([]),
        json!({}),
        json!([null, {}, [[]]]),
    ];
    odd[numbers.below(odd.len())].clone()
}

/// Changes one value somewhere inside, takes it away, or doubles it.
fn change(value: &mut Value, numbers: &mut Numbers) {
    match value {
        Value::Array(items) if !items.is_empty() && numbers.below(6) > 0 => {
            let at = numbers.below(items.len());
            match numbers.below(8) {
                0 => drop(items.remove(at)),
                1 => items.push(items[at].clone()),
                _ => change(&mut items[at], numbers),
            }
        }
        Value::Object(members) if !members.is_empty() && numbers.below(6) > 0 => {
            let Some(name) = members.keys().nth(numbers.below(members.len())).cloned() else { return };
            match numbers.below(8) {
                0 => drop(members.remove(&name)),
                _ => change(&mut members[&name], numbers),
            }
        }
        Value::String(text) if numbers.below(3) > 0 => {
            // A document in a text, or a text cut and put together.
            if let Ok(mut inside @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) {
                change(&mut inside, numbers);
                *text = inside.to_string();
            } else {
                let from = numbers.below(text.chars().count() + 1);
                let kept: String = text.chars().take(from).collect();
                *text = format!("{kept}{}", odd(numbers).as_str().unwrap_or("*"));
            }
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_) => *value = odd(numbers),
    }
}

/// A text with some changes: of its lines that are JSON, inside; of the others, anywhere.
fn changed(text: &str, numbers: &mut Numbers) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(lines.len());
        let Some(line) = lines.get_mut(at) else { continue };
        if let Ok(mut value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(line) {
            change(&mut value, numbers);
            *line = value.to_string();
        } else {
            let mut chars: Vec<char> = line.chars().collect();
            let (one, other) = (numbers.below(chars.len() + 1), numbers.below(chars.len() + 1));
            match numbers.below(3) {
                0 => drop(chars.drain(one.min(other)..one.max(other))),
                1 => chars.insert(one, ['0', '"', '<', '\u{0}', 'é', '>', '/', '\\'][numbers.below(8)]),
                _ => chars.truncate(one),
            }
            *line = chars.into_iter().collect();
        }
    }
    lines.join("\n")
}

/// Tries `cases` changes of each text, the same ones each time.
pub(crate) fn blindly(cases: usize, texts: &[String], check: impl Fn(&[u8])) {
    let mut numbers = Numbers(1);
    for case in 0..cases {
        let text = changed(&texts[case % texts.len()], &mut numbers);
        // Shown where it fails.
        let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(text.as_bytes())));
        assert!(failed.is_ok(), "case {case}:\n{text}");
    }
}
