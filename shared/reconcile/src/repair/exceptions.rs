//! Agreed exceptions: which finding one covers, and what a repair beside it must leave as it is.

use super::context::Context;
use crate::desired::{Desired, Exception, PlanDocument, Rule};
use crate::diff::diff;
use crate::drift::{Drift, Finding};
use crate::resource::{Kind, ResourceId};
use crate::state::Observed;

/// The exception that covers the finding and still counts.
pub fn covering<'a>(desired: &'a Desired, observed: &Observed, finding: &Finding) -> Option<&'a Exception> {
    desired.exceptions.iter().find(|one| !expired(one, observed) && matches(one, finding))
}

/// Whether an exception speaks of the finding.
fn matches(exception: &Exception, finding: &Finding) -> bool {
    let Exception { resource, code, attribute, owner: _, reason: _, until: _ } = exception;
    *resource == finding.resource.to_string()
        && *code == finding.drift.code()
        && attribute.as_ref().is_none_or(|attribute| *attribute == finding.drift.facts().attribute)
}

fn expired(exception: &Exception, observed: &Observed) -> bool {
    observed.at.date() > exception.until
}

/// What a report says about the exceptions themselves: those that are over, and those that cover nothing.
pub fn notes(desired: &Desired, observed: &Observed) -> Vec<String> {
    let findings = diff(desired, observed);
    let note = |one: &Exception| {
        let what = format!("The exception of {} for {} ({})", one.owner, one.resource, one.code);
        if expired(one, observed) {
            Some(format!("{what} expired on {}; it no longer counts. Remove it from the spec.", one.until))
        } else if !findings.iter().any(|finding| matches(one, finding)) {
            Some(format!("{what} matches nothing. Remove it from the spec if the deviation is gone."))
        } else {
            None
        }
    };
    desired.exceptions.iter().filter_map(note).collect()
}

/// Selections and locks are replaced as a whole: where an exception covers one attribute, nothing else of it can be
/// repaired without ending the exception.
pub(super) fn share_a_call(context: &Context<'_>, finding: &Finding) -> bool {
    let replaced = matches!(finding.resource.kind, Kind::Selection | Kind::VaultLock);
    replaced
        && context.findings.iter().any(|other| {
            other.resource == finding.resource && covering(context.desired, context.observed, other).is_some()
        })
}

/// The plan's document with every excepted attribute as it was observed: an update replaces the whole document.
pub(super) fn keep_in_document(
    context: &Context<'_>,
    plan: &ResourceId,
    want: &PlanDocument,
) -> PlanDocument {
    let mut document = want.clone();
    let excepted = context.findings.iter().filter(|one| one.resource == *plan);
    for finding in excepted.filter(|one| covering(context.desired, context.observed, one).is_some()) {
        keep(&mut document, &finding.drift);
    }
    document
}

fn keep(document: &mut PlanDocument, drift: &Drift) {
    let rules = &mut document.rules;
    let mut change = |name: &str, change: &dyn Fn(&mut Rule)| {
        rules.iter_mut().filter(|rule| rule.name == name).for_each(change);
    };
    match drift {
        Drift::RuleMissing { rule, .. } => document.rules.retain(|one| one.name != *rule),
        Drift::RuleUnexpected { observed, .. } => document.rules.push((**observed).clone()),
        Drift::ScheduleDiffers { rule, observed, .. } => {
            change(rule, &|one| one.schedule.clone_from(observed))
        }
        Drift::TimezoneDiffers { rule, observed, .. } => {
            change(rule, &|one| one.timezone.clone_from(observed))
        }
        Drift::TargetVaultDiffers { rule, observed, .. } => {
            change(rule, &|one| one.target_vault.clone_from(observed))
        }
        Drift::StartWindowDiffers { rule, observed, .. } => {
            change(rule, &|one| one.start_window_minutes = *observed)
        }
        Drift::CompletionWindowDiffers { rule, observed, .. } => {
            change(rule, &|one| one.completion_window_minutes = *observed);
        }
        Drift::RetentionDiffers { rule, observed, .. } => {
            change(rule, &|one| one.lifecycle.delete_after_days = *observed);
        }
        Drift::ColdStorageDiffers { rule, observed, .. } => {
            change(rule, &|one| one.lifecycle.cold_storage_after_days = *observed);
        }
        Drift::ContinuousBackupDiffers { rule, observed, .. } => {
            change(rule, &|one| one.continuous_backup = *observed);
        }
        Drift::RecoveryPointTagsDiffer { rule, observed, .. } => {
            change(rule, &|one| one.recovery_point_tags.clone_from(observed));
        }
        Drift::CopyMissing { rule, destination, .. } => change(rule, &|one| {
            one.copies.remove(destination);
        }),
        Drift::CopyUnexpected { rule, destination, observed } => change(rule, &|one| {
            one.copies.insert(destination.clone(), *observed);
        }),
        Drift::CopyRetentionDiffers { rule, destination, observed, .. } => change(rule, &|one| {
            one.copies.entry(destination.clone()).or_default().delete_after_days = *observed;
        }),
        Drift::CopyColdStorageDiffers { rule, destination, observed, .. } => change(rule, &|one| {
            one.copies.entry(destination.clone()).or_default().cold_storage_after_days = *observed;
        }),
        Drift::AdvancedSettingsDiffer { observed, .. } => document.advanced_settings.clone_from(observed),
        // Nothing else is part of a plan's document.
        _ => {}
    }
}
