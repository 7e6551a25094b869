//! Plans: the document rule by rule, the advanced settings, the tags.

use super::{report, selection, tags_fit, unreadable};
use crate::desired::{DesiredPlan, Lifecycle, PlanDocument, Rule};
use crate::drift::{Drift, Finding};
use crate::resource::{Kind, ResourceId};
use crate::state::{Observation, Observed, Plan, PlanMatch, place};

pub(super) fn diff(plan: &DesiredPlan, observed: &Observed, findings: &mut Vec<Finding>) {
    let id = ResourceId::regional(Kind::Plan, &plan.region, &plan.document.name);
    match observed.plans.get(&place(&plan.region, &plan.document.name)) {
        Some(Observation::Unreadable(error)) => {
            unreadable(findings, &id, "plan", error);
            for want in &plan.selections {
                let id = ResourceId::selection(&plan.region, &plan.document.name, &want.name);
                unreadable(findings, &id, "selection", error);
            }
        }
        None | Some(Observation::Absent) => {
            report(findings, &id, Drift::PlanMissing);
            for want in &plan.selections {
                let id = ResourceId::selection(&plan.region, &plan.document.name, &want.name);
                report(findings, &id, Drift::SelectionMissing);
            }
        }
        // Which of them is ours cannot be told, so neither their rules nor their selections are judged.
        Some(Observation::Present(PlanMatch::Several(ids))) => {
            report(findings, &id, Drift::PlanAmbiguous { plan_ids: ids.clone() });
        }
        Some(Observation::Present(PlanMatch::One(seen))) => {
            diff_document(&plan.document, &seen.document, &id, findings);
            diff_tags(plan, seen, &id, findings);
            selection::diff(plan, seen, findings);
        }
    }
}

fn diff_tags(plan: &DesiredPlan, seen: &Plan, id: &ResourceId, findings: &mut Vec<Finding>) {
    match &seen.tags {
        Observation::Unreadable(error) => unreadable(findings, id, "tags", error),
        Observation::Present(tags) if tags_fit(&plan.tags, tags) => {}
        Observation::Absent if plan.tags.is_empty() => {}
        Observation::Present(_) | Observation::Absent => {
            let observed = seen.tags.present().cloned().unwrap_or_default();
            let (arn, expected) = (seen.arn.clone(), plan.tags.clone());
            report(findings, id, Drift::PlanTagsDiffer { arn, expected, observed });
        }
    }
}

fn diff_document(want: &PlanDocument, have: &PlanDocument, id: &ResourceId, findings: &mut Vec<Finding>) {
    for rule in &want.rules {
        match have.rules.iter().find(|seen| seen.name == rule.name) {
            None => {
                let (rule, expected) = (rule.name.clone(), Box::new(rule.clone()));
                report(findings, id, Drift::RuleMissing { rule, expected });
            }
            Some(seen) => diff_rule(rule, seen, id, findings),
        }
    }
    for seen in &have.rules {
        if !want.rules.iter().any(|rule| rule.name == seen.name) {
            let (rule, observed) = (seen.name.clone(), Box::new(seen.clone()));
            report(findings, id, Drift::RuleUnexpected { rule, observed });
        }
    }
    if want.advanced_settings != have.advanced_settings {
        let (expected, observed) = (want.advanced_settings.clone(), have.advanced_settings.clone());
        report(findings, id, Drift::AdvancedSettingsDiffer { expected, observed });
    }
}

fn diff_rule(want: &Rule, have: &Rule, id: &ResourceId, findings: &mut Vec<Finding>) {
    // Taken apart in full, so that a new attribute cannot be forgotten here.
    let Rule {
        name,
        schedule,
        timezone,
        target_vault,
        start_window_minutes,
        completion_window_minutes,
        lifecycle,
        continuous_backup,
        recovery_point_tags,
        copies: _,
    } = want;
    let rule = || name.clone();
    let mut found = |differs: bool, drift: Drift| {
        if differs {
            report(findings, id, drift);
        }
    };
    found(
        *schedule != have.schedule,
        Drift::ScheduleDiffers { rule: rule(), expected: schedule.clone(), observed: have.schedule.clone() },
    );
    found(
        *timezone != have.timezone,
        Drift::TimezoneDiffers { rule: rule(), expected: timezone.clone(), observed: have.timezone.clone() },
    );
    found(
        *target_vault != have.target_vault,
        Drift::TargetVaultDiffers {
            rule: rule(),
            expected: target_vault.clone(),
            observed: have.target_vault.clone(),
        },
    );
    found(
        *start_window_minutes != have.start_window_minutes,
        Drift::StartWindowDiffers {
            rule: rule(),
            expected: *start_window_minutes,
            observed: have.start_window_minutes,
        },
    );
    found(
        *completion_window_minutes != have.completion_window_minutes,
        Drift::CompletionWindowDiffers {
            rule: rule(),
            expected: *completion_window_minutes,
            observed: have.completion_window_minutes,
        },
    );
    found(
        lifecycle.delete_after_days != have.lifecycle.delete_after_days,
        Drift::RetentionDiffers {
            rule: rule(),
            expected: lifecycle.delete_after_days,
            observed: have.lifecycle.delete_after_days,
        },
    );
    found(
        lifecycle.cold_storage_after_days != have.lifecycle.cold_storage_after_days,
        Drift::ColdStorageDiffers {
            rule: rule(),
            expected: lifecycle.cold_storage_after_days,
            observed: have.lifecycle.cold_storage_after_days,
        },
    );
    found(
        *continuous_backup != have.continuous_backup,
        Drift::ContinuousBackupDiffers {
            rule: rule(),
            expected: *continuous_backup,
            observed: have.continuous_backup,
        },
    );
    found(
        *recovery_point_tags != have.recovery_point_tags,
        Drift::RecoveryPointTagsDiffer {
            rule: rule(),
            expected: recovery_point_tags.clone(),
            observed: have.recovery_point_tags.clone(),
        },
    );
    diff_copies(want, have, id, findings);
}

fn diff_copies(want: &Rule, have: &Rule, id: &ResourceId, findings: &mut Vec<Finding>) {
    let rule = || want.name.clone();
    for (destination, expected) in &want.copies {
        let destination = destination.clone();
        match have.copies.get(&destination) {
            None => {
                report(findings, id, Drift::CopyMissing { rule: rule(), destination, expected: *expected })
            }
            Some(observed) => diff_copy(&want.name, &destination, expected, observed, id, findings),
        }
    }
    for (destination, observed) in &have.copies {
        if !want.copies.contains_key(destination) {
            let destination = destination.clone();
            report(findings, id, Drift::CopyUnexpected { rule: rule(), destination, observed: *observed });
        }
    }
}

fn diff_copy(
    rule: &str,
    destination: &str,
    want: &Lifecycle,
    have: &Lifecycle,
    id: &ResourceId,
    findings: &mut Vec<Finding>,
) {
    let (rule, destination) = (rule.to_owned(), destination.to_owned());
    if want.delete_after_days != have.delete_after_days {
        let (expected, observed) = (want.delete_after_days, have.delete_after_days);
        let (rule, destination) = (rule.clone(), destination.clone());
        report(findings, id, Drift::CopyRetentionDiffers { rule, destination, expected, observed });
    }
    if want.cold_storage_after_days != have.cold_storage_after_days {
        let (expected, observed) = (want.cold_storage_after_days, have.cold_storage_after_days);
        report(findings, id, Drift::CopyColdStorageDiffers { rule, destination, expected, observed });
    }
}
