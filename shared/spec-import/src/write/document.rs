//! The whole text: head, regions, tags, roles, keys, vaults, policies, settings, plans, and what is left out.

use reconcile::desired::{Desired, DesiredRole, DesiredVault};
use reconcile::resource::{Kind, ResourceId};
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table};

use super::names::Names;
use super::toml::{comment, comment_member, commented, commented_out, set};
use super::unseen::rendered;
use super::{items, plans};
use crate::imported::{Imported, LeftOut, default_role, key_id, plan_id, vault_id};

const HEAD: &str = "\
Read it before you use it: `drift check --spec FILE` compares the account with it, and writes nothing.
${partition}, ${account}, ${region}, ${role} and ${vault} are filled in for the account that it runs in.";

const NO_ROLE: &str = "No selection names a role, and a spec names one in any case: this is the one that AWS Backup makes for itself.";

/// The text of the spec.
pub(super) fn text(imported: &Imported) -> String {
    let names = Names::of(imported);
    let desired = &imported.desired;
    let mut document = DocumentMut::new();
    let root = document.as_table_mut();
    set(root, "name", desired.name.as_str());
    let head = format!("What AWS Backup must look like, as it was found in {}.\n{HEAD}", imported.origin);
    let head = format!("#:schema ./desired.schema.json\n{}\n", comment(&head));
    if let Some(mut key) = root.key_mut("name") {
        key.leaf_decor_mut().set_prefix(head);
    }
    root.insert("regions", Item::Table(commented(regions(&names), &[])));
    if !names.tags.is_empty() {
        let why = "On every key, vault and plan.".to_owned();
        root.insert("tags", Item::Table(commented(items::texts(&names.tags), &[why])));
    }
    let roles = if desired.roles.is_empty() { vec![placeholder(desired)] } else { desired.roles.clone() };
    let role = |role: &DesiredRole| {
        let mut said = notes(imported, &ResourceId::role(&role.name));
        if desired.roles.is_empty() {
            said.push(NO_ROLE.to_owned());
        }
        commented(items::role(role, &names), &said)
    };
    if let Some((first, others)) = roles.split_first() {
        root.insert("role", Item::Table(role(first)));
        insert_all(root, "roles", others.iter().map(role));
    }
    let key = |key| commented(items::key(key, &names), &notes(imported, &key_id(key)));
    insert_all(root, "keys", desired.keys.iter().map(key));
    insert_all(root, "vaults", desired.vaults.iter().map(|vault| self::vault(vault, imported, &names)));
    if !names.policies.is_empty() {
        let mut table = Table::new();
        for policy in &names.policies {
            set(&mut table, &policy.name, items::policy(&policy.text));
        }
        root.insert("vault_policies", Item::Table(commented(table, &[])));
    }
    region_settings(root, imported, &names);
    let plan = |plan| commented(plans::plan(plan, desired, &names), &notes(imported, &plan_id(plan)));
    insert_all(root, "plans", desired.plans.iter().map(plan));
    rendered(document) + &left_out(&imported.left_out)
}

/// A spec names a role even where nothing uses one.
fn placeholder(desired: &Desired) -> DesiredRole {
    default_role(&desired.partition, &desired.account)
}

fn notes(imported: &Imported, id: &ResourceId) -> Vec<String> {
    imported.notes.get(id).cloned().unwrap_or_default()
}

/// A list of tables, if there are any.
fn insert_all(root: &mut Table, key: &str, tables: impl Iterator<Item = Table>) {
    let tables: ArrayOfTables = tables.collect();
    if !tables.is_empty() {
        root.insert(key, Item::ArrayOfTables(tables));
    }
}

fn regions(names: &Names) -> Table {
    let mut named: Vec<(&String, &String)> =
        names.templates.regions.iter().map(|(region, name)| (name, region)).collect();
    let rank = |name: &str| ["primary", "dr"].iter().position(|known| *known == name).unwrap_or(2);
    named.sort_by_key(|(name, _)| (rank(name), (*name).clone()));
    let mut table = Table::new();
    for (name, region) in named {
        set(&mut table, name, region.as_str());
    }
    table
}

fn vault(vault: &DesiredVault, imported: &Imported, names: &Names) -> Table {
    let id = vault_id(vault);
    let mut table = commented(items::vault(vault, names), &notes(imported, &id));
    for (member, kind) in [("policy", Kind::VaultPolicy), ("lock", Kind::VaultLock)] {
        let said = notes(imported, &id.of_kind(kind));
        if table.contains_key(member) {
            comment_member(&mut table, member, &said);
        } else {
            let all = [notes(imported, &id), said].concat();
            table = commented(table, &all);
        }
    }
    table
}

fn region_settings(root: &mut Table, imported: &Imported, names: &Names) {
    let mut all = Table::new();
    all.set_implicit(true);
    for settings in &imported.desired.region_settings {
        if let Some(table) = items::region_settings(settings) {
            let said = notes(imported, &ResourceId::region_settings(&settings.region));
            all.insert(names.templates.region(&settings.region), Item::Table(commented(table, &said)));
        }
    }
    if !all.is_empty() {
        root.insert("region_settings", Item::Table(all));
    }
}

/// What is not in the spec, at its end.
fn left_out(all: &[LeftOut]) -> String {
    if all.is_empty() {
        return String::new();
    }
    let one = |left: &LeftOut| {
        let said = comment(&format!("{left}"));
        let text = left.text.as_ref().map(|text| commented_out(text)).unwrap_or_default();
        format!("{said}{text}")
    };
    let all: Vec<String> = all.iter().map(one).collect();
    format!("\n# Not in this spec, or to be checked:\n#\n{}", all.join("#\n"))
}

/// A part of the spec, alone.
pub(super) fn alone(key: &str, table: Table) -> String {
    let mut document = DocumentMut::new();
    document.insert(key, Item::ArrayOfTables([table].into_iter().collect()));
    rendered(document)
}
