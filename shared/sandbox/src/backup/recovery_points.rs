//! Recovery points: only those that a test put there, and whether they can be taken away.

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::admission::admitted;
use crate::clock::epoch;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::page;
use crate::request::{Request, without_nulls};
use crate::state::{Account, RecoveryPoint, Region, Vault};

/// A recovery point that cannot be put anywhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no vault {vault} in {region}")]
pub struct NoSuchVault {
    /// Where it was looked for.
    pub region: String,
    /// The name that was given.
    pub vault: String,
}

/// Puts a recovery point into a vault, as a backup job would leave it; its ARN.
pub(crate) fn add(region: &mut Region, vault: &str, now: OffsetDateTime) -> Result<String, NoSuchVault> {
    if !region.backup.vaults.contains_key(vault) {
        return Err(NoSuchVault { region: region.name.clone(), vault: vault.to_owned() });
    }
    let id = region.ids.uuid();
    let arn = region.arn("backup", &format!("recovery-point:{id}"));
    let point = RecoveryPoint { arn: arn.clone(), created: now, lifecycle: Default::default() };
    if let Some(vault) = region.backup.vaults.get_mut(vault) {
        vault.recovery_points.insert(arn.clone(), point);
    }
    Ok(arn)
}

fn member(vault: &Vault, point: &RecoveryPoint) -> Value {
    json!({
        "RecoveryPointArn": point.arn,
        "BackupVaultName": vault.name,
        "BackupVaultArn": vault.arn,
        "Status": "COMPLETED",
        "CreationDate": epoch(point.created),
        "CompletionDate": epoch(point.created),
        "Lifecycle": point.lifecycle,
        "EncryptionKeyArn": vault.key,
        "IsEncrypted": true,
        "VaultType": vault.kind,
    })
}

fn not_found(arn: &str) -> AwsError {
    AwsError::bad("ResourceNotFoundException", format!("Cannot find recovery point {arn}"))
}

/// A lock of any mode keeps recovery points from the first moment, grace time included.
fn refuse_locked(vault: &Vault) -> Result<(), AwsError> {
    if vault.lock.is_some() {
        let message = format!(
            "Backup vault {} is locked: its recovery points cannot be changed or deleted",
            vault.name
        );
        return Err(AwsError::bad("InvalidRequestException", message));
    }
    Ok(())
}

pub(super) fn list(account: &mut Account, request: &Request) -> Answer {
    let vault = admitted(&mut account.region(&request.region).backup, request)?;
    let points = vault.recovery_points.values();
    let items = points.map(|point| (point.arn.clone(), member(vault, point))).collect();
    let page = request.page(items, &page::BACKUP)?;
    Ok(without_nulls(json!({ "RecoveryPoints": page.items, "NextToken": page.next })))
}

pub(super) fn describe(account: &mut Account, request: &Request) -> Answer {
    let vault = admitted(&mut account.region(&request.region).backup, request)?;
    let arn = request.required("RecoveryPointArn")?;
    vault.recovery_points.get(arn).map(|point| member(vault, point)).ok_or_else(|| not_found(arn))
}

pub(super) fn delete(account: &mut Account, request: &Request) -> Answer {
    let vault = admitted(&mut account.region(&request.region).backup, request)?;
    let arn = request.required("RecoveryPointArn")?;
    if !vault.recovery_points.contains_key(arn) {
        return Err(not_found(arn));
    }
    refuse_locked(vault)?;
    vault.recovery_points.remove(arn);
    Ok(Value::Null)
}

pub(super) fn update_lifecycle(account: &mut Account, request: &Request) -> Answer {
    let vault = admitted(&mut account.region(&request.region).backup, request)?;
    let arn = request.required("RecoveryPointArn")?;
    if !vault.recovery_points.contains_key(arn) {
        return Err(not_found(arn));
    }
    refuse_locked(vault)?;
    let lifecycle = request.map("Lifecycle");
    let vault_arn = vault.arn.clone();
    if let Some(point) = vault.recovery_points.get_mut(arn) {
        point.lifecycle = lifecycle.clone();
    }
    Ok(json!({ "BackupVaultArn": vault_arn, "RecoveryPointArn": arn, "Lifecycle": lifecycle }))
}
