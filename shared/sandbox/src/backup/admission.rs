//! The check that every call on a vault goes through.

use crate::error::AwsError;
use crate::policy;
use crate::request::Request;
use crate::state::{Backup, Vault};

/// The vault that a call names. AWS answers AccessDenied for one that does not exist, exactly as for one whose
/// policy denies the call, so that the two cannot be told apart here either.
pub(super) fn admitted<'a>(backup: &'a mut Backup, request: &Request) -> Result<&'a mut Vault, AwsError> {
    let name = request.required("BackupVaultName")?;
    let vault = backup.vaults.get_mut(name).ok_or_else(AwsError::denied)?;
    admit(vault, request)?;
    Ok(vault)
}

/// Refuses what the vault's policy denies to everyone. A recovery point has its own ARN, yet policies are commonly
/// written on the vault's: a denial on either counts.
pub(super) fn admit(vault: &Vault, request: &Request) -> Result<(), AwsError> {
    let Some(document) = vault.policy.as_deref().and_then(|text| policy::parse(text).ok()) else {
        return Ok(());
    };
    let action = format!("backup:{}", request.operation);
    let mut resources = vec![vault.arn.as_str()];
    resources.extend(request.text("RecoveryPointArn"));
    if policy::denies_everyone(&document, &action, &resources) { Err(AwsError::denied()) } else { Ok(()) }
}
