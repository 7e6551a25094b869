//! Imported key material. What is imported is not looked at.

use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::find::key;
use super::states::{Use, allow, of_wrong_origin};
use crate::error::AwsError;
use crate::operation::Answer;
use crate::request::Request;
use crate::state::{Account, Key, Origin, Region};

/// Imported material lasts at most so long, by the model.
const LONGEST: Duration = Duration::days(365);

fn external<'a>(region: &'a mut Region, request: &Request, wanted: Use) -> Result<&'a mut Key, AwsError> {
    let key = key(region, request)?;
    match key.origin {
        Origin::External { .. } => {}
        Origin::Kms | Origin::CloudHsm(_) | Origin::ExternalKeyStore(_) => return Err(of_wrong_origin(key)),
    }
    allow(key, wanted)?;
    Ok(key)
}

pub(super) fn import(account: &mut Account, request: &Request) -> Answer {
    let key = external(account.region(&request.region), request, Use::ImportMaterial)?;
    request.required("ImportToken")?;
    request.required("EncryptedKeyMaterial")?;
    let valid_to = match request.text("ExpirationModel").unwrap_or("KEY_MATERIAL_EXPIRES") {
        "KEY_MATERIAL_DOES_NOT_EXPIRE" => None,
        _ => {
            let seconds = request.value("ValidTo").and_then(Value::as_f64);
            let seconds = seconds.ok_or_else(|| request.missing("ValidTo"))?;
            let date = OffsetDateTime::from_unix_timestamp(seconds as i64).ok();
            let date = date.filter(|date| request.now < *date && *date <= request.now + LONGEST);
            Some(date.ok_or_else(|| request.invalid("ValidTo must be within the next 365 days"))?)
        }
    };
    key.origin = Origin::External { imported: true, valid_to };
    Ok(json!({ "KeyId": key.arn }))
}

pub(super) fn delete(account: &mut Account, request: &Request) -> Answer {
    let key = external(account.region(&request.region), request, Use::DeleteMaterial)?;
    key.origin = Origin::External { imported: false, valid_to: None };
    Ok(json!({ "KeyId": key.arn }))
}
