//! What happens to a selection. AWS has no update: a changed selection is a new one with the same name.

use sandbox::{Change, Service};
use serde_json::{Value, json};

use super::account::default_role;
use super::named::Outcome;
use super::plan::located;

const NO_SELECTION: &str = "the plan has no such selection";

/// Where a selection was, and what it said.
struct Taken {
    region: String,
    plan: String,
    document: Value,
}

/// Deletes the selection that `plan/selection` names.
fn take(change: &mut Change<'_>, target: &str) -> Outcome<Taken> {
    let (plan, name) = target.split_once('/').ok_or("a target is needed in the form plan/selection")?;
    let (region, plan) = located(change, plan)?;
    let found = plan.selections.values().find(|selection| selection.name() == name).ok_or(NO_SELECTION)?;
    let taken =
        Taken { region: region.name.clone(), plan: plan.id.clone(), document: found.document.clone() };
    let params = json!({ "BackupPlanId": taken.plan, "SelectionId": found.id });
    change.call(Service::Backup, &taken.region, "DeleteBackupSelection", params)?;
    Ok(taken)
}

fn put(change: &mut Change<'_>, region: &str, plan: &str, document: &Value) -> Outcome {
    let params = json!({ "BackupPlanId": plan, "BackupSelection": document });
    change.call(Service::Backup, region, "CreateBackupSelection", params)?;
    Ok(())
}

/// Deletes the selection and makes it again with one member changed.
fn set(change: &mut Change<'_>, target: &str, member: &str, value: Value) -> Outcome {
    let mut taken = take(change, target)?;
    taken.document[member] = value;
    put(change, &taken.region, &taken.plan, &taken.document)
}

pub(super) fn deleted(change: &mut Change<'_>, target: &str) -> Outcome {
    take(change, target)?;
    Ok(())
}

pub(super) fn emptied(change: &mut Change<'_>, target: &str) -> Outcome {
    let mut taken = take(change, target)?;
    let nowhere = format!("arn:aws:dynamodb:{}:{}:table/retired", taken.region, change.account.id);
    taken.document["Resources"] = json!([nowhere]);
    put(change, &taken.region, &taken.plan, &taken.document)
}

pub(super) fn excludes_more(change: &mut Change<'_>, target: &str) -> Outcome {
    let mut taken = take(change, target)?;
    if let Some(list) = taken.document["NotResources"].as_array_mut() {
        list.push(json!("arn:aws:rds:*:*:db:*"));
    }
    put(change, &taken.region, &taken.plan, &taken.document)
}

pub(super) fn by_tag(change: &mut Change<'_>, target: &str) -> Outcome {
    let tag = json!({ "ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "yes" });
    set(change, target, "ListOfTags", json!([tag]))
}

pub(super) fn conditioned(change: &mut Change<'_>, target: &str) -> Outcome {
    let condition = json!({ "ConditionKey": "aws:ResourceTag/backup", "ConditionValue": "yes" });
    set(change, target, "Conditions", json!({ "StringEquals": [condition] }))
}

pub(super) fn role_changed(change: &mut Change<'_>, target: &str) -> Outcome {
    let role = default_role(change)?;
    set(change, target, "IamRoleArn", json!(role))
}

pub(super) fn duplicated(change: &mut Change<'_>, target: &str) -> Outcome {
    let taken = take(change, target)?;
    put(change, &taken.region, &taken.plan, &taken.document)?;
    put(change, &taken.region, &taken.plan, &taken.document)
}

pub(super) fn added(change: &mut Change<'_>, plan: &str) -> Outcome {
    let (region, plan) = located(change, plan)?;
    let existing = plan.selections.values().next().ok_or(NO_SELECTION)?;
    let (region, plan, mut document) = (region.name.clone(), plan.id.clone(), existing.document.clone());
    document["SelectionName"] = json!("temporary_tables");
    document["Resources"] = json!(["arn:aws:dynamodb:*:*:table/*"]);
    document["NotResources"] = json!([]);
    put(change, &region, &plan, &document)
}
