//! The answer's schema that is checked in is the one that the types make. `UPDATE=1 cargo test` rewrites it.

use serde_json::Value;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/answer.schema.json");

fn checked_in() -> Value {
    let text = std::fs::read_to_string(FILE).unwrap_or_else(|error| panic!("{FILE}: {error}"));
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn the_schema_that_is_checked_in_is_the_types() {
    let made = drift_healer::answer::schema();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(FILE, format!("{made:#}\n")).expect("the file can be written");
    }
    assert!(made == checked_in(), "{FILE} is not what the types say; UPDATE=1 rewrites it");
}

#[test]
fn it_names_every_key_of_the_contract() {
    let schema = checked_in();
    let required: Vec<&str> =
        schema["required"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    for key in ["verdict", "mode", "spec", "trigger", "findings", "calls", "passes"] {
        assert!(required.contains(&key), "{key} is not among {required:?}");
    }
    for key in ["account", "skipped", "attempt", "notes"] {
        assert!(!schema["properties"][key].is_null(), "{key}");
    }
}
