//! Aliases: names that point to keys of the same region and account.

use serde_json::{Value, json};

use super::find::{key_id, no_such_key};
use super::states::{Use, allow};
use crate::clock::epoch;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::page::{self, Paging};
use crate::request::{Request, without_nulls};
use crate::state::{Account, Alias, Key, Region};

fn checked_name(request: &Request) -> Result<&str, AwsError> {
    let name = request.required("AliasName")?;
    let invalid = |why: &str| Err(AwsError::bad("InvalidAliasNameException", format!("Alias {name} {why}")));
    let Some(rest) = name.strip_prefix("alias/") else { return invalid("must begin with alias/") };
    if rest.starts_with("aws/") {
        return invalid("is reserved for AWS managed keys");
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte);
    if rest.is_empty() || name.len() > 256 || !rest.bytes().all(allowed) {
        return invalid("may hold up to 256 letters, digits, /, _ and -");
    }
    Ok(name)
}

/// The key that an alias is to point to; one that waits for its deletion is refused.
fn target<'a>(region: &'a Region, request: &Request) -> Result<&'a Key, AwsError> {
    let given = request.required("TargetKeyId")?;
    let id = key_id(region, given)?;
    let key = region.kms.keys.get(&id).ok_or_else(|| no_such_key(given))?;
    allow(key, Use::Describe)?;
    Ok(key)
}

fn no_such_alias(region: &Region, name: &str) -> AwsError {
    AwsError::bad("NotFoundException", format!("Alias {} is not found.", region.arn("kms", name)))
}

pub(super) fn create(account: &mut Account, request: &Request) -> Answer {
    let name = checked_name(request)?;
    let region = account.region(&request.region);
    let id = target(region, request)?.id.clone();
    let arn = region.arn("kms", name);
    if region.kms.aliases.contains_key(name) {
        return Err(AwsError::bad(
            "AlreadyExistsException",
            format!("An alias with the name {arn} already exists"),
        ));
    }
    let alias = Alias { name: name.to_owned(), arn, target: id, created: request.now, updated: request.now };
    region.kms.aliases.insert(name.to_owned(), alias);
    Ok(Value::Null)
}

pub(super) fn update(account: &mut Account, request: &Request) -> Answer {
    let name = checked_name(request)?;
    let region = account.region(&request.region);
    let alias = region.kms.aliases.get(name).ok_or_else(|| no_such_alias(region, name))?;
    let new = target(region, request)?;
    let same_sort =
        region.kms.keys.get(&alias.target).is_none_or(|old| old.usage == new.usage && old.spec == new.spec);
    if !same_sort {
        return Err(
            request.invalid(format!("Alias {name} can only move to a key of the same type and usage"))
        );
    }
    let id = new.id.clone();
    if let Some(alias) = region.kms.aliases.get_mut(name) {
        alias.target = id;
        alias.updated = request.now;
    }
    Ok(Value::Null)
}

pub(super) fn delete(account: &mut Account, request: &Request) -> Answer {
    let name = checked_name(request)?;
    let region = account.region(&request.region);
    match region.kms.aliases.remove(name) {
        Some(_) => Ok(Value::Null),
        None => Err(no_such_alias(region, name)),
    }
}

pub(super) fn list(account: &mut Account, request: &Request) -> Answer {
    let region = account.region(&request.region);
    let only = request.text("KeyId").map(|given| key_id(region, given)).transpose()?;
    let aliases =
        region.kms.aliases.values().filter(|alias| only.as_ref().is_none_or(|id| *id == alias.target));
    let items = aliases.map(|alias| {
        let member = json!({
            "AliasName": alias.name,
            "AliasArn": alias.arn,
            "TargetKeyId": alias.target,
            "CreationDate": epoch(alias.created),
            "LastUpdatedDate": epoch(alias.updated),
        });
        (alias.name.clone(), member)
    });
    let page = request.page(items.collect(), &Paging { max: 100, ..page::KMS })?;
    Ok(without_nulls(
        json!({ "Aliases": page.items, "Truncated": page.next.is_some(), "NextMarker": page.next }),
    ))
}
