//! Calls about vaults, their access policies and their locks.

use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::calls::Calls;
use crate::backup::{CUSTOMER_KEY, STANDARD, vault_written};
use crate::policy;
use crate::service::Service;
use crate::state::{Backup, Lock, Notifications, Vault};

/// The shortest grace time of a lock, and the shortest retention of an air-gapped vault, in days.
const SHORTEST_GRACE: i64 = 3;
const SHORTEST_RETENTION: i64 = 7;
/// The longest retention of any vault.
const LONGEST_RETENTION: i64 = 36_500;

fn call(calls: &mut Calls<'_>, region: &str, vault: &Vault, operation: &str, mut params: Value) {
    params["BackupVaultName"] = vault.name.clone().into();
    calls.call(Service::Backup, region, operation, params);
}

/// Neither key nor kind of a vault can be changed.
fn is_other(old: &Vault, new: &Vault) -> bool {
    (old.created, &old.key, old.key_kind, old.kind) != (new.created, &new.key, new.key_kind, new.kind)
}

fn is_in(vault: &Vault, backup: &Backup) -> bool {
    backup.vaults.get(&vault.name).is_some_and(|other| !is_other(vault, other))
}

pub(super) fn take_away(calls: &mut Calls<'_>, region: &str, old: &Backup, new: &Backup) {
    for vault in old.vaults.values().filter(|vault| !is_in(vault, new)) {
        let denied =
            vault.policy.as_deref().and_then(|text| policy::parse(text).ok()).is_some_and(|document| {
                policy::denies_everyone(&document, "backup:DeleteBackupVault", &vault.arn)
            });
        if denied {
            call(calls, region, vault, "DeleteBackupVaultAccessPolicy", json!({}));
        }
        call(calls, region, vault, "DeleteBackupVault", json!({}));
    }
}

pub(super) fn make(calls: &mut Calls<'_>, region: &str, old: &Backup, new: &Backup) {
    for vault in new.vaults.values() {
        match old.vaults.get(&vault.name).filter(|old| !is_other(old, vault)) {
            Some(old) => change(calls, region, old, vault),
            None => {
                create(calls, region, vault);
                // An air-gapped vault is born with its lock, and nobody can put another one.
                let lock = vault.lock.filter(|_| vault.kind != STANDARD);
                let fresh = Vault { policy: None, lock, notifications: None, ..vault.clone() };
                change(calls, region, &fresh, vault);
            }
        }
    }
}

fn create(calls: &mut Calls<'_>, region: &str, vault: &Vault) {
    let mut params = json!({
        "BackupVaultName": vault.name,
        "BackupVaultTags": (!vault.tags.is_empty()).then_some(&vault.tags),
        "EncryptionKeyArn": (vault.key_kind == CUSTOMER_KEY).then_some(&vault.key),
        "CreatorRequestId": vault.creator_request_id,
    });
    let mut answer = vault_written(vault);
    let operation = if vault.kind == STANDARD {
        "CreateBackupVault"
    } else {
        let retention = |of: fn(Lock) -> Option<i64>, otherwise| vault.lock.and_then(of).unwrap_or(otherwise);
        params["MinRetentionDays"] = retention(|lock| lock.min, SHORTEST_RETENTION).into();
        params["MaxRetentionDays"] = retention(|lock| lock.max, LONGEST_RETENTION).into();
        answer["VaultState"] = "CREATING".into();
        "CreateLogicallyAirGappedBackupVault"
    };
    calls.answered(Service::Backup, region, operation, params, answer);
}

fn change(calls: &mut Calls<'_>, region: &str, old: &Vault, new: &Vault) {
    let Vault {
        name: _,
        arn,
        kind: _,
        key: _,
        key_kind: _,
        created: _,
        creator_request_id: _,
        policy,
        lock,
        tags: new_tags,
        notifications,
        // Vaults are made in their own time, and recovery points come and go with jobs and lifecycles.
        state: _,
        recovery_points: _,
        counted: _,
    } = new;
    match (&old.policy, policy) {
        (None, None) => {}
        (Some(before), Some(after)) if calls.is_same_policy(before, after) => {}
        (_, Some(after)) => {
            call(calls, region, new, "PutBackupVaultAccessPolicy", json!({ "Policy": after }));
        }
        (Some(_), None) => call(calls, region, new, "DeleteBackupVaultAccessPolicy", json!({})),
    }
    match (old.lock, *lock) {
        (before, after) if before == after => {}
        (_, None) => call(calls, region, new, "DeleteBackupVaultLockConfiguration", json!({})),
        (before, Some(after)) => {
            let had_date = before.is_some_and(|lock| lock.date.is_some());
            if had_date && after.date.is_none() {
                // A call without days would keep the date.
                call(calls, region, new, "DeleteBackupVaultLockConfiguration", json!({}));
            }
            put_lock(calls, region, new, before, after);
        }
    }
    match notifications {
        same if *same == old.notifications => {}
        Some(Notifications { topic, events }) => {
            let params = json!({ "SNSTopicArn": topic, "BackupVaultEvents": events });
            call(calls, region, new, "PutBackupVaultNotifications", params);
        }
        None => call(calls, region, new, "DeleteBackupVaultNotifications", json!({})),
    }
    calls.tag_in_backup(region, arn, &old.tags, new_tags);
}

fn put_lock(calls: &mut Calls<'_>, region: &str, vault: &Vault, old: Option<Lock>, new: Lock) {
    let kept = old.and_then(|lock| lock.date);
    let params = json!({
        "MinRetentionDays": new.min,
        "MaxRetentionDays": new.max,
        "ChangeableForDays": new.date.and_then(|date| grace(date, kept, calls.now)),
    });
    call(calls, region, vault, "PutBackupVaultLockConfiguration", params);
}

/// The days from now to a lock's date. A date that no call of now would set is either the one from before, which stays
/// if no days are given, or it comes of a change that leaps over the grace time: then of the shortest one.
fn grace(date: OffsetDateTime, kept: Option<OffsetDateTime>, now: OffsetDateTime) -> Option<i64> {
    let left = date - now;
    let days = left.whole_days();
    match days >= SHORTEST_GRACE && left == Duration::days(days) {
        true => Some(days),
        false if kept == Some(date) => None,
        false => Some(days.max(SHORTEST_GRACE)),
    }
}
