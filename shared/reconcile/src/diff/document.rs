//! The document of a plan, rule by rule.

use std::collections::BTreeMap;

use super::found::Found;
use crate::desired::{Lifecycle, PlanDocument, Rule};
use crate::drift::DocumentDrift as D;
use crate::resource::ResourceId;

pub(super) fn diff(want: &PlanDocument, have: &PlanDocument, id: &ResourceId, found: &mut Found) {
    // Taken apart in full, here and below, so that a new attribute cannot be forgotten. The name is how the plan was found.
    let PlanDocument { name: _, rules, advanced_settings } = want;
    for rule in rules {
        match have.rules.iter().find(|seen| seen.name == rule.name) {
            None => {
                found.add(id, D::RuleMissing { rule: rule.name.clone(), expected: Box::new(rule.clone()) });
            }
            Some(seen) => diff_rule(rule, seen, id, found),
        }
    }
    for seen in &have.rules {
        found.add_if(!rules.iter().any(|rule| rule.name == seen.name), id, || D::RuleUnexpected {
            rule: seen.name.clone(),
            observed: Box::new(seen.clone()),
        });
    }
    found.add_if(*advanced_settings != have.advanced_settings, id, || D::AdvancedSettingsDiffer {
        expected: advanced_settings.clone(),
        observed: have.advanced_settings.clone(),
    });
}

/// One attribute of a rule: whether it differs, and the drift that says so.
macro_rules! compare {
    ($found:ident, $id:ident, $rule:ident: $($want:ident, $have:expr => $drift:ident;)+) => {
        $($found.add_if($want != &$have, $id, || D::$drift {
            rule: $rule.clone(),
            expected: $want.clone(),
            observed: $have.clone(),
        });)+
    };
}

fn diff_rule(want: &Rule, have: &Rule, id: &ResourceId, found: &mut Found) {
    let Rule {
        name,
        schedule,
        timezone,
        target_vault,
        start_window_minutes,
        completion_window_minutes,
        lifecycle: Lifecycle { delete_after_days, cold_storage_after_days },
        continuous_backup,
        recovery_point_tags,
        copies,
    } = want;
    compare! { found, id, name:
        schedule, have.schedule => ScheduleDiffers;
        timezone, have.timezone => TimezoneDiffers;
        target_vault, have.target_vault => TargetVaultDiffers;
        start_window_minutes, have.start_window_minutes => StartWindowDiffers;
        completion_window_minutes, have.completion_window_minutes => CompletionWindowDiffers;
        delete_after_days, have.lifecycle.delete_after_days => RetentionDiffers;
        cold_storage_after_days, have.lifecycle.cold_storage_after_days => ColdStorageDiffers;
        continuous_backup, have.continuous_backup => ContinuousBackupDiffers;
        recovery_point_tags, have.recovery_point_tags => RecoveryPointTagsDiffer;
    }
    diff_copies(name, copies, &have.copies, id, found);
}

fn diff_copies(
    rule: &str,
    want: &BTreeMap<String, Lifecycle>,
    have: &BTreeMap<String, Lifecycle>,
    id: &ResourceId,
    found: &mut Found,
) {
    for (destination, expected) in want {
        let (rule, destination) = (rule.to_owned(), destination.clone());
        match have.get(&destination) {
            None => found.add(id, D::CopyMissing { rule, destination, expected: *expected }),
            Some(observed) => diff_copy(&rule, &destination, *expected, *observed, id, found),
        }
    }
    for (destination, observed) in have {
        found.add_if(!want.contains_key(destination), id, || D::CopyUnexpected {
            rule: rule.to_owned(),
            destination: destination.clone(),
            observed: *observed,
        });
    }
}

fn diff_copy(
    rule: &str,
    destination: &str,
    want: Lifecycle,
    have: Lifecycle,
    id: &ResourceId,
    found: &mut Found,
) {
    let Lifecycle { delete_after_days, cold_storage_after_days } = want;
    found.add_if(delete_after_days != have.delete_after_days, id, || D::CopyRetentionDiffers {
        rule: rule.to_owned(),
        destination: destination.to_owned(),
        expected: delete_after_days,
        observed: have.delete_after_days,
    });
    found.add_if(cold_storage_after_days != have.cold_storage_after_days, id, || D::CopyColdStorageDiffers {
        rule: rule.to_owned(),
        destination: destination.to_owned(),
        expected: cold_storage_after_days,
        observed: have.cold_storage_after_days,
    });
}
