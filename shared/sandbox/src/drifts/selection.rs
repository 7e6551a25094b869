//! What happens to a selection. AWS has no update: a changed selection is a new one with the same name.

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::plan::{NO_PLAN, located};
use super::role_of_service;
use crate::state::{Account, Selection};

type Outcome = Result<(), &'static str>;

const NO_SELECTION: &str = "the plan has no such selection";

fn split(target: &str) -> Result<(&str, &str), &'static str> {
    target.split_once('/').ok_or("a target is needed in the form plan/selection")
}

/// Takes the selection that `plan/selection` names out of its plan.
fn take(account: &mut Account, target: &str) -> Result<Value, &'static str> {
    let (plan, name) = split(target)?;
    let (region, id) = located(account, plan)?;
    let selections = &mut region.backup.live_plan(&id).ok_or(NO_PLAN)?.selections;
    let id =
        selections.values().find(|selection| selection.name() == name).map(|selection| selection.id.clone());
    selections.remove(&id.ok_or(NO_SELECTION)?).map(|selection| selection.document).ok_or(NO_SELECTION)
}

fn put(account: &mut Account, plan: &str, document: Value, now: OffsetDateTime) -> Outcome {
    let (region, plan) = located(account, plan)?;
    let id = region.ids.uuid();
    let selection = Selection { id: id.clone(), created: now, creator_request_id: None, document };
    region.backup.live_plan(&plan).ok_or(NO_PLAN)?.selections.insert(id, selection);
    Ok(())
}

/// Deletes the selection and makes it again with one member changed.
fn set(account: &mut Account, target: &str, now: OffsetDateTime, path: &str, value: Value) -> Outcome {
    let mut document = take(account, target)?;
    if let Some(member) = document.pointer_mut(path) {
        *member = value;
    }
    put(account, split(target)?.0, document, now)
}

pub(super) fn deleted(account: &mut Account, target: &str, _: OffsetDateTime) -> Outcome {
    take(account, target).map(|_| ())
}

pub(super) fn emptied(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    let nowhere = format!("arn:aws:dynamodb:us-east-1:{}:table/retired", account.id);
    set(account, target, now, "/Resources", json!([nowhere]))
}

pub(super) fn excludes_more(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    let mut document = take(account, target)?;
    if let Some(list) = document["NotResources"].as_array_mut() {
        list.push(json!("arn:aws:rds:*:*:db:*"));
    }
    put(account, split(target)?.0, document, now)
}

pub(super) fn by_tag(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    let tag = json!({ "ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "yes" });
    set(account, target, now, "/ListOfTags", json!([tag]))
}

pub(super) fn conditioned(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    let condition = json!({ "ConditionKey": "aws:ResourceTag/backup", "ConditionValue": "yes" });
    set(account, target, now, "/Conditions/StringEquals", json!([condition]))
}

pub(super) fn role_changed(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    let mut document = take(account, target)?;
    document["IamRoleArn"] = json!(role_of_service(account, "AWSBackupDefaultServiceRole", now));
    put(account, split(target)?.0, document, now)
}

pub(super) fn duplicated(account: &mut Account, target: &str, now: OffsetDateTime) -> Outcome {
    let document = take(account, target)?;
    let plan = split(target)?.0;
    put(account, plan, document.clone(), now)?;
    put(account, plan, document, now)
}

pub(super) fn added(account: &mut Account, plan: &str, now: OffsetDateTime) -> Outcome {
    let (region, id) = located(account, plan)?;
    let existing = region.backup.live_plan(&id).ok_or(NO_PLAN)?.selections.values().next();
    let mut document = existing.map(|selection| selection.document.clone()).ok_or(NO_SELECTION)?;
    document["SelectionName"] = json!("temporary_tables");
    document["Resources"] = json!(["arn:aws:dynamodb:*:*:table/*"]);
    document["NotResources"] = json!([]);
    put(account, plan, document, now)
}
