//! Turns what a spec names into things of the map, each with its lines and its mark.

use std::collections::BTreeMap;

use reconcile::desired::{Copy, Desired, DesiredPlan, DesiredVault, Rule, VaultKey};
use reconcile::words::clean;

use super::arrange::{Arrangement, Column, Item, Text};
use super::{Map, Marks};
use crate::NextRuns;
use crate::page::words;

/// From so many vaults on each stands in one line.
const MANY: usize = 20;

pub(crate) fn draw(desired: &Desired, marks: Marks<'_>, next_runs: &NextRuns) -> Map {
    let destinations = destinations(desired);
    let is_target = |vault: &&DesiredVault| {
        let named = |plan: &&DesiredPlan| {
            plan.region == vault.region
                && plan.document.rules.iter().any(|rule| rule.target_vault == vault.name)
        };
        desired.plans.iter().any(|plan| named(&plan)) || !destinations.contains_key(&vault.arn)
    };
    let (targets, copies): (Vec<&DesiredVault>, Vec<&DesiredVault>) =
        desired.vaults.iter().partition(is_target);
    let mut map = Arrangement::default();
    for role in &desired.roles {
        let mark = marks.of(|one| one.resource.kind == "role" && one.resource.name == role.name);
        map.add(Column::Plans, "", Item::new(&role.arn, "role", &role.name, mark));
    }
    for plan in &desired.plans {
        map.add(Column::Plans, &plan.region, self::plan(plan, marks, next_runs));
    }
    for settings in &desired.region_settings {
        let mark = marks.of(|one| {
            one.resource.kind == "region-settings" && one.resource.region.as_ref() == Some(&settings.region)
        });
        let id = format!("settings {}", settings.region);
        map.add(Column::Plans, &settings.region, Item::new(&id, "AWS Backup in", &settings.region, mark));
    }
    for (column, vaults) in [(Column::Vaults, &targets), (Column::Copies, &copies)] {
        for vault in vaults {
            map.add(column, &vault.region, self::vault(vault, marks, desired.vaults.len() > MANY));
        }
        for key in desired.keys.iter().filter(|key| column_of_region(&key.region, &targets) == column) {
            let mark = marks.of(|one| {
                one.resource.is("key", &key.region, &key.alias)
                    || one.resource.is("alias", &key.region, &key.alias)
            });
            let id = format!("key {} {}", key.region, key.alias);
            map.add(column, &key.region, Item::new(&id, "key", &key.alias, mark));
        }
    }
    for arn in destinations.keys().filter(|arn| !desired.vaults.iter().any(|vault| vault.arn == **arn)) {
        let (account, region, name) = words::parts_of_vault_arn(arn);
        let mark =
            marks.of(|one| one.attribute.as_ref().is_some_and(|attribute| attribute.contains(arn.as_str())));
        let mut item = Item::new(arn, "vault", &name, mark);
        item.lines.push(Text::plain(format!("not in the spec, account {account}")));
        map.add(Column::Copies, &region, item);
    }
    connect(&mut map, desired, marks);
    map.into_map()
}

/// Where the key of a region stands: with the vaults that it encrypts.
fn column_of_region(region: &str, targets: &[&DesiredVault]) -> Column {
    if targets.iter().any(|vault| vault.region == region) { Column::Vaults } else { Column::Copies }
}

/// The vaults that receive copies, by ARN, with the copies.
fn destinations(desired: &Desired) -> BTreeMap<String, Vec<&Copy>> {
    let mut destinations: BTreeMap<String, Vec<&Copy>> = BTreeMap::new();
    let rules = desired.plans.iter().flat_map(|plan| &plan.document.rules);
    for copy in rules.flat_map(|rule| &rule.copies) {
        destinations.entry(copy.destination.clone()).or_default().push(copy);
    }
    destinations
}

fn rule_id(plan: &DesiredPlan, rule: &Rule) -> String {
    format!("rule {} {} {}", plan.region, plan.document.name, rule.name)
}

