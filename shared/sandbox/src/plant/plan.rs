//! Plans: when they last ran and were made, and documents that no call can put.

use serde_json::{Map, Value};

use super::values::{time, time_or_none, unknown};
use crate::state::{Plan, Region};

/// Sets members of the plan of this id or name.
pub(super) fn set(region: &mut Region, name: &str, set: &Map<String, Value>) -> Result<(), String> {
    let ids = &mut region.ids;
    let mut plans = region.backup.plans.values_mut();
    let plan = plans.find(|plan| plan.deleted.is_none() && (plan.id == name || plan.name() == name));
    let plan = plan.ok_or_else(|| format!("there is no plan {name}"))?;
    for (member, value) in set {
        match member.as_str() {
            "LastExecutionDate" => plan.last_execution = time_or_none(value)?,
            "CreationDate" => {
                let date = time(value)?;
                plan.versions.iter_mut().for_each(|version| version.created = date);
            }
            "BackupPlan" => put(plan, value.clone(), || ids.uuid()),
            "AdvancedBackupSettings" => {
                if let Some(version) = plan.versions.last_mut() {
                    version.advanced = value.clone();
                }
            }
            other => return Err(unknown("a plan", other)),
        }
    }
    Ok(())
}

/// Puts a document as it is, with rule ids where it has none. What AWS answers beside it may also stand in it.
fn put(plan: &mut Plan, mut document: Value, mut new_id: impl FnMut() -> String) {
    let Some(version) = plan.versions.last_mut() else { return };
    let rules = document.get_mut("Rules").and_then(Value::as_array_mut).into_iter().flatten();
    let id = |rule: &mut Value| {
        let given = rule.as_object_mut().and_then(|rule| rule.remove("RuleId"));
        given.and_then(|id| id.as_str().map(str::to_owned)).unwrap_or_else(&mut new_id)
    };
    version.rule_ids = rules.map(id).collect();
    if let Some(advanced) = document.as_object_mut().and_then(|all| all.remove("AdvancedBackupSettings")) {
        version.advanced = advanced;
    }
    version.document = document;
}
