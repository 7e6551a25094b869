//! Writes plans and selections as AWS Backup takes them.

use std::collections::BTreeSet;

use aws_sdk_backup::types::{
    AdvancedBackupSetting, BackupPlanInput, BackupRuleInput, BackupSelection, Condition, ConditionParameter,
    ConditionType, Conditions, CopyAction, IndexAction, Lifecycle as SdkLifecycle,
    ScanAction as SdkScanAction, ScanSetting as SdkScanSetting,
};
use reconcile::call::CallError;
use reconcile::desired::{
    AdvancedSetting, ConditionOperator, Copy, CopyLifecycle, CopyRetention, PlanDocument, Rule, ScanAction,
    ScanSetting, SelectionDocument,
};

use super::parts::{incomplete, tag_map};

pub(super) fn plan(document: &PlanDocument) -> Result<BackupPlanInput, CallError> {
    let PlanDocument { name, rules, advanced_settings, scan_settings: _ } = document;
    let rules: Result<Vec<_>, _> = rules.iter().map(rule).collect();
    let settings: Vec<AdvancedBackupSetting> = advanced_settings
        .iter()
        .map(|AdvancedSetting { resource_type, options }| {
            AdvancedBackupSetting::builder()
                .resource_type(resource_type)
                .set_backup_options(Some(options.iter().map(|(k, v)| (k.clone(), v.clone())).collect()))
                .build()
        })
        .collect();
    let scans = document.scan_settings.iter().flatten();
    BackupPlanInput::builder()
        .backup_plan_name(name)
        .set_rules(Some(rules?))
        .set_advanced_backup_settings(if_any(settings))
        .set_scan_settings(if_any(scans.map(scan_setting).collect()))
        .build()
        .map_err(incomplete)
}

fn rule(rule: &Rule) -> Result<BackupRuleInput, CallError> {
    let Rule {
        name,
        schedule,
        timezone,
        target_vault,
        start_window_minutes,
        completion_window_minutes,
        lifecycle: kept,
        continuous_backup,
        recovery_point_tags,
        copies,
        air_gapped_vault,
        scan_actions,
        index_actions,
    } = rule;
    let copies: Result<Vec<_>, _> = copies.iter().map(copy).collect();
    let index = |types: &BTreeSet<String>| {
        IndexAction::builder().set_resource_types(if_any(types.iter().cloned().collect())).build()
    };
    BackupRuleInput::builder()
        .rule_name(name)
        .target_backup_vault_name(target_vault)
        .schedule_expression(schedule)
        .schedule_expression_timezone(timezone)
        .start_window_minutes(*start_window_minutes)
        .completion_window_minutes(*completion_window_minutes)
        .set_target_logically_air_gapped_backup_vault_arn(air_gapped_vault.clone())
        .set_lifecycle(lifecycle(
            kept.delete_after_days,
            kept.cold_storage_after_days,
            kept.opt_in_to_archive,
        ))
        .enable_continuous_backup(*continuous_backup)
        .set_recovery_point_tags(tag_map(recovery_point_tags))
        .set_copy_actions(if_any(copies?))
        .set_scan_actions(if_any(scan_actions.iter().flatten().map(scan_action).collect()))
        .set_index_actions(if_any(index_actions.iter().flatten().map(index).collect()))
        .build()
        .map_err(incomplete)
}

/// AWS reads an empty list as none, and refuses some.
fn if_any<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

fn copy(copy: &Copy) -> Result<CopyAction, CallError> {
    let Copy { destination, lifecycle: CopyLifecycle { kept, cold_storage_after_days, opt_in_to_archive } } =
        copy;
    let days = match kept {
        CopyRetention::AsItsSource => None,
        CopyRetention::Days(days) => Some(*days),
    };
    let copy = CopyAction::builder().destination_backup_vault_arn(destination).set_lifecycle(lifecycle(
        days,
        *cold_storage_after_days,
        *opt_in_to_archive,
    ));
    copy.build().map_err(incomplete)
}

/// Nothing at all where nothing is asked for. The opt-in is sent only if it is on: where a region does not have the archive tier, AWS
/// refuses the member whatever it says.
fn lifecycle(delete: Option<i64>, cold: Option<i64>, archive: Option<bool>) -> Option<SdkLifecycle> {
    let archive = archive.filter(|archive| *archive);
    (delete.is_some() || cold.is_some() || archive.is_some()).then(|| {
        SdkLifecycle::builder()
            .set_delete_after_days(delete)
            .set_move_to_cold_storage_after_days(cold)
            .set_opt_in_to_archive_for_supported_resources(archive)
            .build()
    })
}

fn scan_action(action: &ScanAction) -> SdkScanAction {
    let ScanAction { scanner, mode } = action;
    SdkScanAction::builder().malware_scanner(scanner.as_str().into()).scan_mode(mode.as_str().into()).build()
}

fn scan_setting(setting: &ScanSetting) -> SdkScanSetting {
    let ScanSetting { scanner, resource_types, role_arn } = setting;
    SdkScanSetting::builder()
        .malware_scanner(scanner.as_str().into())
        .set_resource_types(if_any(resource_types.iter().cloned().collect()))
        .scanner_role_arn(role_arn)
        .build()
}

pub(super) fn selection(document: &SelectionDocument) -> Result<BackupSelection, CallError> {
    let SelectionDocument { name, role_arn, resources, not_resources, tags, conditions: _ } = document;
    let list = |set: &BTreeSet<String>| (!set.is_empty()).then(|| set.iter().cloned().collect());
    let tags: Result<Vec<_>, _> = tags
        .iter()
        .map(|tag| {
            Condition::builder()
                .condition_type(ConditionType::Stringequals)
                .condition_key(&tag.key)
                .condition_value(&tag.value)
                .build()
                .map_err(incomplete)
        })
        .collect();
    let tags = tags?;
    BackupSelection::builder()
        .selection_name(name)
        .iam_role_arn(role_arn)
        .set_resources(list(resources))
        .set_not_resources(list(not_resources))
        .set_list_of_tags((!tags.is_empty()).then_some(tags))
        .set_conditions(conditions(document))
        .build()
        .map_err(incomplete)
}

fn conditions(document: &SelectionDocument) -> Option<Conditions> {
    if document.conditions.is_empty() {
        return None;
    }
    let mut conditions = Conditions::builder();
    for one in &document.conditions {
        let parameter =
            ConditionParameter::builder().condition_key(&one.key).condition_value(&one.value).build();
        conditions = match one.operator {
            ConditionOperator::StringEquals => conditions.string_equals(parameter),
            ConditionOperator::StringLike => conditions.string_like(parameter),
            ConditionOperator::StringNotEquals => conditions.string_not_equals(parameter),
            ConditionOperator::StringNotLike => conditions.string_not_like(parameter),
        };
    }
    Some(conditions.build())
}
