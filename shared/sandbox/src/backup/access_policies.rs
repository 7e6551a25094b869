//! Vault access policies.

use serde_json::{Value, json};

use super::admission::admitted;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::policy;
use crate::request::Request;
use crate::state::Account;

pub(super) fn put(account: &mut Account, request: &Request) -> Answer {
    let (region, iam) = account.with_iam(&request.region);
    let vault = admitted(&mut region.backup, request)?;
    let text = request.required("Policy")?;
    let document =
        policy::parse(text).map_err(|why| request.invalid(format!("Policy is not valid: {why}")))?;
    for statement in policy::statements(&document) {
        check(statement).map_err(|why| request.invalid(format!("Policy is not valid: {why}")))?;
    }
    if policy::unknown_principal(&document, &request.account, iam).is_some() {
        return Err(request.invalid("Provided principal is not valid"));
    }
    // Key order and white space of what comes back are not promised: they differ here from what was sent.
    vault.policy = Some(document.to_string());
    Ok(Value::Null)
}

fn check(statement: &Value) -> Result<(), String> {
    if statement.get("Principal").is_none() && statement.get("NotPrincipal").is_none() {
        return Err("a statement without Principal".to_owned());
    }
    let actions = [policy::strings(statement, "Action"), policy::strings(statement, "NotAction")].concat();
    if actions.is_empty() {
        return Err("a statement without Action".to_owned());
    }
    // Unlike other policies, those of vaults take no wildcard here.
    match actions.iter().find(|action| action.contains(['*', '?'])) {
        Some(action) => Err(format!("wildcards are not supported in Action: {action}")),
        None => Ok(()),
    }
}

pub(super) fn read(account: &mut Account, request: &Request) -> Answer {
    let vault = admitted(&mut account.region(&request.region).backup, request)?;
    let policy = vault.policy.as_deref().ok_or_else(|| {
        let message = format!("Backup vault {} has no associated policy", vault.name);
        AwsError::bad("ResourceNotFoundException", message)
    })?;
    Ok(json!({ "BackupVaultName": vault.name, "BackupVaultArn": vault.arn, "Policy": policy }))
}

pub(super) fn delete(account: &mut Account, request: &Request) -> Answer {
    admitted(&mut account.region(&request.region).backup, request)?.policy = None;
    Ok(Value::Null)
}
