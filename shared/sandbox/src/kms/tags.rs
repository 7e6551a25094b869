//! Tags of keys.

use serde_json::{Value, json};

use super::find::{key, key_for};
use super::states::Use;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::page::{self, Paging};
use crate::request::{Request, without_nulls};
use crate::state::{Account, Tags};

/// Tags as given, or what KMS refuses in them.
pub(super) fn checked(given: &[Value]) -> Result<Tags, AwsError> {
    let refused = |why: String| Err(AwsError::bad("TagException", why));
    let mut tags = Tags::new();
    for tag in given {
        let text = |member: &str| tag.get(member).and_then(Value::as_str);
        let (Some(key), Some(value)) = (text("TagKey"), text("TagValue")) else {
            return refused("Each tag needs TagKey and TagValue".to_owned());
        };
        if key.is_empty() || key.starts_with("aws:") {
            return refused(format!("Tag key {key:?} cannot be set: aws: is reserved"));
        }
        if tags.insert(key.to_owned(), value.to_owned()).is_some() {
            return refused(format!("Duplicate tag key {key}"));
        }
    }
    Ok(tags)
}

/// Tags as KMS lists them.
pub(super) fn listed(tags: &Tags) -> Value {
    tags.iter().map(|(key, value)| json!({ "TagKey": key, "TagValue": value })).collect()
}

pub(super) fn list(account: &mut Account, request: &Request) -> Answer {
    let tags = &key(account.region(&request.region), request)?.tags;
    let items =
        tags.iter().map(|(key, value)| (key.clone(), json!({ "TagKey": key, "TagValue": value }))).collect();
    let page = request.page(items, &Paging { max: 50, ..page::KMS })?;
    Ok(without_nulls(
        json!({ "Tags": page.items, "Truncated": page.next.is_some(), "NextMarker": page.next }),
    ))
}

pub(super) fn add(account: &mut Account, request: &Request) -> Answer {
    let given = checked(request.list("Tags"))?;
    key_for(account.region(&request.region), request, Use::Describe)?.tags.extend(given);
    Ok(Value::Null)
}

pub(super) fn remove(account: &mut Account, request: &Request) -> Answer {
    let key = key_for(account.region(&request.region), request, Use::Describe)?;
    for name in request.list("TagKeys").iter().filter_map(Value::as_str) {
        key.tags.remove(name);
    }
    Ok(Value::Null)
}
