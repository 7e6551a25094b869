//! The check that every call on a vault and its recovery points goes through.

use crate::error::AwsError;
use crate::policy::{self, Caller};
use crate::request::Request;
use crate::state::{Backup, Vault};

/// What AWS authorizes on recovery points and not on their vault, by the Service Authorization Reference: the guide's table
/// of permissions names the vault beside them for some. In the guide's examples a denial of these names snapshots or `*`.
const ON_RECOVERY_POINTS: [&str; 7] = [
    "DeleteRecoveryPoint",
    "DescribeRecoveryPoint",
    "DisassociateRecoveryPoint",
    "GetRecoveryPointRestoreMetadata",
    "StartCopyJob",
    "StartRestoreJob",
    "UpdateRecoveryPointLifecycle",
];

/// The vault that a call names. AWS answers AccessDenied for one that does not exist, exactly as for one whose
/// policy denies the call, so that the two cannot be told apart here either.
pub(super) fn admitted<'a>(backup: &'a mut Backup, request: &Request) -> Result<&'a mut Vault, AwsError> {
    let name = request.required("BackupVaultName")?;
    let vault = backup.vaults.get_mut(name).ok_or_else(AwsError::denied)?;
    admit(vault, request)?;
    Ok(vault)
}

/// Refuses what the vault's policy denies to whoever calls. What it allows is of no matter in the account itself, and
/// another account can do nothing but copy into the vault.
pub(super) fn admit(vault: &Vault, request: &Request) -> Result<(), AwsError> {
    let action = format!("backup:{}", request.operation);
    let point = request.text("RecoveryPointArn").filter(|_| is_on_recovery_points(&request.operation));
    let mut resources: Vec<&str> = point.into_iter().collect();
    if point.is_none() || request.settings.vault_arn_covers_recovery_points {
        resources.push(&vault.arn);
    }
    match resources.into_iter().any(|resource| denies(vault, &action, resource, &request.principal, request))
    {
        true => Err(AwsError::denied()),
        false => Ok(()),
    }
}

pub(crate) fn is_on_recovery_points(operation: &str) -> bool {
    ON_RECOVERY_POINTS.contains(&operation)
}

/// Whether the vault's policy denies an action to somebody.
pub(super) fn denies(vault: &Vault, action: &str, resource: &str, by: &Caller, request: &Request) -> bool {
    let document = vault.policy.as_deref().and_then(|text| policy::parse(text).ok());
    document.is_some_and(|document| by.is_denied(&document, action, resource, &request.context()))
}
