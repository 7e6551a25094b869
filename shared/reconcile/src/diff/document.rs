//! The document of a plan, rule by rule.

use std::collections::BTreeSet;

use time::Date;

use super::found::Found;
use crate::desired::{
    Copy, CopyLifecycle, CopyRetention, Lifecycle, PlanDocument, Rule, by_type, without_defaults,
};
use crate::drift::{CopyDrift, RuleDrift, SettingsDrift};
use crate::overlap::Year;
use crate::resource::ResourceId;
use crate::schedule::{runs_within_a_year, same_schedule, same_zone};

/// `today` is the day from which on schedules are looked at.
pub(super) fn diff(
    want: &PlanDocument,
    have: &PlanDocument,
    today: Date,
    id: &ResourceId,
    found: &mut Found,
) {
    // Taken apart in full, here and below, so that a new attribute cannot be forgotten. The name is how the plan was found.
    let PlanDocument { name: _, rules, advanced_settings, scan_settings } = want;
    for rule in rules {
        let named: Vec<&Rule> = have.rules.iter().filter(|seen| seen.name == rule.name).collect();
        let nearest = nearest(&named, |seen, found| diff_rule(rule, seen, today, id, found));
        let Some(seen) = nearest else {
            found.add(
                id,
                RuleDrift::RuleMissing { rule: rule.name.clone(), expected: Box::new(rule.clone()) },
            );
            continue;
        };
        // Before its attributes: an update takes the others away before it mends the one that stays.
        found.add_if(named.len() > 1, id, || RuleDrift::RuleRepeated {
            rule: rule.name.clone(),
            kept: Box::new(seen.clone()),
            others: others(&named, seen),
        });
        diff_rule(rule, seen, today, id, found);
    }
    let mut year = Year::new(today);
    for (index, seen) in have.rules.iter().enumerate() {
        let told = rules.iter().chain(&have.rules[..index]).any(|rule| rule.name == seen.name);
        found.add_if(!told, id, || RuleDrift::RuleUnexpected {
            rule: seen.name.clone(),
            observed: Box::new(seen.clone()),
            hides: hidden_by(seen, want, have, &mut year),
        });
    }
    if let (Some(expected), Some(observed)) = (scan_settings, &have.scan_settings) {
        found.add_if(expected != observed, id, || SettingsDrift::ScanSettingsDiffer {
            expected: expected.clone(),
            observed: observed.clone(),
        });
    }
    let (expected, observed) = (by_type(advanced_settings), by_type(&have.advanced_settings));
    for resource_type in observed.keys() {
        let times = have.advanced_settings.iter().filter(|one| one.resource_type == *resource_type).count();
        found.add_if(times > 1, id, || SettingsDrift::AdvancedSettingRepeated {
            resource_type: resource_type.clone(),
            times,
        });
    }
    let differs = without_defaults(&expected) != without_defaults(&observed);
    found.add_if(differs, id, || SettingsDrift::AdvancedSettingsDiffer { expected, observed });
}

/// The rules of the spec that do not run because this one does.
fn hidden_by(rule: &Rule, want: &PlanDocument, have: &PlanDocument, year: &mut Year) -> BTreeSet<String> {
    let is_wanted = |seen: &&Rule| want.rules.iter().any(|one| one.name == seen.name);
    let hidden = have.rules.iter().filter(is_wanted).filter(|seen| year.hides(rule, seen));
    hidden.map(|seen| seen.name.clone()).collect()
}

/// Of several that have one name, the one in which the least differs; of equals the first. What the spec leaves open stays as it has it.
fn nearest<'a, T>(all: &[&'a T], diff: impl Fn(&T, &mut Found)) -> Option<&'a T> {
    let differences = |one: &&&T| {
        let mut found = Found::default();
        diff(one, &mut found);
        found.count()
    };
    all.iter().min_by_key(differences).copied()
}

/// All but the first that is the same as this one.
fn others<T: PartialEq + Clone>(all: &[&T], kept: &T) -> Vec<T> {
    let kept = all.iter().position(|one| *one == kept);
    let others = all.iter().enumerate().filter(|(index, _)| Some(*index) != kept);
    others.map(|(_, one)| (*one).clone()).collect()
}

/// One attribute of a rule: whether it differs, and the drift that says so.
macro_rules! compare {
    ($found:ident, $id:ident, $rule:ident: $($want:ident, $have:expr, $same:expr => $drift:ident;)+) => {
        $($found.add_if(!$same($want, &$have), $id, || RuleDrift::$drift {
            rule: $rule.clone(),
            expected: $want.clone(),
            observed: $have.clone(),
        });)+
    };
}

/// One attribute that a spec may leave open: what is there then stays.
macro_rules! compare_if_asked {
    ($found:ident, $id:ident: $($want:ident, $have:expr => $room:ident::$drift:ident { $($of:ident),+ };)+) => {
        $(if let (Some(expected), Some(observed)) = (&$want, &$have) {
            $found.add_if(expected != observed, $id, || $room::$drift {
                $($of: $of.clone(),)+
                expected: expected.clone(),
                observed: observed.clone(),
            });
        })+
    };
}

