//! Vault locks: none, governance, compliance in its grace time, and compliance for ever.

use serde_json::Value;
use time::Duration;

use super::admission::admitted;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::request::Request;
use crate::state::{Account, Lock, Vault};

const LONGEST: i64 = 36_500;

pub(super) fn put(account: &mut Account, request: &Request) -> Answer {
    let vault = admitted(&mut account.region(&request.region).backup, request)?;
    refuse_immutable(vault, request)?;
    let (min, max) = (request.integer("MinRetentionDays")?, request.integer("MaxRetentionDays")?);
    let days = request.integer("ChangeableForDays")?;
    let least = if request.settings.lock_takes_zero { -1 } else { 1 };
    if min.is_some_and(|min| !(least..=LONGEST).contains(&min))
        || max.is_some_and(|max| !(least..=LONGEST).contains(&max))
    {
        return Err(request.invalid("MinRetentionDays and MaxRetentionDays must be 1 to 36500"));
    }
    if let (Some(min), Some(max)) = (min, max)
        && max > 0
        && min > max
    {
        return Err(request.invalid(format!("MinRetentionDays {min} is more than MaxRetentionDays {max}")));
    }
    if days.is_some_and(|days| !(3..=LONGEST).contains(&days)) {
        return Err(request.invalid("ChangeableForDays must be 3 to 36500"));
    }
    let date = match days {
        // The date counts from this call: putting the same lock again moves it.
        Some(days) => Some(request.now + Duration::days(days)),
        // Whether a call without days ends a running grace time is not documented. Keeping the date is the
        // reading under which a mistaken caller still meets a compliance lock.
        None => vault.lock.and_then(|lock| lock.date),
    };
    if !request.settings.lock_puts_without_effect {
        vault.lock = Some(Lock { min, max, date });
    }
    Ok(Value::Null)
}

pub(super) fn delete(account: &mut Account, request: &Request) -> Answer {
    let vault = admitted(&mut account.region(&request.region).backup, request)?;
    refuse_immutable(vault, request)?;
    vault.lock = None;
    Ok(Value::Null)
}

fn refuse_immutable(vault: &Vault, request: &Request) -> Result<(), AwsError> {
    if vault.lock.is_some_and(|lock| lock.is_immutable(request.now)) {
        let message =
            format!("Vault lock configuration of {} is immutable: its lock date has passed", vault.name);
        return Err(AwsError::bad("InvalidRequestException", message));
    }
    Ok(())
}
