//! Backup plans: versioned documents under names that need not be unique.

use serde_json::{Value, json};

use super::names::is_name;
use super::{documents, preview, tags};
use crate::clock::epoch;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::page;
use crate::request::{Request, without_nulls};
use crate::state::{Account, Plan, PlanVersion, Region};

fn not_found(id: &str) -> AwsError {
    AwsError::bad("ResourceNotFoundException", format!("Cannot find Backup plan with ID {id}"))
}

/// Gives a document its version and rule ids. Rule ids are new each time: nothing promises that they stay.
fn store_version(region: &mut Region, mut version: PlanVersion) -> PlanVersion {
    version.id = region.ids.uuid();
    version.rule_ids = (0..version.rules().len()).map(|_| region.ids.uuid()).collect();
    version
}

pub(super) fn create(account: &mut Account, request: &Request) -> Answer {
    let input = request.value("BackupPlan").ok_or_else(|| request.missing("BackupPlan"))?;
    let version = documents::stored(input, request)?;
    let creator = request.text("CreatorRequestId").map(str::to_owned);
    if creator.as_deref().is_some_and(|id| !is_name(id)) {
        return Err(request.invalid("CreatorRequestId must be 1 to 50 letters, digits, -, _ or ."));
    }
    let region = account.region(&request.region);
    let same_request = |plan: &&Plan| creator.is_some() && plan.creator_request_id == creator;
    if let Some(plan) = region.backup.live_plans().find(same_request) {
        return Ok(written(plan, plan.latest()));
    }
    // Only an identical document is refused; a name may be used again.
    let identical = |plan: &&Plan| {
        plan.latest()
            .is_some_and(|latest| latest.document == version.document && latest.advanced == version.advanced)
    };
    if let Some(plan) = region.backup.live_plans().find(identical) {
        let message = "Backup plan with the same plan document already exists";
        return Err(AwsError::bad("AlreadyExistsException", message)
            .with("Arn", plan.arn.clone())
            .with("CreatorRequestId", plan.creator_request_id.clone()));
    }
    let tags = tags::checked(request, &request.map("BackupPlanTags"))?;
    let version = store_version(region, version);
    let id = region.ids.uuid();
    let plan = Plan {
        arn: region.arn("backup", &format!("backup-plan:{id}")),
        id: id.clone(),
        creator_request_id: creator,
        versions: vec![version],
        deleted: None,
        last_execution: None,
        tags,
        selections: Default::default(),
    };
    let answer = written(&plan, plan.latest());
    region.backup.plans.insert(id, plan);
    region.backup.preferences.in_use = true;
    Ok(answer)
}

pub(crate) fn written(plan: &Plan, version: Option<&PlanVersion>) -> Value {
    without_nulls(json!({
        "BackupPlanId": plan.id,
        "BackupPlanArn": plan.arn,
        "CreationDate": version.map(|version| epoch(version.created)),
        "VersionId": version.map(|version| version.id.clone()),
        "AdvancedBackupSettings": version.map(|version| version.advanced.clone()),
    }))
}

/// UpdateBackupPlan also answers the settings of scans, which CreateBackupPlan does not.
pub(crate) fn updated(plan: &Plan, version: Option<&PlanVersion>) -> Value {
    let mut answer = written(plan, version);
    if let Some(settings) = version.and_then(|version| version.document.get("ScanSettings")) {
        answer["ScanSettings"] = settings.clone();
    }
    answer
}

