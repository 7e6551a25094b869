//! Reads plans and their selections, and brings them into the normal form of the spec.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_backup::types::{
    AdvancedBackupSetting as SdkAdvancedSetting, BackupPlan, BackupRule, BackupSelection, CopyAction,
    Lifecycle as SdkLifecycle, ScanAction as SdkScanAction, ScanSetting as SdkScanSetting,
};
use futures_util::future::{join, join_all};
use reconcile::desired::{
    AdvancedSetting, ConditionOperator, Copy, CopyLifecycle, CopyRetention, DEFAULT_COMPLETION_WINDOW,
    DEFAULT_SCHEDULE, DEFAULT_START_WINDOW, DEFAULT_TIMEZONE, Desired, Lifecycle, PlanDocument, Rule,
    ScanAction, ScanSetting, SelectionCondition, SelectionDocument, TagCondition,
};
use reconcile::lists::is_kept_by_others;
use reconcile::read::{Read, Refusal};
use reconcile::state::{Observation, Plan, PlanCandidate, Selection};
use time::OffsetDateTime;

use super::a_part;
use super::backup::{moment, tags};
use super::unknown_members::UnknownMembers;
use crate::clients::Regional;
use crate::error::{failed, unreadable, whole};

const NOT_FOUND: &[&str] = &["ResourceNotFoundException"];

/// How many runs to come AWS is asked for; it tells ten at the most.
const PREVIEWED: i32 = 10;

pub(super) async fn observe_plans(
    client: &Regional,
    region: &str,
    desired: &Desired,
) -> Vec<(String, Observation<Vec<PlanCandidate>>)> {
    let names: Vec<&str> = desired
        .plans
        .iter()
        .filter(|plan| plan.region == region)
        .map(|plan| plan.document.name.as_str())
        .collect();
    if names.is_empty() {
        return Vec::new();
    }
    let listed = list_plans(client, &names).await;
    join_all(names.into_iter().map(|name| {
        let listed = match &listed {
            Ok(found) => Ok(found.get(name).cloned().unwrap_or_default()),
            Err(why) => Err(why.clone()),
        };
        async move {
            let seen = match listed {
                Err(why) => Observation::Unreadable(why),
                Ok(listed) if listed.is_empty() => Observation::Absent,
                Ok(listed) => {
                    let contested = listed.len() > 1;
                    let candidates = listed.into_iter().map(|(id, listed)| async move {
                        let (plan, created) = join(observe_plan(client, &id), async {
                            if contested { first_version(client, &id).await } else { listed }
                        })
                        .await;
                        PlanCandidate { id, created, plan }
                    });
                    Observation::Present(join_all(candidates).await)
                }
            };
            (name.to_owned(), seen)
        }
    }))
    .await
}

/// When a plan was made. The date that lists and answers give is that of the latest version, which every update brings forward.
async fn first_version(client: &Regional, id: &str) -> Option<OffsetDateTime> {
    let (backup, _permit) = client.backup.acquire().await;
    let pages = backup.list_backup_plan_versions().backup_plan_id(id).into_paginator().items().send();
    // Without all of them nothing is known of the first one, and then nothing tells whose plan it is.
    let versions = pages.collect::<Result<Vec<_>, _>>().await.ok()?;
    versions.iter().filter_map(|version| version.creation_date().and_then(moment)).min()
}

type ListedPlan = (String, Option<OffsetDateTime>);

/// The ids of all plans that carry one of the names, and when each was last written.
async fn list_plans(client: &Regional, names: &[&str]) -> Result<BTreeMap<String, Vec<ListedPlan>>, Refusal> {
    let (backup, _permit) = client.backup.acquire().await;
    let mut pages = backup.list_backup_plans().into_paginator().send();
    let mut found: BTreeMap<String, Vec<ListedPlan>> = BTreeMap::new();
    while let Some(page) = pages.next().await {
        let page = match page {
            Ok(page) => page,
            Err(error) => return Err(unreadable(Read::ListBackupPlans, &error)),
        };
        for plan in whole(Read::ListBackupPlans, page.backup_plans_list)? {
            let (name, id) =
                (plan.backup_plan_name().unwrap_or_default(), plan.backup_plan_id().unwrap_or_default());
            if !is_kept_by_others(id) && plan.deletion_date().is_none() && names.contains(&name) {
                let created = plan.creation_date().and_then(moment);
                found.entry(name.to_owned()).or_default().push((id.to_owned(), created));
            }
        }
    }
    Ok(found)
}

async fn observe_plan(client: &Regional, id: &str) -> Observation<Plan> {
    let (plan, selections) = join(describe(client, id), selections(client, id)).await;
    match plan {
        Observation::Present(plan) => Observation::Present(Plan { selections, ..plan }),
        Observation::Absent => Observation::Absent,
        Observation::Unreadable(why) => Observation::Unreadable(why),
    }
}

