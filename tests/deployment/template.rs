//! The policies that the deployment's template gives the function, with its functions worked out for one set of parameters.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use serde_yaml_ng::Value as Yaml;

const TEMPLATE: &str = include_str!("../../infra/drift-healer.yaml");

pub(crate) const ACCOUNT: &str = "123456789012";
pub(crate) const TOPIC_ARN: &str = sandbox_reference::TOPIC_ARN;
pub(crate) const SCANNER_ROLE: &str = "arn:aws:iam::123456789012:role/scanner";

/// A function that repairs the reference deployment.
pub(crate) const REPAIR: &[(&str, &str)] = &[("Mode", "repair"), ("ComplianceLocks", "start")];
/// With everything that a spec or a person may ask for.
pub(crate) const FULL: &[(&str, &str)] = &[
    ("Mode", "repair"),
    ("ComplianceLocks", "start"),
    ("Bootstrap", "true"),
    ("KeyPolicies", "true"),
    ("LockRetention", "true"),
    ("Notifications", "true"),
    ("RegionSettings", "true"),
    ("ScannerRoles", SCANNER_ROLE),
];

/// The template with values for its parameters.
pub(crate) struct Template {
    document: Value,
    parameters: BTreeMap<String, Value>,
}

impl Template {
    /// At home in the primary region of the reference deployment; `given` goes before the defaults.
    pub(crate) fn with(given: &[(&str, &str)]) -> Template {
        let document = plain(serde_yaml_ng::from_str(TEMPLATE).unwrap());
        let pseudo = [("AWS::Partition", "aws"), ("AWS::AccountId", ACCOUNT), ("AWS::Region", "us-east-1")];
        let mut parameters: BTreeMap<String, Value> =
            pseudo.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        for (name, definition) in document["Parameters"].as_object().unwrap() {
            let given = given.iter().find(|(key, _)| key == name).map(|(_, value)| json!(value));
            let value = given.unwrap_or_else(|| definition["Default"].clone());
            let value = match (definition["Type"].as_str(), &value) {
                (Some("CommaDelimitedList"), Value::String(list)) => list.split(',').collect(),
                (_, other) => other.clone(),
            };
            parameters.insert(name.clone(), value);
        }
        Template { document, parameters }
    }

    /// The value of a parameter.
    pub(crate) fn value(&self, parameter: &str) -> &Value {
        &self.parameters[parameter]
    }

    /// The function's environment.
    pub(crate) fn environment(&self) -> Value {
        let properties = &self.document["Resources"]["Healer"]["Properties"];
        let resolved = self.resolve(&properties["Environment"]["Variables"]).unwrap();
        let texts =
            resolved.as_object().unwrap().iter().map(|(name, value)| (name.clone(), json!(text(value))));
        Value::Object(texts.collect())
    }

    /// The documents of the function's role, by name.
    pub(crate) fn policies(&self) -> BTreeMap<String, Value> {
        let policies =
            self.resolve(&self.document["Resources"]["HealerRole"]["Properties"]["Policies"]).unwrap();
        let policies = policies.as_array().unwrap().iter();
        policies.map(|one| (text(&one["PolicyName"]), one["PolicyDocument"].clone())).collect()
    }

    fn condition(&self, expression: &Value) -> bool {
        let Some((function, argument)) = expression.as_object().and_then(|one| one.iter().next()) else {
            return self.condition(&self.document["Conditions"][text(expression)]);
        };
        match (function.as_str(), argument) {
            ("Condition", name) => self.condition(name),
            ("Fn::Not", Value::Array(of)) => !self.condition(&of[0]),
            ("Fn::And", Value::Array(of)) => of.iter().all(|one| self.condition(one)),
            ("Fn::Or", Value::Array(of)) => of.iter().any(|one| self.condition(one)),
            ("Fn::Equals", Value::Array(of)) => self.resolve(&of[0]) == self.resolve(&of[1]),
            other => panic!("the template's conditions use {other:?}"),
        }
    }

