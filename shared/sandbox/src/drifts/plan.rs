//! What happens to a plan.

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::region_with;
use crate::backup::store_version;
use crate::state::{Account, Plan, PlanVersion, Region, Tags};

type Outcome = Result<(), &'static str>;

pub(super) const NO_PLAN: &str = "there is no such plan";

/// The region and id of the first live plan of this name.
pub(super) fn located<'a>(
    account: &'a mut Account,
    name: &str,
) -> Result<(&'a mut Region, String), &'static str> {
    let id_in = |region: &Region| {
        let mut live = region.backup.live_plans();
        live.find(|plan| plan.name() == name).map(|plan| plan.id.clone())
    };
    let region = region_with(account, |region| id_in(region).is_some()).ok_or(NO_PLAN)?;
    let id = id_in(region).ok_or(NO_PLAN)?;
    Ok((region, id))
}

pub(super) fn plan<'a>(account: &'a mut Account, name: &str) -> Result<&'a mut Plan, &'static str> {
    let (region, id) = located(account, name)?;
    region.backup.live_plan(&id).ok_or(NO_PLAN)
}

/// Stores a changed document as the plan's next version.
pub(super) fn change(
    account: &mut Account,
    name: &str,
    now: OffsetDateTime,
    change: impl FnOnce(&mut PlanVersion) -> Outcome,
) -> Outcome {
    let (region, id) = located(account, name)?;
    let mut version = region.backup.live_plan(&id).and_then(|plan| plan.latest().cloned()).ok_or(NO_PLAN)?;
    change(&mut version)?;
    let version = store_version(region, version, now);
    region.backup.live_plan(&id).ok_or(NO_PLAN)?.versions.push(version);
    Ok(())
}

pub(super) fn deleted(account: &mut Account, name: &str, now: OffsetDateTime) -> Outcome {
    let plan = plan(account, name)?;
    plan.selections.clear();
    plan.deleted = Some(now);
    Ok(())
}

pub(super) fn duplicated(account: &mut Account, name: &str, now: OffsetDateTime) -> Outcome {
    let (region, id) = located(account, name)?;
    let mut version = region.backup.live_plan(&id).and_then(|plan| plan.latest().cloned()).ok_or(NO_PLAN)?;
    // AWS refuses only an identical document, so that the twin has to differ in something.
    if let Some(rule) = version.document.pointer_mut("/Rules/0") {
        rule["CompletionWindowMinutes"] = json!(2880);
    }
    let version = store_version(region, version, now);
    let id = region.ids.uuid();
    let twin = Plan {
        arn: region.arn("backup", &format!("backup-plan:{id}")),
        id: id.clone(),
        creator_request_id: None,
        versions: vec![version],
        deleted: None,
        tags: Tags::new(),
        selections: Default::default(),
    };
    region.backup.plans.insert(id, twin);
    Ok(())
}

pub(super) fn vss_off(account: &mut Account, name: &str, now: OffsetDateTime) -> Outcome {
    change(account, name, now, |version| {
        let settings = version.advanced.as_array_mut().ok_or("the plan has no advanced settings")?;
        let ec2 = settings.iter_mut().find(|setting| setting["ResourceType"] == "EC2");
        ec2.ok_or("the plan has no setting for EC2")?["BackupOptions"] = json!({ "WindowsVSS": "disabled" });
        Ok(())
    })
}

pub(super) fn untagged(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    plan(account, name)?.tags.clear();
    Ok(())
}

/// The rules of a version, to be changed.
pub(super) fn rules(version: &mut PlanVersion) -> Result<&mut Vec<Value>, &'static str> {
    version.document.get_mut("Rules").and_then(Value::as_array_mut).ok_or("the plan has no rules")
}
