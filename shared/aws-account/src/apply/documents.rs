//! Writes plans and selections as AWS Backup takes them.

use aws_sdk_backup::types::{
    AdvancedBackupSetting, BackupPlanInput, BackupRuleInput, BackupSelection, Condition, ConditionParameter,
    ConditionType, Conditions, CopyAction, Lifecycle as SdkLifecycle,
};
use reconcile::call::CallError;
use reconcile::desired::{ConditionOperator, Lifecycle, PlanDocument, Rule, SelectionDocument};

use super::parts::{incomplete, tag_map};

pub(super) fn plan(document: &PlanDocument) -> Result<BackupPlanInput, CallError> {
    let rules: Result<Vec<_>, _> = document.rules.iter().map(rule).collect();
    let settings: Vec<AdvancedBackupSetting> = document
        .advanced_settings
        .iter()
        .map(|(resource_type, options)| {
            AdvancedBackupSetting::builder()
                .resource_type(resource_type)
                .set_backup_options(Some(options.iter().map(|(k, v)| (k.clone(), v.clone())).collect()))
                .build()
        })
        .collect();
    BackupPlanInput::builder()
        .backup_plan_name(&document.name)
        .set_rules(Some(rules?))
        .set_advanced_backup_settings((!settings.is_empty()).then_some(settings))
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
    } = rule;
    let copies: Result<Vec<_>, _> = copies
        .iter()
        .map(|(destination, kept)| {
            CopyAction::builder()
                .destination_backup_vault_arn(destination)
                .set_lifecycle(lifecycle(kept))
                .build()
                .map_err(incomplete)
        })
        .collect();
    let copies = copies?;
    BackupRuleInput::builder()
        .rule_name(name)
        .target_backup_vault_name(target_vault)
        .schedule_expression(schedule)
        .schedule_expression_timezone(timezone)
        .start_window_minutes(*start_window_minutes)
        .completion_window_minutes(*completion_window_minutes)
        .set_lifecycle(lifecycle(kept))
        .enable_continuous_backup(*continuous_backup)
        .set_recovery_point_tags(tag_map(recovery_point_tags))
        .set_copy_actions((!copies.is_empty()).then_some(copies))
        .build()
        .map_err(incomplete)
}

fn lifecycle(kept: &Lifecycle) -> Option<SdkLifecycle> {
    (*kept != Lifecycle::default()).then(|| {
        SdkLifecycle::builder()
            .set_delete_after_days(kept.delete_after_days)
            .set_move_to_cold_storage_after_days(kept.cold_storage_after_days)
            .build()
    })
}

pub(super) fn selection(document: &SelectionDocument) -> Result<BackupSelection, CallError> {
    let SelectionDocument { name, role_arn, resources, not_resources, tags, conditions: _ } = document;
    let list =
        |set: &std::collections::BTreeSet<String>| (!set.is_empty()).then(|| set.iter().cloned().collect());
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