fn same<T: PartialEq>(want: &T, have: &T) -> bool {
    want == have
}

fn diff_rule(want: &Rule, have: &Rule, today: Date, id: &ResourceId, found: &mut Found) {
    let Rule {
        name: rule,
        schedule,
        timezone,
        target_vault,
        air_gapped_vault,
        start_window_minutes,
        completion_window_minutes,
        lifecycle: Lifecycle { delete_after_days, cold_storage_after_days, opt_in_to_archive },
        continuous_backup,
        recovery_point_tags,
        copies,
        scan_actions,
        index_actions,
    } = want;
    found.add_if(!same_schedule(schedule, &have.schedule), id, || RuleDrift::ScheduleDiffers {
        rule: rule.clone(),
        expected: schedule.clone(),
        observed: have.schedule.clone(),
        rests: runs_within_a_year(schedule, today) && !runs_within_a_year(&have.schedule, today),
    });
    let kept = have.lifecycle;
    compare! { found, id, rule:
        timezone, have.timezone, |a: &String, b: &String| same_zone(a, b) => TimezoneDiffers;
        target_vault, have.target_vault, same => TargetVaultDiffers;
        air_gapped_vault, have.air_gapped_vault, same => AirGappedVaultDiffers;
        start_window_minutes, have.start_window_minutes, same => StartWindowDiffers;
        completion_window_minutes, have.completion_window_minutes, same => CompletionWindowDiffers;
        delete_after_days, kept.delete_after_days, same => RetentionDiffers;
        cold_storage_after_days, kept.cold_storage_after_days, same => ColdStorageDiffers;
        continuous_backup, have.continuous_backup, same => ContinuousBackupDiffers;
        recovery_point_tags, have.recovery_point_tags, same => RecoveryPointTagsDiffer;
    }
    compare_if_asked! { found, id:
        opt_in_to_archive, kept.opt_in_to_archive => RuleDrift::ArchiveDiffers { rule };
        scan_actions, have.scan_actions => RuleDrift::ScanActionsDiffer { rule };
        index_actions, have.index_actions => RuleDrift::IndexActionsDiffer { rule };
    }
    diff_copies(want, copies, have, id, found);
}

fn diff_copies(want: &Rule, copies: &[Copy], have: &Rule, id: &ResourceId, found: &mut Found) {
    let rule = || want.name.clone();
    for Copy { destination, lifecycle } in copies {
        let same: Vec<&Copy> = have.copies.iter().filter(|copy| copy.destination == *destination).collect();
        let diff = |seen: &Copy, found: &mut Found| {
            diff_copy((want, destination, *lifecycle), (have, seen.lifecycle), id, found);
        };
        let Some(seen) = nearest(&same, diff) else {
            let (destination, expected) = (destination.clone(), *lifecycle);
            found.add(id, CopyDrift::CopyMissing { rule: rule(), destination, expected });
            continue;
        };
        found.add_if(same.len() > 1, id, || CopyDrift::CopyRepeated {
            rule: rule(),
            destination: destination.clone(),
            kept: seen.lifecycle,
            others: others(&same, seen).iter().map(|copy| copy.lifecycle).collect(),
        });
        diff(seen, found);
    }
    for (index, seen) in have.copies.iter().enumerate() {
        let told =
            copies.iter().chain(&have.copies[..index]).any(|copy| copy.destination == seen.destination);
        found.add_if(!told, id, || CopyDrift::CopyUnexpected {
            rule: rule(),
            destination: seen.destination.clone(),
            observed: seen.lifecycle,
        });
    }
}

fn diff_copy(
    (rule, destination, want): (&Rule, &String, CopyLifecycle),
    (seen, have): (&Rule, CopyLifecycle),
    id: &ResourceId,
    found: &mut Found,
) {
    let CopyLifecycle { kept, cold_storage_after_days, opt_in_to_archive } = want;
    let expected = kept.days(rule.lifecycle.delete_after_days);
    let observed = have.kept.days(seen.lifecycle.delete_after_days);
    // Where both go with their sources it is the rule that differs, if anything does.
    let both_as_their_sources = (kept, have.kept) == (CopyRetention::AsItsSource, CopyRetention::AsItsSource);
    found.add_if(expected != observed && !both_as_their_sources, id, || CopyDrift::CopyRetentionDiffers {
        rule: rule.name.clone(),
        destination: destination.clone(),
        wanted: kept,
        expected,
        observed,
    });
    found.add_if(cold_storage_after_days != have.cold_storage_after_days, id, || {
        CopyDrift::CopyColdStorageDiffers {
            rule: rule.name.clone(),
            destination: destination.clone(),
            expected: cold_storage_after_days,
            observed: have.cold_storage_after_days,
        }
    });
    let rule = &rule.name;
    compare_if_asked! { found, id:
        opt_in_to_archive, have.opt_in_to_archive => CopyDrift::CopyArchiveDiffers { rule, destination };
    }
}
