//! The answer's schema that is checked in, as its readers have it: what it allows, and which values it names.
//!
//! It knows the keywords that our schema is made of and refuses every other. `tests/function/local` reads the same file with a validator
//! that nobody here wrote.

use serde_json::Value;

/// What says something about a value.
const KEYWORDS: [&str; 13] = [
    "$ref",
    "additionalProperties",
    "anyOf",
    "const",
    "enum",
    "items",
    "minimum",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "type",
    "uniqueItems",
];
/// What says something to people.
const REMARKS: [&str; 5] = ["$defs", "$schema", "description", "format", "title"];

/// The schema.
#[derive(Debug)]
pub struct Schema(Value);

impl Schema {
    /// That of the answer. Fails at a keyword that is not known here.
    pub fn of_the_answer() -> Self {
        let text = include_str!("../../functions/drift-healer/answer.schema.json");
        let schema = Self(serde_json::from_str(text).unwrap());
        schema.check(&schema.0);
        for definition in schema.0["$defs"].as_object().unwrap().values() {
            schema.check(definition);
        }
        schema
    }

    fn check(&self, schema: &Value) {
        for (keyword, value) in schema.as_object().unwrap() {
            match keyword.as_str() {
                "$ref" => assert!(self.definition(value.as_str().unwrap()).is_object(), "{value}"),
                "anyOf" | "oneOf" => value.as_array().unwrap().iter().for_each(|one| self.check(one)),
                "properties" => value.as_object().unwrap().values().for_each(|one| self.check(one)),
                "additionalProperties" | "items" => self.check(value),
                known => assert!(KEYWORDS.contains(&known) || REMARKS.contains(&known), "{known}"),
            }
        }
    }

    fn definition(&self, reference: &str) -> &Value {
        &self.0["$defs"][reference.trim_start_matches("#/$defs/")]
    }

    /// The values that a definition, or a member of one (`FindingLine.code`), lists.
    pub fn values(&self, of: &str) -> Vec<&str> {
        let (definition, member) = of.split_once('.').unwrap_or((of, ""));
        let definition = &self.0["$defs"][definition];
        let schema = if member.is_empty() { definition } else { &definition["properties"][member] };
        let listed = schema["enum"].as_array().into_iter().flatten();
        let told = schema["oneOf"].as_array().into_iter().flatten().map(|one| &one["const"]);
        let values: Vec<&str> = listed.chain(told).map(|value| value.as_str().unwrap()).collect();
        assert!(!values.is_empty(), "{of} lists no values");
        values
    }

    /// Where a value is not what the schema says, and why.
    pub fn misfits(&self, value: &Value) -> Vec<String> {
        let mut misfits = Vec::new();
        self.fit(&self.0, value, "$", &mut misfits);
        misfits
    }

    fn fits(&self, schema: &Value, value: &Value) -> bool {
        let mut misfits = Vec::new();
        self.fit(schema, value, "", &mut misfits);
        misfits.is_empty()
    }

    fn fit(&self, schema: &Value, value: &Value, at: &str, misfits: &mut Vec<String>) {
        for (keyword, asked) in schema.as_object().unwrap() {
            let holds = match keyword.as_str() {
                "$ref" => {
                    self.fit(self.definition(asked.as_str().unwrap()), value, at, misfits);
                    true
                }
                "anyOf" => asked.as_array().unwrap().iter().any(|one| self.fits(one, value)),
                "oneOf" => asked.as_array().unwrap().iter().filter(|one| self.fits(one, value)).count() == 1,
                "const" => asked == value,
                "enum" => asked.as_array().unwrap().contains(value),
                "type" => match asked.as_array() {
                    Some(types) => types.iter().any(|one| is_a(one, value)),
                    None => is_a(asked, value),
                },
                "minimum" => value.as_f64().is_none_or(|number| number >= asked.as_f64().unwrap()),
                "required" => value.as_object().is_none_or(|members| {
                    asked.as_array().unwrap().iter().all(|name| members.contains_key(name.as_str().unwrap()))
                }),
                "properties" => {
                    for (name, member) in asked.as_object().unwrap() {
                        if let Some(found) = value.get(name) {
                            self.fit(member, found, &format!("{at}.{name}"), misfits);
                        }
                    }
                    true
                }
                "additionalProperties" => {
                    for (name, found) in value.as_object().into_iter().flatten() {
                        if schema["properties"].get(name).is_none() {
                            self.fit(asked, found, &format!("{at}.{name}"), misfits);
                        }
                    }
                    true
                }
                "items" => {
                    for (index, found) in value.as_array().into_iter().flatten().enumerate() {
                        self.fit(asked, found, &format!("{at}[{index}]"), misfits);
                    }
                    true
                }
                "uniqueItems" => value.as_array().is_none_or(|items| {
                    items.iter().enumerate().all(|(index, item)| !items[..index].contains(item))
                }),
                // The suites that use it look at the two texts that have one.
                "pattern" => true,
                _ => true,
            };
            if !holds {
                misfits.push(format!("{at}: {value} is not what {keyword} asks for: {asked}"));
            }
        }
    }
}

fn is_a(name: &Value, value: &Value) -> bool {
    match name.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no such type: {other}"),
    }
}
