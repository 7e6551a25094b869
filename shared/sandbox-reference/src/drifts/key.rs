//! What happens to a region's key and its alias.

use sandbox::state::{Key, Pending};
use sandbox::{Change, Service};
use serde_json::{Value, json};

use super::named::Outcome;
use crate::reference::{ALIAS, ROLE, text};

/// Region and alias of a target: `REGION`, or `REGION/alias/NAME` if the alias is not the reference deployment's.
fn split(target: &str) -> (&str, &str) {
    target.split_once('/').unwrap_or((target, ALIAS))
}

/// The key that the region's vaults are on, else the one that the alias points to: an alias that was moved or
/// deleted before does not change which key matters.
pub(super) fn key<'a>(change: &'a mut Change<'_>, target: &str) -> Outcome<&'a mut Key> {
    let (region, alias) = split(target);
    let region = change.account.regions.get_mut(region).ok_or("there is nothing in this region")?;
    let is_own =
        |arn: &String| region.kms.keys.values().any(|key| key.arn == *arn && key.manager == "CUSTOMER");
    let used = region.backup.vaults.values().map(|vault| vault.key.clone()).find(is_own);
    let aliased = region.kms.aliases.get(alias).map(|alias| alias.target.clone());
    let is_meant = |key: &&mut Key| match &used {
        Some(arn) => key.arn == *arn,
        None => aliased.as_ref() == Some(&key.id),
    };
    Ok(region.kms.keys.values_mut().find(is_meant).ok_or("there is no such key")?)
}

fn call(change: &mut Change<'_>, target: &str, operation: &str, mut params: Value) -> Outcome {
    params["KeyId"] = key(change, target)?.id.clone().into();
    change.call(Service::Kms, split(target).0, operation, params)?;
    Ok(())
}

/// Makes another key; its ARN.
pub(super) fn make(change: &mut Change<'_>, region: &str, params: Value) -> Outcome<String> {
    Ok(text(&change.call(Service::Kms, region, "CreateKey", params)?, "/KeyMetadata/Arn"))
}

fn call_on_alias(change: &mut Change<'_>, target: &str, operation: &str, key: Option<&str>) -> Outcome {
    let (region, alias) = split(target);
    change.call(Service::Kms, region, operation, json!({ "AliasName": alias, "TargetKeyId": key }))?;
    Ok(())
}

pub(super) fn pending(change: &mut Change<'_>, target: &str) -> Outcome {
    call(change, target, "ScheduleKeyDeletion", json!({ "PendingWindowInDays": 7 }))
}

pub(super) fn disabled(change: &mut Change<'_>, target: &str) -> Outcome {
    call(change, target, "DisableKey", json!({}))
}

pub(super) fn rotation_off(change: &mut Change<'_>, target: &str) -> Outcome {
    call(change, target, "DisableKeyRotation", json!({}))
}

pub(super) fn rotation_period(change: &mut Change<'_>, target: &str) -> Outcome {
    call(change, target, "EnableKeyRotation", json!({ "RotationPeriodInDays": 2560 }))
}

pub(super) fn description_changed(change: &mut Change<'_>, target: &str) -> Outcome {
    call(change, target, "UpdateKeyDescription", json!({ "Description": "temporary, please delete" }))
}

pub(super) fn policy_changed(change: &mut Change<'_>, target: &str) -> Outcome {
    edit_policy(change, target, |statements| {
        statements.push(json!({
            "Sid": "partner",
            "Effect": "Allow",
            "Principal": { "AWS": "arn:aws:iam::999999999999:root" },
            "Action": ["kms:Decrypt", "kms:CreateGrant"],
            "Resource": "*",
        }));
    })
}

/// Puts the key's policy again, with other statements.
fn edit_policy(change: &mut Change<'_>, target: &str, edit: impl FnOnce(&mut Vec<Value>)) -> Outcome {
    let policy = &key(change, target)?.policy;
    let mut policy: Value = serde_json::from_str(policy).map_err(|_| "the key's policy is not JSON")?;
    let statements = policy.get_mut("Statement").and_then(Value::as_array_mut);
    edit(statements.ok_or("the key's policy has no list of statements")?);
    call(change, target, "PutKeyPolicy", json!({ "Policy": policy.to_string() }))
}

/// Whoever works for the role that backs up gets no further than the key.
pub(super) fn policy_shuts_out(change: &mut Change<'_>, target: &str) -> Outcome {
    let role = change.account.iam.role(ROLE).ok_or("there is no role for backups")?.arn.clone();
    edit_policy(change, target, |statements| {
        statements.push(json!({
            "Sid": "incident",
            "Effect": "Deny",
            "Principal": { "AWS": role },
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*", "kms:CreateGrant"],
            "Resource": "*",
        }));
    })
}

pub(super) fn policy_strengthened(change: &mut Change<'_>, target: &str) -> Outcome {
    edit_policy(change, target, |statements| {
        statements.push(json!({
            "Sid": "keep",
            "Effect": "Deny",
            "Principal": { "AWS": "*" },
            "Action": "kms:ScheduleKeyDeletion",
            "Resource": "*",
        }));
    })
}

pub(super) fn granted_abroad(change: &mut Change<'_>, target: &str) -> Outcome {
    let partner = "arn:aws:iam::999999999999:role/partner";
    let grant = json!({ "GranteePrincipal": partner, "Operations": ["Decrypt", "CreateGrant"] });
    call(change, target, "CreateGrant", grant)
}

pub(super) fn untagged(change: &mut Change<'_>, target: &str) -> Outcome {
    let tags: Vec<String> = key(change, target)?.tags.keys().cloned().collect();
    call(change, target, "UntagResource", json!({ "TagKeys": tags }))
}

/// The waiting period ends at once, as no call can have it.
pub(super) fn destroyed(change: &mut Change<'_>, target: &str) -> Outcome {
    let date = change.now;
    key(change, target)?.pending = Some(Pending { date, days: 7 });
    Ok(())
}

pub(super) fn alias_deleted(change: &mut Change<'_>, target: &str) -> Outcome {
    call_on_alias(change, target, "DeleteAlias", None)
}

pub(super) fn alias_repointed(change: &mut Change<'_>, target: &str) -> Outcome {
    let fresh = make(change, split(target).0, json!({}))?;
    call_on_alias(change, target, "UpdateAlias", Some(&fresh))
}

pub(super) fn unavailable(change: &mut Change<'_>, target: &str) -> Outcome {
    let key = key(change, target)?;
    if key.pending.is_some() {
        return Err("the key is pending deletion".into());
    }
    key.reachable = false;
    Ok(())
}

/// With vaults on the old key nobody would notice: the vaults say which key is meant.
pub(super) fn for_signing(change: &mut Change<'_>, target: &str) -> Outcome {
    let (region, _) = split(target);
    change.account.region(region).backup.vaults.retain(|_, vault| !vault.recovery_points.is_empty());
    let signing = make(change, region, json!({ "KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY" }))?;
    // KMS moves an alias only to a key of the same sort.
    call_on_alias(change, target, "DeleteAlias", None)?;
    call_on_alias(change, target, "CreateAlias", Some(&signing))
}
