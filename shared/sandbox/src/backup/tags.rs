//! Tags of vaults and plans, by ARN.

use serde_json::{Map, Value, json};

use super::admission::admit;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::page;
use crate::request::{Request, without_nulls};
use crate::state::{Account, Region, Tags};

/// Tags as given, or what AWS refuses in them.
pub(super) fn checked(request: &Request, given: &Map<String, Value>) -> Result<Tags, AwsError> {
    let mut tags = Tags::new();
    for (key, value) in given {
        let value =
            value.as_str().ok_or_else(|| request.invalid(format!("Tag {key} has no text as value")))?;
        if key.is_empty() || key.starts_with("aws:") {
            return Err(request.invalid(format!("Tag key {key:?} cannot be set: aws: is reserved")));
        }
        tags.insert(key.clone(), value.to_owned());
    }
    Ok(tags)
}

/// Only vaults and plans have tags here; selections have none at all.
fn tags_of<'a>(region: &'a mut Region, request: &Request) -> Result<&'a mut Tags, AwsError> {
    let arn = request.required("ResourceArn")?;
    let not_found = || AwsError::bad("ResourceNotFoundException", format!("Cannot find resource {arn}"));
    let ours = region.arn("backup", "");
    let rest = arn.strip_prefix(ours.as_str()).ok_or_else(not_found)?;
    if let Some(name) = rest.strip_prefix("backup-vault:") {
        let vault = region.backup.vaults.get_mut(name).ok_or_else(not_found)?;
        admit(vault, request)?;
        return Ok(&mut vault.tags);
    }
    let id = rest.strip_prefix("backup-plan:").ok_or_else(not_found)?;
    region.backup.live_plan(id).map(|plan| &mut plan.tags).ok_or_else(not_found)
}

pub(super) fn list(account: &mut Account, request: &Request) -> Answer {
    let tags = tags_of(account.region(&request.region), request)?;
    let items = tags.iter().map(|(key, value)| (key.clone(), json!([key, value]))).collect();
    let page = request.page(items, &page::BACKUP)?;
    let tags: Map<String, Value> = page
        .items
        .iter()
        .filter_map(|pair| pair[0].as_str().map(|key| (key.to_owned(), pair[1].clone())))
        .collect();
    Ok(without_nulls(json!({ "Tags": tags, "NextToken": page.next })))
}

pub(super) fn add(account: &mut Account, request: &Request) -> Answer {
    let given = checked(request, &request.map("Tags"))?;
    tags_of(account.region(&request.region), request)?.extend(given);
    Ok(Value::Null)
}

pub(super) fn remove(account: &mut Account, request: &Request) -> Answer {
    let tags = tags_of(account.region(&request.region), request)?;
    for key in request.list("TagKeyList").iter().filter_map(Value::as_str) {
        tags.remove(key);
    }
    Ok(Value::Null)
}
