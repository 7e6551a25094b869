//! Takes out of a spec what its rules refuse: no more than has to go, and never a part of a plan, which would say that the rest of it is
//! too much.

use std::collections::{BTreeMap, BTreeSet};

use reconcile::desired::Tags;
use reconcile::resource::Kind;
use reconcile::spec::{SpecError, SpecErrors};

use super::names::Names;
use super::{document, items, plans};
use crate::imported::{Imported, LeftOut, key_id, plan_id, vault_id};

/// Something that goes.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Tag(String),
    VaultPolicy(String),
    RoleTag(usize, String),
    InlinePolicy(usize, usize),
    ManagedPolicy(usize, usize),
    KeyPolicy(usize),
    KeyTag(usize, String),
    Key(usize),
    VaultLock(usize),
    Notifications(usize),
    VaultTag(usize, String),
    Vault(usize),
    RegionSettings(String),
    PlanTag(usize, String),
    Plan(usize),
}

impl Part {
    /// Whether the things after it move up when it goes.
    fn is_whole(&self) -> bool {
        matches!(self, Part::Key(_) | Part::Vault(_) | Part::Plan(_))
    }
}

/// Whether anything could be taken out.
pub(super) fn leave_out(imported: &mut Imported, errors: &SpecErrors) -> bool {
    let before = imported.desired.clone();
    let mut parts: BTreeMap<Part, &SpecError> = BTreeMap::new();
    for error in errors.iter() {
        if let Some(part) = part(&error.path) {
            parts.entry(part).or_insert(error);
        }
    }
    let names = Names::of(imported);
    // First parts of things, then whole things from the last to the first, so that the places of the others stay.
    let (whole, parts): (Vec<_>, Vec<_>) = parts.into_iter().partition(|(part, _)| part.is_whole());
    for (part, error) in parts.into_iter().chain(whole.into_iter().rev()) {
        let left = take(imported, &names, &part, error);
        imported.left_out.push(left);
    }
    imported.desired != before
}

/// What has to go for the mistake at a path.
fn part(path: &str) -> Option<Part> {
    let (head, rest) = path.split_once(['.', '[']).unwrap_or((path, ""));
    let (index, member) = match rest.split_once(']') {
        Some((index, member)) if !path[head.len()..].starts_with('.') => {
            (index.parse().ok(), member.trim_start_matches('.'))
        }
        _ => (None, rest),
    };
    let (field, inner) = member.split_once(['.', '[']).unwrap_or((member, ""));
    let item = || inner.split(']').next().and_then(|index| index.parse().ok());
    let tag = || inner.to_owned();
    Some(match (head, index, field) {
        ("tags", None, _) => Part::Tag(rest.to_owned()),
        ("vault_policies", None, name) => Part::VaultPolicy(name.to_owned()),
        ("role", None, "tags") => Part::RoleTag(0, tag()),
        ("role", None, "inline_policies") => Part::InlinePolicy(0, item()?),
        ("role", None, "managed_policies") => Part::ManagedPolicy(0, item()?),
        ("roles", Some(index), "tags") => Part::RoleTag(index + 1, tag()),
        ("roles", Some(index), "inline_policies") => Part::InlinePolicy(index + 1, item()?),
        ("roles", Some(index), "managed_policies") => Part::ManagedPolicy(index + 1, item()?),
        ("keys", Some(index), "policy") => Part::KeyPolicy(index),
        ("keys", Some(index), "tags") if !inner.is_empty() => Part::KeyTag(index, tag()),
        ("keys", Some(index), _) => Part::Key(index),
        ("vaults", Some(index), "lock") => Part::VaultLock(index),
        ("vaults", Some(index), "notifications") => Part::Notifications(index),
        ("vaults", Some(index), "tags") if !inner.is_empty() => Part::VaultTag(index, tag()),
        ("vaults", Some(index), _) => Part::Vault(index),
        ("region_settings", None, name) => Part::RegionSettings(name.to_owned()),
        ("plans", Some(index), "tags") if !inner.is_empty() => Part::PlanTag(index, tag()),
        ("plans", Some(index), _) => Part::Plan(index),
        _ => return None,
    })
}

