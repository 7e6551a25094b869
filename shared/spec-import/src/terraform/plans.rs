//! Plans with their rules and selections.

use std::collections::{BTreeSet, HashMap};

use reconcile::desired::{
    AdvancedSetting, ConditionOperator, Copy, CopyLifecycle, CopyRetention, DEFAULT_COMPLETION_WINDOW,
    DEFAULT_SCHEDULE, DEFAULT_START_WINDOW, DEFAULT_TIMEZONE, DesiredPlan, Lifecycle, PlanDocument, Rule,
    ScanAction, ScanSetting, SelectionCondition, SelectionDocument, TagCondition,
};
use serde_json::Value;

use super::reading::{Among, Reading, tags};
use super::state::Resource;
use crate::Imported;
use crate::json::{boolean, items, map, no_number, positive, strings, text};

const NUMBERS: [&str; 4] = ["delete_after", "cold_storage_after", "start_window", "completion_window"];

pub(super) fn read(reading: &Reading<'_>, imported: &mut Imported) {
    let named = Among::of(reading.state.managed("aws_backup_plan"), &["id"]);
    let mut selections: HashMap<&str, Vec<&Resource>> = HashMap::new();
    for one in reading.state.managed("aws_backup_selection") {
        match reading.linked(one, "plan_id", &named).first() {
            Some(plan) => selections.entry(plan.address.as_str()).or_default().push(one),
            None => imported.leave_out(&one.address, "its plan is not here, and a spec says whole plans"),
        }
    }
    for plan in reading.state.managed("aws_backup_plan") {
        let Some(name) = text(&plan.values, "name") else {
            imported.leave_out(&plan.address, "its name is not known yet");
            continue;
        };
        let mut of_plan = Vec::new();
        let mut unsaid = no_number(&plan.values, &|name| NUMBERS.contains(&name))
            .map(|name| format!("{name} is no number"));
        for one in selections.get(plan.address.as_str()).into_iter().flatten() {
            match selection(reading, one) {
                Ok(document) => of_plan.push(document),
                Err(why) => unsaid = Some(format!("{}: {why}", one.address)),
            }
        }
        if let Some(why) = unsaid {
            imported.leave_out(&plan.address, why);
            continue;
        }
        imported.desired.plans.push(DesiredPlan {
            region: reading.region(plan),
            document: document(reading, plan, name),
            tags: tags(plan),
            selections: of_plan,
        });
    }
}

fn document(reading: &Reading<'_>, plan: &Resource, name: String) -> PlanDocument {
    let values = &plan.values;
    let advanced = |one: &Value| {
        let options = map(one, "backup_options");
        Some(AdvancedSetting { resource_type: text(one, "resource_type")?, options })
    };
    let scan = |one: &Value| {
        Some(ScanSetting {
            scanner: text(one, "malware_scanner")?,
            resource_types: strings(one, "resource_types"),
            role_arn: text(one, "scanner_role_arn").unwrap_or_default(),
        })
    };
    let mut rules: Vec<Rule> = items(values, "rule").iter().map(|one| rule(reading, plan, one)).collect();
    rules.sort_by(|a, b| a.name.cmp(&b.name));
    PlanDocument {
        name,
        rules,
        advanced_settings: items(values, "advanced_backup_setting").iter().filter_map(advanced).collect(),
        scan_settings: Some(items(values, "scan_setting").iter().filter_map(scan).collect()),
    }
}

