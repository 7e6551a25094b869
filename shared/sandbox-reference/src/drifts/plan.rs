//! What happens to a plan.

use sandbox::state::{Plan, PlanVersion, Region};
use sandbox::{Change, Service};
use serde_json::{Value, json};

use super::named::Outcome;

const NO_PLAN: &str = "there is no such plan";

/// The first live plan of this name, with its region.
pub(super) fn located<'a>(change: &'a Change<'_>, name: &str) -> Outcome<(&'a Region, &'a Plan)> {
    for region in change.account.regions.values() {
        if let Some(plan) = region.backup.live_plans().find(|plan| plan.name() == name) {
            return Ok((region, plan));
        }
    }
    Err(NO_PLAN.into())
}

fn plan<'a>(change: &'a mut Change<'_>, name: &str) -> Outcome<&'a mut Plan> {
    let (region, plan) = located(change, name)?;
    let (region, id) = (region.name.clone(), plan.id.clone());
    Ok(change.account.region(&region).backup.live_plan(&id).ok_or(NO_PLAN)?)
}

/// Region, id and document of a plan, as a call takes it.
fn document(change: &Change<'_>, name: &str) -> Outcome<(String, String, Value)> {
    let (region, plan) = located(change, name)?;
    let latest = plan.latest().ok_or(NO_PLAN)?;
    let mut document = latest.document.clone();
    document["AdvancedBackupSettings"] = latest.advanced.clone();
    Ok((region.name.clone(), plan.id.clone(), document))
}

/// Updates the plan with a changed document.
pub(super) fn update(
    change: &mut Change<'_>,
    name: &str,
    edit: impl FnOnce(&mut Value) -> Outcome,
) -> Outcome {
    let (region, id, mut document) = document(change, name)?;
    edit(&mut document)?;
    let params = json!({ "BackupPlanId": id, "BackupPlan": document });
    change.call(Service::Backup, &region, "UpdateBackupPlan", params)?;
    Ok(())
}

/// The rules of a document, to be changed.
pub(super) fn rules(document: &mut Value) -> Outcome<&mut Vec<Value>> {
    Ok(document.get_mut("Rules").and_then(Value::as_array_mut).ok_or("the plan has no rules")?)
}

pub(super) fn deleted(change: &mut Change<'_>, name: &str) -> Outcome {
    let now = change.now;
    let plan = plan(change, name)?;
    plan.selections.clear();
    plan.deleted = Some(now);
    Ok(())
}

pub(super) fn duplicated(change: &mut Change<'_>, name: &str) -> Outcome {
    let (region, _, mut document) = document(change, name)?;
    // AWS refuses only an identical document, so that the twin has to differ in something.
    if let Some(rule) = rules(&mut document)?.first_mut() {
        rule["CompletionWindowMinutes"] = json!(2880);
    }
    change.call(Service::Backup, &region, "CreateBackupPlan", json!({ "BackupPlan": document }))?;
    Ok(())
}

/// AWS does not say whether a call can do this: the document gets there as it is.
pub(super) fn put_by_hand(
    change: &mut Change<'_>,
    name: &str,
    edit: impl FnOnce(&mut PlanVersion) -> Outcome,
) -> Outcome {
    let (now, new_id) = (change.now, "11111111-2222-4333-8444-555555555555");
    let plan = plan(change, name)?;
    let mut version: PlanVersion = plan.latest().ok_or(NO_PLAN)?.clone();
    edit(&mut version)?;
    version.created = now;
    version.id = format!("{}-by-hand", version.id);
    version.rule_ids.resize(version.rules().len(), new_id.to_owned());
    plan.versions.push(version);
    Ok(())
}

pub(super) fn vss_doubled(change: &mut Change<'_>, name: &str) -> Outcome {
    put_by_hand(change, name, |version| {
        let settings = version.advanced.as_array_mut();
        let off = json!({ "ResourceType": "EC2", "BackupOptions": { "WindowsVSS": "disabled" } });
        settings.ok_or("the plan has no advanced settings")?.push(off);
        Ok(())
    })
}

pub(super) fn vss_off(change: &mut Change<'_>, name: &str) -> Outcome {
    update(change, name, |document| {
        let settings = document["AdvancedBackupSettings"].as_array_mut();
        let settings = settings.ok_or("the plan has no advanced settings")?;
        let ec2 = settings.iter_mut().find(|setting| setting["ResourceType"] == "EC2");
        ec2.ok_or("the plan has no setting for EC2")?["BackupOptions"] = json!({ "WindowsVSS": "disabled" });
        Ok(())
    })
}

pub(super) fn untagged(change: &mut Change<'_>, name: &str) -> Outcome {
    plan(change, name)?.tags.clear();
    Ok(())
}