    /// The value with all functions worked out; `None` for AWS::NoValue.
    fn resolve(&self, value: &Value) -> Option<Value> {
        let members = match value {
            Value::Array(items) => return Some(items.iter().filter_map(|item| self.resolve(item)).collect()),
            Value::Object(members) => members,
            leaf @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
                return Some(leaf.clone());
            }
        };
        let mut all = members.iter();
        let (Some((function, argument)), None) = (all.next(), all.next()) else {
            return Some(self.object(members));
        };
        let list = || self.resolve(argument).and_then(|list| list.as_array().cloned()).unwrap_or_default();
        match function.as_str() {
            "Ref" if argument == "AWS::NoValue" => None,
            "Ref" => Some(self.reference(&text(argument))),
            "Fn::GetAtt" => Some(json!(format!("arn:of:{}", text(argument)))),
            "Fn::If" => self.resolve(&argument[if self.condition(&argument[0]) { 1 } else { 2 }]),
            "Fn::Sub" => Some(self.substitute(argument)),
            "Fn::Join" => {
                let parts: Vec<String> = list()[1].as_array().unwrap().iter().map(text).collect();
                Some(json!(parts.join(&text(&argument[0]))))
            }
            "Fn::Split" => {
                let whole = text(&list()[1]);
                Some(whole.split(&text(&argument[0])).collect())
            }
            "Fn::Select" => list()[1].get(argument[0].as_u64()? as usize).cloned(),
            _ => Some(self.object(members)),
        }
    }

    fn object(&self, members: &Map<String, Value>) -> Value {
        let members = members.iter().filter_map(|(name, value)| Some((name.clone(), self.resolve(value)?)));
        Value::Object(members.collect())
    }

    fn reference(&self, name: &str) -> Value {
        match name {
            "Topic" => json!(TOPIC_ARN),
            other => {
                self.parameters.get(other).cloned().unwrap_or_else(|| panic!("the template names no {other}"))
            }
        }
    }

    fn substitute(&self, argument: &Value) -> Value {
        let (template, own) = match argument.as_array() {
            Some(of) => (text(&of[0]), of[1].as_object().cloned().unwrap_or_default()),
            None => (text(argument), Map::new()),
        };
        let mut parts = template.split("${");
        let mut whole = parts.next().unwrap().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap();
            let value =
                own.get(name).map_or_else(|| self.reference(name), |value| self.resolve(value).unwrap());
            whole.push_str(&text(&value));
            whole.push_str(rest);
        }
        json!(whole)
    }
}

/// YAML's short forms are CloudFormation's long ones.
fn plain(value: Yaml) -> Value {
    match value {
        Yaml::Null => Value::Null,
        Yaml::Bool(truth) => json!(truth),
        Yaml::Number(number) => json!(number.as_i64().unwrap()),
        Yaml::String(text) => json!(text),
        Yaml::Sequence(items) => items.into_iter().map(plain).collect(),
        Yaml::Mapping(members) => {
            Value::Object(members.into_iter().map(|(key, value)| (text(&plain(key)), plain(value))).collect())
        }
        Yaml::Tagged(tagged) => {
            let name = tagged.tag.to_string();
            let long = match name.trim_start_matches('!') {
                short @ ("Ref" | "Condition") => short.to_owned(),
                short => format!("Fn::{short}"),
            };
            json!({ long: plain(tagged.value) })
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The statements of documents, with the name of their document.
pub(crate) fn statements(policies: &BTreeMap<String, Value>) -> Vec<(&str, &Value)> {
    policies
        .iter()
        .flat_map(|(name, document)| {
            document["Statement"].as_array().unwrap().iter().map(move |one| (name.as_str(), one))
        })
        .collect()
}

/// A member that is one string or a list of them.
pub(crate) fn strings(statement: &Value, member: &str) -> Vec<String> {
    match &statement[member] {
        Value::Array(list) => list.iter().map(text).collect(),
        Value::Null => Vec::new(),
        one @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => vec![text(one)],
    }
}
