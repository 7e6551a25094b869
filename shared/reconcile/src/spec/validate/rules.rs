//! Rules and their copies: schedules, windows, lifecycles, and that every retention fits the vault it goes to.

use super::vaults::fits_lock;
use super::{SPECS_ARE_YOUNGER, allowed, region_name, tags, unique, within};
use crate::desired::{DEFAULT_COMPLETION_WINDOW, DEFAULT_START_WINDOW};
use crate::region::may_be_in;
use crate::schedule::Cron;
use crate::spec::arns::{REGIONAL, Scope};
use crate::spec::raw::{CopyAction, Document, Plan, Rule};
use crate::spec::reader::{Located, Mistakes};
use crate::spec::{names, template};

/// A hundred years, AWS Backup's limit for the start window.
const LONGEST_WINDOW: i64 = 52_560_000;
const LONGEST_LIFECYCLE: i64 = 36_500;
const LONGEST_CONTINUOUS: i64 = 35;
/// What is moved to cold storage stays there for at least this many days.
const SHORTEST_COLD: i64 = 90;
const MOST_COPIES: usize = 5;
/// The types whose recovery points can be searched ("IndexAction").
const INDEXED: [&str; 2] = ["EBS", "S3"];
const MOST_RECOVERY_POINT_TAGS: usize = 10;

pub(super) fn check(rule: &Rule, plan: &Plan, document: &Document, scope: &Scope, mistakes: &mut Mistakes) {
    mistakes.check(&rule.name.spot, names::plan_part(&rule.name.value));
    if let Some(schedule) = &rule.schedule {
        mistakes.check(&schedule.spot, self::schedule(&schedule.value));
    }
    if let Some(zone) = &rule.timezone {
        mistakes.check(&zone.spot, names::time_zone(&zone.value));
    }
    windows(rule, mistakes);
    lifecycle(&rule.delete_after_days, &rule.cold_storage_after_days, mistakes);
    continuous(rule, mistakes);
    tags::entries(&rule.recovery_point_tags, mistakes);
    if rule.recovery_point_tags.len() > MOST_RECOVERY_POINT_TAGS {
        let reason =
            format!("too many; AWS Backup allows {MOST_RECOVERY_POINT_TAGS} tags for recovery points");
        mistakes.add(&rule.spot.field("recovery_point_tags"), reason);
    }
    target(rule, &plan.region.value, document, scope, mistakes);
    air_gapped(rule, &plan.region.value, document, scope, mistakes);
    archive(&rule.opt_in_to_archive, &rule.cold_storage_after_days, mistakes);
    scans(rule, plan, mistakes);
    for copy in &rule.copies {
        self::copy(copy, rule, &plan.region.value, document, scope, mistakes);
    }
    if let Some(extra) = rule.copies.get(MOST_COPIES) {
        mistakes.add(&extra.spot, format!("one copy too many; AWS Backup allows {MOST_COPIES} in a rule"));
    }
    let destinations = rule
        .copies
        .iter()
        .filter_map(|copy| Some((scope.destination(copy, &plan.region.value)?, &copy.spot)));
    unique(destinations, "the copy's destination", mistakes);
}

fn schedule(expression: &str) -> Result<(), String> {
    let cron = Cron::parse(expression).map_err(|error| error.to_string())?;
    if cron.times_an_hour() > 1 {
        let reason =
            "runs more than once an hour, and AWS Backup runs a rule once an hour at most; write one minute";
        return Err(format!("{expression:?} {reason}"));
    }
    if !cron.comes_after(SPECS_ARE_YOUNGER) {
        return Err(format!("{expression:?} never runs: no calendar has such a day, or it is over"));
    }
    Ok(())
}

fn windows(rule: &Rule, mistakes: &mut Mistakes) {
    within(&rule.start_window_minutes, 60..=LONGEST_WINDOW, "minutes", mistakes);
    within(&rule.completion_window_minutes, 1..=LONGEST_WINDOW, "minutes", mistakes);
    let windows = [&rule.completion_window_minutes, &rule.start_window_minutes];
    let mut written = windows.into_iter().flatten();
    if written.clone().any(|window| mistakes.has(&window.spot)) {
        return;
    }
    let start = rule.start_window_minutes.as_ref().map_or(DEFAULT_START_WINDOW, |minutes| minutes.value);
    let completion = &rule.completion_window_minutes;
    let minutes = completion.as_ref().map_or(DEFAULT_COMPLETION_WINDOW, |minutes| minutes.value);
    if minutes < start {
        let reason = format!(
            "the completion window, {minutes} minutes, ends before the start window, {start}; allowed: {start} or more"
        );
        mistakes.add(written.next().map_or(&rule.spot, |window| &window.spot), reason);
    }
}

