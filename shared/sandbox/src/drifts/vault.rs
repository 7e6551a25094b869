//! What happens to a vault, its access policy and its lock.

use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::region_with;
use crate::kms::{managed_key, new_key};
use crate::state::{Account, Key, Lock, Region, Vault};

type Outcome = Result<(), &'static str>;

const NO_VAULT: &str = "there is no such vault";

fn region<'a>(account: &'a mut Account, name: &str) -> Result<&'a mut Region, &'static str> {
    region_with(account, |region| region.backup.vaults.contains_key(name)).ok_or(NO_VAULT)
}

fn vault<'a>(account: &'a mut Account, name: &str) -> Result<&'a mut Vault, &'static str> {
    region(account, name)?.backup.vaults.get_mut(name).ok_or(NO_VAULT)
}

/// Only empty vaults can be deleted, and with them whatever stands on their being deleted.
fn empty<'a>(account: &'a mut Account, name: &str) -> Result<&'a mut Region, &'static str> {
    let region = region(account, name)?;
    let is_empty = region.backup.vaults.get(name).is_some_and(|vault| vault.recovery_points.is_empty());
    if is_empty { Ok(region) } else { Err("the vault holds recovery points") }
}

pub(super) fn deleted(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    empty(account, name)?.backup.vaults.remove(name);
    Ok(())
}

pub(super) fn on_other_key(account: &mut Account, name: &str, now: OffsetDateTime) -> Outcome {
    let region = empty(account, name)?;
    let key = managed_key(region, now);
    let vault = region.backup.vaults.get_mut(name).ok_or(NO_VAULT)?;
    vault.key = key;
    vault.key_kind = "AWS_OWNED_KMS_KEY";
    vault.created = now;
    Ok(())
}

pub(super) fn on_twin_key(account: &mut Account, name: &str, now: OffsetDateTime) -> Outcome {
    let region = empty(account, name)?;
    let twin = |key: &Key| (key.description.clone(), key.tags.clone());
    let vault = region.backup.vaults.get(name).ok_or(NO_VAULT)?;
    let right = region.kms.keys.values().find(|key| key.arn == vault.key).map(twin);
    let (description, tags) = right.ok_or("the vault's key is gone")?;
    let id = new_key(region, now, &description, tags);
    let arn = region.arn("kms", &format!("key/{id}"));
    let vault = region.backup.vaults.get_mut(name).ok_or(NO_VAULT)?;
    vault.key = arn;
    vault.created = now;
    Ok(())
}

pub(super) fn air_gapped(account: &mut Account, name: &str, now: OffsetDateTime) -> Outcome {
    let vault = empty(account, name)?.backup.vaults.get_mut(name).ok_or(NO_VAULT)?;
    vault.kind = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT";
    vault.created = now;
    Ok(())
}

pub(super) fn untagged(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    vault(account, name)?.tags.clear();
    Ok(())
}

pub(super) fn policy_deleted(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    vault(account, name)?.policy = None;
    Ok(())
}

/// Rewrites the list of statements of the vault's policy.
fn rewrite(account: &mut Account, name: &str, change: impl Fn(&mut Vec<Value>)) -> Outcome {
    let vault = vault(account, name)?;
    let text = vault.policy.as_deref().ok_or("the vault has no policy")?;
    let mut document: Value = serde_json::from_str(text).map_err(|_| "the vault's policy is not JSON")?;
    let statements = document.get_mut("Statement").and_then(Value::as_array_mut);
    change(statements.ok_or("the vault's policy has no list of statements")?);
    vault.policy = Some(document.to_string());
    Ok(())
}

pub(super) fn policy_relabelled(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    let vault = vault(account, name)?;
    let text = vault.policy.as_deref().ok_or("the vault has no policy")?;
    let mut document: Value = serde_json::from_str(text).map_err(|_| "the vault's policy is not JSON")?;
    document["Id"] = json!("copied-by-hand");
    vault.policy = Some(document.to_string());
    Ok(())
}

pub(super) fn policy_weakened(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    rewrite(account, name, |statements| {
        for actions in
            statements.iter_mut().filter_map(|one| one.get_mut("Action").and_then(Value::as_array_mut))
        {
            actions.retain(|action| action != "backup:DeleteRecoveryPoint");
        }
    })
}

pub(super) fn policy_never_true(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    rewrite(account, name, |statements| {
        for statement in statements.iter_mut() {
            statement["Condition"] = json!({ "StringEquals": { "aws:PrincipalAccount": "000000000000" } });
        }
    })
}

pub(super) fn policy_extended(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    rewrite(account, name, |statements| {
        statements.push(json!({
            "Sid": "partner_copies",
            "Effect": "Allow",
            "Principal": { "AWS": "arn:aws:iam::999999999999:root" },
            "Action": "backup:CopyIntoBackupVault",
            "Resource": "*",
        }));
    })
}

/// Sets the lock, which nobody can do once its date has passed.
fn relock(account: &mut Account, name: &str, now: OffsetDateTime, lock: Option<Lock>) -> Outcome {
    let vault = vault(account, name)?;
    if vault.lock.is_some_and(|lock| lock.is_immutable(now)) {
        return Err("its lock date has passed");
    }
    vault.lock = lock;
    Ok(())
}

pub(super) fn lock_deleted(account: &mut Account, name: &str, now: OffsetDateTime) -> Outcome {
    relock(account, name, now, None)
}

pub(super) fn lock_governance(account: &mut Account, name: &str, now: OffsetDateTime) -> Outcome {
    relock(account, name, now, Some(Lock { min: None, max: None, date: None }))
}

pub(super) fn lock_retention(account: &mut Account, name: &str, now: OffsetDateTime) -> Outcome {
    let date = Some(now + Duration::days(3));
    relock(account, name, now, Some(Lock { min: Some(7), max: Some(90), date }))
}

pub(super) fn lock_postponed(account: &mut Account, name: &str, now: OffsetDateTime) -> Outcome {
    let date = Some(now + Duration::days(365));
    relock(account, name, now, Some(Lock { min: None, max: None, date }))
}

pub(super) fn lock_immutable(account: &mut Account, name: &str, now: OffsetDateTime) -> Outcome {
    let date = Some(now - Duration::days(1));
    relock(account, name, now, Some(Lock { min: Some(7), max: Some(90), date }))
}
