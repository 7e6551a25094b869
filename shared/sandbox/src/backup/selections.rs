//! Backup selections: immutable, and refused unless AWS Backup can use the role.

use serde_json::{Value, json};

use super::names::is_name;
use crate::clock::epoch;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::page;
use crate::policy;
use crate::request::{Request, without_nulls};
use crate::state::{Account, Backup, Iam, Plan, Selection};

const CONDITIONS: [&str; 4] = ["StringEquals", "StringLike", "StringNotEquals", "StringNotLike"];

fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::bad("InvalidParameterValueException", message)
}

/// Unlike a missing selection, a missing plan is a wrong parameter.
fn plan_of<'a>(backup: &'a mut Backup, request: &Request) -> Result<&'a mut Plan, AwsError> {
    let id = request.required("BackupPlanId")?;
    backup.live_plan(id).ok_or_else(|| invalid("Cannot find Backup plan"))
}

/// The selection as AWS stores it: every list is there, empty when none was given.
fn document(input: &Value) -> Result<Value, AwsError> {
    let text = |member| input.get(member).and_then(Value::as_str);
    let list = |member: &str| input.get(member).and_then(Value::as_array).cloned().unwrap_or_default();
    let missing = |member| {
        AwsError::bad("MissingParameterValueException", format!("A selection needs {member}; none was given"))
    };
    let name = text("SelectionName").ok_or_else(|| missing("SelectionName"))?;
    if !is_name(name) {
        return Err(invalid(format!("SelectionName {name} must be 1 to 50 letters, digits, -, _ or .")));
    }
    let role = text("IamRoleArn").ok_or_else(|| missing("IamRoleArn"))?;
    let (resources, tags) = (list("Resources"), list("ListOfTags"));
    if resources.is_empty() && tags.is_empty() {
        return Err(invalid(
            "Invalid backup selection. Either 'ListOfTags' or 'Resources' section must be non-empty.",
        ));
    }
    let is_tag = |tag: &Value| {
        tag.get("ConditionType").and_then(Value::as_str) == Some("STRINGEQUALS")
            && tag.get("ConditionKey").is_some_and(Value::is_string)
            && tag.get("ConditionValue").is_some_and(Value::is_string)
    };
    if !tags.iter().all(is_tag) {
        return Err(invalid(
            "ListOfTags takes ConditionType STRINGEQUALS with a ConditionKey and a ConditionValue",
        ));
    }
    let mut conditions = json!({});
    for kind in CONDITIONS {
        conditions[kind] = input
            .pointer(&format!("/Conditions/{kind}"))
            .filter(|given| given.is_array())
            .cloned()
            .unwrap_or(json!([]));
    }
    Ok(json!({
        "SelectionName": name,
        "IamRoleArn": role,
        "Resources": resources,
        "NotResources": list("NotResources"),
        "ListOfTags": tags,
        "Conditions": conditions,
    }))
}

/// AWS checks the role when the selection is made: it must exist and trust the service, and it must be allowed to
/// find the tagged resources, which is not the case for a role without any policy.
fn check_role(arn: &str, iam: &Iam) -> Result<(), AwsError> {
    let refused = |why: &str| Err(invalid(format!("IAM Role {arn} {why}")).with("Code", "ERROR_3018"));
    let trusted = iam.role_by_arn(arn).filter(|role| {
        policy::parse(&role.trust)
            .is_ok_and(|document| policy::lets_service_assume(&document, "backup.amazonaws.com"))
    });
    match trusted {
        None => refused("cannot be assumed by AWS Backup"),
        Some(role) if role.attached.is_empty() && role.inline.is_empty() => {
            refused("is not authorized to call tag:GetResources")
        }
        Some(_) => Ok(()),
    }
}

pub(super) fn create(account: &mut Account, request: &Request) -> Answer {
    let (region, iam) = account.with_iam(&request.region);
    let id = region.ids.uuid();
    let plan = plan_of(&mut region.backup, request)?;
    let input = request.value("BackupSelection").ok_or_else(|| request.missing("BackupSelection"))?;
    let document = document(input)?;
    let creator = request.text("CreatorRequestId").map(str::to_owned);
    let same_request = |selection: &&Selection| creator.is_some() && selection.creator_request_id == creator;
    if let Some(selection) = plan.selections.values().find(same_request) {
        return Ok(written(plan, selection));
    }
    check_role(document["IamRoleArn"].as_str().unwrap_or_default(), iam)?;
    let same_name = |selection: &&Selection| document["SelectionName"] == selection.name();
    if request.settings.selection_names_unique
        && let Some(selection) = plan.selections.values().find(same_name)
    {
        return Err(AwsError::bad(
            "AlreadyExistsException",
            "Backup selection with the same name already exists",
        )
        .with("Arn", selection.id.clone())
        .with("CreatorRequestId", selection.creator_request_id.clone()));
    }
    let selection = Selection { id: id.clone(), created: request.now, creator_request_id: creator, document };
    let answer = written(plan, &selection);
    plan.selections.insert(id, selection);
    Ok(answer)
}

pub(crate) fn written(plan: &Plan, selection: &Selection) -> Value {
    json!({ "SelectionId": selection.id, "BackupPlanId": plan.id, "CreationDate": epoch(selection.created) })
}

pub(super) fn read(account: &mut Account, request: &Request) -> Answer {
    let plan = plan_of(&mut account.region(&request.region).backup, request)?;
    let id = request.required("SelectionId")?;
    let selection = plan.selections.get(id).ok_or_else(|| {
        AwsError::bad("ResourceNotFoundException", format!("Cannot find Backup selection with ID {id}"))
    })?;
    Ok(without_nulls(json!({
        "BackupSelection": selection.document,
        "SelectionId": selection.id,
        "BackupPlanId": plan.id,
        "CreationDate": epoch(selection.created),
        "CreatorRequestId": selection.creator_request_id,
    })))
}

pub(super) fn delete(account: &mut Account, request: &Request) -> Answer {
    let plan = plan_of(&mut account.region(&request.region).backup, request)?;
    let id = request.required("SelectionId")?;
    let removed = plan.selections.remove(id);
    removed.map(|_| Value::Null).ok_or_else(|| invalid(format!("Cannot find Backup selection with ID {id}")))
}

pub(super) fn list(account: &mut Account, request: &Request) -> Answer {
    let plan = plan_of(&mut account.region(&request.region).backup, request)?;
    let items = plan.selections.values().map(|selection| {
        let member = without_nulls(json!({
            "SelectionId": selection.id,
            "SelectionName": selection.name(),
            "BackupPlanId": plan.id,
            "CreationDate": epoch(selection.created),
            "CreatorRequestId": selection.creator_request_id,
            "IamRoleArn": selection.document["IamRoleArn"],
        }));
        (selection.id.clone(), member)
    });
    let page = request.page(items.collect(), &page::BACKUP)?;
    Ok(without_nulls(json!({ "BackupSelectionsList": page.items, "NextToken": page.next })))
}