fn lifecycle(delete: &Option<Located<i64>>, cold: &Option<Located<i64>>, mistakes: &mut Mistakes) {
    within(delete, 1..=LONGEST_LIFECYCLE, "days", mistakes);
    within(cold, 1..=LONGEST_LIFECYCLE, "days", mistakes);
    if let (Some(delete), Some(cold)) = (delete, cold)
        && !mistakes.has(&cold.spot)
    {
        let earliest = cold.value.saturating_add(SHORTEST_COLD);
        if delete.value < earliest {
            let reason = format!(
                "{} days is too early after cold storage: what was moved there stays {SHORTEST_COLD} days; allowed: \
                 {earliest} or more",
                delete.value
            );
            mistakes.add(&delete.spot, reason);
        }
    }
}

fn continuous(rule: &Rule, mistakes: &mut Mistakes) {
    if !rule.continuous() {
        return;
    }
    if let Some(cold) = &rule.cold_storage_after_days {
        mistakes.add(&cold.spot, "continuous backups cannot move to cold storage; drop one of the two");
    }
    if rule.delete_after_days.is_none() {
        let spot = rule.spot.field("delete_after_days");
        mistakes
            .add(&spot, format!("is missing; continuous backups are kept 1 to {LONGEST_CONTINUOUS} days"));
    }
    within(&rule.delete_after_days, 1..=LONGEST_CONTINUOUS, "days, with continuous backup", mistakes);
}

fn target(rule: &Rule, region: &str, document: &Document, scope: &Scope, mistakes: &mut Mistakes) {
    let Some(vault) = scope.target(&document.vaults, rule, region) else {
        return unknown_vault(&rule.vault, region, document, mistakes);
    };
    let spot = rule.spot.field("delete_after_days");
    let spot = rule.delete_after_days.as_ref().map_or(&spot, |days| &days.spot);
    fits_lock(vault, days(&rule.delete_after_days), spot, mistakes);
}

fn copy(
    copy: &CopyAction,
    rule: &Rule,
    plan_region: &str,
    document: &Document,
    scope: &Scope,
    mistakes: &mut Mistakes,
) {
    match (&copy.vault, &copy.region, &copy.vault_arn) {
        (Some(_), Some(region), None) => region_name(region, document, mistakes),
        (None, None, Some(arn)) => {
            mistakes.check(&arn.spot, template::check(&arn.value, &REGIONAL));
            let filled = scope.fill_regional(&arn.value, plan_region);
            mistakes.check(&arn.spot, names::vault_arn(&filled));
            if !mistakes.has(&arn.spot) {
                mistakes.check(&arn.spot, in_partition(&filled, &scope.partition));
            }
        }
        _ => return mistakes.add(&copy.spot, "must have either vault and region, or vault_arn"),
    }
    lifecycle(&copy.delete_after_days, &copy.cold_storage_after_days, mistakes);
    archive(&copy.opt_in_to_archive, &copy.cold_storage_after_days, mistakes);
    if let (None, Some(cold)) = (&copy.delete_after_days, &copy.cold_storage_after_days) {
        let reason =
            "needs delete_after_days beside it: without that the copy follows the lifecycle of its rule";
        mistakes.add(&cold.spot, reason);
    }
    let destination = scope.destination(copy, plan_region);
    if destination.as_ref() == Some(&scope.vault_arn(plan_region, &rule.vault.value)) {
        mistakes.add(&copy.spot, "copies to the vault of its own rule; a copy goes to another vault");
    }
    let vault = destination.and_then(|arn| scope.vault(&document.vaults, &arn));
    match (vault, &copy.vault, &copy.region) {
        (Some(vault), _, _) => {
            let spot = copy.delete_after_days.as_ref().map_or(&copy.spot, |days| &days.spot);
            let kept = days(&copy.delete_after_days).or(days(&rule.delete_after_days));
            fits_lock(vault, kept, spot, mistakes);
        }
        (None, Some(vault), Some(region)) => unknown_vault(vault, &region.value, document, mistakes),
        // Another account's vault: its lock is not ours to know.
        (None, _, _) => {}
    }
}

