//! The sandbox enforces a vault's policy by its own table of what AWS authorizes an action on, and the core judges by another one: the two
//! say the same.

use reconcile::policy::{AuthorizedOn, authorized_on};
use sandbox::{DEFAULT_ACCOUNT, Sandbox, Service};
use sandbox_reference::{Deployment, deploy, options};
use serde_json::{Value, json};

const REGION: &str = "us-east-1";
const VAULT: &str = "vault_prod_daily";
const VAULT_ARN: &str = "arn:aws:backup:us-east-1:123456789012:backup-vault:vault_prod_daily";
const POINTS: &str = "arn:aws:backup:us-east-1:123456789012:recovery-point:*";

const OPERATIONS: [&str; 19] = [
    "DeleteBackupVault",
    "DeleteBackupVaultAccessPolicy",
    "DeleteBackupVaultLockConfiguration",
    "DeleteBackupVaultNotifications",
    "DeleteRecoveryPoint",
    "DescribeBackupVault",
    "DescribeRecoveryPoint",
    "DisassociateRecoveryPoint",
    "GetBackupVaultAccessPolicy",
    "GetBackupVaultNotifications",
    "GetRecoveryPointRestoreMetadata",
    "ListRecoveryPointsByBackupVault",
    "PutBackupVaultAccessPolicy",
    "PutBackupVaultLockConfiguration",
    "PutBackupVaultNotifications",
    "StartBackupJob",
    "StartCopyJob",
    "StartRestoreJob",
    "UpdateRecoveryPointLifecycle",
];

/// Whether the vault's policy keeps somebody from an operation, if it denies that on a resource.
fn is_denied(sandbox: &Sandbox, operation: &str, point: &str, resource: &str) -> bool {
    let policy = json!({ "Version": "2012-10-17", "Statement": {
        "Effect": "Deny", "Principal": "*", "Action": format!("backup:{operation}"), "Resource": resource } });
    let params = json!({
        "BackupVaultName": VAULT,
        "RecoveryPointArn": point,
        "SourceBackupVaultName": VAULT,
        "DestinationBackupVaultArn": VAULT_ARN,
        "ResourceArn": "arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1",
        "IamRoleArn": "arn:aws:iam::123456789012:role/aws_backup_role",
        "Policy": policy.to_string(),
        "Metadata": {},
        "Lifecycle": {},
    });
    let answer: Result<Value, _> = sandbox.change(DEFAULT_ACCOUNT, |change| {
        let vault = change.account.region(REGION).backup.vaults.get_mut(VAULT).unwrap();
        vault.policy = Some(policy.to_string());
        change.call(Service::Backup, REGION, operation, params)
    });
    answer.is_err_and(|error| error.code == "AccessDeniedException")
}

#[tokio::test]
async fn an_action_is_enforced_on_what_it_is_judged_on() {
    for operation in OPERATIONS {
        let sandbox = Sandbox::start(options()).unwrap();
        deploy(&sandbox, Deployment::Reference).unwrap();
        let point = sandbox.add_recovery_point(REGION, VAULT).unwrap();
        let denied_on = [VAULT_ARN, POINTS, "*"].map(|on| is_denied(&sandbox, operation, &point, on));
        let expected = match authorized_on(&format!("backup:{operation}")) {
            AuthorizedOn::Vault => [true, false, true],
            AuthorizedOn::RecoveryPoints => [false, true, true],
            AuthorizedOn::Both | AuthorizedOn::Other => panic!("{operation} is not in the table"),
        };
        assert_eq!(denied_on, expected, "{operation} denied on the vault, on recovery points, on everything");
    }
}
