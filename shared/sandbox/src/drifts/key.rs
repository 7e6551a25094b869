//! What happens to a region's key and its alias.

use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::kms::new_key;
use crate::reference::ALIAS;
use crate::state::{Account, Key, Pending, Region, Rotation, Tags};

type Outcome = Result<(), &'static str>;

const NO_KEY: &str = "there is no such key";
const NO_ALIAS: &str = "there is no such alias";

fn region<'a>(account: &'a mut Account, name: &str) -> Result<&'a mut Region, &'static str> {
    account.regions.get_mut(name).ok_or("there is nothing in this region")
}

/// The key that the region's vaults are on, else the one that the alias points to: an alias that was moved or
/// deleted before does not change which key matters.
fn key<'a>(account: &'a mut Account, name: &str) -> Result<&'a mut Key, &'static str> {
    let region = region(account, name)?;
    let is_own =
        |arn: &String| region.kms.keys.values().any(|key| key.arn == *arn && key.manager == "CUSTOMER");
    let used = region.backup.vaults.values().map(|vault| vault.key.clone()).find(is_own);
    let aliased = region.kms.aliases.get(ALIAS).map(|alias| alias.target.clone());
    let is_meant = |key: &&mut Key| match &used {
        Some(arn) => key.arn == *arn,
        None => aliased.as_ref() == Some(&key.id),
    };
    region.kms.keys.values_mut().find(is_meant).ok_or(NO_KEY)
}

/// As above, unless the key waits for its deletion: KMS then refuses to change it.
fn usable<'a>(account: &'a mut Account, name: &str) -> Result<&'a mut Key, &'static str> {
    let key = key(account, name)?;
    if key.pending.is_some() { Err("the key is pending deletion") } else { Ok(key) }
}

pub(super) fn pending(account: &mut Account, name: &str, now: OffsetDateTime) -> Outcome {
    usable(account, name)?.pending = Some(Pending { date: now + Duration::days(7), days: 7 });
    Ok(())
}

pub(super) fn disabled(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    usable(account, name)?.enabled = false;
    Ok(())
}

/// Rotation can be changed on enabled keys only.
fn enabled<'a>(account: &'a mut Account, name: &str) -> Result<&'a mut Key, &'static str> {
    let key = usable(account, name)?;
    if key.enabled { Ok(key) } else { Err("the key is disabled") }
}

pub(super) fn rotation_off(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    enabled(account, name)?.rotation = None;
    Ok(())
}

pub(super) fn rotation_period(account: &mut Account, name: &str, now: OffsetDateTime) -> Outcome {
    enabled(account, name)?.rotation = Some(Rotation { period: 2560, since: now });
    Ok(())
}

pub(super) fn description_changed(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    usable(account, name)?.description = "temporary, please delete".to_owned();
    Ok(())
}

pub(super) fn policy_changed(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    let key = key(account, name)?;
    let mut policy: Value = serde_json::from_str(&key.policy).map_err(|_| "the key's policy is not JSON")?;
    let foreign = json!({
        "Sid": "partner",
        "Effect": "Allow",
        "Principal": { "AWS": "arn:aws:iam::999999999999:root" },
        "Action": ["kms:Decrypt", "kms:CreateGrant"],
        "Resource": "*",
    });
    let statements = policy.get_mut("Statement").and_then(Value::as_array_mut);
    statements.ok_or("the key's policy has no list of statements")?.push(foreign);
    key.policy = policy.to_string();
    Ok(())
}

pub(super) fn untagged(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    usable(account, name)?.tags.clear();
    Ok(())
}

pub(super) fn destroyed(account: &mut Account, name: &str, now: OffsetDateTime) -> Outcome {
    key(account, name)?.pending = Some(Pending { date: now, days: 7 });
    account.expire(now);
    Ok(())
}

pub(super) fn alias_deleted(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    region(account, name)?.kms.aliases.remove(ALIAS).map(|_| ()).ok_or(NO_ALIAS)
}

pub(super) fn alias_repointed(account: &mut Account, name: &str, now: OffsetDateTime) -> Outcome {
    let region = region(account, name)?;
    if !region.kms.aliases.contains_key(ALIAS) {
        return Err(NO_ALIAS);
    }
    let fresh = new_key(region, now, "", Tags::new());
    if let Some(alias) = region.kms.aliases.get_mut(ALIAS) {
        alias.target = fresh;
        alias.updated = now;
    }
    Ok(())
}

pub(super) fn unavailable(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    usable(account, name)?.reachable = false;
    Ok(())
}

/// With vaults on the old key nobody would notice: the vaults say which key is meant.
pub(super) fn for_signing(account: &mut Account, name: &str, now: OffsetDateTime) -> Outcome {
    let region = region(account, name)?;
    region.backup.vaults.retain(|_, vault| !vault.recovery_points.is_empty());
    alias_repointed(account, name, now)?;
    let fresh = key(account, name)?;
    fresh.spec = "RSA_2048".to_owned();
    fresh.usage = "SIGN_VERIFY".to_owned();
    Ok(())
}