/// AWS Backup copies within a partition.
fn in_partition(vault_arn: &str, own: &str) -> Result<(), String> {
    let mut parts = vault_arn.split(':').skip(1);
    let (partition, region) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
    if partition == own && may_be_in(region, own) {
        return Ok(());
    }
    let reason = format!(
        "is not in {own}, the partition of [regions]; AWS Backup copies within one partition only, so write ${{partition}} and one of its regions"
    );
    Err(format!("{vault_arn:?} {reason}"))
}

/// The vault is made by hand, so it need not be in the spec; AWS wants it beside the plan.
fn air_gapped(rule: &Rule, plan_region: &str, document: &Document, scope: &Scope, mistakes: &mut Mistakes) {
    let Some(vault) = &rule.air_gapped_vault else { return };
    mistakes.check(&vault.spot, template::check(&vault.value, &REGIONAL));
    let arn = scope.air_gapped(&vault.value, plan_region);
    mistakes.check(&vault.spot, names::vault_arn(&arn));
    if mistakes.has(&vault.spot) {
        return;
    }
    let own = scope.vault_arn(plan_region, "");
    if !arn.starts_with(&own) {
        let reason = "must be in the region and the account of the plan; write its name, or the ARN with ${region} and ${account}";
        mistakes.add(&vault.spot, reason);
    } else if arn == scope.vault_arn(plan_region, &rule.vault.value) {
        mistakes.add(&vault.spot, "is the vault of the rule itself; an air-gapped vault is another one");
    } else if scope.vault(&document.vaults, &arn).is_some() {
        let reason = "is a vault of the spec, and those are ordinary ones; name one that was made logically air-gapped";
        mistakes.add(&vault.spot, reason);
    }
}

fn archive(archive: &Option<Located<bool>>, cold: &Option<Located<i64>>, mistakes: &mut Mistakes) {
    if let Some(archive) = archive.as_ref().filter(|archive| archive.value)
        && cold.is_none()
    {
        mistakes.add(
            &archive.spot,
            "needs cold_storage_after_days beside it: that is when snapshots are archived",
        );
    }
}

fn scans(rule: &Rule, plan: &Plan, mistakes: &mut Mistakes) {
    for scan in rule.scan_actions.iter().flatten() {
        mistakes.check(&scan.scanner.spot, names::constant(&scan.scanner.value));
        let settings = plan.scan_settings.as_ref();
        if settings.is_none() {
            let reason = "needs scan settings, and the spec leaves those of the plan open: where the plan has none, nothing is scanned; write scan_settings, with the role that scans";
            mistakes.warn(&scan.scanner.spot, reason);
        }
        let is_set = settings.is_none_or(|all| all.iter().any(|one| one.scanner.value == scan.scanner.value));
        if !is_set {
            let reason =
                "has no scan settings in its plan; add it to scan_settings, with the role that scans";
            mistakes.add(&scan.scanner.spot, reason);
        }
    }
    if let Some(extra) = rule.index_actions.as_ref().and_then(|all| all.get(1)) {
        mistakes.add(&extra.spot, "one index action too many; AWS Backup takes one in a rule");
    }
    for kind in rule.index_actions.iter().flatten().flat_map(|one| &one.resource_types) {
        if !INDEXED.contains(&kind.value.as_str()) {
            let words = allowed(INDEXED.into_iter());
            mistakes.add(&kind.spot, format!("{:?} cannot be indexed; {words}", kind.value));
        }
    }
}

fn unknown_vault(vault: &Located<String>, region: &str, document: &Document, mistakes: &mut Mistakes) {
    if !document.regions.contains_key(region) {
        return;
    }
    let there = document.vaults.iter().filter(|vault| vault.region.value == region);
    let names = allowed(there.map(|vault| vault.name.value.as_str()));
    mistakes.add(&vault.spot, format!("there is no vault {:?} in region {region}; {names}", vault.value));
}

fn days(located: &Option<Located<i64>>) -> Option<i64> {
    located.as_ref().map(|days| days.value)
}
