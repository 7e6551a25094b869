//! What a call sends, as AWS's JSON input: what a person would hand to the AWS CLI to make the same call. `aws-account` makes the calls; a
//! test holds what it sends against this.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::desired::{
    AdvancedSetting, Copy, CopyRetention, PlanDocument, Rule, ScanAction, ScanSetting, SelectionDocument,
    Tags,
};

impl Call {
    /// The region that it is made in; `None` for IAM's calls.
    pub fn region(&self) -> Option<&str> {
        match self {
            Call::CreateRole { .. }
            | Call::UpdateAssumeRolePolicy { .. }
            | Call::AttachRolePolicy { .. }
            | Call::TagRole { .. } => None,
            Call::CreateKey { region, .. }
            | Call::CancelKeyDeletion { region, .. }
            | Call::EnableKey { region, .. }
            | Call::EnableKeyRotation { region, .. }
            | Call::UpdateKeyDescription { region, .. }
            | Call::PutKeyPolicy { region, .. }
            | Call::TagKey { region, .. }
            | Call::CreateAlias { region, .. }
            | Call::UpdateAlias { region, .. }
            | Call::CreateBackupVault { region, .. }
            | Call::PutBackupVaultAccessPolicy { region, .. }
            | Call::PutBackupVaultLockConfiguration { region, .. }
            | Call::PutBackupVaultNotifications { region, .. }
            | Call::CreateBackupPlan { region, .. }
            | Call::UpdateBackupPlan { region, .. }
            | Call::CreateBackupSelection { region, .. }
            | Call::DeleteBackupSelection { region, .. }
            | Call::TagBackupResource { region, .. }
            | Call::UpdateRegionSettings { region, .. } => Some(region),
        }
    }

    /// Its members under AWS's names.
    pub fn request(&self) -> Value {
        match self {
            Call::CreateRole { role, path, trust, boundary, tags } => filled(json!({
                "RoleName": role, "Path": path, "AssumeRolePolicyDocument": trust,
                "PermissionsBoundary": boundary, "Tags": listed("Key", "Value", tags),
            })),
            Call::UpdateAssumeRolePolicy { role, trust } => {
                json!({ "RoleName": role, "PolicyDocument": trust })
            }
            Call::AttachRolePolicy { role, policy_arn } => {
                json!({ "RoleName": role, "PolicyArn": policy_arn })
            }
            Call::TagRole { role, tags } => {
                filled(json!({ "RoleName": role, "Tags": listed("Key", "Value", tags) }))
            }
            Call::CreateKey { region: _, description, policy, tags } => filled(json!({
                "Description": description, "Policy": policy, "Tags": listed("TagKey", "TagValue", tags),
            })),
            Call::CancelKeyDeletion { region: _, key_arn } | Call::EnableKey { region: _, key_arn } => {
                json!({ "KeyId": key_arn })
            }
            Call::EnableKeyRotation { region: _, key_arn, period_days } => {
                filled(json!({ "KeyId": key_arn, "RotationPeriodInDays": period_days }))
            }
            Call::UpdateKeyDescription { region: _, key_arn, description } => {
                json!({ "KeyId": key_arn, "Description": description })
            }
            Call::PutKeyPolicy { region: _, key_arn, policy } => {
                json!({ "KeyId": key_arn, "PolicyName": "default", "Policy": policy })
            }
            Call::TagKey { region: _, key_arn, tags } => {
                filled(json!({ "KeyId": key_arn, "Tags": listed("TagKey", "TagValue", tags) }))
            }
            Call::CreateAlias { region: _, alias, key_arn }
            | Call::UpdateAlias { region: _, alias, key_arn } => {
                json!({ "AliasName": alias, "TargetKeyId": key_arn })
            }
            Call::CreateBackupVault { region: _, vault, key_arn, tags } => filled(json!({
                "BackupVaultName": vault, "EncryptionKeyArn": key_arn, "BackupVaultTags": tags,
            })),
            Call::PutBackupVaultAccessPolicy { region: _, vault, policy } => {
                json!({ "BackupVaultName": vault, "Policy": policy })
            }
            Call::PutBackupVaultLockConfiguration {
                region: _,
                vault,
                changeable_for_days,
                min_retention_days,
                max_retention_days,
            } => filled(json!({
                "BackupVaultName": vault, "ChangeableForDays": changeable_for_days,
                "MinRetentionDays": min_retention_days, "MaxRetentionDays": max_retention_days,
            })),
            Call::PutBackupVaultNotifications { region: _, vault, notifications } => json!({
                "BackupVaultName": vault, "SNSTopicArn": notifications.topic,
                "BackupVaultEvents": notifications.events,
            }),
            Call::CreateBackupPlan { region: _, document, tags } => {
                filled(json!({ "BackupPlan": plan(document), "BackupPlanTags": tags }))
            }
            Call::UpdateBackupPlan { region: _, plan_id, document, replaces: _ } => {
                json!({ "BackupPlanId": plan_id, "BackupPlan": plan(document) })
            }
            Call::CreateBackupSelection { region: _, plan_id, document } => {
                json!({ "BackupPlanId": plan_id, "BackupSelection": selection(document) })
            }
            Call::DeleteBackupSelection { region: _, plan_id, selection_id, unknown_members: _ } => {
                json!({ "BackupPlanId": plan_id, "SelectionId": selection_id })
            }
            Call::TagBackupResource { region: _, arn, tags } => json!({ "ResourceArn": arn, "Tags": tags }),
            Call::UpdateRegionSettings { region: _, opt_in, management } => filled(json!({
                "ResourceTypeOptInPreference": switched_on(opt_in),
                "ResourceTypeManagementPreference": switched_on(management),
            })),
        }
    }
}

