//! Roles: their age and when they were last used, and managed policies of the account.

use serde_json::{Map, Value};

use super::values::{text, time, unknown};
use crate::state::{Iam, LastUsed};

/// Sets members of a role.
pub(super) fn set(iam: &mut Iam, name: &str, set: &Map<String, Value>) -> Result<(), String> {
    let role = iam.role(name).ok_or_else(|| format!("there is no role {name}"))?;
    for (member, value) in set {
        match member.as_str() {
            "CreateDate" => role.created = time(value)?,
            "RoleLastUsed" if value.is_null() => role.last_used = None,
            "RoleLastUsed" => {
                let region = text(value.get("Region").unwrap_or(&Value::Null))?;
                let date = time(value.get("LastUsedDate").unwrap_or(&Value::Null))?;
                role.last_used = Some(LastUsed { date, region });
            }
            other => return Err(unknown("a role", other)),
        }
    }
    Ok(())
}

/// Sets the document of a managed policy, by its ARN.
pub(super) fn set_policy(iam: &mut Iam, arn: &str, set: &Map<String, Value>) -> Result<(), String> {
    for (member, value) in set {
        match member.as_str() {
            "PolicyDocument" => iam.policies.insert(arn.to_owned(), value.to_string()),
            other => return Err(unknown("a managed policy", other)),
        };
    }
    Ok(())
}