fn take(imported: &mut Imported, names: &Names, part: &Part, error: &SpecError) -> LeftOut {
    let desired = &mut imported.desired;
    let (what, text) = match part {
        Part::Tag(key) => {
            let keys = desired.keys.iter_mut().map(|key| &mut key.tags);
            let vaults = desired.vaults.iter_mut().map(|vault| &mut vault.tags);
            let plans = desired.plans.iter_mut().map(|plan| &mut plan.tags);
            keys.chain(vaults).chain(plans).for_each(|tags| drop(tags.remove(key)));
            (format!("the tag {key} of every key, vault and plan"), None)
        }
        Part::VaultPolicy(name) => {
            let of = |policy: &&super::names::NamedPolicy| policy.name == *name;
            let text = names.policies.iter().find(of).map(|policy| policy.text.clone());
            let mut users = BTreeSet::new();
            for vault in &mut desired.vaults {
                if names.policy(vault) == Some(name) {
                    users.insert(vault.name.clone());
                    vault.policy = None;
                }
            }
            let users: Vec<String> = users.into_iter().collect();
            (format!("the access policy {name} of {}", users.join(", ")), text)
        }
        Part::RoleTag(role, key) => match desired.roles.get_mut(*role) {
            Some(role) => tag(&mut role.tags, key, &format!("role {}", role.name)),
            None => nothing(),
        },
        Part::InlinePolicy(role, policy) => match desired.roles.get_mut(*role) {
            Some(role) => {
                let name = role.inline_policies.keys().nth(*policy).cloned().unwrap_or_default();
                // First the text goes, then the policy.
                let text = role.inline_policies.get_mut(&name).and_then(Option::take);
                if text.is_none() {
                    role.inline_policies.remove(&name);
                }
                (format!("the inline policy {name} of role {}", role.name), text)
            }
            None => nothing(),
        },
        Part::ManagedPolicy(role, policy) => match desired.roles.get_mut(*role) {
            Some(role) => {
                let arn = role.managed_policies.iter().nth(*policy).cloned().unwrap_or_default();
                role.managed_policies.remove(&arn);
                (format!("the policy {arn} of role {}", role.name), None)
            }
            None => nothing(),
        },
        Part::KeyPolicy(index) => match desired.keys.get_mut(*index) {
            Some(key) => (format!("the policy of {}", key_id(key)), key.policy.take()),
            None => nothing(),
        },
        Part::KeyTag(index, name) => match desired.keys.get_mut(*index) {
            Some(key) => {
                let owner = key_id(key).to_string();
                tag(&mut key.tags, name, &owner)
            }
            None => nothing(),
        },
        Part::Key(index) => {
            let key = desired.keys.remove(*index);
            (key_id(&key).to_string(), Some(document::alone("keys", items::key(&key, names))))
        }
        Part::VaultLock(index) => match desired.vaults.get_mut(*index) {
            Some(vault) => {
                vault.lock = None;
                (vault_id(vault).of_kind(Kind::VaultLock).to_string(), None)
            }
            None => nothing(),
        },
        Part::Notifications(index) => match desired.vaults.get_mut(*index) {
            Some(vault) => {
                let told = vault.notifications.take();
                let text = told.map(|told| format!("topic = {:?}", told.topic));
                (format!("the notifications of {}", vault_id(vault)), text)
            }
            None => nothing(),
        },
        Part::VaultTag(index, name) => match desired.vaults.get_mut(*index) {
            Some(vault) => {
                let owner = vault_id(vault).to_string();
                tag(&mut vault.tags, name, &owner)
            }
            None => nothing(),
        },
        Part::Vault(index) => {
            let vault = desired.vaults.remove(*index);
            (vault_id(&vault).to_string(), Some(document::alone("vaults", items::vault(&vault, names))))
        }
        Part::RegionSettings(name) => {
            desired.region_settings.retain(|settings| names.templates.region(&settings.region) != name);
            (format!("the settings of region {name}"), None)
        }
        Part::PlanTag(index, name) => match desired.plans.get_mut(*index) {
            Some(plan) => {
                let owner = plan_id(plan).to_string();
                tag(&mut plan.tags, name, &owner)
            }
            None => nothing(),
        },
        Part::Plan(index) => {
            let plan = desired.plans.remove(*index);
            let text = document::alone("plans", plans::plan(&plan, desired, names));
            (plan_id(&plan).to_string(), Some(text))
        }
    };
    LeftOut { what, why: error.message.clone(), text }
}

fn tag(tags: &mut Tags, key: &str, owner: &str) -> (String, Option<String>) {
    tags.remove(key);
    (format!("the tag {key} of {owner}"), None)
}

fn nothing() -> (String, Option<String>) {
    ("a part of it".to_owned(), None)
}
