//! A whole document: its name, its rules, and its settings.

use serde_json::{Value, json};

use super::actions::check_scan_settings;
use super::members::{invalid, keep_unknown, list, missing, present, text};
use super::rule;
use crate::backup::names::is_plan_name;
use crate::error::AwsError;
use crate::request::Request;
use crate::state::PlanVersion;

const MEMBERS: [&str; 4] = ["BackupPlanName", "Rules", "AdvancedBackupSettings", "ScanSettings"];

/// The document as AWS stores it, with identifiers and date for the caller to set.
pub(in crate::backup) fn stored(input: &Value, request: &Request) -> Result<PlanVersion, AwsError> {
    let name = text(input, "BackupPlanName").ok_or_else(|| missing("BackupPlanName"))?;
    if !is_plan_name(name) {
        return Err(invalid(format!("BackupPlanName {name} must be 1 to 200 letters, digits, -, _ or .")));
    }
    let given = list(input, "Rules");
    if given.is_empty() {
        return Err(missing("Rules"));
    }
    let mut rules: Vec<Value> = Vec::new();
    for one in given {
        let filled = rule::filled(one, request)?;
        let same = |other: &Value| other["RuleName"] == filled["RuleName"];
        // AWS does not say what it makes of two rules of one name.
        if !request.settings.duplicate_rules_accepted && rules.iter().any(same) {
            return Err(invalid(format!("Two rules have the same RuleName: {}", filled["RuleName"])));
        }
        rules.push(filled);
    }
    let mut document = json!({ "BackupPlanName": name, "Rules": rules });
    if let Some(settings) = present(input, "ScanSettings") {
        check_scan_settings(list(input, "ScanSettings"))?;
        document["ScanSettings"] = settings.clone();
    }
    if request.settings.unknown_plan_members_kept {
        keep_unknown(input, &MEMBERS, &mut document);
    }
    Ok(PlanVersion {
        id: String::new(),
        created: request.now,
        document,
        advanced: Value::Array(list(input, "AdvancedBackupSettings").to_vec()),
        rule_ids: Vec::new(),
    })
}
