//! How a call finds the key that it means.

use super::states::{Use, allow};
use crate::error::AwsError;
use crate::request::Request;
use crate::state::{Key, Region};

pub(super) fn no_such_key(arn: &str) -> AwsError {
    AwsError::bad("NotFoundException", format!("Key '{arn}' does not exist"))
}

/// The id of the key that a key id or key ARN names. An ARN of another region or account names no key here.
pub(super) fn key_id(region: &Region, given: &str) -> Result<String, AwsError> {
    if given.starts_with("alias/") || given.contains(":alias/") {
        return Err(AwsError::bad("NotFoundException", format!("Invalid keyId '{given}'")));
    }
    let full =
        if given.starts_with("arn:") { given.to_owned() } else { region.arn("kms", &format!("key/{given}")) };
    match region.kms.keys.values().find(|key| key.arn == full) {
        Some(key) => Ok(key.id.clone()),
        None => Err(no_such_key(&full)),
    }
}

/// As above, for the few operations that take alias names and alias ARNs as well.
pub(super) fn key_id_or_alias(region: &Region, given: &str) -> Result<String, AwsError> {
    let full = if given.starts_with("alias/") { region.arn("kms", given) } else { given.to_owned() };
    if !full.contains(":alias/") {
        return key_id(region, given);
    }
    match region.kms.aliases.values().find(|alias| alias.arn == full) {
        Some(alias) => Ok(alias.target.clone()),
        None => Err(AwsError::bad("NotFoundException", format!("Alias {full} is not found."))),
    }
}

/// The key that `KeyId` names.
pub(super) fn key<'a>(region: &'a mut Region, request: &Request) -> Result<&'a mut Key, AwsError> {
    let given = request.required("KeyId")?;
    let id = key_id(region, given)?;
    region.kms.keys.get_mut(&id).ok_or_else(|| no_such_key(given))
}

/// The key that `KeyId` names, if its state allows the use.
pub(super) fn key_for<'a>(
    region: &'a mut Region,
    request: &Request,
    wanted: Use,
) -> Result<&'a mut Key, AwsError> {
    let key = key(region, request)?;
    allow(key, wanted)?;
    Ok(key)
}
