//! Sources that somebody broke: whatever they say, what is written is a spec or there is an error, and never a panic.

use serde_json::Value;
use spec_import::{ImportError, Imported, cloudformation, terraform, write};

const STATE: &str = include_str!("terraform/reference-state.json");
const PLAN: &str = include_str!("terraform/acme-plan.json");
const JSON: &str = include_str!("cloudformation/reference.json");
const YAML: &str = include_str!("cloudformation/acme.yaml");

type Reader = fn(&str, &str, &str) -> Result<Imported, ImportError>;

fn survives(read: Reader, text: &str) {
    if let Ok(imported) = read(text, "a test", "eu-west-1")
        && let Ok(written) = write(imported)
    {
        assert_eq!(reconcile::spec::Spec::parse(&written.text).unwrap().sha256(), written.spec.sha256());
    }
}

/// Every place in a value.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &format!("{at}/{index}"), found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                places(member, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn any_member_may_be_anything() {
    let strange = [
        Value::Null,
        Value::from(-1),
        Value::from("${account}\n[[plans]]\u{202e}'''"),
        serde_json::json!([[]]),
        serde_json::json!({ "Ref": "Key" }),
    ];
    for (read, text) in
        [(terraform::read as Reader, STATE), (terraform::read, PLAN), (cloudformation::read, JSON)]
    {
        let document: Value = serde_json::from_str(text).unwrap();
        let mut all = Vec::new();
        places(&document, "", &mut all);
        for (index, place) in all.iter().enumerate() {
            let mut broken = document.clone();
            *broken.pointer_mut(place).unwrap() = strange[index % strange.len()].clone();
            survives(read, &broken.to_string());
        }
    }
}

#[test]
fn any_line_may_be_missing_or_twice() {
    let lines: Vec<&str> = YAML.lines().collect();
    for index in 0..lines.len() {
        let mut fewer = lines.clone();
        fewer.remove(index);
        survives(cloudformation::read, &fewer.join("\n"));
        let mut twice = lines.clone();
        twice.insert(index, lines[index]);
        survives(cloudformation::read, &twice.join("\n"));
        survives(cloudformation::read, &lines[..index].join("\n"));
    }
}
