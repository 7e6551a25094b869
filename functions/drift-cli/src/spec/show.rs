//! `drift spec show`: what a spec wants, in words.

use std::collections::BTreeMap;
use std::process::ExitCode;

use reconcile::coverage::{resource_types, selects};
use reconcile::desired::{
    Desired, DesiredKey, DesiredPlan, DesiredRole, DesiredVault, OptIn, Rule, SelectionDocument,
};
use reconcile::policy::Policy;
use reconcile::spec::Spec;

use super::{source, words};
use crate::paint;

pub(super) fn show(meant: Option<(Spec, String)>) -> anyhow::Result<ExitCode> {
    let (spec, from) = match meant {
        Some(meant) => meant,
        None => (source::shipped()?, "the reference that is shipped".to_owned()),
    };
    source::print(&description(&spec, &from)?)?;
    Ok(ExitCode::SUCCESS)
}

/// What a spec wants.
///
/// # Errors
///
/// When two of its regions are one.
pub fn description(spec: &Spec, from: &str) -> anyhow::Result<Vec<String>> {
    let desired = words::resolved(spec)?;
    let regions = spec.regions().into_iter().map(|(name, region)| format!("{name} {region}"));
    let mut told = vec![
        paint::heading(&words::line(&format!("spec {} ({from}), SHA-256 {}", spec.name(), spec.sha256()))),
        words::line(&format!("regions: {}", words::row(regions))),
    ];
    section(&mut told, "Roles", desired.roles.iter().flat_map(role));
    section(&mut told, "Keys", desired.keys.iter().map(key));
    section(&mut told, "Vaults", desired.vaults.iter().flat_map(vault));
    section(&mut told, "Plans", desired.plans.iter().flat_map(|plan| self::plan(plan, &desired)));
    section(&mut told, "What AWS Backup must be switched on for", settings(&desired));
    section(&mut told, "Coverage", coverage(&desired));
    let exceptions = desired.exceptions.iter().map(|one| {
        let attribute = one.attribute.as_ref().map(|one| format!(" of {one}")).unwrap_or_default();
        let (resource, code, until) = (&one.resource, &one.code, one.until);
        format!("{resource}: {code}{attribute} is agreed until {until} by {}: {}", one.owner, one.reason)
    });
    section(&mut told, "Exceptions", exceptions);
    Ok(told)
}

fn section(told: &mut Vec<String>, title: &str, lines: impl IntoIterator<Item = String>) {
    let lines: Vec<String> = lines.into_iter().map(|line| format!("  {}", words::line(&line))).collect();
    if !lines.is_empty() {
        told.extend([String::new(), paint::heading(title)]);
        told.extend(lines);
    }
}

fn role(role: &DesiredRole) -> Vec<String> {
    let DesiredRole { name: _, path: _, arn, trust: _, managed_policies, boundary, inline_policies, tags } =
        role;
    let mut told = vec![arn.clone()];
    told.extend(managed_policies.iter().map(|policy| format!("  has {policy}")));
    told.extend(inline_policies.keys().map(|policy| format!("  has the inline policy {policy}")));
    told.extend(boundary.iter().map(|arn| format!("  is bounded by {arn}")));
    if !tags.is_empty() {
        told.push(format!("  is tagged {}", words::tags(tags)));
    }
    told
}

fn key(key: &DesiredKey) -> String {
    let DesiredKey { region, alias, rotation, rotation_period_days, origin: _, multi_region, policy, .. } =
        key;
    let rotation = match (rotation, rotation_period_days) {
        (false, _) => "rotation is not required".to_owned(),
        (true, None) => "rotates".to_owned(),
        (true, Some(days)) => format!("rotates every {days} days"),
    };
    let several = if *multi_region { ", is in several regions" } else { "" };
    let policy = if policy.is_some() { ", has a key policy of its own" } else { "" };
    format!("{region}/{alias}: {rotation}{several}{policy}")
}

fn vault(vault: &DesiredVault) -> Vec<String> {
    let DesiredVault { region, name, arn: _, key, tags: _, policy, lock, notifications } = vault;
    let lock = lock.as_ref().map_or_else(|| "no lock is required".to_owned(), words::lock);
    let mut told = vec![format!("{region}/{name}"), format!("  on {}; {lock}", words::key(key))];
    if let Some(policy) = policy.as_ref().and_then(|policy| Policy::parse(policy).ok()) {
        let denied: Vec<&str> = policy.denied_actions().collect();
        let said = if denied.is_empty() {
            "denies nothing".to_owned()
        } else {
            format!("denies {}", words::row(denied))
        };
        told.push(format!("  its policy {said}"));
    }
    if let Some(notifications) = notifications {
        told.push(format!("  notifies {1} of {0}", words::row(&notifications.events), notifications.topic));
    }
    told
}

