//! The schemas that are checked in, of the answer and of specs, as those who read them have them: what they allow, and which values they list.
//!
//! It knows the keywords that our schema is made of and refuses every other. `tests/function/local` reads the same file with a
//! validator that nobody here wrote.

use serde_json::Value;

/// What says something about a value.
const KEYWORDS: [&str; 15] = [
    "$ref",
    "additionalProperties",
    "anyOf",
    "const",
    "enum",
    "if",
    "items",
    "minimum",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "then",
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
        Self::read(include_str!("../../functions/drift-healer/answer.schema.json"))
    }

    /// That of specs.
    pub fn of_specs() -> Self {
        Self::read(include_str!("../../functions/drift-healer/desired.schema.json"))
    }

    fn read(text: &str) -> Self {
        let schema = Self(serde_json::from_str(text).unwrap());
        schema.know(&schema.0);
        schema.0["$defs"].as_object().into_iter().flatten().for_each(|(_, one)| schema.know(one));
        schema
    }

    fn know(&self, schema: &Value) {
        for (keyword, value) in schema.as_object().unwrap() {
            match keyword.as_str() {
                "$ref" => assert!(self.referred(value).is_object(), "{value}"),
                "anyOf" | "oneOf" => value.as_array().unwrap().iter().for_each(|one| self.know(one)),
                "properties" => value.as_object().unwrap().values().for_each(|one| self.know(one)),
                "additionalProperties" if value.is_boolean() => {}
                "additionalProperties" | "if" | "items" | "then" => self.know(value),
                other => assert!(KEYWORDS.contains(&other) || REMARKS.contains(&other), "{other}"),
            }
        }
    }

    fn referred(&self, reference: &Value) -> &Value {
        self.0.pointer(reference.as_str().unwrap().trim_start_matches('#')).unwrap_or(&Value::Null)
    }

    /// The values that the part at this JSON pointer lists, in its order.
    pub fn values(&self, at: &str) -> Vec<&str> {
        let part = self.0.pointer(at).unwrap_or_else(|| panic!("the schema has no {at}"));
        let listed = part["enum"].as_array().into_iter().flatten();
        let each = part["oneOf"].as_array().into_iter().flatten().map(|one| &one["const"]);
        let values: Vec<&str> = listed.chain(each).map(|value| value.as_str().unwrap()).collect();
        assert!(!values.is_empty(), "{at} lists no values");
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
            let parts = || asked.as_array().into_iter().flatten();
            let members = || value.as_object().into_iter().flatten();
            let holds = match keyword.as_str() {
                "anyOf" => parts().any(|one| self.fits(one, value)),
                "oneOf" => parts().filter(|one| self.fits(one, value)).count() == 1,
                "const" => asked == value,
                "enum" => parts().any(|one| one == value),
                "type" if asked.is_array() => parts().any(|one| is_a(one, value)),
                "type" => is_a(asked, value),
                "minimum" => value.as_f64().is_none_or(|number| number >= asked.as_f64().unwrap()),
                "required" => parts().all(|name| value.get(name.as_str().unwrap()).is_some()),
                "uniqueItems" => value.as_array().is_none_or(|items| {
                    items.iter().enumerate().all(|(index, item)| !items[..index].contains(item))
                }),
                "$ref" => {
                    self.fit(self.referred(asked), value, at, misfits);
                    true
                }
                "then" => {
                    if self.fits(&schema["if"], value) {
                        self.fit(asked, value, at, misfits);
                    }
                    true
                }
                "properties" => {
                    for (name, member) in members() {
                        if let Some(part) = asked.get(name) {
                            self.fit(part, member, &format!("{at}.{name}"), misfits);
                        }
                    }
                    true
                }
                "additionalProperties" => {
                    for (name, member) in members() {
                        let known = schema["properties"].get(name).is_some();
                        if *asked == false && !known {
                            misfits.push(format!("{at}: {name} is unknown"));
                        }
                        if asked.is_boolean() {
                            continue;
                        }
                        if schema["properties"].get(name).is_none() {
                            self.fit(asked, member, &format!("{at}.{name}"), misfits);
                        }
                    }
                    true
                }
                "items" => {
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.fit(asked, item, &format!("{at}[{index}]"), misfits);
                    }
                    true
                }
                // The two texts that have a pattern are looked at by those who use this.
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
