//! Calls about plans and their selections.

use serde_json::{Value, json};

use super::calls::Calls;
use crate::backup::{plan_deleted, plan_updated, plan_written, selection_written};
use crate::service::Service;
use crate::state::{Backup, Plan, PlanVersion, Selection};

fn call(calls: &mut Calls<'_>, region: &str, plan: &Plan, operation: &str, params: Value) {
    answered(calls, region, plan, operation, params, Value::Null);
}

fn answered(
    calls: &mut Calls<'_>,
    region: &str,
    plan: &Plan,
    operation: &str,
    mut params: Value,
    answer: Value,
) {
    params["BackupPlanId"] = plan.id.clone().into();
    calls.answered(Service::Backup, region, operation, params, answer);
}

/// The plan in another state, unless it is deleted there.
fn live<'a>(backup: &'a Backup, plan: &Plan) -> Option<&'a Plan> {
    backup.plans.get(&plan.id).filter(|plan| plan.deleted.is_none())
}

pub(super) fn take_away(calls: &mut Calls<'_>, region: &str, old: &Backup, new: &Backup) {
    for plan in old.live_plans() {
        let left = live(new, plan);
        let stays = |id: &String| left.is_some_and(|plan| plan.selections.contains_key(id));
        for id in plan.selections.keys().filter(|id| !stays(id)) {
            call(calls, region, plan, "DeleteBackupSelection", json!({ "SelectionId": id }));
        }
        if left.is_none() {
            let deleted = Plan { deleted: Some(calls.now), ..plan.clone() };
            answered(calls, region, plan, "DeleteBackupPlan", json!({}), plan_deleted(&deleted));
        }
    }
}

pub(super) fn make(calls: &mut Calls<'_>, region: &str, old: &Backup, new: &Backup) {
    for plan in new.live_plans() {
        match live(old, plan) {
            Some(old) => change(calls, region, old, plan),
            None => {
                create(calls, region, plan);
                let first = plan.versions.iter().take(1).cloned().collect();
                let fresh = Plan { versions: first, selections: Default::default(), ..plan.clone() };
                change(calls, region, &fresh, plan);
            }
        }
    }
}

/// The document as a call gives it, with the settings that the answer to a read has beside it.
fn document(version: &PlanVersion) -> Value {
    let mut document = version.document.clone();
    document["AdvancedBackupSettings"] = version.advanced.clone();
    document
}

fn create(calls: &mut Calls<'_>, region: &str, plan: &Plan) {
    let params = json!({
        "BackupPlan": plan.versions.first().map(document),
        "BackupPlanTags": (!plan.tags.is_empty()).then_some(&plan.tags),
        "CreatorRequestId": plan.creator_request_id,
    });
    let answer = plan_written(plan, plan.versions.first());
    calls.answered(Service::Backup, region, "CreateBackupPlan", params, answer);
}

fn change(calls: &mut Calls<'_>, region: &str, old: &Plan, new: &Plan) {
    let Plan {
        id: _,
        arn,
        creator_request_id: _,
        versions,
        deleted: _,
        // AWS Backup runs a plan by itself.
        last_execution: _,
        tags: new_tags,
        selections,
    } = new;
    for version in versions.iter().skip(old.versions.len()) {
        let answer = plan_updated(new, Some(version));
        let params = json!({ "BackupPlan": document(version) });
        answered(calls, region, new, "UpdateBackupPlan", params, answer);
    }
    calls.tag_in_backup(region, arn, &old.tags, new_tags);
    for selection in selections.values().filter(|selection| !old.selections.contains_key(&selection.id)) {
        select(calls, region, new, selection);
    }
}

fn select(calls: &mut Calls<'_>, region: &str, plan: &Plan, selection: &Selection) {
    let params = json!({
        "BackupSelection": selection.document,
        "CreatorRequestId": selection.creator_request_id,
    });
    answered(calls, region, plan, "CreateBackupSelection", params, selection_written(plan, selection));
}