pub(super) fn read(account: &mut Account, request: &Request) -> Answer {
    let id = request.required("BackupPlanId")?;
    let asked = request.text("VersionId");
    let plan = account.region(&request.region).backup.plans.get(id).ok_or_else(|| not_found(id))?;
    // What a plain read of a deleted plan answers is not documented; its versions stay readable by their ids.
    if plan.deleted.is_some() && asked.is_none() {
        return Err(not_found(id));
    }
    let version = match asked {
        None => plan.latest(),
        Some(asked) => plan.versions.iter().find(|version| version.id == asked),
    };
    let version = version.ok_or_else(|| not_found(id))?;
    let mut document = version.document.clone();
    if let Some(rules) = document.get_mut("Rules").and_then(Value::as_array_mut) {
        for (rule, id) in rules.iter_mut().zip(&version.rule_ids) {
            rule["RuleId"] = id.clone().into();
        }
    }
    // AWS leaves AdvancedBackupSettings out of the document and answers it beside it.
    Ok(without_nulls(json!({
        "BackupPlan": document,
        "BackupPlanId": plan.id,
        "BackupPlanArn": plan.arn,
        "VersionId": version.id,
        "CreatorRequestId": plan.creator_request_id,
        "CreationDate": epoch(version.created),
        "DeletionDate": plan.deleted.map(epoch),
        "LastExecutionDate": plan.last_execution.map(epoch),
        "AdvancedBackupSettings": version.advanced,
        "ScheduledRunsPreview": preview::asked_for(version, request)?,
    })))
}

pub(super) fn update(account: &mut Account, request: &Request) -> Answer {
    let id = request.required("BackupPlanId")?;
    let input = request.value("BackupPlan").ok_or_else(|| request.missing("BackupPlan"))?;
    let region = account.region(&request.region);
    let name = region.backup.live_plan(id).ok_or_else(|| not_found(id))?.name().to_owned();
    let version = documents::stored(input, request)?;
    // A plan's name cannot change, yet the call requires it; a different one is refused, loudly rather than quietly.
    if version.name() != name {
        return Err(request
            .invalid(format!("The name of backup plan {name} cannot be changed to {}", version.name())));
    }
    let version = store_version(region, version);
    let plan = region.backup.live_plan(id).ok_or_else(|| not_found(id))?;
    plan.versions.push(version);
    Ok(updated(plan, plan.latest()))
}

pub(super) fn delete(account: &mut Account, request: &Request) -> Answer {
    let id = request.required("BackupPlanId")?;
    let plan = account.region(&request.region).backup.live_plan(id).ok_or_else(|| not_found(id))?;
    if !plan.selections.is_empty() {
        let message = "Related backup plan selections must be deleted prior to backup plan deletion";
        return Err(AwsError::bad("InvalidRequestException", message));
    }
    plan.deleted = Some(request.now);
    Ok(deleted(plan))
}

pub(crate) fn deleted(plan: &Plan) -> Value {
    json!({
        "BackupPlanId": plan.id,
        "BackupPlanArn": plan.arn,
        "DeletionDate": plan.deleted.map(epoch),
        "VersionId": plan.latest().map(|version| version.id.clone()),
    })
}

pub(super) fn list(account: &mut Account, request: &Request) -> Answer {
    let deleted_too = request.flag("IncludeDeleted");
    let plans = account.region(&request.region).backup.plans.values();
    let items = plans
        .filter(|plan| deleted_too || plan.deleted.is_none())
        .filter_map(|plan| plan.latest().map(|version| (plan.id.clone(), member(plan, version))))
        .collect();
    let page = request.page(items, &page::BACKUP)?;
    Ok(without_nulls(json!({ "BackupPlansList": page.items, "NextToken": page.next })))
}

pub(super) fn list_versions(account: &mut Account, request: &Request) -> Answer {
    let id = request.required("BackupPlanId")?;
    let plan = account.region(&request.region).backup.plans.get(id).ok_or_else(|| not_found(id))?;
    let versions = plan.versions.iter().enumerate();
    let items = versions.map(|(at, version)| (format!("{at:06}"), member(plan, version))).collect();
    let page = request.page(items, &page::BACKUP)?;
    Ok(without_nulls(json!({ "BackupPlanVersionsList": page.items, "NextToken": page.next })))
}

/// List entries carry no rules.
fn member(plan: &Plan, version: &PlanVersion) -> Value {
    without_nulls(json!({
        "BackupPlanArn": plan.arn,
        "BackupPlanId": plan.id,
        "CreationDate": epoch(version.created),
        "DeletionDate": plan.deleted.map(epoch),
        "LastExecutionDate": plan.last_execution.map(epoch),
        "VersionId": version.id,
        "BackupPlanName": version.name(),
        "CreatorRequestId": plan.creator_request_id,
        "AdvancedBackupSettings": version.advanced,
    }))
}
