//! Intrinsic functions worked out, as far as a template says what they come to. What it does not say is written as `REPLACE-ME-NAME`.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::imported::{role_arn, unknown, vault_arn};
use crate::json::{plain, scalar, text};
use crate::{UNKNOWN_ACCOUNT, partition};

/// What a whole template may cost: a template that AWS takes has at most 500 resources and a megabyte. More is an attack on whoever reads it.
const MOST_STEPS: usize = 1_000_000;
/// So many bytes of text cost as much as a step.
const BYTES_A_STEP: usize = 64;
const DEEPEST: usize = 100;

/// A template that is being read.
#[derive(Debug)]
pub(super) struct Template<'t> {
    document: &'t Value,
    pub(super) region: &'t str,
    pub(super) partition: &'static str,
    /// The names of what the template does not say.
    unknown: RefCell<BTreeSet<String>>,
    /// The conditions that are worked out.
    conditions: RefCell<BTreeMap<String, bool>>,
    steps: Cell<usize>,
    /// Whether anything was too deep or too much: then nothing that was worked out counts.
    is_too_much: Cell<bool>,
}

impl<'t> Template<'t> {
    pub(super) fn new(document: &'t Value, region: &'t str) -> Self {
        let (unknown, conditions, steps, is_too_much) = Default::default();
        Self { document, region, partition: partition(region), unknown, conditions, steps, is_too_much }
    }

    /// The resources of a type that the template makes, each by its logical id.
    pub(super) fn resources(&self, kind: &str) -> impl Iterator<Item = (&'t str, &'t Value)> {
        let all = self.document["Resources"].as_object().into_iter().flatten();
        all.filter(move |(_, one)| one["Type"] == kind && self.is_made(one))
            .map(|(id, one)| (id.as_str(), &one["Properties"]))
    }

