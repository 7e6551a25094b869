//! Plans, their rules and their selections.

use std::collections::BTreeSet;

use reconcile::desired::{
    Copy, Desired, DesiredPlan, Lifecycle, PlanDocument, Rule, SelectionDocument, by_type, without_defaults,
};
use reconcile::schedule::{same_schedule, same_zone};

use super::changes::Changes;
use super::words;

/// Two specs.
struct Both<'a> {
    from: &'a Desired,
    to: &'a Desired,
}

pub(super) fn diff(from: &Desired, to: &Desired, changes: &mut Changes) {
    let both = Both { from, to };
    let name = |plan: &DesiredPlan| format!("{}/{}", plan.region, plan.document.name);
    for (of, from, to) in changes.both("plan", &from.plans, &to.plans, name) {
        let DesiredPlan {
            region: _,
            document: PlanDocument { name: _, rules, advanced_settings, scan_settings },
            tags,
            selections,
        } = to;
        named(
            &of,
            "rule",
            &from.document.rules,
            rules,
            |rule| &rule.name,
            changes,
            |of, from, to, changes| {
                rule(of, from, to, &both, changes);
            },
        );
        let told = |plan: &DesiredPlan| {
            let all = without_defaults(&by_type(&plan.document.advanced_settings));
            let each = all.iter().flat_map(|(kind, options)| {
                options.iter().map(move |(option, value)| format!("{kind} {option}={value}"))
            });
            words::row(each)
        };
        if from.document.advanced_settings != *advanced_settings {
            changes.instead(&of, "the advanced settings are", &told(from), &told(to));
        }
        if from.document.scan_settings != *scan_settings {
            changes.say(&of, "recovery points are scanned differently");
        }
        named(&of, "selection", &from.selections, selections, |one| &one.name, changes, selection);
        changes.tags(&of, &from.tags, tags);
    }
}

/// What a plan has in both specs, by name.
fn named<T>(
    of: &str,
    kind: &str,
    from: &[T],
    to: &[T],
    name: impl Fn(&T) -> &String,
    changes: &mut Changes,
    each: impl Fn(&str, &T, &T, &mut Changes),
) {
    for one in from.iter().filter(|one| to.iter().all(|other| name(other) != name(one))) {
        changes.say(of, format!("the {kind} {} is no longer in the spec", name(one)));
    }
    for one in to {
        match from.iter().find(|other| name(other) == name(one)) {
            Some(before) => each(of, before, one, changes),
            None => changes.say(of, format!("the {kind} {} is new in the spec", name(one))),
        }
    }
}

fn rule(of: &str, from: &Rule, to: &Rule, both: &Both<'_>, changes: &mut Changes) {
    let Rule {
        name,
        schedule,
        timezone,
        target_vault,
        air_gapped_vault,
        start_window_minutes,
        completion_window_minutes,
        lifecycle,
        continuous_backup,
        recovery_point_tags,
        copies,
        scan_actions,
        index_actions,
    } = to;
    if !same_schedule(&from.schedule, schedule) || !same_zone(&from.timezone, timezone) {
        let when = |rule: &Rule| words::schedule(&rule.schedule, &rule.timezone);
        changes.instead(of, &format!("{name} runs"), &when(from), &when(to));
    }
    changes.instead(of, &format!("backups of {name} go into"), &from.target_vault, target_vault);
    let none = || "none".to_owned();
    changes.instead(
        of,
        &format!("the air-gapped vault of {name} is"),
        &from.air_gapped_vault.clone().unwrap_or_else(none),
        &air_gapped_vault.clone().unwrap_or_else(none),
    );
    for (what, from, to) in [
        ("start", from.start_window_minutes, *start_window_minutes),
        ("end", from.completion_window_minutes, *completion_window_minutes),
    ] {
        let sentence = format!("jobs of {name} must {what} within");
        changes.instead(of, &sentence, &from.to_string(), &format!("{to}"));
    }
    let Lifecycle { delete_after_days, cold_storage_after_days, opt_in_to_archive } = lifecycle;
    retention(
        of,
        &format!("backups of {name}"),
        from.lifecycle.delete_after_days,
        *delete_after_days,
        changes,
    );
    cold(
        of,
        &format!("backups of {name}"),
        from.lifecycle.cold_storage_after_days,
        *cold_storage_after_days,
        changes,
    );
    if from.lifecycle.opt_in_to_archive.unwrap_or_default() != opt_in_to_archive.unwrap_or_default() {
        let word =
            if opt_in_to_archive.unwrap_or_default() { "are archived" } else { "are no longer archived" };
        changes.say(of, format!("snapshots of {name} {word}"));
    }
    match (from.continuous_backup, continuous_backup) {
        (false, true) => changes.say(of, format!("{name} backs up continuously")),
        (true, false) => changes.say(of, format!("{name} no longer backs up continuously")),
        (true, true) | (false, false) => {}
    }
    if from.recovery_point_tags != *recovery_point_tags {
        let tags = |rule: &Rule| words::tags(&rule.recovery_point_tags);
        changes.instead(of, &format!("backups of {name} are tagged"), &tags(from), &tags(to));
    }
    self::copies(of, name, &from.copies, copies, both, changes);
    if from.scan_actions.clone().unwrap_or_default() != scan_actions.clone().unwrap_or_default() {
        changes.say(of, format!("backups of {name} are scanned differently"));
    }
    if from.index_actions.clone().unwrap_or_default() != index_actions.clone().unwrap_or_default() {
        changes.say(of, format!("backups of {name} are indexed differently"));
    }
}

