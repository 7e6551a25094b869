//! Jobs on demand. They end at once, and what came of them is seen in the vaults: nothing, if the vault's lock or policy is
//! in their way.

use serde_json::{Value, json};

use super::admission::{admit, admitted, denies};
use super::recovery_points::add_of_type;
use crate::caller::caller_of_role;
use crate::clock::epoch;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::request::{Request, without_nulls};
use crate::state::{Account, Vault};

/// The type of a resource by its ARN.
fn type_of(arn: &str) -> &'static str {
    match (arn.split(':').nth(2), arn.split(':').nth(5)) {
        (Some("ec2"), Some(rest)) if rest.starts_with("volume/") => "EBS",
        (Some("ec2"), _) => "EC2",
        (Some("rds"), Some("cluster")) => "Aurora",
        (Some("rds"), _) => "RDS",
        (Some("fsx"), _) => "FSx",
        (Some("redshift"), _) => "Redshift",
        (Some("dynamodb"), _) => "DynamoDB",
        (Some("s3"), _) => "S3",
        _ => "EFS",
    }
}

/// The retention that a job asks for has to fit the lock of the vault that it writes to.
fn fits(vault: &Vault, request: &Request) -> bool {
    let days =
        request.map("Lifecycle").get("DeleteAfterDays").and_then(Value::as_i64).filter(|days| *days > 0);
    let days = days.unwrap_or(i64::MAX);
    vault.lock.is_none_or(|lock| {
        lock.min.is_none_or(|min| days >= min) && lock.max.is_none_or(|max| max < 1 || days <= max)
    })
}

pub(super) fn back_up(account: &mut Account, request: &Request) -> Answer {
    let region = account.region(&request.region);
    let vault = admitted(&mut region.backup, request)?;
    let (name, fits) = (vault.name.clone(), fits(vault, request));
    let kind = type_of(request.required("ResourceArn")?);
    request.required("IamRoleArn")?;
    let job = region.ids.uuid();
    let point = if fits { add_of_type(region, &name, kind, request.now).ok() } else { None };
    let point = point.map(|arn| keep(account, request, &request.region, &name, arn));
    // Only of what AWS Backup manages in full is the recovery point known beforehand.
    Ok(without_nulls(json!({
        "BackupJobId": job,
        "CreationDate": epoch(request.now),
        "RecoveryPointArn": point.filter(|arn| arn.contains(":recovery-point:")),
    })))
}

/// Gives a new recovery point the lifecycle that its job asks for.
fn keep(account: &mut Account, request: &Request, region: &str, vault: &str, arn: String) -> String {
    let vault = account.region(region).backup.vaults.get_mut(vault);
    if let Some(point) = vault.and_then(|vault| vault.recovery_points.get_mut(&arn)) {
        point.lifecycle = request.map("Lifecycle");
    }
    arn
}

/// The vault in the region that has a recovery point.
fn holder<'a>(account: &'a mut Account, request: &Request) -> Result<&'a Vault, AwsError> {
    let arn = request.required("RecoveryPointArn")?;
    let mut vaults = account.region(&request.region).backup.vaults.values();
    let vault = vaults.find(|vault| vault.recovery_points.contains_key(arn));
    let message = || AwsError::bad("ResourceNotFoundException", format!("Cannot find recovery point {arn}"));
    vault.ok_or_else(message)
}

/// The role that copies has to get past the policy of the vault that it copies into.
pub(super) fn copy(account: &mut Account, request: &Request) -> Answer {
    let vault = holder(account, request)?;
    if request.required("SourceBackupVaultName")? != vault.name {
        return Err(request.invalid("The recovery point is not in SourceBackupVaultName"));
    }
    admit(vault, request)?;
    let kind =
        vault.recovery_points.get(request.required("RecoveryPointArn")?).map(|it| it.resource_type.clone());
    let to = request.required("DestinationBackupVaultArn")?;
    let role = caller_of_role(request.required("IamRoleArn")?, &account.iam);
    let job = account.region(&request.region).ids.uuid();
    let region = to.split(':').nth(3).unwrap_or_default().to_owned();
    let vaults = account.regions.get(&region).map(|region| region.backup.vaults.values());
    let takes = |vault: &&Vault| {
        vault.arn == to
            && fits(vault, request)
            && !denies(vault, "backup:CopyIntoBackupVault", to, &role, request)
    };
    let name = vaults.and_then(|mut vaults| vaults.find(takes)).map(|vault| vault.name.clone());
    if let Some((name, kind)) = name.zip(kind)
        && let Ok(arn) = add_of_type(account.region(&region), &name, &kind, request.now)
    {
        keep(account, request, &region, &name, arn);
    }
    Ok(json!({ "CopyJobId": job, "CreationDate": epoch(request.now) }))
}

pub(super) fn restore(account: &mut Account, request: &Request) -> Answer {
    admit(holder(account, request)?, request)?;
    if request.value("Metadata").is_none() {
        return Err(request.missing("Metadata"));
    }
    Ok(json!({ "RestoreJobId": account.region(&request.region).ids.uuid() }))
}
