//! The operations of AWS Backup by name, and the paths under which they are called.

use super::{
    access_policies, air_gapped, locks, notifications, plans, recovery_points, region_settings, selections,
    tags, vaults,
};
use crate::operation::{Operation, read, write};

pub(crate) const OPERATIONS: &[Operation] = &[
    write("CreateBackupVault", vaults::create),
    write("CreateLogicallyAirGappedBackupVault", air_gapped::create),
    read("DescribeBackupVault", vaults::describe),
    read("ListBackupVaults", vaults::list),
    write("DeleteBackupVault", vaults::delete),
    write("PutBackupVaultAccessPolicy", access_policies::put),
    read("GetBackupVaultAccessPolicy", access_policies::read),
    write("DeleteBackupVaultAccessPolicy", access_policies::delete),
    write("PutBackupVaultLockConfiguration", locks::put),
    write("DeleteBackupVaultLockConfiguration", locks::delete),
    write("PutBackupVaultNotifications", notifications::put),
    read("GetBackupVaultNotifications", notifications::read),
    write("DeleteBackupVaultNotifications", notifications::delete),
    write("CreateBackupPlan", plans::create),
    read("GetBackupPlan", plans::read),
    write("UpdateBackupPlan", plans::update),
    write("DeleteBackupPlan", plans::delete),
    read("ListBackupPlans", plans::list),
    read("ListBackupPlanVersions", plans::list_versions),
    write("CreateBackupSelection", selections::create),
    read("GetBackupSelection", selections::read),
    write("DeleteBackupSelection", selections::delete),
    read("ListBackupSelections", selections::list),
    read("DescribeRegionSettings", region_settings::describe),
    write("UpdateRegionSettings", region_settings::update),
    read("ListTags", tags::list),
    write("TagResource", tags::add),
    write("UntagResource", tags::remove),
    read("ListRecoveryPointsByBackupVault", recovery_points::list),
    read("DescribeRecoveryPoint", recovery_points::describe),
    write("DeleteRecoveryPoint", recovery_points::delete),
    write("UpdateRecoveryPointLifecycle", recovery_points::update_lifecycle),
];

/// Method, path and operation. `{Name}` binds one path segment to a parameter.
pub(crate) const ROUTES: &[(&str, &str, &str)] = &[
    ("GET", "/backup-vaults", "ListBackupVaults"),
    ("PUT", "/backup-vaults/{BackupVaultName}", "CreateBackupVault"),
    ("GET", "/backup-vaults/{BackupVaultName}", "DescribeBackupVault"),
    ("DELETE", "/backup-vaults/{BackupVaultName}", "DeleteBackupVault"),
    ("PUT", "/backup-vaults/{BackupVaultName}/access-policy", "PutBackupVaultAccessPolicy"),
    ("GET", "/backup-vaults/{BackupVaultName}/access-policy", "GetBackupVaultAccessPolicy"),
    ("DELETE", "/backup-vaults/{BackupVaultName}/access-policy", "DeleteBackupVaultAccessPolicy"),
    ("PUT", "/backup-vaults/{BackupVaultName}/vault-lock", "PutBackupVaultLockConfiguration"),
    ("DELETE", "/backup-vaults/{BackupVaultName}/vault-lock", "DeleteBackupVaultLockConfiguration"),
    ("PUT", "/backup-vaults/{BackupVaultName}/notification-configuration", "PutBackupVaultNotifications"),
    ("GET", "/backup-vaults/{BackupVaultName}/notification-configuration", "GetBackupVaultNotifications"),
    (
        "DELETE",
        "/backup-vaults/{BackupVaultName}/notification-configuration",
        "DeleteBackupVaultNotifications",
    ),
    ("PUT", "/logically-air-gapped-backup-vaults/{BackupVaultName}", "CreateLogicallyAirGappedBackupVault"),
    ("GET", "/backup-vaults/{BackupVaultName}/recovery-points", "ListRecoveryPointsByBackupVault"),
    ("GET", "/backup-vaults/{BackupVaultName}/recovery-points/{RecoveryPointArn}", "DescribeRecoveryPoint"),
    ("DELETE", "/backup-vaults/{BackupVaultName}/recovery-points/{RecoveryPointArn}", "DeleteRecoveryPoint"),
    (
        "POST",
        "/backup-vaults/{BackupVaultName}/recovery-points/{RecoveryPointArn}",
        "UpdateRecoveryPointLifecycle",
    ),
    ("GET", "/backup/plans", "ListBackupPlans"),
    ("PUT", "/backup/plans", "CreateBackupPlan"),
    ("GET", "/backup/plans/{BackupPlanId}", "GetBackupPlan"),
    ("POST", "/backup/plans/{BackupPlanId}", "UpdateBackupPlan"),
    ("DELETE", "/backup/plans/{BackupPlanId}", "DeleteBackupPlan"),
    ("GET", "/backup/plans/{BackupPlanId}/versions", "ListBackupPlanVersions"),
    ("PUT", "/backup/plans/{BackupPlanId}/selections", "CreateBackupSelection"),
    ("GET", "/backup/plans/{BackupPlanId}/selections", "ListBackupSelections"),
    ("GET", "/backup/plans/{BackupPlanId}/selections/{SelectionId}", "GetBackupSelection"),
    ("DELETE", "/backup/plans/{BackupPlanId}/selections/{SelectionId}", "DeleteBackupSelection"),
    ("GET", "/account-settings", "DescribeRegionSettings"),
    ("PUT", "/account-settings", "UpdateRegionSettings"),
    ("GET", "/tags/{ResourceArn}", "ListTags"),
    ("POST", "/tags/{ResourceArn}", "TagResource"),
    ("POST", "/untag/{ResourceArn}", "UntagResource"),
];

/// Query parameters that are not simply the member name with a small first letter.
pub(crate) const QUERY_NAMES: &[(&str, &str)] = &[("vaultType", "ByVaultType"), ("shared", "ByShared")];
