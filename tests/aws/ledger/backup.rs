use aws_sdk_backup::operation::create_backup_plan::{CreateBackupPlanInput, CreateBackupPlanOutput};
use aws_sdk_backup::operation::create_backup_selection::{
    CreateBackupSelectionInput, CreateBackupSelectionOutput,
};
use aws_sdk_backup::operation::create_backup_vault::{CreateBackupVaultInput, CreateBackupVaultOutput};
use aws_sdk_backup::operation::delete_backup_selection::{
    DeleteBackupSelectionInput, DeleteBackupSelectionOutput,
};
use aws_sdk_backup::operation::describe_region_settings::{
    DescribeRegionSettingsInput, DescribeRegionSettingsOutput,
};
use aws_sdk_backup::operation::get_backup_plan::{GetBackupPlanInput, GetBackupPlanOutput};
use aws_sdk_backup::operation::get_backup_selection::{GetBackupSelectionInput, GetBackupSelectionOutput};
use aws_sdk_backup::operation::get_backup_vault_access_policy::{
    GetBackupVaultAccessPolicyInput, GetBackupVaultAccessPolicyOutput,
};
use aws_sdk_backup::operation::get_backup_vault_notifications::{
    GetBackupVaultNotificationsInput, GetBackupVaultNotificationsOutput,
};
use aws_sdk_backup::operation::list_backup_plan_versions::{
    ListBackupPlanVersionsInput, ListBackupPlanVersionsOutput,
};
use aws_sdk_backup::operation::list_backup_plans::{ListBackupPlansInput, ListBackupPlansOutput};
use aws_sdk_backup::operation::list_backup_selections::{
    ListBackupSelectionsInput, ListBackupSelectionsOutput,
};
use aws_sdk_backup::operation::list_backup_vaults::{ListBackupVaultsInput, ListBackupVaultsOutput};
use aws_sdk_backup::operation::list_tags::{ListTagsInput, ListTagsOutput};
use aws_sdk_backup::operation::put_backup_vault_access_policy::{
    PutBackupVaultAccessPolicyInput, PutBackupVaultAccessPolicyOutput,
};
use aws_sdk_backup::operation::put_backup_vault_lock_configuration::{
    PutBackupVaultLockConfigurationInput, PutBackupVaultLockConfigurationOutput,
};
use aws_sdk_backup::operation::put_backup_vault_notifications::{
    PutBackupVaultNotificationsInput, PutBackupVaultNotificationsOutput,
};
use aws_sdk_backup::operation::tag_resource::{TagResourceInput, TagResourceOutput};
use aws_sdk_backup::operation::update_backup_plan::{UpdateBackupPlanInput, UpdateBackupPlanOutput};
use aws_sdk_backup::operation::update_region_settings::{
    UpdateRegionSettingsInput, UpdateRegionSettingsOutput,
};
use aws_sdk_backup::types::{
    AdvancedBackupSetting, BackupPlan, BackupPlanInput, BackupPlansListMember, BackupRule, BackupRuleInput,
    BackupSelection, BackupSelectionsListMember, BackupVaultEvent, BackupVaultListMember, Condition,
    ConditionParameter, ConditionType, Conditions, CopyAction, IndexAction, Lifecycle, MalwareScanner,
    ScanAction, ScanMode, ScanSetting, ScheduledPlanExecutionMember, VaultState, VaultType,
};

use super::Fate::{Carried, Compared, LeftOut, Sent, Used, Within};

const ASKED_BY: &str = "the question named it";
const PAGE_SIZE: &str = "the default page is as good as another";
const READ_AGAIN: &str = "the next look reads what came of it";
const MAKER_S: &str = "it is the maker's own label of its request";
const NO_LABEL: &str =
    "how long AWS remembers it is not documented: the next look tells whether a request had its effect";