fn rule(reading: &Reading<'_>, plan: &Resource, rule: &Value) -> Rule {
    let name = text(rule, "rule_name").unwrap_or_default();
    // How the rule is written, if the plan has it by name.
    let written = items(&reading.state.block(plan)["expressions"], "rule");
    let is_it = |block: &&Value| block["rule_name"]["constant_value"].as_str() == Some(name.as_str());
    let written = written.iter().find(is_it).or(written.first().filter(|_| written.len() == 1));
    let written = written.unwrap_or(&Value::Null);
    let or_written = |key: &str| text(rule, key).or_else(|| reading.worked_out(plan, &written[key]));
    let lifecycle = rule["lifecycle"].get(0).unwrap_or(&Value::Null);
    let scan = |one: &Value| {
        Some(ScanAction { scanner: text(one, "malware_scanner")?, mode: text(one, "scan_mode")? })
    };
    Rule {
        schedule: text(rule, "schedule").unwrap_or_else(|| DEFAULT_SCHEDULE.to_owned()),
        timezone: text(rule, "schedule_expression_timezone").unwrap_or_else(|| DEFAULT_TIMEZONE.to_owned()),
        target_vault: or_written("target_vault_name").unwrap_or_default(),
        air_gapped_vault: or_written("target_logically_air_gapped_backup_vault_arn"),
        start_window_minutes: positive(rule, "start_window").unwrap_or(DEFAULT_START_WINDOW),
        completion_window_minutes: positive(rule, "completion_window").unwrap_or(DEFAULT_COMPLETION_WINDOW),
        lifecycle: Lifecycle {
            delete_after_days: positive(lifecycle, "delete_after"),
            cold_storage_after_days: positive(lifecycle, "cold_storage_after"),
            opt_in_to_archive: boolean(lifecycle, "opt_in_to_archive_for_supported_resources"),
        },
        continuous_backup: boolean(rule, "enable_continuous_backup").unwrap_or_default(),
        recovery_point_tags: map(rule, "recovery_point_tags"),
        copies: items(rule, "copy_action")
            .iter()
            .enumerate()
            .map(|(index, one)| copy(reading, plan, one, &written["copy_action"][index]))
            .collect(),
        scan_actions: Some(items(rule, "scan_action").iter().filter_map(scan).collect()),
        index_actions: None,
        name,
    }
}

/// Where it is not known where a copy goes, it goes nowhere, and the spec's rules refuse the plan.
fn copy(reading: &Reading<'_>, plan: &Resource, copy: &Value, written: &Value) -> Copy {
    let lifecycle = copy["lifecycle"].get(0).unwrap_or(&Value::Null);
    let kept = positive(lifecycle, "delete_after");
    let destination = text(copy, "destination_vault_arn");
    Copy {
        destination: destination
            .or_else(|| reading.worked_out(plan, &written["destination_vault_arn"]))
            .unwrap_or_default(),
        lifecycle: CopyLifecycle {
            kept: kept.map_or(CopyRetention::AsItsSource, CopyRetention::Days),
            cold_storage_after_days: positive(lifecycle, "cold_storage_after"),
            opt_in_to_archive: boolean(lifecycle, "opt_in_to_archive_for_supported_resources"),
        },
    }
}

fn selection(reading: &Reading<'_>, selection: &Resource) -> Result<SelectionDocument, &'static str> {
    let values = &selection.values;
    let tag = |one: &Value| {
        Some(TagCondition { key: text(one, "key")?, value: text(one, "value").unwrap_or_default() })
    };
    let mut conditions = BTreeSet::new();
    for block in items(values, "condition") {
        for (key, operator) in [
            ("string_equals", ConditionOperator::StringEquals),
            ("string_like", ConditionOperator::StringLike),
            ("string_not_equals", ConditionOperator::StringNotEquals),
            ("string_not_like", ConditionOperator::StringNotLike),
        ] {
            conditions.extend(items(block, key).iter().filter_map(|one| {
                let value = text(one, "value").unwrap_or_default();
                Some(SelectionCondition { operator, key: text(one, "key")?, value })
            }));
        }
    }
    Ok(SelectionDocument {
        name: text(values, "name").ok_or("its name is not known yet")?,
        role_arn: reading.text(selection, "iam_role_arn").ok_or("its role is not known yet")?,
        resources: strings(values, "resources"),
        not_resources: strings(values, "not_resources"),
        tags: items(values, "selection_tag").iter().filter_map(tag).collect(),
        conditions,
    })
}
