//! Recovery points: those that a test or a job put there, and whether they can be taken away.

use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime};

use super::admission::admitted;
use crate::clock::epoch;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::page;
use crate::partition::partition;
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

/// Puts a recovery point of a file system into a vault, as a backup job would leave it; its ARN.
pub(crate) fn add(region: &mut Region, vault: &str, now: OffsetDateTime) -> Result<String, NoSuchVault> {
    add_of_type(region, vault, "EFS", now)
}

/// The same, of any type.
pub(crate) fn add_of_type(
    region: &mut Region,
    vault: &str,
    resource_type: &str,
    now: OffsetDateTime,
) -> Result<String, NoSuchVault> {
    if !region.backup.vaults.contains_key(vault) {
        return Err(NoSuchVault { region: region.name.clone(), vault: vault.to_owned() });
    }
    let arn = new_arn(region, resource_type);
    let point = RecoveryPoint {
        arn: arn.clone(),
        created: now,
        lifecycle: Default::default(),
        resource_type: resource_type.to_owned(),
        continuous: false,
    };
    if let Some(vault) = region.backup.vaults.get_mut(vault) {
        vault.recovery_points.insert(arn.clone(), point);
    }
    Ok(arn)
}

/// An ARN in the form that the guide's table has for a type. Types under full management have AWS Backup's own.
fn new_arn(region: &mut Region, resource_type: &str) -> String {
    let id = region.ids.uuid();
    let short = &id.replace('-', "")[..17];
    let ec2 = |rest: &str| format!("arn:{}:ec2:{}::{rest}-{short}", partition(&region.name), region.name);
    match resource_type {
        "EBS" | "Storage Gateway" => ec2("snapshot/snap"),
        "EC2" => ec2("image/ami"),
        "RDS" => region.arn("rds", &format!("snapshot:awsbackup:job-{id}")),
        "Aurora" | "DocumentDB" | "Neptune" => {
            region.arn("rds", &format!("cluster-snapshot:awsbackup:job-{id}"))
        }
        "FSx" => region.arn("fsx", &format!("backup/backup-{short}")),
        "Redshift" => region.arn("redshift", &format!("snapshot:cluster/awsbackup:job-{id}")),
        _ => region.arn("backup", &format!("recovery-point:{id}")),
    }
}

fn member(vault: &Vault, point: &RecoveryPoint) -> Value {
    without_nulls(json!({
        "RecoveryPointArn": point.arn,
        "BackupVaultName": vault.name,
        "BackupVaultArn": vault.arn,
        "ResourceType": point.resource_type,
        "Status": "COMPLETED",
        "CreationDate": epoch(point.created),
        "CompletionDate": epoch(point.created),
        "Lifecycle": point.lifecycle,
        "CalculatedLifecycle": calculated(point),
        "EncryptionKeyArn": (!vault.key.is_empty()).then_some(&vault.key),
        "EncryptionKeyType": vault.key_kind,
        "IsEncrypted": true,
        "VaultType": vault.kind,
    }))
}

/// The dates that a lifecycle comes to.
fn calculated(point: &RecoveryPoint) -> Value {
    let after = |member: &str| {
        let days = point.lifecycle.get(member).and_then(Value::as_i64).filter(|days| *days > 0);
        days.map(|days| epoch(point.created + Duration::days(days.min(100_000))))
    };
    without_nulls(json!({
        "MoveToColdStorageAt": after("MoveToColdStorageAfterDays"),
        "DeleteAt": after("DeleteAfterDays"),
    }))
}

fn not_found(arn: &str) -> AwsError {
    AwsError::bad("ResourceNotFoundException", format!("Cannot find recovery point {arn}"))
}

/// The vault that a call names, and the recovery point in it.
fn found<'a>(
    account: &'a mut Account,
    request: &Request,
) -> Result<(&'a mut Vault, RecoveryPoint), AwsError> {
    let vault = admitted(&mut account.region(&request.region).backup, request)?;
    let arn = request.required("RecoveryPointArn")?;
    let point = vault.recovery_points.get(arn).cloned().ok_or_else(|| not_found(arn))?;
    Ok((vault, point))
}

/// A lock of any mode keeps recovery points from the first moment, grace time included.
fn refuse_locked(vault: &Vault) -> Result<(), AwsError> {
    match vault.lock {
        Some(_) => {
            Err(refused("RecoveryPoint cannot be deleted or updated (Backup vault configured with Lock)"))
        }
        None => Ok(()),
    }
}

fn refused(message: &str) -> AwsError {
    AwsError::bad("InvalidRequestException", message)
}

pub(super) fn list(account: &mut Account, request: &Request) -> Answer {
    let vault = admitted(&mut account.region(&request.region).backup, request)?;
    let kind = request.text("ByResourceType");
    let points =
        vault.recovery_points.values().filter(|point| kind.is_none_or(|kind| kind == point.resource_type));
    let items = points.map(|point| (point.arn.clone(), member(vault, point))).collect();
    let page = request.page(items, &page::BACKUP)?;
    Ok(without_nulls(json!({ "RecoveryPoints": page.items, "NextToken": page.next })))
}

pub(super) fn describe(account: &mut Account, request: &Request) -> Answer {
    found(account, request).map(|(vault, point)| member(vault, &point))
}

pub(super) fn delete(account: &mut Account, request: &Request) -> Answer {
    let (vault, point) = found(account, request)?;
    refuse_locked(vault)?;
    vault.recovery_points.remove(&point.arn);
    Ok(Value::Null)
}

pub(super) fn update_lifecycle(account: &mut Account, request: &Request) -> Answer {
    let (vault, mut point) = found(account, request)?;
    refuse_locked(vault)?;
    if point.continuous {
        return Err(refused("The lifecycle of a continuous backup cannot be updated"));
    }
    let lifecycle: Map<String, Value> = request.map("Lifecycle");
    let days = |member: &str| lifecycle.get(member).and_then(Value::as_i64).filter(|days| *days > 0);
    if let (Some(cold), Some(delete)) = (days("MoveToColdStorageAfterDays"), days("DeleteAfterDays"))
        && delete < cold + 90
    {
        let why = "DeleteAfterDays must be at least 90 days after MoveToColdStorageAfterDays";
        return Err(request.invalid(why));
    }
    point.lifecycle = lifecycle;
    let answer = json!({
        "BackupVaultArn": vault.arn,
        "RecoveryPointArn": point.arn,
        "Lifecycle": point.lifecycle,
        "CalculatedLifecycle": calculated(&point),
    });
    vault.recovery_points.insert(point.arn.clone(), point);
    Ok(answer)
}

/// Gives a continuous backup back to the service that it is of.
pub(super) fn disassociate(account: &mut Account, request: &Request) -> Answer {
    let (vault, point) = found(account, request)?;
    refuse_locked(vault)?;
    if !point.continuous {
        return Err(refused("Only continuous backups can be disassociated"));
    }
    vault.recovery_points.remove(&point.arn);
    Ok(Value::Null)
}

pub(super) fn restore_metadata(account: &mut Account, request: &Request) -> Answer {
    let (vault, point) = found(account, request)?;
    Ok(json!({
        "BackupVaultArn": vault.arn,
        "RecoveryPointArn": point.arn,
        "RestoreMetadata": {},
        "ResourceType": point.resource_type,
    }))
}
