//! What `show` and `diff` have in common: a spec as it is for no account in particular, and its values in words.

use std::collections::BTreeSet;

use reconcile::desired::{CopyLifecycle, CopyRetention, Desired, DesiredLock, LockMode, Tags, VaultKey};
use reconcile::spec::{Spec, Target};
use reconcile::words::clean;

/// Stands for the account until the words are made.
const ACCOUNT: &str = "000000000000";

/// A spec for no account in particular.
pub(super) fn resolved(spec: &Spec) -> anyhow::Result<Desired> {
    let target = Target {
        partition: "aws".to_owned(),
        account: ACCOUNT.to_owned(),
        primary_region: None,
        dr_region: None,
    };
    Ok(spec.resolve(&target)?)
}

/// A line for a person: what stands for the account is a template again, and nothing in it does harm.
pub(super) fn line(text: &str) -> String {
    clean(&text.replace(ACCOUNT, "${account}"))
}

/// Names in a row; none is none.
pub(super) fn row<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.as_ref().to_owned()).collect();
    if items.is_empty() { "none".to_owned() } else { items.join(", ") }
}

pub(super) fn tags(tags: &Tags) -> String {
    row(tags.iter().map(|(key, value)| format!("{key}={value}")))
}

pub(super) fn days(days: Option<i64>) -> String {
    match days {
        None => "for ever".to_owned(),
        Some(1) => "1 day".to_owned(),
        Some(days) => format!("{days} days"),
    }
}

/// How long something is kept.
pub(super) fn kept(days: Option<i64>) -> String {
    match days {
        None => "kept for ever".to_owned(),
        Some(_) => format!("kept for {}", self::days(days)),
    }
}

pub(super) fn copied(lifecycle: &CopyLifecycle) -> String {
    match lifecycle.kept {
        CopyRetention::AsItsSource => "kept as long as its source".to_owned(),
        CopyRetention::Days(days) => kept(Some(days)),
    }
}

pub(super) fn lock(lock: &DesiredLock) -> String {
    let DesiredLock { mode, min_retention_days, max_retention_days } = lock;
    let mode = match mode {
        LockMode::Governance => "governance lock".to_owned(),
        LockMode::Compliance { changeable_for_days } => {
            format!("compliance lock, final {} after it is put", days(Some(*changeable_for_days)))
        }
    };
    let limits = match (min_retention_days, max_retention_days) {
        (None, None) => "for any retention".to_owned(),
        (Some(min), None) => format!("for retentions of {min} days or more"),
        (None, Some(max)) => format!("for retentions of {max} days or less"),
        (Some(min), Some(max)) => format!("for retentions of {min} to {max} days"),
    };
    format!("{mode}, {limits}")
}

pub(super) fn key(key: &VaultKey) -> String {
    match key {
        VaultKey::Alias(alias) => alias.clone(),
        VaultKey::Arn(arn) => arn.clone(),
        VaultKey::AwsManaged => "the key that AWS manages".to_owned(),
    }
}

/// The vault of an ARN as region and name, if it is one of the spec's.
pub(super) fn vault(arn: &str, desired: &Desired) -> String {
    let own = desired.vaults.iter().find(|vault| vault.arn == arn);
    own.map_or_else(|| arn.to_owned(), |vault| format!("{}/{}", vault.region, vault.name))
}

/// A schedule, in words where it is of a usual kind.
pub fn schedule(schedule: &str, timezone: &str) -> String {
    let zone = if matches!(timezone, "Etc/UTC" | "UTC") { "UTC" } else { timezone };
    let fields = schedule.strip_prefix("cron(").and_then(|rest| rest.strip_suffix(')'));
    let fields: Vec<&str> = fields.unwrap_or_default().split_whitespace().collect();
    let plain = |field: &str| !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit());
    match fields.as_slice() {
        [minute, "*", "*", "*", "?", "*"] | [minute, "*", "?", "*", "*", "*"] if plain(minute) => {
            format!("every hour at minute {minute}")
        }
        [minute, hour, rest @ ..] if plain(minute) && plain(hour) => {
            let time = format!("{hour:0>2}:{minute:0>2} {zone}");
            match rest {
                ["*", "*", "?", "*"] | ["?", "*", "*", "*"] => format!("every day at {time}"),
                ["?", "*", weekdays, "*"] => format!("at {time} on {weekdays}"),
                [day, "*", "?", "*"] if plain(day) => format!("on day {day} of every month at {time}"),
                [day, month, "?", "*"] if plain(day) && plain(month) => {
                    format!("every year on day {day} of month {month} at {time}")
                }
                _ => format!("{schedule} {zone}"),
            }
        }
        _ => format!("{schedule} {zone}"),
    }
}

/// What one set has more than the other.
pub(super) fn beyond<'a>(these: &'a BTreeSet<String>, those: &'a BTreeSet<String>) -> Vec<&'a String> {
    these.difference(those).collect()
}
