//! Automatic rotation of key material.

use serde_json::{Value, json};
use time::Duration;

use super::find::{key, usable_key};
use crate::clock::epoch;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::request::{Request, without_nulls};
use crate::state::{Account, Key, Rotation};

/// Only enabled symmetric keys can change it.
fn refuse(key: &Key) -> Result<(), AwsError> {
    if key.spec != "SYMMETRIC_DEFAULT" {
        let message = format!("{} is {}: only symmetric encryption keys rotate", key.arn, key.spec);
        return Err(AwsError::bad("UnsupportedOperationException", message));
    }
    if !key.enabled {
        return Err(AwsError::bad("DisabledException", format!("{} is disabled.", key.arn)));
    }
    Ok(())
}

pub(super) fn enable(account: &mut Account, request: &Request) -> Answer {
    // A call without a period sets the default, also over a period that somebody had chosen.
    let period = request.integer("RotationPeriodInDays")?.unwrap_or(365);
    if !(90..=2560).contains(&period) {
        return Err(request.invalid(format!("RotationPeriodInDays is {period}; it must be 90 to 2560")));
    }
    let key = usable_key(account.region(&request.region), request)?;
    refuse(key)?;
    key.rotation = Some(Rotation { period, since: request.now });
    Ok(Value::Null)
}

pub(super) fn disable(account: &mut Account, request: &Request) -> Answer {
    let key = usable_key(account.region(&request.region), request)?;
    refuse(key)?;
    key.rotation = None;
    Ok(Value::Null)
}

pub(super) fn status(account: &mut Account, request: &Request) -> Answer {
    let key = key(account.region(&request.region), request)?;
    // While the key waits for its deletion rotation reads as off; the setting comes back when that is cancelled.
    let rotation = key.rotation.filter(|_| key.pending.is_none());
    Ok(without_nulls(json!({
        "KeyId": key.arn,
        "KeyRotationEnabled": rotation.is_some(),
        "RotationPeriodInDays": rotation.map(|rotation| rotation.period),
        "NextRotationDate": rotation.map(|rotation| epoch(rotation.since + Duration::days(rotation.period))),
    })))
}
