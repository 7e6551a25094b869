//! What `terraform show -json` prints: the resources of all modules, and in a plan the configuration, which says what refers to what.

use serde_json::Value;

use crate::ImportError;

/// A resource or a data source with its values.
#[derive(Debug, Clone)]
pub(super) struct Resource {
    /// The modules that it is in, such as `module.vault["a"]`, from the root on.
    pub(super) modules: Vec<String>,
    pub(super) address: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) index: Value,
    pub(super) is_data: bool,
    pub(super) values: Value,
}

/// A state or a plan.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) resources: Vec<Resource>,
    /// The root module as it is written; `null` for a state.
    pub(super) configuration: Value,
    pub(super) variables: Value,
    /// What a plan changes, with what is known only afterwards.
    changes: Value,
}

impl State {
    pub(super) fn parse(text: &str) -> Result<Self, ImportError> {
        let document: Value = serde_json::from_str(text).map_err(|error| ImportError::NotReadable {
            expected: "JSON; write what `terraform show -json` prints to a file",
            source: error.into(),
        })?;
        let [state, plan] = [&document["values"], &document["planned_values"]];
        if state.is_null() && plan.is_null() {
            if document["resources"].is_array() && document["lineage"].is_string() {
                let reason =
                    "this is Terraform's own state file; write what `terraform show -json` prints to a file";
                return Err(ImportError::SomethingElse(reason.to_owned()));
            }
            let reason =
                "this is not what `terraform show -json` prints: it has neither values nor planned_values";
            return Err(ImportError::SomethingElse(reason.to_owned()));
        }
        let mut read = Self {
            resources: Vec::new(),
            configuration: document["configuration"].clone(),
            variables: document["variables"].clone(),
            changes: document["resource_changes"].clone(),
        };
        for values in [state, plan] {
            read.module(&values["root_module"], &[]);
        }
        // Data sources that were read before the plan stand only in what was there before.
        let known = read.resources.len();
        read.module(&document["prior_state"]["values"]["root_module"], &[]);
        let before = read.resources.split_off(known);
        let is_new = |one: &Resource, all: &[Resource]| {
            one.is_data && all.iter().all(|known| known.address != one.address)
        };
        for one in before {
            if is_new(&one, &read.resources) {
                read.resources.push(one);
            }
        }
        Ok(read)
    }