    /// Members that make resources in a loop.
    pub(super) fn loops(&self) -> impl Iterator<Item = &'t str> {
        let all = self.document["Resources"].as_object().into_iter().flatten();
        all.map(|(id, _)| id.as_str()).filter(|id| id.starts_with("Fn::"))
    }

    fn is_made(&self, resource: &Value) -> bool {
        resource["Condition"].as_str().is_none_or(|condition| self.condition(condition, 0))
    }

    /// What the template does not say.
    pub(super) fn unknown(&self) -> BTreeSet<String> {
        self.unknown.borrow().clone()
    }

    /// Whether the template comes to more than anybody can mean.
    pub(super) fn is_too_much(&self) -> bool {
        self.is_too_much.get()
    }

    /// Counts a step that makes so many bytes, or so many items. Whoever gets `false` stops.
    fn may_go_on(&self, bytes: usize, depth: usize) -> bool {
        self.steps.set(self.steps.get().saturating_add(1 + bytes / BYTES_A_STEP));
        if self.steps.get() > MOST_STEPS || depth > DEEPEST {
            self.is_too_much.set(true);
        }
        !self.is_too_much.get()
    }

    /// Stands for what the template does not say.
    fn replace_me(&self, name: &str) -> Value {
        let name = unknown(name);
        self.unknown.borrow_mut().insert(name.clone());
        name.into()
    }

    /// The logical id of the resource that a value refers to.
    pub(super) fn link<'v>(&self, value: &'v Value) -> Option<&'v str> {
        let (name, argument) = function(value)?;
        let id = match (name, argument) {
            ("Ref", Value::String(id)) => id.as_str(),
            ("Fn::GetAtt", Value::Array(path)) => path.first()?.as_str()?,
            ("Fn::GetAtt", Value::String(path)) => path.split('.').next()?,
            ("Fn::Sub", Value::String(text)) => {
                let inner = text.strip_prefix("${")?.strip_suffix('}')?;
                inner.split('.').next()?
            }
            _ => return None,
        };
        self.document["Resources"].get(id).map(|_| id)
    }

    /// A value with its functions worked out. What is `AWS::NoValue` is gone.
    pub(super) fn value(&self, value: &Value) -> Value {
        self.at(value, 0)
    }

    fn at(&self, value: &Value, depth: usize) -> Value {
        if !self.may_go_on(value.as_str().map_or(0, str::len), depth) {
            return Value::Null;
        }
        if let Some((name, argument)) = function(value) {
            return self.function(name, argument, depth + 1);
        }
        match value {
            Value::Array(items) => {
                let items = items.iter().map(|item| self.at(item, depth + 1));
                items.filter(|item| !item.is_null()).collect()
            }
            Value::Object(members) => {
                let members = members.iter().map(|(name, value)| (name.clone(), self.at(value, depth + 1)));
                Value::Object(members.filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
        }
    }

    fn text_at(&self, value: &Value, depth: usize) -> String {
        plain(&self.at(value, depth)).unwrap_or_default()
    }

    fn function(&self, name: &str, argument: &Value, depth: usize) -> Value {
        let item = |index: usize| &argument[index];
        match name {
            "Ref" => self.reference(argument.as_str().unwrap_or_default(), depth),
            "Fn::GetAtt" => {
                let whole = argument.as_str().and_then(|path| path.split_once('.'));
                let part = |index: usize| item(index).as_str().unwrap_or_default();
                let (resource, attribute) = whole.unwrap_or((part(0), part(1)));
                self.attribute(resource, attribute, depth)
            }
            "Fn::Sub" => {
                let pattern = argument.as_str().or(item(0).as_str()).unwrap_or_default();
                self.substitute(pattern, item(1), depth)
            }
            "Fn::Join" => {
                let items = self.at(item(1), depth);
                let items: Vec<String> = items.as_array().into_iter().flatten().filter_map(plain).collect();
                let delimiter = item(0).as_str().unwrap_or_default();
                let length = items.iter().map(|item| item.len().saturating_add(delimiter.len()));
                if !self.may_go_on(length.fold(0, usize::saturating_add), depth) {
                    return Value::Null;
                }
                items.join(delimiter).into()
            }
            "Fn::Split" => {
                let text = self.text_at(item(1), depth);
                let delimiter = item(0).as_str().filter(|delimiter| !delimiter.is_empty()).unwrap_or(",");
                // An item is more than its text.
                let bytes = text.matches(delimiter).count().saturating_mul(BYTES_A_STEP);
                if !self.may_go_on(bytes, depth) {
                    return Value::Null;
                }
                text.split(delimiter).collect()
            }
            "Fn::Select" => {
                let index = self.text_at(item(0), depth).parse::<usize>().ok();
                let items = self.at(item(1), depth);
                let found = index.and_then(|index| items.get(index).cloned());
                found.unwrap_or_else(|| self.replace_me("Select"))
            }
            "Fn::FindInMap" => {
                let part = |index: usize| self.text_at(item(index), depth);
                let found = &self.document["Mappings"][part(0)][part(1)][part(2)];
                let default = &argument[3]["DefaultValue"];
                match (found, default) {
                    (Value::Null, Value::Null) => self.replace_me(&part(0)),
                    (Value::Null, default) => self.at(default, depth),
                    (found, _) => self.copied(found, depth),
                }
            }
            "Fn::If" => {
                let is_so = self.condition(item(0).as_str().unwrap_or_default(), depth);
                self.at(item(if is_so { 1 } else { 2 }), depth)
            }
            "Fn::ToJsonString" => {
                let text = self.at(argument, depth).to_string();
                if self.may_go_on(text.len(), depth) { text.into() } else { Value::Null }
            }
            "Fn::ImportValue" => {
                let name = self.text_at(argument, depth);
                self.replace_me(&name)
            }
            _ => self.replace_me(name.trim_start_matches("Fn::")),
        }
    }

    fn reference(&self, name: &str, depth: usize) -> Value {
        match name {
            "AWS::AccountId" => return UNKNOWN_ACCOUNT.into(),
            "AWS::Region" => return self.region.into(),
            "AWS::Partition" => return self.partition.into(),
            "AWS::URLSuffix" => return "amazonaws.com".into(),
            "AWS::NoValue" => return Value::Null,
            _ => {}
        }
        if let Some(parameter) = self.document["Parameters"].get(name) {
            return self.parameter(name, parameter, depth);
        }
        let kind = self.document["Resources"][name]["Type"].as_str().unwrap_or_default();
        let named = |member: &str| {
            let given = &self.document["Resources"][name]["Properties"][member];
            scalar(&self.at(given, depth)).unwrap_or_else(|| self.text_of(name))
        };
        match kind {
            "AWS::Backup::BackupVault" | "AWS::Backup::LogicallyAirGappedBackupVault" => {
                named("BackupVaultName").into()
            }
            "AWS::IAM::Role" => named("RoleName").into(),
            "AWS::SNS::Topic" | "AWS::IAM::ManagedPolicy" => self.attribute(name, "Arn", depth),
            _ => self.replace_me(name.trim_start_matches("AWS::")),
        }
    }

    fn text_of(&self, name: &str) -> String {
        scalar(&self.replace_me(name)).unwrap_or_default()
    }

    /// A value as it stands, which holds no functions.
    fn copied(&self, value: &Value, depth: usize) -> Value {
        if !self.is_too_much() && self.may_go_on(size(value), depth) { value.clone() } else { Value::Null }
    }

    fn parameter(&self, name: &str, parameter: &Value, depth: usize) -> Value {
        let default = &parameter["Default"];
        let kind = parameter["Type"].as_str().unwrap_or_default();
        match default {
            Value::Null => self.replace_me(name),
            Value::String(list) if kind == "CommaDelimitedList" || kind.starts_with("List<") => {
                let bytes = list.matches(',').count().saturating_mul(BYTES_A_STEP);
                if !self.may_go_on(bytes, depth) {
                    return Value::Null;
                }
                list.split(',').map(str::trim).collect()
            }
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                self.copied(default, depth)
            }
        }
    }

    fn attribute(&self, resource: &str, attribute: &str, depth: usize) -> Value {
        let one = &self.document["Resources"][resource];
        let property = |member: &str| scalar(&self.at(&one["Properties"][member], depth));
        let named = |member: &str| property(member).unwrap_or_else(|| self.text_of(resource));
        let path = || property("Path").unwrap_or_else(|| "/".to_owned());
        let (partition, region) = (self.partition, self.region);
        match (one["Type"].as_str().unwrap_or_default(), attribute) {
            (
                "AWS::Backup::BackupVault" | "AWS::Backup::LogicallyAirGappedBackupVault",
                "BackupVaultArn" | "Arn",
            ) => vault_arn(partition, UNKNOWN_ACCOUNT, region, &named("BackupVaultName")).into(),
            ("AWS::Backup::BackupVault", "BackupVaultName") => named("BackupVaultName").into(),
            ("AWS::IAM::Role", "Arn") => {
                role_arn(partition, UNKNOWN_ACCOUNT, &path(), &named("RoleName")).into()
            }
            ("AWS::IAM::ManagedPolicy", _) => {
                let name = named("ManagedPolicyName");
                format!("arn:{partition}:iam::{UNKNOWN_ACCOUNT}:policy{}{name}", path()).into()
            }
            ("AWS::SNS::Topic", "TopicArn" | "Arn") => {
                format!("arn:{partition}:sns:{region}:{UNKNOWN_ACCOUNT}:{}", named("TopicName")).into()
            }
            ("AWS::KMS::Key" | "AWS::KMS::ReplicaKey", "Arn") => {
                let id = self.text_of(resource);
                format!("arn:{partition}:kms:{region}:{UNKNOWN_ACCOUNT}:key/{id}").into()
            }
            _ => self.replace_me(resource),
        }
    }

    /// `${Name}`, `${Name.Attribute}` and `${!Literal}` in a text.
    fn substitute(&self, pattern: &str, given: &Value, depth: usize) -> Value {
        let mut text = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once("${") {
            text.push_str(before);
            let Some((name, behind)) = after.split_once('}') else {
                rest = after;
                break;
            };
            let value = match (name.strip_prefix('!'), given.get(name), name.split_once('.')) {
                (Some(literal), _, _) => Value::String(format!("${{{literal}}}")),
                (None, Some(value), _) => self.at(value, depth),
                (None, None, Some((resource, attribute))) => self.attribute(resource, attribute, depth),
                (None, None, None) => self.reference(name.trim(), depth),
            };
            let value = plain(&value).unwrap_or_default();
            if !self.may_go_on(value.len(), depth) {
                return Value::Null;
            }
            text.push_str(&value);
            rest = behind;
        }
        text.push_str(rest);
        text.into()
    }

    fn condition(&self, name: &str, depth: usize) -> bool {
        // Each is worked out once: conditions are made of conditions, and every resource may have one.
        if let Some(known) = self.conditions.borrow().get(name) {
            return *known;
        }
        let holds = self.holds(&self.document["Conditions"][name], depth + 1);
        self.conditions.borrow_mut().insert(name.to_owned(), holds);
        holds
    }

    fn holds(&self, condition: &Value, depth: usize) -> bool {
        if !self.may_go_on(0, depth) {
            return false;
        }
        if let Some(name) = condition["Condition"].as_str() {
            return self.condition(name, depth);
        }
        let Some((name, argument)) = function(condition) else { return false };
        let mut all = argument.as_array().into_iter().flatten();
        match name {
            "Fn::Equals" => self.text_at(&argument[0], depth) == self.text_at(&argument[1], depth),
            "Fn::Not" => all.next().is_some_and(|one| !self.holds(one, depth + 1)),
            "Fn::And" => all.all(|one| self.holds(one, depth + 1)),
            "Fn::Or" => all.any(|one| self.holds(one, depth + 1)),
            _ => false,
        }
    }
}

/// How large a value is, in bytes: an item or a member is more than its text.
fn size(value: &Value) -> usize {
    BYTES_A_STEP
        + match value {
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(size).sum(),
            Value::Object(members) => members.iter().map(|(name, value)| name.len() + size(value)).sum(),
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        }
}

/// The function that a value is, with its argument.
fn function(value: &Value) -> Option<(&str, &Value)> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    let (name, argument) = members.iter().next()?;
    (name == "Ref" || name.starts_with("Fn::")).then_some((name.as_str(), argument))
}

/// The tags of a list of keys and values.
pub(super) fn tag_list(tags: &Value) -> std::collections::BTreeMap<String, String> {
    let all = tags.as_array().into_iter().flatten();
    all.filter_map(|tag| Some((text(tag, "Key")?, text(tag, "Value").unwrap_or_default()))).collect()
}