fn plan(plan: &DesiredPlan, marks: Marks<'_>, next_runs: &NextRuns) -> Item {
    let document = &plan.document;
    let names: Vec<&str> = document.rules.iter().map(|rule| rule.name.as_str()).collect();
    let of_plan = |one: &crate::answer::Finding| one.resource.is("plan", &plan.region, &document.name);
    let of_selections = |one: &crate::answer::Finding| {
        one.resource.kind == "selection"
            && one.resource.region.as_ref() == Some(&plan.region)
            && words::selection_of(&one.resource.name, &document.name).is_some()
    };
    let mark = marks.of(|one| of_plan(one) || of_selections(one));
    let id = format!("plan {} {}", plan.region, document.name);
    let mut item = Item::new(&id, "plan", &document.name, mark);
    for selection in &plan.selections {
        let mark = marks.of(|one| {
            of_selections(one)
                && words::selection_of(&one.resource.name, &document.name) == Some(selection.name.as_str())
        });
        item.lines.push(Text::marked(format!("selects {}", words::selection(selection)), mark));
    }
    for rule in &document.rules {
        let mark = marks.of(|one| {
            of_plan(one) && words::rule_of(one.attribute.as_deref(), &names) == Some(rule.name.as_str())
        });
        let first = format!("rule {}: {}", clean(&rule.name), words::schedule(rule));
        item.lines.push(Text { anchor: Some(rule_id(plan, rule)), ..Text::marked(first, mark) });
        let next = next_runs.of_rule(&plan.region, &document.name, &rule.name);
        item.lines.push(Text::plain(format!("    {}{}", words::kept(rule), words::next_run(next))));
    }
    item
}

fn vault(vault: &DesiredVault, marks: Marks<'_>, is_short: bool) -> Item {
    let of = |kind: &'static str| {
        move |one: &crate::answer::Finding| one.resource.is(kind, &vault.region, &vault.name)
    };
    let mark = marks.of(|one| ["vault", "vault-policy", "vault-lock"].iter().any(|kind| of(kind)(one)));
    let is_drifted = mark.href.is_some();
    let mut item = Item::new(&vault.arn, "vault", &vault.name, mark);
    let lines = [
        Text::marked(words::key_of(vault), marks.of(of("vault"))),
        Text::marked(words::lock(vault), marks.of(of("vault-lock"))),
        Text::marked(words::policy(vault), marks.of(of("vault-policy"))),
    ];
    if is_short && !is_drifted {
        item.title = format!("{} · {}", item.title, words::lock(vault));
    } else {
        item.lines.extend(lines);
    }
    item
}

/// The ways of recovery points.
fn connect(map: &mut Arrangement, desired: &Desired, marks: Marks<'_>) {
    let mut copies: BTreeMap<(String, String), Vec<(&DesiredPlan, &Rule)>> = BTreeMap::new();
    for plan in &desired.plans {
        for rule in &plan.document.rules {
            let target = desired
                .vaults
                .iter()
                .find(|vault| vault.region == plan.region && vault.name == rule.target_vault);
            let Some(target) = target else { continue };
            map.connect(&rule_id(plan, rule), &target.arn, marks.of(is_about(plan, rule, "target_vault")));
            for copy in &rule.copies {
                let way = (target.arn.clone(), copy.destination.clone());
                copies.entry(way).or_default().push((plan, rule));
            }
        }
    }
    for ((from, to), rules) in copies {
        let member = format!("copies.{to}");
        let mark = marks.of(|one| rules.iter().any(|(plan, rule)| is_about(plan, rule, &member)(one)));
        map.connect(&from, &to, mark);
    }
}

/// Whether a finding is about this member of a rule, or about the whole rule.
fn is_about<'a>(
    plan: &'a DesiredPlan,
    rule: &'a Rule,
    member: &'a str,
) -> impl Fn(&crate::answer::Finding) -> bool + 'a {
    move |one| {
        let whole = format!("rules.{}", rule.name);
        one.resource.is("plan", &plan.region, &plan.document.name)
            && one.attribute.as_ref().is_some_and(|attribute| {
                *attribute == whole || attribute.starts_with(&format!("{whole}.{member}"))
            })
    }
}

/// The alias, or what else names the key.
pub(crate) fn key_name(key: &VaultKey) -> &str {
    match key {
        VaultKey::Alias(alias) => alias,
        VaultKey::Arn(arn) => arn,
        VaultKey::AwsManaged => reconcile::desired::AWS_MANAGED_KEY,
    }
}
