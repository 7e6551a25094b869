//! What a spec says of its things, in few words.

use reconcile::desired::{CopyRetention, DesiredVault, Lifecycle, LockMode, Rule, SelectionDocument};
use reconcile::words::{clean, document, moment};
use time::OffsetDateTime;

use crate::map::key_name;

pub(crate) fn schedule(rule: &Rule) -> String {
    let zone = if rule.timezone == reconcile::desired::DEFAULT_TIMEZONE { "UTC" } else { &rule.timezone };
    format!("{} {}", clean(&rule.schedule), clean(zone))
}

fn days(days: i64) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

fn lifecycle(lifecycle: &Lifecycle) -> String {
    let kept = lifecycle.delete_after_days.map_or("for ever".to_owned(), days);
    let cold = lifecycle.cold_storage_after_days.map(|after| format!(", cold after {}", days(after)));
    format!("{kept}{}", cold.unwrap_or_default())
}

pub(crate) fn kept(rule: &Rule) -> String {
    format!("kept {}", lifecycle(&rule.lifecycle))
}

pub(crate) fn copies(rule: &Rule) -> Vec<String> {
    let kept = |retention: CopyRetention| match retention {
        CopyRetention::Days(number) => format!("kept {}", days(number)),
        CopyRetention::AsItsSource => "kept as long as its source".to_owned(),
    };
    let copy = |copy: &reconcile::desired::Copy| {
        let (account, region, name) = parts_of_vault_arn(&copy.destination);
        format!("{name} in {region}, account {account}, {}", kept(copy.lifecycle.kept))
    };
    rule.copies.iter().map(copy).collect()
}

pub(crate) fn next_run(at: Option<OffsetDateTime>) -> String {
    at.map(|at| format!(", next {}", moment(at))).unwrap_or_default()
}

pub(crate) fn selection(selection: &SelectionDocument) -> String {
    let role = selection.role_arn.rsplit('/').next().unwrap_or_default();
    format!("{}, as {}", clean(&selection.name), clean(role))
}

pub(crate) fn key_of(vault: &DesiredVault) -> String {
    format!("key {}", clean(key_name(&vault.key)))
}

pub(crate) fn lock(vault: &DesiredVault) -> String {
    let Some(lock) = vault.lock else { return "no lock in the spec".to_owned() };
    let mode = match lock.mode {
        LockMode::Governance => "governance lock".to_owned(),
        LockMode::Compliance { changeable_for_days } => {
            format!("compliance lock ({} to change)", days(changeable_for_days))
        }
    };
    let limits = match (lock.min_retention_days, lock.max_retention_days) {
        (None, None) => String::new(),
        (Some(min), None) => format!(", {} or more", days(min)),
        (None, Some(max)) => format!(", {} or less", days(max)),
        (Some(min), Some(max)) => format!(", {min} to {}", days(max)),
    };
    format!("{mode}{limits}")
}

pub(crate) fn policy(vault: &DesiredVault) -> String {
    vault.policy.as_deref().map_or("no policy in the spec".to_owned(), |text| String::from(document(text)))
}

/// Account, region and name of a vault's ARN.
pub(crate) fn parts_of_vault_arn(arn: &str) -> (String, String, String) {
    let part = |index| clean(arn.splitn(7, ':').nth(index).unwrap_or("unknown"));
    (part(4), part(3), part(6))
}

/// The selection's own name, if it is one of this plan: the answer writes `plan/selection`.
pub(crate) fn selection_of<'a>(name: &'a str, plan: &str) -> Option<&'a str> {
    name.strip_prefix(plan)?.strip_prefix('/')
}

/// Which of the rules an attribute is about. A rule's name may have dots in it, so the longest that fits is meant.
pub(crate) fn rule_of<'a>(attribute: Option<&str>, rules: &[&'a str]) -> Option<&'a str> {
    let path = attribute?.strip_prefix("rules.")?;
    let fits =
        |name: &&&str| path.strip_prefix(**name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    rules.iter().filter(fits).max_by_key(|name| name.len()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_of_an_attribute_is_the_longest_that_fits() {
        let rules = ["every", "every.night"];
        assert_eq!(rule_of(Some("rules.every.night.schedule"), &rules), Some("every.night"));
        assert_eq!(rule_of(Some("rules.every.schedule"), &rules), Some("every"));
        assert_eq!(rule_of(Some("rules.everything"), &rules), None);
        assert_eq!(rule_of(Some("tags"), &rules), None);
    }
}
