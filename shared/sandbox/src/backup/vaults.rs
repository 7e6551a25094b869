//! Vaults: creating, describing, listing, deleting.

use serde_json::{Value, json};

use super::admission::admitted;
use super::names::{is_name, is_vault_name};
use super::tags;
use crate::clock::epoch;
use crate::error::AwsError;
use crate::kms;
use crate::operation::Answer;
use crate::page;
use crate::request::{Request, without_nulls};
use crate::state::{Account, Vault};

pub(crate) const STANDARD: &str = "BACKUP_VAULT";
pub(crate) const CUSTOMER_KEY: &str = "CUSTOMER_MANAGED_KMS_KEY";
pub(crate) const AWS_KEY: &str = "AWS_OWNED_KMS_KEY";

pub(super) fn create(account: &mut Account, request: &Request) -> Answer {
    let name = request.required("BackupVaultName")?.to_owned();
    if !is_vault_name(&name) {
        return Err(
            request.invalid(format!("Backup vault name {name} must be 2 to 50 letters, digits, - or _"))
        );
    }
    let creator = request.text("CreatorRequestId").map(str::to_owned);
    if creator.as_deref().is_some_and(|id| !is_name(id)) {
        return Err(request.invalid("CreatorRequestId must be 1 to 50 letters, digits, -, _ or ."));
    }
    let region = account.region(&request.region);
    if let Some(vault) = region.backup.vaults.get(&name) {
        return Err(AwsError::bad(
            "AlreadyExistsException",
            "Backup vault with the same name already exists",
        )
        .with("Arn", vault.arn.clone())
        .with("CreatorRequestId", vault.creator_request_id.clone()));
    }
    let (key, key_kind) = match request.text("EncryptionKeyArn") {
        Some(arn) if arn.starts_with("arn:") && arn.contains(":kms:") && arn.contains(":key/") => {
            (arn.to_owned(), CUSTOMER_KEY)
        }
        Some(other) => {
            return Err(request.invalid(format!("EncryptionKeyArn {other} is not the ARN of a key")));
        }
        None => (kms::managed_key(region, request.now), AWS_KEY),
    };
    let tags = tags::checked(request, &request.map("BackupVaultTags"))?;
    let arn = region.arn("backup", &format!("backup-vault:{name}"));
    let vault = Vault {
        name: name.clone(),
        arn,
        kind: STANDARD,
        key,
        key_kind,
        created: request.now,
        creator_request_id: creator,
        policy: None,
        lock: None,
        tags,
        recovery_points: Default::default(),
    };
    let answer = written(&vault);
    region.backup.vaults.insert(name, vault);
    region.backup.preferences.in_use = true;
    Ok(answer)
}

pub(crate) fn written(vault: &Vault) -> Value {
    json!({
        "BackupVaultName": vault.name,
        "BackupVaultArn": vault.arn,
        "CreationDate": epoch(vault.created),
    })
}

pub(super) fn describe(account: &mut Account, request: &Request) -> Answer {
    admitted(&mut account.region(&request.region).backup, request).map(|vault| member(vault))
}

pub(super) fn list(account: &mut Account, request: &Request) -> Answer {
    let kind = request.text("ByVaultType");
    // Nothing is shared with this account by another one.
    let shared = request.flag("ByShared");
    let vaults = account.region(&request.region).backup.vaults.values();
    let items = vaults
        .filter(|vault| !shared && kind.is_none_or(|kind| kind == vault.kind))
        .map(|vault| (vault.name.clone(), member(vault)))
        .collect();
    let page = request.page(items, &page::BACKUP)?;
    Ok(without_nulls(json!({ "BackupVaultList": page.items, "NextToken": page.next })))
}

pub(super) fn delete(account: &mut Account, request: &Request) -> Answer {
    let backup = &mut account.region(&request.region).backup;
    let vault = admitted(backup, request)?;
    // A lock does not keep an empty vault: AWS deletes it even after the lock date.
    if !vault.recovery_points.is_empty() {
        let message = format!(
            "Backup vault cannot be deleted because it contains recovery points: {} in {}",
            vault.recovery_points.len(),
            vault.name
        );
        return Err(AwsError::bad("InvalidRequestException", message));
    }
    let name = vault.name.clone();
    backup.vaults.remove(&name);
    Ok(Value::Null)
}

/// Describe and List answer the same members.
fn member(vault: &Vault) -> Value {
    let lock = vault.lock;
    without_nulls(json!({
        "BackupVaultName": vault.name,
        "BackupVaultArn": vault.arn,
        "VaultType": vault.kind,
        "VaultState": "AVAILABLE",
        "EncryptionKeyArn": vault.key,
        "EncryptionKeyType": vault.key_kind,
        "CreationDate": epoch(vault.created),
        "CreatorRequestId": vault.creator_request_id,
        "NumberOfRecoveryPoints": vault.recovery_points.len(),
        "Locked": lock.is_some(),
        "MinRetentionDays": lock.and_then(|lock| lock.min),
        "MaxRetentionDays": lock.and_then(|lock| lock.max),
        "LockDate": lock.and_then(|lock| lock.date).map(epoch),
    }))
}
