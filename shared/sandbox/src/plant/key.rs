//! Keys: their age and kind, where their material is, and what KMS or RAM does to them.

use serde_json::{Map, Value};
use time::{OffsetDateTime, PrimitiveDateTime};

use super::values::{text, time, time_or_none, unknown};
use crate::state::{Key, Origin, Region, Transition};

/// Sets members of the key of this id, ARN or alias.
pub(super) fn set(region: &mut Region, name: &str, set: &Map<String, Value>) -> Result<(), String> {
    let id = region.kms.aliases.get(name).map_or(name, |alias| alias.target.as_str()).to_owned();
    let key = region.kms.keys.values_mut().find(|key| key.id == id || key.arn == id);
    let key = key.ok_or_else(|| format!("there is no key {name}"))?;
    set.iter().try_for_each(|(member, value)| put(key, member, value))
}

fn put(key: &mut Key, member: &str, value: &Value) -> Result<(), String> {
    match member {
        "CreationDate" => key.created = time(value)?,
        "KeySpec" => key.spec = text(value)?,
        "KeyUsage" => key.usage = text(value)?,
        "Policy" => key.policy = text(value)?,
        "AWS_RAM" => key.ram_policy = value.as_str().map(str::to_owned),
        "KeyState" => put_state(key, value)?,
        "Origin" => {
            key.origin = match value.as_str() {
                Some("AWS_KMS") => Origin::Kms,
                Some("EXTERNAL") => Origin::External { imported: true, valid_to: None },
                Some("AWS_CLOUDHSM") => Origin::CloudHsm(store(key)),
                Some("EXTERNAL_KEY_STORE") => Origin::ExternalKeyStore(store(key)),
                _ => return Err(format!("this is no origin: {value}")),
            }
        }
        "CustomKeyStoreId" => match &mut key.origin {
            Origin::CloudHsm(store) | Origin::ExternalKeyStore(store) => *store = text(value)?,
            Origin::Kms | Origin::External { .. } => key.origin = Origin::CloudHsm(text(value)?),
        },
        "ValidTo" => key.origin = Origin::External { imported: true, valid_to: time_or_none(value)? },
        other => return Err(unknown("a key", other)),
    }
    Ok(())
}

fn store(key: &Key) -> String {
    key.origin.store().unwrap_or("cks-1234567890abcdef0").to_owned()
}

/// What passes by itself elsewhere stays here until something else is planted.
fn put_state(key: &mut Key, value: &Value) -> Result<(), String> {
    let until: OffsetDateTime = PrimitiveDateTime::MAX.assume_utc();
    (key.transition, key.pending, key.reachable) = (None, None, true);
    match value.as_str() {
        Some("Creating") => key.transition = Some(Transition::Creating { until }),
        Some("Updating") => key.transition = Some(Transition::Updating { until }),
        Some("Unavailable") => key.reachable = false,
        Some("PendingImport") => key.origin = Origin::External { imported: false, valid_to: None },
        Some("Enabled") => key.enabled = true,
        Some("Disabled") => key.enabled = false,
        _ => return Err(format!("this state cannot be planted: {value}")),
    }
    Ok(())
}
