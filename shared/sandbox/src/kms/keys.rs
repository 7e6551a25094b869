//! Keys while they last: switched on and off, described, and waiting for their deletion.

use serde_json::{Value, json};
use time::Duration;

use super::find::{key_for, key_id_or_alias, no_such_key};
use super::metadata::metadata;
use super::states::Use;
use crate::clock::epoch;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::page::{self, Paging};
use crate::request::{Request, without_nulls};
use crate::state::{Account, Pending};

pub(super) fn describe(account: &mut Account, request: &Request) -> Answer {
    let region = account.region(&request.region);
    let id = key_id_or_alias(region, request.required("KeyId")?)?;
    let key = region.kms.keys.get(&id).ok_or_else(|| no_such_key(&id))?;
    Ok(json!({ "KeyMetadata": metadata(key, region) }))
}

pub(super) fn list(account: &mut Account, request: &Request) -> Answer {
    let keys = account.region(&request.region).kms.keys.values();
    let items = keys.map(|key| (key.id.clone(), json!({ "KeyId": key.id, "KeyArn": key.arn }))).collect();
    let page = request.page(items, &Paging { default: 100, ..page::KMS })?;
    Ok(without_nulls(
        json!({ "Keys": page.items, "Truncated": page.next.is_some(), "NextMarker": page.next }),
    ))
}

pub(super) fn enable(account: &mut Account, request: &Request) -> Answer {
    key_for(account.region(&request.region), request, Use::Switch)?.enabled = true;
    Ok(Value::Null)
}

pub(super) fn disable(account: &mut Account, request: &Request) -> Answer {
    key_for(account.region(&request.region), request, Use::Switch)?.enabled = false;
    Ok(Value::Null)
}

pub(super) fn update_description(account: &mut Account, request: &Request) -> Answer {
    let description = request.text("Description").ok_or_else(|| request.missing("Description"))?;
    key_for(account.region(&request.region), request, Use::Describe)?.description = description.to_owned();
    Ok(Value::Null)
}

pub(super) fn schedule_deletion(account: &mut Account, request: &Request) -> Answer {
    let days = request.integer("PendingWindowInDays")?.unwrap_or(30);
    if !(7..=30).contains(&days) {
        return Err(request.invalid(format!("PendingWindowInDays is {days}; it must be 7 to 30")));
    }
    let key = key_for(account.region(&request.region), request, Use::ScheduleDeletion)?;
    if key.manager == "AWS" {
        return Err(AwsError::bad("AccessDeniedException", format!("{} is managed by AWS", key.arn)));
    }
    let pending = Pending { date: request.now + Duration::days(days), days };
    key.pending = Some(pending);
    // With replicas the waiting period has not begun.
    Ok(without_nulls(json!({
        "KeyId": key.arn,
        "DeletionDate": (!key.has_replicas()).then(|| epoch(pending.date)),
        "KeyState": key.state().name(),
        "PendingWindowInDays": pending.days,
    })))
}

pub(super) fn cancel_deletion(account: &mut Account, request: &Request) -> Answer {
    let key = key_for(account.region(&request.region), request, Use::CancelDeletion)?;
    // A rescued key is not enabled again: that takes a call of its own.
    key.pending = None;
    key.enabled = false;
    Ok(json!({ "KeyId": key.arn }))
}