/// "backups of daily are kept 35 instead of 30 days".
fn retention(of: &str, what: &str, from: Option<i64>, to: Option<i64>, changes: &mut Changes) {
    match (from, to) {
        (from, to) if from == to => {}
        (Some(from), Some(to)) => {
            changes.say(of, format!("{what} are kept {to} instead of {}", words::days(Some(from))))
        }
        (from, to) => {
            changes.say(of, format!("{what} are {} instead of {}", words::kept(to), words::days(from)))
        }
    }
}

fn cold(of: &str, what: &str, from: Option<i64>, to: Option<i64>, changes: &mut Changes) {
    let told = |days: Option<i64>| days.map_or("never".to_owned(), |days| format!("after {days} days"));
    changes.instead(of, &format!("{what} move to cold storage"), &told(from), &told(to));
}

fn copies(of: &str, rule: &str, from: &[Copy], to: &[Copy], both: &Both<'_>, changes: &mut Changes) {
    for copy in from.iter().filter(|copy| to.iter().all(|other| other.destination != copy.destination)) {
        let vault = words::vault(&copy.destination, both.from);
        changes.say(of, format!("backups of {rule} are no longer copied to {vault}"));
    }
    for copy in to {
        let vault = words::vault(&copy.destination, both.to);
        let Some(before) = from.iter().find(|other| other.destination == copy.destination) else {
            let kept = words::copied(&copy.lifecycle);
            changes.say(of, format!("backups of {rule} are copied to {vault}, {kept}"));
            continue;
        };
        let what = format!("copies of {rule} in {vault} are");
        changes.instead(of, &what, &words::copied(&before.lifecycle), &words::copied(&copy.lifecycle));
        let days = |copy: &Copy| copy.lifecycle.cold_storage_after_days;
        cold(of, &format!("copies of {rule} in {vault}"), days(before), days(copy), changes);
    }
}

fn selection(of: &str, from: &SelectionDocument, to: &SelectionDocument, changes: &mut Changes) {
    let SelectionDocument { name, role_arn, resources, not_resources, tags, conditions } = to;
    changes.instead(of, &format!("the role of the selection {name} is"), &from.role_arn, role_arn);
    changes.sets(of, &format!("the resources of the selection {name}"), &from.resources, resources);
    changes.sets(of, &format!("the exclusions of the selection {name}"), &from.not_resources, not_resources);
    let told = |one: &SelectionDocument| {
        one.tags.iter().map(|tag| format!("{}={}", tag.key, tag.value)).collect::<BTreeSet<_>>()
    };
    if from.tags != *tags {
        changes.sets(of, &format!("the tags of the selection {name}"), &told(from), &told(to));
    }
    let told = |one: &SelectionDocument| {
        let each = one.conditions.iter();
        each.map(|one| format!("{} {} {}", one.key, one.operator.as_str(), one.value))
            .collect::<BTreeSet<_>>()
    };
    if from.conditions != *conditions {
        changes.sets(of, &format!("the conditions of the selection {name}"), &told(from), &told(to));
    }
}