super::ledger! {
    values(BackupVaultEvent, ConditionType, MalwareScanner, ScanMode, VaultState, VaultType);

    ListBackupVaultsInput {
        Sent => next_token;
        LeftOut("vaults of every type may have a name of the spec") => by_vault_type;
        LeftOut("those that others share are told by their ARN") => by_shared;
        LeftOut(PAGE_SIZE) => max_results;
    }
    ListBackupVaultsOutput {
        Within => backup_vault_list;
        Used => next_token;
    }
    BackupVaultListMember {
        Compared => vault_type, vault_state, encryption_key_arn, locked, min_retention_days, max_retention_days, lock_date;
        Used => backup_vault_name, backup_vault_arn, creation_date, number_of_recovery_points;
        LeftOut(MAKER_S) => creator_request_id;
        LeftOut("the key's ARN says it") => encryption_key_type;
    }
    GetBackupVaultAccessPolicyInput { Sent => backup_vault_name; }
    GetBackupVaultAccessPolicyOutput {
        Compared => policy;
        LeftOut(ASKED_BY) => backup_vault_name, backup_vault_arn;
    }
    GetBackupVaultNotificationsInput { Sent => backup_vault_name; }
    GetBackupVaultNotificationsOutput {
        Compared => sns_topic_arn, backup_vault_events;
        LeftOut(ASKED_BY) => backup_vault_name, backup_vault_arn;
    }
    ListTagsInput {
        Sent => resource_arn, next_token;
        LeftOut(PAGE_SIZE) => max_results;
    }
    ListTagsOutput {
        Compared => tags;
        Used => next_token;
    }

    ListBackupPlansInput {
        Sent => next_token, include_deleted;
        LeftOut(PAGE_SIZE) => max_results;
    }
    ListBackupPlansOutput {
        Within => backup_plans_list;
        Used => next_token;
    }
    BackupPlansListMember {
        Used => backup_plan_id, backup_plan_name, creation_date, deletion_date, version_id;
        LeftOut("GetBackupPlan answers it") => backup_plan_arn, last_execution_date, advanced_backup_settings;
        LeftOut(MAKER_S) => creator_request_id;
    }
    ListBackupPlanVersionsInput {
        Sent => backup_plan_id, next_token;
        LeftOut(PAGE_SIZE) => max_results;
    }
    ListBackupPlanVersionsOutput {
        Within => backup_plan_versions_list;
        Used => next_token;
    }
    GetBackupPlanInput {
        Sent => backup_plan_id, max_scheduled_runs_preview, version_id;
    }
    GetBackupPlanOutput {
        Within => backup_plan, advanced_backup_settings, scheduled_runs_preview;
        Used => backup_plan_arn, version_id, deletion_date, last_execution_date;
        LeftOut(ASKED_BY) => backup_plan_id;
        LeftOut("it is the version's: the list of plans or of versions has been asked already") => creation_date;
        LeftOut(MAKER_S) => creator_request_id;
    }
    BackupPlan {
        Compared => backup_plan_name;
        Within => rules, advanced_backup_settings, scan_settings;
    }
    BackupRule {
        Compared => rule_name, target_backup_vault_name, target_logically_air_gapped_backup_vault_arn, schedule_expression,
            schedule_expression_timezone, start_window_minutes, completion_window_minutes, recovery_point_tags,
            enable_continuous_backup;
        Within => lifecycle, copy_actions, scan_actions, index_actions;
        Used => rule_id;
    }
    Lifecycle {
        Compared => delete_after_days, move_to_cold_storage_after_days;
        Carried => opt_in_to_archive_for_supported_resources;
        LeftOut("AWS answers it of temporary recovery points; it must not be sent back") => delete_after_event;
    }
    CopyAction {
        Compared => destination_backup_vault_arn;
        Within => lifecycle;
    }
    ScanAction { Carried => malware_scanner, scan_mode; }
    IndexAction { Carried => resource_types; }
    AdvancedBackupSetting { Compared => resource_type, backup_options; }
    ScanSetting { Carried => malware_scanner, resource_types, scanner_role_arn; }
    ScheduledPlanExecutionMember {
        Used => execution_time, rule_id;
        LeftOut("a run is a run, continuous or not") => rule_execution_type;
    }

    ListBackupSelectionsInput {
        Sent => backup_plan_id, next_token;
        LeftOut(PAGE_SIZE) => max_results;
    }
    ListBackupSelectionsOutput {
        Within => backup_selections_list;
        Used => next_token;
    }
    BackupSelectionsListMember {
        Used => selection_id, selection_name, creation_date;
        LeftOut(ASKED_BY) => backup_plan_id;
        LeftOut("GetBackupSelection answers it") => iam_role_arn;
        LeftOut(MAKER_S) => creator_request_id;
    }
    GetBackupSelectionInput { Sent => backup_plan_id, selection_id; }
    GetBackupSelectionOutput {
        Within => backup_selection;
        LeftOut(ASKED_BY) => selection_id, backup_plan_id;
        LeftOut("the list has it") => creation_date;
        LeftOut(MAKER_S) => creator_request_id;
    }
    BackupSelection {
        Compared => selection_name, iam_role_arn, resources, not_resources;
        Within => list_of_tags, conditions;
    }
    Condition {
        Compared => condition_key, condition_value;
        LeftOut("there is only one type; it is sent") => condition_type;
    }
    Conditions { Within => string_equals, string_not_equals, string_like, string_not_like; }
    ConditionParameter { Compared => condition_key, condition_value; }

    DescribeRegionSettingsInput {}
    DescribeRegionSettingsOutput {
        Compared => resource_type_opt_in_preference, resource_type_management_preference;
    }

    CreateBackupVaultInput {
        Sent => backup_vault_name, backup_vault_tags, encryption_key_arn;
        LeftOut(NO_LABEL) => creator_request_id;
    }
    CreateBackupVaultOutput { LeftOut(READ_AGAIN) => backup_vault_name, backup_vault_arn, creation_date; }
    PutBackupVaultAccessPolicyInput { Sent => backup_vault_name, policy; }
    PutBackupVaultAccessPolicyOutput {}
    PutBackupVaultLockConfigurationInput {
        Sent => backup_vault_name, min_retention_days, max_retention_days, changeable_for_days;
    }
    PutBackupVaultLockConfigurationOutput {}
    PutBackupVaultNotificationsInput { Sent => backup_vault_name, sns_topic_arn, backup_vault_events; }
    PutBackupVaultNotificationsOutput {}
    CreateBackupPlanInput {
        Within => backup_plan;
        Sent => backup_plan_tags;
        LeftOut(NO_LABEL) => creator_request_id;
    }
    CreateBackupPlanOutput {
        LeftOut(READ_AGAIN) => backup_plan_id, backup_plan_arn, creation_date, version_id, advanced_backup_settings;
    }
    UpdateBackupPlanInput {
        Sent => backup_plan_id;
        Within => backup_plan;
    }
    UpdateBackupPlanOutput {
        LeftOut(READ_AGAIN) => backup_plan_id, backup_plan_arn, creation_date, version_id, advanced_backup_settings,
            scan_settings;
    }
    BackupPlanInput {
        Sent => backup_plan_name;
        Within => rules, advanced_backup_settings, scan_settings;
    }
    BackupRuleInput {
        Sent => rule_name, target_backup_vault_name, target_logically_air_gapped_backup_vault_arn, schedule_expression,
            schedule_expression_timezone, start_window_minutes, completion_window_minutes, recovery_point_tags,
            enable_continuous_backup;
        Within => lifecycle, copy_actions, scan_actions, index_actions;
    }
    CreateBackupSelectionInput {
        Sent => backup_plan_id;
        Within => backup_selection;
        LeftOut(NO_LABEL) => creator_request_id;
    }
    CreateBackupSelectionOutput { LeftOut(READ_AGAIN) => selection_id, backup_plan_id, creation_date; }
    DeleteBackupSelectionInput { Sent => backup_plan_id, selection_id; }
    DeleteBackupSelectionOutput {}
    TagResourceInput { Sent => resource_arn, tags; }
    TagResourceOutput {}
    UpdateRegionSettingsInput { Sent => resource_type_opt_in_preference, resource_type_management_preference; }
    UpdateRegionSettingsOutput {}
}