/// Without the members that have no value, or nothing in them: these are not sent.
fn filled(request: Value) -> Value {
    let Value::Object(mut members) = request else { return request };
    members.retain(|_, value| match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    });
    Value::Object(members)
}

/// Tags as IAM and KMS take them.
fn listed(key: &str, value: &str, tags: &Tags) -> Vec<Value> {
    tags.iter().map(|(name, its)| json!({ key: name, value: its })).collect()
}

fn switched_on(types: &BTreeSet<String>) -> Map<String, Value> {
    types.iter().map(|kind| (kind.clone(), Value::Bool(true))).collect()
}

fn plan(document: &PlanDocument) -> Value {
    let PlanDocument { name, rules, advanced_settings, scan_settings } = document;
    let advanced = |AdvancedSetting { resource_type, options }: &AdvancedSetting| json!({ "ResourceType": resource_type, "BackupOptions": options });
    let scan = |ScanSetting { scanner, resource_types, role_arn }: &ScanSetting| {
        filled(
            json!({ "MalwareScanner": scanner, "ResourceTypes": resource_types, "ScannerRoleArn": role_arn }),
        )
    };
    filled(json!({
        "BackupPlanName": name,
        "Rules": rules.iter().map(rule).collect::<Vec<_>>(),
        "AdvancedBackupSettings": advanced_settings.iter().map(advanced).collect::<Vec<_>>(),
        "ScanSettings": scan_settings.iter().flatten().map(scan).collect::<Vec<_>>(),
    }))
}

fn rule(rule: &Rule) -> Value {
    let Rule {
        name,
        schedule,
        timezone,
        target_vault,
        air_gapped_vault,
        start_window_minutes,
        completion_window_minutes,
        lifecycle: kept,
        continuous_backup,
        recovery_point_tags,
        copies,
        scan_actions,
        index_actions,
    } = rule;
    let scan =
        |ScanAction { scanner, mode }: &ScanAction| json!({ "MalwareScanner": scanner, "ScanMode": mode });
    let index = |types: &BTreeSet<String>| filled(json!({ "ResourceTypes": types }));
    filled(json!({
        "RuleName": name,
        "TargetBackupVaultName": target_vault,
        "TargetLogicallyAirGappedBackupVaultArn": air_gapped_vault,
        "ScheduleExpression": schedule,
        "ScheduleExpressionTimezone": timezone,
        "StartWindowMinutes": start_window_minutes,
        "CompletionWindowMinutes": completion_window_minutes,
        "Lifecycle": lifecycle(kept.delete_after_days, kept.cold_storage_after_days, kept.opt_in_to_archive),
        "EnableContinuousBackup": continuous_backup,
        "RecoveryPointTags": recovery_point_tags,
        "CopyActions": copies.iter().map(copy).collect::<Vec<_>>(),
        "ScanActions": scan_actions.iter().flatten().map(scan).collect::<Vec<_>>(),
        "IndexActions": index_actions.iter().flatten().map(index).collect::<Vec<_>>(),
    }))
}

fn copy(copy: &Copy) -> Value {
    let days = match copy.lifecycle.kept {
        CopyRetention::AsItsSource => None,
        CopyRetention::Days(days) => Some(days),
    };
    let lifecycle = lifecycle(days, copy.lifecycle.cold_storage_after_days, copy.lifecycle.opt_in_to_archive);
    filled(json!({ "DestinationBackupVaultArn": copy.destination, "Lifecycle": lifecycle }))
}

/// The opt-in is sent only if it is on.
fn lifecycle(delete: Option<i64>, cold: Option<i64>, archive: Option<bool>) -> Value {
    filled(json!({
        "DeleteAfterDays": delete,
        "MoveToColdStorageAfterDays": cold,
        "OptInToArchiveForSupportedResources": archive.filter(|archive| *archive),
    }))
}

fn selection(document: &SelectionDocument) -> Value {
    let SelectionDocument { name, role_arn, resources, not_resources, tags, conditions } = document;
    let tags = tags.iter().map(|tag| {
        json!({ "ConditionType": "STRINGEQUALS", "ConditionKey": tag.key, "ConditionValue": tag.value })
    });
    let mut by_operator: Map<String, Value> = Map::new();
    for one in conditions {
        let parameter = json!({ "ConditionKey": one.key, "ConditionValue": one.value });
        let list = by_operator.entry(one.operator.as_str()).or_insert_with(|| json!([]));
        if let Value::Array(parameters) = list {
            parameters.push(parameter);
        }
    }
    filled(json!({
        "SelectionName": name,
        "IamRoleArn": role_arn,
        "Resources": resources,
        "NotResources": not_resources,
        "ListOfTags": tags.collect::<Vec<_>>(),
        "Conditions": by_operator,
    }))
}
