//! A template's text as one JSON value, its short forms written out.

use serde_json::{Map, Value};
use serde_yaml_ng::Value as Yaml;

use crate::ImportError;

/// "AWS CloudFormation quotas", template body in an S3 object.
const LARGEST: usize = 1 << 20;
/// A reader of 128 levels has no use for more; some stand alone in texts.
const MOST_OPEN: usize = 500;

pub(super) fn parse(text: &str) -> Result<Value, ImportError> {
    let template = if text.trim_start().starts_with('{') {
        serde_json::from_str(text)
            .map_err(|error| ImportError::NotReadable { expected: "JSON", source: error.into() })?
    } else {
        may_be_read(text)?;
        let yaml: Yaml = serde_yaml_ng::from_str(text)
            .map_err(|error| ImportError::NotReadable { expected: "YAML", source: error.into() })?;
        json(yaml)
    };
    if !template["Resources"].is_object() {
        return Err(ImportError::SomethingElse(
            "this is no CloudFormation template: it has no Resources".to_owned(),
        ));
    }
    Ok(template)
}

/// Reading YAML takes longer with each bracket that is open, and with each of some other marks, before any limit of the reader holds.
fn may_be_read(text: &str) -> Result<(), ImportError> {
    if text.len() > LARGEST {
        return Err(ImportError::TooMuch("AWS CloudFormation takes templates of up to one megabyte"));
    }
    let mut open = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > MOST_OPEN {
            return Err(ImportError::TooMuch("hundreds of brackets are open at once"));
        }
    }
    Ok(())
}

fn json(yaml: Yaml) -> Value {
    match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(is_so) => is_so.into(),
        Yaml::Number(number) => serde_json::to_value(number).unwrap_or_default(),
        Yaml::String(text) => text.into(),
        Yaml::Sequence(items) => items.into_iter().map(json).collect(),
        Yaml::Mapping(members) => {
            members.into_iter().filter_map(|(key, value)| Some((name(key)?, json(value)))).collect()
        }
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            written_out(tag.trim_start_matches('!'), json(tagged.value))
        }
    }
}

/// The name of a member. A number may stand for one, such as an account in a mapping.
fn name(key: Yaml) -> Option<String> {
    crate::json::scalar(&json(key))
}

/// `!Ref x` is `{"Ref": x}`, and `!GetAtt a.b` is `{"Fn::GetAtt": ["a", "b"]}`.
fn written_out(tag: &str, value: Value) -> Value {
    let (name, value) = match (tag, value) {
        ("Ref" | "Condition", value) => (tag.to_owned(), value),
        ("GetAtt", Value::String(path)) => {
            let (resource, attribute) = path.split_once('.').unwrap_or((&path, ""));
            ("Fn::GetAtt".to_owned(), [resource, attribute].into_iter().collect())
        }
        (_, value) => (format!("Fn::{tag}"), value),
    };
    Value::Object(Map::from_iter([(name, value)]))
}
