//! Tags of roles.

use serde_json::{Value, json};

use super::find::role;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::page;
use crate::request::{Request, without_nulls};
use crate::state::{Account, Tags};

const MOST_TAGS: usize = 50;

/// The `Tags` of a call, or what IAM refuses in them.
pub(super) fn checked(request: &Request) -> Result<Tags, AwsError> {
    let mut tags = Tags::new();
    for tag in request.list("Tags") {
        let text = |member: &str| tag.get(member).and_then(Value::as_str);
        let (Some(key), Some(value)) = (text("Key"), text("Value")) else {
            return Err(request.missing("Key and Value of each tag"));
        };
        if key.is_empty() || key.starts_with("aws:") {
            return Err(AwsError::bad(
                "InvalidInput",
                format!("Tag key {key:?} cannot be set: aws: is reserved"),
            ));
        }
        if tags.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(AwsError::bad("InvalidInput", format!("Duplicate tag key {key}")));
        }
    }
    Ok(tags)
}

pub(super) fn add(account: &mut Account, request: &Request) -> Answer {
    let given = checked(request)?;
    let role = role(account, request)?;
    let mut tags = role.tags.clone();
    tags.extend(given);
    if tags.len() > MOST_TAGS {
        let message = format!("The number of tags of {} cannot exceed {MOST_TAGS}", role.name);
        return Err(AwsError::new(409, "LimitExceeded", message));
    }
    role.tags = tags;
    Ok(Value::Null)
}

pub(super) fn remove(account: &mut Account, request: &Request) -> Answer {
    let role = role(account, request)?;
    for key in request.list("TagKeys").iter().filter_map(Value::as_str) {
        role.tags.remove(key);
    }
    Ok(Value::Null)
}

pub(super) fn list(account: &mut Account, request: &Request) -> Answer {
    let tags = &role(account, request)?.tags;
    let items =
        tags.iter().map(|(key, value)| (key.clone(), json!({ "Key": key, "Value": value }))).collect();
    let page = request.page(items, &page::IAM)?;
    Ok(without_nulls(json!({ "Tags": page.items, "IsTruncated": page.next.is_some(), "Marker": page.next })))
}