async fn describe(client: &Regional, id: &str) -> Observation<Plan> {
    let unknown = UnknownMembers::of_plan();
    let answer = {
        let (backup, _permit) = client.backup.acquire().await;
        let request = backup
            .get_backup_plan()
            .backup_plan_id(id)
            .max_scheduled_runs_preview(PREVIEWED)
            .customize()
            .interceptor(unknown.clone());
        match request.send().await {
            Ok(answer) => answer,
            Err(error) => return failed(Read::GetBackupPlan, &error, NOT_FOUND),
        }
    };
    // A plan that was deleted since it was listed may still be answered, with the date.
    if answer.deletion_date().is_some() {
        return Observation::Absent;
    }
    let Some(plan) = answer.backup_plan() else {
        return Observation::Unreadable(Refusal::incomplete(Read::GetBackupPlan, "the answer holds no plan"));
    };
    // The settings inside the plan are always empty; those beside it are the real ones.
    let beside = answer.advanced_backup_settings();
    let settings = if beside.is_empty() { plan.advanced_backup_settings() } else { beside };
    let advanced_settings = advanced(settings);
    let arn = answer.backup_plan_arn().unwrap_or_default().to_owned();
    Observation::Present(Plan {
        id: id.to_owned(),
        last_run: answer.last_execution_date().and_then(moment),
        next_runs: answer
            .scheduled_runs_preview()
            .iter()
            .filter_map(|run| {
                let rule = plan.rules().iter().find(|rule| rule.rule_id() == run.rule_id())?;
                Some((moment(run.execution_time()?)?, rule.rule_name().to_owned()))
            })
            .collect(),
        version: answer.version_id().unwrap_or_default().to_owned(),
        document: document(plan, advanced_settings),
        unknown_members: unknown.take(),
        tags: tags(client, &arn).await,
        arn,
        selections: Observation::Absent,
    })
}

/// What has no options says nothing.
fn advanced(settings: &[SdkAdvancedSetting]) -> Vec<AdvancedSetting> {
    let each = settings.iter().map(|one| AdvancedSetting {
        resource_type: one.resource_type().unwrap_or_default().to_owned(),
        options: one
            .backup_options()
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
    });
    each.filter(|one| !one.options.is_empty()).collect()
}

pub(super) fn document(plan: &BackupPlan, advanced_settings: Vec<AdvancedSetting>) -> PlanDocument {
    let scan_setting = |one: &SdkScanSetting| ScanSetting {
        scanner: one.malware_scanner().map_or_else(String::new, |scanner| scanner.as_str().to_owned()),
        resource_types: one.resource_types().iter().cloned().collect(),
        role_arn: one.scanner_role_arn().unwrap_or_default().to_owned(),
    };
    PlanDocument {
        name: plan.backup_plan_name().to_owned(),
        rules: plan.rules().iter().map(rule).collect(),
        advanced_settings,
        scan_settings: Some(plan.scan_settings().iter().map(scan_setting).collect()),
    }
}

fn rule(rule: &BackupRule) -> Rule {
    Rule {
        name: rule.rule_name().to_owned(),
        schedule: rule.schedule_expression().unwrap_or(DEFAULT_SCHEDULE).to_owned(),
        timezone: rule.schedule_expression_timezone().unwrap_or(DEFAULT_TIMEZONE).to_owned(),
        target_vault: rule.target_backup_vault_name().to_owned(),
        air_gapped_vault: rule.target_logically_air_gapped_backup_vault_arn().map(str::to_owned),
        start_window_minutes: rule.start_window_minutes().unwrap_or(DEFAULT_START_WINDOW),
        completion_window_minutes: rule.completion_window_minutes().unwrap_or(DEFAULT_COMPLETION_WINDOW),
        lifecycle: lifecycle(rule.lifecycle()),
        continuous_backup: rule.enable_continuous_backup().unwrap_or_default(),
        recovery_point_tags: rule
            .recovery_point_tags()
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
        copies: rule.copy_actions().iter().map(copy).collect(),
        scan_actions: Some(rule.scan_actions().iter().map(scan_action).collect()),
        index_actions: Some(
            rule.index_actions().iter().map(|one| one.resource_types().iter().cloned().collect()).collect(),
        ),
    }
}

/// AWS writes "never" as -1 or not at all.
fn days(days: Option<i64>) -> Option<i64> {
    days.filter(|days| *days > 0)
}

fn lifecycle(lifecycle: Option<&SdkLifecycle>) -> Lifecycle {
    Lifecycle {
        delete_after_days: days(lifecycle.and_then(SdkLifecycle::delete_after_days)),
        cold_storage_after_days: days(lifecycle.and_then(SdkLifecycle::move_to_cold_storage_after_days)),
        opt_in_to_archive: Some(opts_in_to_archive(lifecycle)),
    }
}