fn plan(plan: &DesiredPlan, desired: &Desired) -> Vec<String> {
    let DesiredPlan { region, document, tags: _, selections } = plan;
    let mut told = vec![format!("{region}/{}", document.name)];
    told.extend(document.rules.iter().flat_map(|one| rule(one, desired)));
    told.extend(selections.iter().map(|one| selection(one, desired)));
    if selections.is_empty() {
        told.push("  no selection: no backup is made".to_owned());
    }
    told
}

fn rule(rule: &Rule, desired: &Desired) -> Vec<String> {
    let when = words::schedule(&rule.schedule, &rule.timezone);
    let days = rule.lifecycle.delete_after_days;
    let cold = rule.lifecycle.cold_storage_after_days;
    let cold = cold.map(|days| format!(", in cold storage after {days} days")).unwrap_or_default();
    let continuous = if rule.continuous_backup { ", any point in time" } else { "" };
    let kept = words::kept(days);
    let mut told =
        vec![format!("  {}: {when}, into {}, {kept}{cold}{continuous}", rule.name, rule.target_vault)];
    if let Some(vault) = &rule.air_gapped_vault {
        told.push(format!("    with the air-gapped vault {vault}"));
    }
    told.extend(rule.copies.iter().map(|copy| {
        let vault = words::vault(&copy.destination, desired);
        format!("    copied to {vault}, {}", words::copied(&copy.lifecycle))
    }));
    told
}

fn selection(selection: &SelectionDocument, desired: &Desired) -> String {
    let SelectionDocument { name, role_arn, resources, not_resources, tags, conditions } = selection;
    let mut told = Vec::new();
    if !resources.is_empty() {
        told.push(words::row(resources));
    }
    if !tags.is_empty() {
        let tags = tags.iter().map(|tag| format!("{}={}", tag.key, tag.value));
        told.push(format!("what is tagged {}", tags.collect::<Vec<_>>().join(" or ")));
    }
    let mut all = told.join(", and ");
    if !not_resources.is_empty() {
        all += &format!(", but not {}", words::row(not_resources));
    }
    if !conditions.is_empty() {
        let each =
            conditions.iter().map(|one| format!("{} {} {}", one.key, one.operator.as_str(), one.value));
        all += &format!(", if {}", each.collect::<Vec<_>>().join(" and "));
    }
    let role = desired.role_of(role_arn).map_or(role_arn.as_str(), |role| role.name.as_str());
    format!("  selection {name}, as {role}: {all}")
}

fn settings(desired: &Desired) -> Vec<String> {
    let told = desired.region_settings.iter().filter_map(|settings| {
        let opt_in = match &settings.opt_in {
            OptIn::Unsaid if settings.management.is_empty() => return None,
            OptIn::Unsaid => "what its selections need".to_owned(),
            OptIn::All => "everything".to_owned(),
            OptIn::Types(types) => words::row(types),
        };
        let management = if settings.management.is_empty() {
            String::new()
        } else {
            format!("; in full for {}", words::row(&settings.management))
        };
        Some(format!("{}: {opt_in}{management}", settings.region))
    });
    told.collect()
}

/// Which types of resources more than one selection of a region selects, and which none.
fn coverage(desired: &Desired) -> Vec<String> {
    let mut by_type: BTreeMap<&str, Vec<String>> = resource_types().map(|kind| (kind, Vec::new())).collect();
    for plan in &desired.plans {
        for selection in &plan.selections {
            for (_, by) in by_type.iter_mut().filter(|(kind, _)| selects(selection, kind)) {
                by.push(format!("{}/{}", plan.document.name, selection.name));
            }
        }
    }
    let mut overlaps: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (kind, by) in by_type.iter().filter(|(_, by)| by.len() > 1) {
        overlaps.entry(words::row(by)).or_default().push(kind);
    }
    let none: Vec<&str> = by_type.iter().filter(|(_, by)| by.is_empty()).map(|(kind, _)| *kind).collect();
    let mut told: Vec<String> = overlaps
        .into_iter()
        .map(|(by, kinds)| format!("more than one selection may back up {}: {by}", words::row(kinds)))
        .collect();
    if !none.is_empty() && !desired.plans.is_empty() {
        told.push(format!("no selection backs up {}", words::row(none)));
    }
    told
}
