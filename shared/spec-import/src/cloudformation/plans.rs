//! Plans with their rules and selections.

use std::collections::{BTreeMap, BTreeSet};

use reconcile::desired::{
    AdvancedSetting, ConditionOperator, Copy, CopyLifecycle, CopyRetention, DEFAULT_COMPLETION_WINDOW,
    DEFAULT_SCHEDULE, DEFAULT_START_WINDOW, DEFAULT_TIMEZONE, DesiredPlan, Lifecycle, PlanDocument, Rule,
    ScanAction, ScanSetting, SelectionCondition, SelectionDocument, TagCondition,
};
use serde_json::Value;

use super::intrinsics::Template;
use crate::Imported;
use crate::json::{boolean, items, map, no_number, positive, strings, text};

pub(super) fn read(template: &Template<'_>, imported: &mut Imported) {
    let mut selections: BTreeMap<Option<&str>, Vec<(&str, &Value)>> = BTreeMap::new();
    for (id, properties) in template.resources("AWS::Backup::BackupSelection") {
        let plan = template.link(&properties["BackupPlanId"]);
        selections.entry(plan).or_default().push((id, &properties["BackupSelection"]));
    }
    for (id, properties) in template.resources("AWS::Backup::BackupPlan") {
        let plan = template.value(properties);
        let document = &plan["BackupPlan"];
        let Some(name) = text(document, "BackupPlanName") else {
            imported.leave_out(id, "it has no BackupPlanName");
            continue;
        };
        let its = selections.remove(&Some(id)).unwrap_or_default();
        if let Some(number) = unknown_number(document) {
            let why = format!(
                "{number} is no number here; give it one, or its parameter a default, and import again"
            );
            imported.leave_out(id, why);
            continue;
        }
        imported.desired.plans.push(DesiredPlan {
            region: template.region.to_owned(),
            document: self::document(document, name),
            tags: map(&plan, "BackupPlanTags"),
            selections: its.into_iter().map(|(id, one)| selection(id, &template.value(one))).collect(),
        });
    }
    for (id, _) in selections.into_values().flatten() {
        imported.leave_out(id, "its plan is not in the template, and a spec says whole plans");
    }
}

/// A number that the template does not say: without it a plan or a lock would say something else.
pub(super) fn unknown_number(value: &Value) -> Option<String> {
    no_number(value, &|name| name.ends_with("Days") || name.ends_with("Minutes"))
}

fn document(plan: &Value, name: String) -> PlanDocument {
    let advanced = |one: &Value| {
        let options = map(one, "BackupOptions");
        Some(AdvancedSetting { resource_type: text(one, "ResourceType")?, options })
    };
    let scan = |one: &Value| {
        Some(ScanSetting {
            scanner: text(one, "MalwareScanner")?,
            resource_types: strings(one, "ResourceTypes"),
            role_arn: text(one, "ScannerRoleArn").unwrap_or_default(),
        })
    };
    PlanDocument {
        name,
        rules: items(plan, "BackupPlanRule").iter().map(rule).collect(),
        advanced_settings: items(plan, "AdvancedBackupSettings").iter().filter_map(advanced).collect(),
        scan_settings: Some(items(plan, "ScanSettings").iter().filter_map(scan).collect()),
    }
}

fn rule(rule: &Value) -> Rule {
    let lifecycle = &rule["Lifecycle"];
    let scan = |one: &Value| {
        Some(ScanAction { scanner: text(one, "MalwareScanner")?, mode: text(one, "ScanMode")? })
    };
    Rule {
        name: text(rule, "RuleName").unwrap_or_default(),
        schedule: text(rule, "ScheduleExpression").unwrap_or_else(|| DEFAULT_SCHEDULE.to_owned()),
        timezone: text(rule, "ScheduleExpressionTimezone").unwrap_or_else(|| DEFAULT_TIMEZONE.to_owned()),
        target_vault: text(rule, "TargetBackupVault").unwrap_or_default(),
        air_gapped_vault: text(rule, "TargetLogicallyAirGappedBackupVaultArn"),
        start_window_minutes: positive(rule, "StartWindowMinutes").unwrap_or(DEFAULT_START_WINDOW),
        completion_window_minutes: positive(rule, "CompletionWindowMinutes")
            .unwrap_or(DEFAULT_COMPLETION_WINDOW),
        lifecycle: Lifecycle {
            delete_after_days: positive(lifecycle, "DeleteAfterDays"),
            cold_storage_after_days: positive(lifecycle, "MoveToColdStorageAfterDays"),
            opt_in_to_archive: boolean(lifecycle, "OptInToArchiveForSupportedResources"),
        },
        continuous_backup: boolean(rule, "EnableContinuousBackup").unwrap_or_default(),
        recovery_point_tags: map(rule, "RecoveryPointTags"),
        copies: items(rule, "CopyActions").iter().map(copy).collect(),
        scan_actions: Some(items(rule, "ScanActions").iter().filter_map(scan).collect()),
        index_actions: Some(
            items(rule, "IndexActions").iter().map(|one| strings(one, "ResourceTypes")).collect(),
        ),
    }
}

fn copy(copy: &Value) -> Copy {
    let lifecycle = &copy["Lifecycle"];
    let kept = positive(lifecycle, "DeleteAfterDays");
    Copy {
        destination: text(copy, "DestinationBackupVaultArn").unwrap_or_default(),
        lifecycle: CopyLifecycle {
            kept: kept.map_or(CopyRetention::AsItsSource, CopyRetention::Days),
            cold_storage_after_days: positive(lifecycle, "MoveToColdStorageAfterDays"),
            opt_in_to_archive: boolean(lifecycle, "OptInToArchiveForSupportedResources"),
        },
    }
}

fn selection(id: &str, selection: &Value) -> SelectionDocument {
    let tag = |one: &Value| {
        let value = text(one, "ConditionValue").unwrap_or_default();
        Some(TagCondition { key: text(one, "ConditionKey")?, value })
    };
    let mut conditions = BTreeSet::new();
    for operator in [
        ConditionOperator::StringEquals,
        ConditionOperator::StringLike,
        ConditionOperator::StringNotEquals,
        ConditionOperator::StringNotLike,
    ] {
        conditions.extend(items(&selection["Conditions"], operator.as_str()).iter().filter_map(|one| {
            let value = text(one, "ConditionValue").unwrap_or_default();
            Some(SelectionCondition { operator, key: text(one, "ConditionKey")?, value })
        }));
    }
    SelectionDocument {
        name: text(selection, "SelectionName").unwrap_or_else(|| id.to_owned()),
        role_arn: text(selection, "IamRoleArn").unwrap_or_default(),
        resources: strings(selection, "Resources"),
        not_resources: strings(selection, "NotResources"),
        tags: items(selection, "ListOfTags").iter().filter_map(tag).collect(),
        conditions,
    }
}
