//! Plans with their rules and selections as tables.

use reconcile::desired::{
    AdvancedSetting, Copy, CopyLifecycle, CopyRetention, DEFAULT_TIMEZONE, Desired, DesiredPlan, Lifecycle,
    PlanDocument, Rule, SelectionCondition, SelectionDocument, TagCondition, without_defaults,
};
use toml_edit::{Array, ArrayOfTables, InlineTable, Item, Table, Value};

use super::names::Names;
use super::toml::{commented, inline, list, set, set_some};

pub(super) fn plan(plan: &DesiredPlan, desired: &Desired, names: &Names) -> Table {
    let DesiredPlan { region, document, tags, selections } = plan;
    let PlanDocument { name, rules, advanced_settings, scan_settings } = document;
    let mut table = Table::new();
    set(&mut table, "name", names.templates.regional(name, region));
    let region_name = names.templates.region(region);
    set_some(&mut table, "region", Some(region_name).filter(|name| *name != "primary"));
    let advanced = advanced(advanced_settings);
    if !advanced.is_empty() {
        set(&mut table, "advanced_settings", advanced);
    }
    if let Some(settings) = scan_settings.as_ref().filter(|settings| !settings.is_empty()) {
        let one = |setting: &reconcile::desired::ScanSetting| {
            let mut one = InlineTable::new();
            one.insert("scanner", setting.scanner.as_str().into());
            one.insert("resource_types", words(&setting.resource_types));
            one.insert("role", names.templates.global(&setting.role_arn).into());
            one
        };
        set(&mut table, "scan_settings", list(settings.iter().map(one)));
    }
    super::items::tags(&mut table, &names.own_tags(tags));
    let tables = |all: Vec<Table>| {
        Item::ArrayOfTables(all.into_iter().map(|one| commented(one, &[])).collect::<ArrayOfTables>())
    };
    table.insert("rules", tables(rules.iter().map(|one| rule(one, region, desired, names)).collect()));
    if !selections.is_empty() {
        let selections = selections.iter().map(|one| selection(one, region, desired, names));
        table.insert("selections", tables(selections.collect()));
    }
    table
}

fn words<'a>(words: impl IntoIterator<Item = &'a String>) -> Value {
    Value::Array(words.into_iter().map(String::as_str).collect::<Array>())
}

/// Options at their default say nothing, and are left out.
fn advanced(settings: &[AdvancedSetting]) -> InlineTable {
    let told = without_defaults(&reconcile::desired::by_type(settings));
    told.iter().map(|(kind, options)| (kind.as_str(), Value::InlineTable(inline(options)))).collect()
}

fn rule(rule: &Rule, region: &str, desired: &Desired, names: &Names) -> Table {
    let Rule {
        name,
        schedule,
        timezone,
        target_vault,
        air_gapped_vault,
        start_window_minutes,
        completion_window_minutes,
        lifecycle,
        continuous_backup,
        recovery_point_tags,
        copies,
        scan_actions,
        index_actions,
    } = rule;
    let Lifecycle { delete_after_days, cold_storage_after_days, opt_in_to_archive } = lifecycle;
    let mut table = Table::new();
    set(&mut table, "name", name.as_str());
    set(&mut table, "vault", names.templates.regional(target_vault, region));
    let air_gapped = air_gapped_vault.as_ref().map(|arn| air_gapped(arn, region, desired, names));
    set_some(&mut table, "air_gapped_vault", air_gapped);
    set(&mut table, "schedule", schedule.as_str());
    set_some(&mut table, "timezone", Some(timezone.as_str()).filter(|zone| *zone != DEFAULT_TIMEZONE));
    set(&mut table, "start_window_minutes", *start_window_minutes);
    set(&mut table, "completion_window_minutes", *completion_window_minutes);
    set_some(&mut table, "delete_after_days", *delete_after_days);
    set_some(&mut table, "cold_storage_after_days", *cold_storage_after_days);
    set_some(&mut table, "opt_in_to_archive", opt_in_to_archive.filter(|opts_in| *opts_in));
    set_some(&mut table, "continuous_backup", Some(*continuous_backup).filter(|is_on| *is_on));
    if !recovery_point_tags.is_empty() {
        set(&mut table, "recovery_point_tags", inline(recovery_point_tags));
    }
    if !copies.is_empty() {
        set(&mut table, "copies", list(copies.iter().map(|one| copy(one, region, desired, names))));
    }
    if let Some(scans) = scan_actions.as_ref().filter(|scans| !scans.is_empty()) {
        let one = |scan: &reconcile::desired::ScanAction| -> InlineTable {
            [("scanner", scan.scanner.as_str()), ("mode", scan.mode.as_str())].into_iter().collect()
        };
        set(&mut table, "scan_actions", list(scans.iter().map(one)));
    }
    if let Some(actions) = index_actions.as_ref().filter(|actions| !actions.is_empty()) {
        let one = |types| -> InlineTable { [("resource_types", words(types))].into_iter().collect() };
        set(&mut table, "index_actions", list(actions.iter().map(one)));
    }
    table
}