fn opts_in_to_archive(lifecycle: Option<&SdkLifecycle>) -> bool {
    lifecycle.and_then(SdkLifecycle::opt_in_to_archive_for_supported_resources).unwrap_or_default()
}

fn copy(copy: &CopyAction) -> Copy {
    let lifecycle = copy.lifecycle();
    let kept = days(lifecycle.and_then(SdkLifecycle::delete_after_days));
    Copy {
        destination: copy.destination_backup_vault_arn().to_owned(),
        lifecycle: CopyLifecycle {
            kept: kept.map_or(CopyRetention::AsItsSource, CopyRetention::Days),
            cold_storage_after_days: days(lifecycle.and_then(SdkLifecycle::move_to_cold_storage_after_days)),
            opt_in_to_archive: Some(opts_in_to_archive(lifecycle)),
        },
    }
}

fn scan_action(action: &SdkScanAction) -> ScanAction {
    ScanAction {
        scanner: action.malware_scanner().map_or_else(String::new, |scanner| scanner.as_str().to_owned()),
        mode: action.scan_mode().map_or_else(String::new, |mode| mode.as_str().to_owned()),
    }
}

async fn selections(client: &Regional, plan_id: &str) -> Observation<Vec<Selection>> {
    let listed = {
        let (backup, _permit) = client.backup.acquire().await;
        let mut pages = backup.list_backup_selections().backup_plan_id(plan_id).into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            match page {
                Ok(page) => match whole(Read::ListBackupSelections, page.backup_selections_list) {
                    Err(why) => return Observation::Unreadable(why),
                    Ok(page) => found.extend(page),
                },
                Err(error) => return a_part(failed(Read::ListBackupSelections, &error, NOT_FOUND)),
            }
        }
        found
    };
    let mut listed: Vec<(i64, String, String)> = listed
        .into_iter()
        .map(|one| {
            let made = one.creation_date().map_or(0, |date| date.secs());
            let id = one.selection_id().unwrap_or_default().to_owned();
            (made, id, one.selection_name().unwrap_or_default().to_owned())
        })
        .collect();
    listed.sort();
    let read = join_all(listed.into_iter().map(|(_, id, name)| async move {
        let unknown = UnknownMembers::of_selection();
        let document = match selection(client, plan_id, &id, unknown.clone()).await {
            // It may have been deleted since it was listed: another look tells.
            Observation::Absent => Observation::Unreadable(Refusal::contradicted()),
            seen @ (Observation::Present(_) | Observation::Unreadable(_)) => seen,
        };
        Selection { id, name, document, unknown_members: unknown.take() }
    }))
    .await;
    Observation::Present(read)
}

async fn selection(
    client: &Regional,
    plan_id: &str,
    id: &str,
    unknown: UnknownMembers,
) -> Observation<SelectionDocument> {
    let (backup, _permit) = client.backup.acquire().await;
    let request = backup.get_backup_selection().backup_plan_id(plan_id).selection_id(id);
    match request.customize().interceptor(unknown).send().await {
        Err(error) => failed(Read::GetBackupSelection, &error, NOT_FOUND),
        Ok(answer) => match answer.backup_selection() {
            None => Observation::Unreadable(Refusal::incomplete(
                Read::GetBackupSelection,
                "the answer holds no selection",
            )),
            Some(selection) => Observation::Present(selection_document(selection)),
        },
    }
}

fn selection_document(selection: &BackupSelection) -> SelectionDocument {
    let set = |list: &[String]| list.iter().cloned().collect::<BTreeSet<_>>();
    let mut conditions = BTreeSet::new();
    if let Some(seen) = selection.conditions() {
        let lists = [
            (ConditionOperator::StringEquals, seen.string_equals()),
            (ConditionOperator::StringLike, seen.string_like()),
            (ConditionOperator::StringNotEquals, seen.string_not_equals()),
            (ConditionOperator::StringNotLike, seen.string_not_like()),
        ];
        for (operator, list) in lists {
            conditions.extend(list.iter().map(|one| SelectionCondition {
                operator,
                key: one.condition_key().unwrap_or_default().to_owned(),
                value: one.condition_value().unwrap_or_default().to_owned(),
            }));
        }
    }
    SelectionDocument {
        name: selection.selection_name().to_owned(),
        role_arn: selection.iam_role_arn().to_owned(),
        resources: set(selection.resources()),
        not_resources: set(selection.not_resources()),
        tags: selection
            .list_of_tags()
            .iter()
            .map(|one| TagCondition {
                key: one.condition_key().to_owned(),
                value: one.condition_value().to_owned(),
            })
            .collect(),
        conditions,
    }
}
