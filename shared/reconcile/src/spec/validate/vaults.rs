//! Vaults and their locks, and whether a retention fits a lock.

use super::{allowed, region_name, region_quota, tags, unique, within};
use crate::desired::AWS_MANAGED_KEY;
use crate::spec::arns::{NAMES, REGIONAL, Scope};
use crate::spec::raw::{Document, Lock, Mode, Notifications, Vault};
use crate::spec::reader::{Located, Mistakes, Spot};
use crate::spec::{names, template};

pub(super) fn check(document: &Document, scope: &Scope, mistakes: &mut Mistakes) {
    for vault in &document.vaults {
        self::vault(vault, document, scope, mistakes);
    }
    let named = || document.vaults.iter().map(|vault| (vault.region.value.as_str(), &vault.name));
    unique(
        named().map(|(region, name)| ((region, &name.value), &name.spot)),
        "the vault's name in this region",
        mistakes,
    );
    region_quota(named().map(|(region, name)| (region, &name.spot)), "vault", mistakes);
}

fn vault(vault: &Vault, document: &Document, scope: &Scope, mistakes: &mut Mistakes) {
    mistakes.check(&vault.name.spot, template::check(&vault.name.value, &NAMES));
    mistakes
        .check(&vault.name.spot, names::vault(&scope.fill_regional(&vault.name.value, &vault.region.value)));
    region_name(&vault.region, document, mistakes);
    if let Some(key) = &vault.key {
        self::key(key, &vault.region.value, document, scope, mistakes);
    }
    if let Some(told) = &vault.notifications {
        notifications(told, &vault.region.value, scope, mistakes);
    }
    if let Some(policy) = &vault.policy
        && !document.vault_policies.contains_key(&policy.value)
    {
        let names = allowed(document.vault_policies.keys().map(String::as_str));
        mistakes.add(&policy.spot, format!("{:?} is not in [vault_policies]; {names}", policy.value));
    }
    if let Some(lock) = &vault.lock {
        self::lock(lock, mistakes);
    }
    tags::check(&vault.tags, &document.tags, &vault.spot.field("tags"), mistakes);
}

/// A key of the spec by alias, the key that AWS manages, or another one by ARN.
fn key(key: &Located<String>, region: &str, document: &Document, scope: &Scope, mistakes: &mut Mistakes) {
    if key.value == AWS_MANAGED_KEY {
        return;
    }
    if key.value.starts_with("arn:") {
        mistakes.check(&key.spot, template::check(&key.value, &REGIONAL));
        let arn = scope.fill_regional(&key.value, region);
        return mistakes.check(&key.spot, names::key_arn(&arn, scope.region(region)));
    }
    let aliases = || {
        let keys = document.keys.iter().filter(|key| key.region.value == region);
        keys.map(|key| key.alias.value.as_str())
    };
    if document.regions.contains_key(region) && !aliases().any(|alias| alias == key.value) {
        let all = allowed(aliases().chain([AWS_MANAGED_KEY]));
        mistakes.add(
            &key.spot,
            format!("no key of region {region} has the alias {:?}; {all}, or an ARN", key.value),
        );
    }
}

fn notifications(told: &Notifications, region: &str, scope: &Scope, mistakes: &mut Mistakes) {
    mistakes.check(&told.topic.spot, template::check(&told.topic.value, &REGIONAL));
    let topic = scope.fill_regional(&told.topic.value, region);
    mistakes.check(&told.topic.spot, names::topic_arn(&topic, scope.region(region)));
    if told.events.is_empty() {
        mistakes.add(&told.spot.field("events"), "is missing; name what is told, such as BACKUP_JOB_FAILED");
    }
    for event in &told.events {
        mistakes.check(&event.spot, names::constant(&event.value));
    }
}

fn lock(lock: &Lock, mistakes: &mut Mistakes) {
    within(&lock.changeable_for_days, 3..=36_500, "days", mistakes);
    within(&lock.min_retention_days, 1..=36_500, "days", mistakes);
    within(&lock.max_retention_days, 1..=36_500, "days", mistakes);
    match (lock.mode.as_ref().map(|mode| mode.value), &lock.changeable_for_days) {
        (Some(Mode::Compliance), None) => {
            let spot = lock.spot.field("changeable_for_days");
            mistakes.add(&spot, "is missing; a compliance lock has a grace time; allowed: 3 to 36500 days");
        }
        (Some(Mode::Governance), Some(days)) => mistakes.add(
            &days.spot,
            "makes the lock one of compliance, which nobody can remove after that time; drop it, or write mode = \
             \"compliance\"",
        ),
        (Some(Mode::Compliance), Some(_)) | (Some(Mode::Governance), None) | (None, _) => {}
    }
    if let (Some(min), Some(max)) = (&lock.min_retention_days, &lock.max_retention_days)
        && min.value > max.value
    {
        let reason = format!("{} is more than max_retention_days, which is {}", min.value, max.value);
        mistakes.add(&min.spot, reason);
    }
}

/// Refuses a retention that the lock of the vault forbids: AWS Backup takes the plan, and then fails each of its jobs.
pub(super) fn fits_lock(vault: &Vault, days: Option<i64>, spot: &Spot, mistakes: &mut Mistakes) {
    let Some(lock) = &vault.lock else { return };
    let limits = [&lock.min_retention_days, &lock.max_retention_days];
    if limits.into_iter().flatten().any(|days| mistakes.has(&days.spot)) {
        return;
    }
    let min = lock.min_retention_days.as_ref().map(|days| days.value);
    let max = lock.max_retention_days.as_ref().map(|days| days.value);
    let too_short = days.zip(min).is_some_and(|(days, min)| days < min);
    let too_long = max.is_some_and(|max| days.is_none_or(|days| days > max));
    if too_short || too_long {
        let kept = days.map_or("kept without end".to_owned(), |days| format!("kept for {days} days"));
        let range = match (min, max) {
            (Some(min), Some(max)) => format!("{min} to {max} days"),
            (Some(min), None) => format!("{min} days or more"),
            (None, Some(max)) => format!("1 to {max} days"),
            (None, None) => return,
        };
        mistakes.add(
            spot,
            format!(
                "{kept}, which the lock of {} forbids: every job would fail; allowed: {range}",
                vault.name.value
            ),
        );
    }
}
