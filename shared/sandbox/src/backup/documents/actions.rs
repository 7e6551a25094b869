//! What a rule has done besides the backup: copies, scans and indexes.

use serde_json::{Value, json};

use super::lifecycle;
use super::members::{invalid, keep_unknown, list, missing, one_of, present, text};
use crate::error::AwsError;
use crate::settings::Settings;

const SCANNERS: [&str; 1] = ["GUARDDUTY"];

pub(super) fn is_vault_arn(arn: &str) -> bool {
    arn.starts_with("arn:") && arn.contains(":backup:") && arn.contains(":backup-vault:")
}

/// AWS does not say what it makes of two copies to one vault.
pub(super) fn copies(rule: &str, given: &[Value], settings: &Settings) -> Result<Vec<Value>, AwsError> {
    let mut copies: Vec<Value> = Vec::new();
    for copy in given {
        let copy = filled_copy(rule, copy, settings)?;
        let same = |other: &Value| other["DestinationBackupVaultArn"] == copy["DestinationBackupVaultArn"];
        if settings.duplicate_copies_refused && copies.iter().any(same) {
            return Err(invalid(format!("Rule {rule}: two copies to {}", copy["DestinationBackupVaultArn"])));
        }
        copies.push(copy);
    }
    Ok(copies)
}

fn filled_copy(rule: &str, copy: &Value, settings: &Settings) -> Result<Value, AwsError> {
    let arn = text(copy, "DestinationBackupVaultArn").ok_or_else(|| missing("DestinationBackupVaultArn"))?;
    if !is_vault_arn(arn) {
        return Err(invalid(format!("Rule {rule}: {arn} is not the ARN of a backup vault")));
    }
    let mut filled = json!({ "DestinationBackupVaultArn": arn });
    if let Some(given) = present(copy, "Lifecycle") {
        filled["Lifecycle"] = lifecycle::filled(rule, given, settings)?;
    }
    if settings.unknown_plan_members_kept {
        keep_unknown(copy, &["DestinationBackupVaultArn", "Lifecycle"], &mut filled);
    }
    Ok(filled)
}

pub(super) fn check_scans(given: &[Value]) -> Result<(), AwsError> {
    for scan in given {
        one_of(scan, "MalwareScanner", &SCANNERS)?;
        one_of(scan, "ScanMode", &["FULL_SCAN", "INCREMENTAL_SCAN"])?;
    }
    Ok(())
}

/// A rule has one index action at most, of one type.
pub(super) fn check_indexes(rule: &str, given: &[Value]) -> Result<(), AwsError> {
    let types: Vec<&Value> = given.iter().flat_map(|index| list(index, "ResourceTypes")).collect();
    let known = types.iter().all(|kind| *kind == "EBS" || *kind == "S3");
    if given.len() > 1 || types.len() > 1 || !known {
        return Err(invalid(format!("Rule {rule}: IndexActions takes one action, of EBS or S3")));
    }
    Ok(())
}

/// The plan's own settings of scans, which name the role that scans.
pub(super) fn check_scan_settings(given: &[Value]) -> Result<(), AwsError> {
    for setting in given {
        one_of(setting, "MalwareScanner", &SCANNERS)?;
        let role = text(setting, "ScannerRoleArn").ok_or_else(|| missing("ScannerRoleArn"))?;
        if !role.contains(":iam::") || !role.contains(":role/") {
            return Err(invalid(format!("ScannerRoleArn {role} is not the ARN of a role")));
        }
    }
    Ok(())
}
