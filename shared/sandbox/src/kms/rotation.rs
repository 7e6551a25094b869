//! Automatic rotation of key material.

use serde_json::{Value, json};
use time::Duration;

use super::find::{key, key_for};
use super::states::{Use, allow_rotation, of_wrong_origin};
use crate::clock::epoch;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::request::{Request, without_nulls};
use crate::state::{Account, Key, Origin, Region, Rotation};

/// The key that `KeyId` names, if its rotation can be changed. What a key is counts before the state that it is in.
fn rotating<'a>(region: &'a mut Region, request: &Request) -> Result<&'a mut Key, AwsError> {
    allow_rotation(key(region, request)?)?;
    key_for(region, request, Use::Rotate)
}

pub(super) fn enable(account: &mut Account, request: &Request) -> Answer {
    // A call without a period sets the default, also over a period that somebody had chosen.
    let period = request.integer("RotationPeriodInDays")?.unwrap_or(365);
    if !(90..=2560).contains(&period) {
        return Err(request.invalid(format!("RotationPeriodInDays is {period}; it must be 90 to 2560")));
    }
    let key = rotating(account.region(&request.region), request)?;
    key.rotation = Some(Rotation { period, since: request.now });
    Ok(Value::Null)
}

pub(super) fn disable(account: &mut Account, request: &Request) -> Answer {
    let key = rotating(account.region(&request.region), request)?;
    key.rotation = None;
    Ok(Value::Null)
}

pub(super) fn status(account: &mut Account, request: &Request) -> Answer {
    let key = key(account.region(&request.region), request)?.clone();
    let foreign = key.origin != Origin::Kms;
    if foreign && !request.settings.rotation_told_of_foreign_material {
        return Err(of_wrong_origin(&key));
    }
    // Rotation is a property of the primary key, which its replicas share.
    let primary = key.replication.as_ref().map(|it| it.primary.clone());
    let primary = primary.and_then(|region| account.regions.get(&region)?.kms.keys.get(&key.id));
    let own = primary.unwrap_or(&key);
    // AWS's own keys always rotate, once a year.
    let yearly = Rotation { period: 365, since: key.created };
    let set = if key.manager == "AWS" { Some(yearly) } else { own.rotation };
    // While the key waits for its deletion rotation reads as off; the setting comes back when that is cancelled.
    let rotation = set.filter(|_| key.pending.is_none());
    Ok(without_nulls(json!({
        "KeyId": key.arn,
        "KeyRotationEnabled": rotation.is_some(),
        "RotationPeriodInDays": rotation.map(|rotation| rotation.period),
        "NextRotationDate": rotation.map(|rotation| epoch(rotation.since + Duration::days(rotation.period))),
    })))
}