    fn module(&mut self, module: &Value, path: &[String]) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        for one in module["resources"].as_array().into_iter().flatten() {
            self.resources.push(Resource {
                modules: path.to_vec(),
                address: text(&one["address"]),
                kind: text(&one["type"]),
                name: text(&one["name"]),
                index: one["index"].clone(),
                is_data: one["mode"] == "data",
                values: one["values"].clone(),
            });
        }
        for child in module["child_modules"].as_array().into_iter().flatten() {
            let address = text(&child["address"]);
            let parent = path.join(".");
            let own = address.strip_prefix(&parent).unwrap_or(&address).trim_start_matches('.');
            let path = [path, &[own.to_owned()]].concat();
            self.module(child, &path);
        }
    }

    /// Whether a member of a resource is known only after the plan is applied.
    pub(super) fn is_unknown(&self, resource: &Resource, key: &str) -> bool {
        let mut changes = self.changes.as_array().into_iter().flatten();
        let change = changes.find(|change| change["address"] == resource.address.as_str());
        change.is_some_and(|change| change["change"]["after_unknown"][key] == true)
    }

    /// The resources of a type, without data sources.
    pub(super) fn managed<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Resource> {
        self.resources.iter().filter(move |one| !one.is_data && one.kind == kind)
    }

    /// The data sources of a type.
    pub(super) fn data<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Resource> {
        self.resources.iter().filter(move |one| one.is_data && one.kind == kind)
    }

    /// A module as it is written.
    fn written(&self, modules: &[String]) -> &Value {
        modules.iter().fold(&self.configuration["root_module"], |module, segment| {
            &module["module_calls"][module_name(segment)]["module"]
        })
    }

    /// A resource as it is written.
    pub(super) fn block(&self, resource: &Resource) -> &Value {
        let blocks = self.written(&resource.modules)["resources"].as_array();
        let mode = if resource.is_data { "data" } else { "managed" };
        let is_it = |block: &&Value| {
            block["type"] == resource.kind.as_str()
                && block["name"] == resource.name.as_str()
                && block["mode"].as_str().unwrap_or("managed") == mode
        };
        blocks.into_iter().flatten().find(is_it).unwrap_or(&Value::Null)
    }

    /// What an expression of a resource refers to: the resource, and its attribute.
    pub(super) fn referred(&self, resource: &Resource, expression: &Value) -> Option<(&Resource, String)> {
        self.follow(&resource.modules, &resource.index, expression, 0)
    }

    fn follow(
        &self,
        modules: &[String],
        index: &Value,
        expression: &Value,
        depth: usize,
    ) -> Option<(&Resource, String)> {
        /// Modules are not nested that deep, and what refers to itself has no end.
        const DEEPEST: usize = 32;
        if depth > DEEPEST {
            return None;
        }
        let references = expression["references"].as_array().into_iter().flatten().filter_map(Value::as_str);
        references.into_iter().find_map(|reference| {
            let parts = parts(reference);
            match parts.as_slice() {
                ["var", name, ..] => {
                    let (own, outer) = modules.split_last()?;
                    let call = &self.written(outer)["module_calls"][module_name(own)];
                    self.follow(outer, &index_of(own), &call["expressions"][*name], depth + 1)
                }
                ["module", name, output, ..] => {
                    let inner = [modules, &[format!("module.{name}")]].concat();
                    let name = name.split('[').next().unwrap_or(name);
                    let call = &self.written(modules)["module_calls"][name];
                    let output = &call["module"]["outputs"][*output]["expression"];
                    self.follow(&inner, index, output, depth + 1)
                }
                ["data", kind, name, rest @ ..] => self.named(modules, index, true, kind, name, rest),
                ["each" | "local" | "path" | "self" | "count" | "terraform", ..] => None,
                [kind, name, rest @ ..] => self.named(modules, index, false, kind, name, rest),
                _ => None,
            }
        })
    }

    /// Of several with one name, the one with the same index.
    fn named(
        &self,
        modules: &[String],
        index: &Value,
        is_data: bool,
        kind: &str,
        name: &str,
        rest: &[&str],
    ) -> Option<(&Resource, String)> {
        let plain = |name: &str| name.split('[').next().unwrap_or(name).to_owned();
        let written = index_of(name);
        let name = plain(name);
        let same_modules = |one: &Resource| {
            one.modules.len() == modules.len()
                && one.modules.iter().zip(modules).all(|(a, b)| a == b || plain(a) == *b)
        };
        let named: Vec<&Resource> = self
            .resources
            .iter()
            .filter(|one| one.is_data == is_data && one.kind == kind && one.name == name && same_modules(one))
            .collect();
        let wanted = if written.is_null() { index } else { &written };
        let found = match named.as_slice() {
            [one] => one,
            several => several.iter().find(|one| one.index == *wanted)?,
        };
        let attribute = rest.first().copied().unwrap_or("id");
        Some((found, attribute.to_owned()))
    }
}

/// `module.vault["a"]` is a call of `vault`.
fn module_name(segment: &str) -> &str {
    let name = segment.strip_prefix("module.").unwrap_or(segment);
    name.split('[').next().unwrap_or(name)
}

/// The key in the brackets, if there are any.
fn index_of(segment: &str) -> Value {
    let inner = segment.split_once('[').and_then(|(_, rest)| rest.strip_suffix(']'));
    inner.and_then(|inner| serde_json::from_str(inner).ok()).unwrap_or_default()
}

/// The parts of a reference between its dots; dots in brackets are in a key.
fn parts(reference: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let parts = reference.split(|c: char| {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == '.' && depth == 0
    });
    parts.collect()
}