/// By name in the plan's region and account, which AWS wants, and else as it is.
fn air_gapped(arn: &str, region: &str, desired: &Desired, names: &Names) -> String {
    let here = crate::imported::vault_arn(&desired.partition, &desired.account, region, "");
    let name = arn.strip_prefix(&here).unwrap_or(arn);
    names.templates.regional(name, region)
}

fn copy(copy: &Copy, region: &str, desired: &Desired, names: &Names) -> InlineTable {
    let Copy { destination, lifecycle } = copy;
    let CopyLifecycle { kept, cold_storage_after_days, opt_in_to_archive } = lifecycle;
    let mut table = InlineTable::new();
    match desired.vaults.iter().find(|vault| vault.arn == *destination) {
        Some(vault) => {
            table.insert("vault", names.templates.regional(&vault.name, &vault.region).into());
            table.insert("region", names.templates.region(&vault.region).into());
        }
        None => {
            table.insert("vault_arn", names.templates.regional(destination, region).into());
        }
    }
    match kept {
        CopyRetention::Days(days) => {
            table.insert("delete_after_days", (*days).into());
        }
        CopyRetention::AsItsSource => {}
    }
    if let Some(days) = cold_storage_after_days {
        table.insert("cold_storage_after_days", (*days).into());
    }
    if opt_in_to_archive.unwrap_or_default() {
        table.insert("opt_in_to_archive", true.into());
    }
    table
}

fn selection(selection: &SelectionDocument, region: &str, desired: &Desired, names: &Names) -> Table {
    let SelectionDocument { name, role_arn, resources, not_resources, tags, conditions } = selection;
    let mut table = Table::new();
    set(&mut table, "name", name.as_str());
    // The first role is the one that a selection has without saying so. A role that the spec lacks is refused by its name.
    if desired.roles.first().is_none_or(|role| role.arn != *role_arn) {
        let name = role_arn.rsplit('/').next().unwrap_or(role_arn);
        set(&mut table, "role", names.templates.global(name));
    }
    for (key, arns) in [("resources", resources), ("not_resources", not_resources)] {
        if !arns.is_empty() {
            set(&mut table, key, list(arns.iter().map(|arn| names.templates.regional(arn, region))));
        }
    }
    if !tags.is_empty() {
        let one = |TagCondition { key, value }: &TagCondition| -> InlineTable {
            [("key", key.as_str()), ("value", value.as_str())].into_iter().collect()
        };
        set(&mut table, "tags", list(tags.iter().map(one)));
    }
    if !conditions.is_empty() {
        let one = |SelectionCondition { operator, key, value }: &SelectionCondition| -> InlineTable {
            let members = [("operator", operator.as_str()), ("key", key.as_str()), ("value", value.as_str())];
            members.into_iter().collect()
        };
        set(&mut table, "conditions", list(conditions.iter().map(one)));
    }
    table
}
