//! The settings of a region: which services AWS Backup backs up, and which of them it manages in full.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::error::AwsError;
use crate::operation::Answer;
use crate::request::Request;
use crate::state::Account;

const OPT_IN: &str = "ResourceTypeOptInPreference";
const MANAGEMENT: &str = "ResourceTypeManagementPreference";

pub(super) fn describe(account: &mut Account, request: &Request) -> Answer {
    let preferences = &account.region(&request.region).backup.preferences;
    Ok(json!({ OPT_IN: preferences.opted_in(), MANAGEMENT: preferences.managed() }))
}

/// What is not given stays as it is; one service that the region does not have refuses the whole call.
pub(super) fn update(account: &mut Account, request: &Request) -> Answer {
    let preferences = &mut account.region(&request.region).backup.preferences;
    let (opt_in, management) = (request.map(OPT_IN), request.map(MANAGEMENT));
    if request.value(OPT_IN).is_none() && request.value(MANAGEMENT).is_none() {
        return Err(request.missing(OPT_IN));
    }
    let opt_in = checked(request, "opt in", &opt_in, &preferences.opted_in())?;
    let management = checked(request, "management", &management, &preferences.managed())?;
    preferences.opt_in.extend(opt_in);
    preferences.management.extend(management);
    Ok(Value::Null)
}

fn checked(
    request: &Request,
    what: &str,
    given: &Map<String, Value>,
    known: &BTreeMap<String, bool>,
) -> Result<BTreeMap<String, bool>, AwsError> {
    let mut checked = BTreeMap::new();
    for (name, value) in given {
        if !known.contains_key(name) {
            let why = format!("Element present in resource type {what} preference has invalid values");
            return Err(request.invalid(why));
        }
        let enabled = value.as_bool().ok_or_else(|| {
            AwsError::bad("SerializationException", format!("The preference of {name} is not a truth value"))
        })?;
        checked.insert(name.clone(), enabled);
    }
    Ok(checked)
}
