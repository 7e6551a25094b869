//! How well what exists protects backups, judged by hand on the emulator's own state: nothing of the product is asked.

use std::collections::BTreeSet;

use sandbox::state::{Account, Lock, Plan, Vault};
use serde_json::Value;
use time::{Duration, OffsetDateTime};

/// What a vault policy protects recovery points from.
const PROTECTIVE: [&str; 4] = [
    "backup:deletebackupvault",
    "backup:deleterecoverypoint",
    "backup:updaterecoverypointlifecycle",
    "backup:disassociaterecoverypoint",
];

/// What is denied to everyone, everywhere, without a condition.
pub(super) fn denied(vault: &Vault) -> BTreeSet<String> {
    let policy: Value =
        vault.policy.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let statement = &policy["Statement"];
    let statements = statement.as_array().cloned().unwrap_or_else(|| vec![statement.clone()]);
    let everyone = |principal: &Value| {
        strings(principal).contains(&"*".to_owned()) || strings(&principal["AWS"]).contains(&"*".to_owned())
    };
    let denies = statements.iter().filter(|one| {
        one["Effect"] == "Deny"
            && one["Condition"].is_null()
            && everyone(&one["Principal"])
            && strings(&one["Resource"]).contains(&"*".to_owned())
    });
    let actions = denies.flat_map(|one| strings(&one["Action"])).map(|action| action.to_lowercase());
    actions.filter(|action| PROTECTIVE.contains(&action.as_str())).collect()
}

fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(one) => vec![one.clone()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    }
}

/// Why a lock is worse than the one before it.
pub(super) fn worse_lock(before: Option<Lock>, after: Option<Lock>, now: OffsetDateTime) -> Option<String> {
    let before = before?;
    let Some(after) = after else { return Some("a lock is gone".to_owned()) };
    match (before.date, after.date) {
        (Some(_), None) => Some("a compliance lock has become a governance lock".to_owned()),
        (Some(date), Some(later)) if later > (date + Duration::days(1)).max(now + GRACE + SLACK) => {
            Some(format!("a lock date was moved from {date} to {later} at {now}"))
        }
        _ => None,
    }
}

/// The spec's grace time, and what clocks may differ by.
const GRACE: Duration = Duration::days(3);
const SLACK: Duration = Duration::hours(1);

/// Whether a lock is what the spec asks for, so that a put of it would only move its date.
pub(super) fn is_right_lock(lock: Option<Lock>, now: OffsetDateTime) -> bool {
    lock.is_some_and(|lock| {
        lock.min.is_none() && lock.max.is_none() && lock.date.is_some_and(|date| date <= now + GRACE)
    })
}

/// The plans that have this name.
pub(super) fn plans<'a>(account: &'a Account, region: &str, name: &str) -> Vec<&'a Plan> {
    let region = account.regions.get(region);
    let plans = region.into_iter().flat_map(|region| region.backup.live_plans());
    plans.filter(|plan| plan.name() == name).collect()
}

/// How long a rule keeps recovery points; the shortest of those of the name, and none is for ever.
pub(super) fn kept(plan: &Plan, rule: &str) -> Option<i64> {
    let rules = plan.latest()?.rules();
    let named = rules.iter().filter(|one| one["RuleName"] == rule);
    named.map(|one| one["Lifecycle"]["DeleteAfterDays"].as_i64().unwrap_or(i64::MAX)).min()
}

/// The selections of a name, as documents.
pub(super) fn selections<'a>(plan: &'a Plan, name: &str) -> Vec<&'a Value> {
    plan.selections.values().filter(|one| one.name() == name).map(|one| &one.document).collect()
}
