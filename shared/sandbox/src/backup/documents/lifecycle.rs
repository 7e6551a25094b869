//! Lifecycles of recovery points, in rules and in their copies.

use serde_json::{Value, json};

use super::members::{invalid, keep_unknown, present, whole};
use crate::error::AwsError;
use crate::settings::Settings;

const LONGEST: i64 = 36_500;
/// Cold storage must last this many days.
const COLD_DAYS: i64 = 90;
const ARCHIVE: &str = "OptInToArchiveForSupportedResources";
const EVENT: &str = "DeleteAfterEvent";
const COLD: &str = "MoveToColdStorageAfterDays";
const DELETE: &str = "DeleteAfterDays";

/// A lifecycle as AWS stores it. `rule` is whose it is, for the refusal.
pub(super) fn filled(rule: &str, given: &Value, settings: &Settings) -> Result<Value, AwsError> {
    if present(given, EVENT).is_some() {
        return Err(invalid(format!("Rule {rule}: {EVENT} is not valid as an input")));
    }
    if settings.archive_refused && present(given, ARCHIVE).is_some() {
        return Err(invalid("Invalid lifecycle. EBS Cold Tier is not yet supported."));
    }
    // -1 says "never", which is what an absent member says when the plan is read back.
    let days = |member| whole(given, member).map(|days| days.filter(|days| *days != -1));
    let (cold, delete) = (days(COLD)?, days(DELETE)?);
    for days in [cold, delete].into_iter().flatten() {
        if !(1..=LONGEST).contains(&days) {
            return Err(invalid(format!("Rule {rule}: a lifecycle of {days} days; it must be 1 to 36500")));
        }
    }
    if let (Some(cold), Some(delete)) = (cold, delete)
        && delete < cold + COLD_DAYS
    {
        return Err(invalid(format!(
            "Rule {rule}: {DELETE} {delete} must be at least 90 days after {COLD} {cold}"
        )));
    }
    let archive = given.get(ARCHIVE).and_then(Value::as_bool).unwrap_or(false);
    let mut filled = json!({ ARCHIVE: archive });
    if let Some(cold) = cold {
        filled[COLD] = cold.into();
    }
    if let Some(delete) = delete {
        filled[DELETE] = delete.into();
    }
    if settings.unknown_plan_members_kept {
        keep_unknown(given, &[ARCHIVE, EVENT, COLD, DELETE], &mut filled);
    }
    Ok(filled)
}
