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
use crate::state::{Account, Region, Vault};

pub(crate) const STANDARD: &str = "BACKUP_VAULT";
pub(crate) const AIR_GAPPED: &str = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT";
pub(crate) const CUSTOMER_KEY: &str = "CUSTOMER_MANAGED_KMS_KEY";
pub(crate) const AWS_KEY: &str = "AWS_OWNED_KMS_KEY";

/// What a call that makes a vault says of it: its name, who asks, and its tags. A name that is taken is refused.
pub(super) fn fresh(region: &Region, request: &Request) -> Result<Vault, AwsError> {
    let name = request.required("BackupVaultName")?;
    if !is_vault_name(name) {
        return Err(
            request.invalid(format!("Backup vault name {name} must be 2 to 50 letters, digits, - or _"))
        );
    }
    let creator = request.text("CreatorRequestId").map(str::to_owned);
    if creator.as_deref().is_some_and(|id| !is_name(id)) {
        return Err(request.invalid("CreatorRequestId must be 1 to 50 letters, digits, -, _ or ."));
    }
    if let Some(vault) = region.backup.vaults.get(name) {
        return Err(AwsError::bad(
            "AlreadyExistsException",
            "Backup vault with the same name already exists",
        )
        .with("Arn", vault.arn.clone())
        .with("CreatorRequestId", vault.creator_request_id.clone()));
    }
    let tags = tags::checked(request, &request.map("BackupVaultTags"))?;
    let vault = Vault::new(name, region.arn("backup", &format!("backup-vault:{name}")), request.now);
    Ok(Vault { creator_request_id: creator, tags, ..vault })
}

/// The ARN of a key of the caller's own, if one is given.
pub(super) fn given_key(request: &Request) -> Result<Option<String>, AwsError> {
    match request.text("EncryptionKeyArn") {
        Some(arn) if arn.starts_with("arn:") && arn.contains(":kms:") && arn.contains(":key/") => {
            Ok(Some(arn.to_owned()))
        }
        Some(other) => Err(request.invalid(format!("EncryptionKeyArn {other} is not the ARN of a key"))),
        None => Ok(None),
    }
}

/// Puts a vault there, with which the region is in use.
pub(super) fn put(region: &mut Region, vault: Vault) -> Value {
    let answer = written(&vault);
    region.backup.vaults.insert(vault.name.clone(), vault);
    region.backup.preferences.in_use = true;
    answer
}

pub(super) fn create(account: &mut Account, request: &Request) -> Answer {
    let region = account.region(&request.region);
    let vault = fresh(region, request)?;
    let (key, key_kind) = match given_key(request)? {
        Some(key) => (key, CUSTOMER_KEY),
        None => (kms::managed_key(region, request.now), AWS_KEY),
    };
    Ok(put(region, Vault { kind: STANDARD, key, key_kind, ..vault }))
}

pub(crate) fn written(vault: &Vault) -> Value {
    json!({
        "BackupVaultName": vault.name,
        "BackupVaultArn": vault.arn,
        "CreationDate": epoch(vault.created),
    })
}

pub(super) fn describe(account: &mut Account, request: &Request) -> Answer {
    let id = account.id.clone();
    let backup = &mut account.region(&request.region).backup;
    if let Some(owner) = request.text("BackupVaultAccountId").filter(|owner| **owner != *id) {
        let name = request.required("BackupVaultName")?;
        let mut shared = backup.shared.iter();
        let vault = shared.find(|vault| vault.name == name && is_owned_by(vault, owner));
        return vault.map(|vault| member(vault, request)).ok_or_else(AwsError::denied);
    }
    admitted(backup, request).map(|vault| member(vault, request))
}

fn is_owned_by(vault: &Vault, account: &str) -> bool {
    vault.arn.split(':').nth(4) == Some(account)
}

/// Vaults of other accounts stand among the own ones unless the call chooses.
pub(super) fn list(account: &mut Account, request: &Request) -> Answer {
    let kind = request.text("ByVaultType");
    let shared = request.value("ByShared").map(|_| request.flag("ByShared"));
    let backup = &account.region(&request.region).backup;
    let own = backup.vaults.values().filter(|_| shared != Some(true));
    let others = backup.shared.iter().filter(|_| shared != Some(false));
    let items = own
        .chain(others)
        .filter(|vault| kind.is_none_or(|kind| kind == vault.kind))
        // In the order of their names, of which two may be the same.
        .map(|vault| (format!("{}\0{}", vault.name, vault.arn), member(vault, request)))
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
fn member(vault: &Vault, request: &Request) -> Value {
    let lock = vault.lock;
    // An option of the sandbox: a lock has this in place of a limit that it does not have.
    let no_limit = lock.and(request.settings.lock_without_limit_reads);
    let points = u64::try_from(vault.recovery_points.len()).unwrap_or(u64::MAX);
    without_nulls(json!({
        "BackupVaultName": vault.name,
        "BackupVaultArn": vault.arn,
        "VaultType": (!request.settings.vault_types_untold).then_some(vault.kind),
        "VaultState": vault.state.name(),
        // Nobody is told the key that belongs to AWS.
        "EncryptionKeyArn": (!vault.key.is_empty()).then_some(&vault.key),
        "EncryptionKeyType": vault.key_kind,
        "CreationDate": epoch(vault.created),
        "CreatorRequestId": vault.creator_request_id,
        "NumberOfRecoveryPoints": vault.counted.unwrap_or(points),
        "Locked": lock.is_some(),
        "MinRetentionDays": lock.and_then(|lock| lock.min).or(no_limit),
        "MaxRetentionDays": lock.and_then(|lock| lock.max).or(no_limit),
        "LockDate": lock.and_then(|lock| lock.date).map(epoch),
    }))
}
