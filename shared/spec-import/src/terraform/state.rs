//! What `terraform show -json` prints: the resources of all modules, and in a plan the configuration, which says what refers to what.

use std::collections::{HashMap, HashSet};

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
    /// Where in the lists above something stands. Without it each link would go through the whole of a large state.
    places: Places,
}

/// Where something stands in a list.
#[derive(Debug, Default)]
struct Places {
    /// Resources by mode, type and name.
    resources: HashMap<(bool, String, String), Vec<usize>>,
    /// Blocks of the configuration, each in the list of its module.
    blocks: HashMap<Written, usize>,
    /// Changes by the address of the resource.
    changes: HashMap<String, usize>,
}

/// A block of the configuration: the modules that it is in, its mode, its type and its name.
type Written = (String, bool, String, String);

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
            places: Places::default(),
        };
        for values in [state, plan] {
            read.module(&values["root_module"], &[]);
        }
        // Data sources that were read before the plan stand only in what was there before.
        let known = read.resources.len();
        read.module(&document["prior_state"]["values"]["root_module"], &[]);
        let before = read.resources.split_off(known);
        let known: HashSet<String> = read.resources.iter().map(|one| one.address.clone()).collect();
        read.resources.extend(before.into_iter().filter(|one| one.is_data && !known.contains(&one.address)));
        read.places = Places::of(&read);
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
        let place = self.places.changes.get(&resource.address);
        place.is_some_and(|place| self.changes[*place]["change"]["after_unknown"][key] == true)
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
        let Resource { modules, kind, name, is_data, .. } = resource;
        let written = (path_of(modules), *is_data, kind.clone(), name.clone());
        let place = self.places.blocks.get(&written);
        place.map_or(&Value::Null, |place| &self.written(modules)["resources"][*place])
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
        let all = self.places.resources.get(&(is_data, kind.to_owned(), name));
        let all = || all.into_iter().flatten().map(|place| &self.resources[*place]);
        let wanted = if written.is_null() { index } else { &written };
        let same = all().find(|one| one.index == *wanted && same_modules(one));
        let found = same.or_else(|| {
            // The only one is meant whatever its index.
            let mut here = all().filter(|one| same_modules(one));
            here.next().filter(|_| here.next().is_none())
        })?;
        let attribute = rest.first().copied().unwrap_or("id");
        Some((found, attribute.to_owned()))
    }
}

impl Places {
    fn of(state: &State) -> Self {
        let mut places = Self::default();
        for (place, one) in state.resources.iter().enumerate() {
            let named = (one.is_data, one.kind.clone(), one.name.clone());
            places.resources.entry(named).or_default().push(place);
        }
        for (place, change) in state.changes.as_array().into_iter().flatten().enumerate() {
            if let Some(address) = change["address"].as_str() {
                places.changes.entry(address.to_owned()).or_insert(place);
            }
        }
        places.written(&state.configuration["root_module"], &[]);
        places
    }

    fn written(&mut self, module: &Value, modules: &[String]) {
        for (place, block) in module["resources"].as_array().into_iter().flatten().enumerate() {
            let text = |key: &str| block[key].as_str().unwrap_or_default().to_owned();
            let written = (path_of(modules), block["mode"] == "data", text("type"), text("name"));
            self.blocks.entry(written).or_insert(place);
        }
        for (name, call) in module["module_calls"].as_object().into_iter().flatten() {
            self.written(&call["module"], &[modules, std::slice::from_ref(name)].concat());
        }
    }
}

/// Modules as they are called, without the keys of their instances. A name has no dot.
fn path_of(modules: &[String]) -> String {
    modules.iter().map(|one| module_name(one)).collect::<Vec<_>>().join(".")
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
