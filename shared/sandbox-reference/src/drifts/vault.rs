//! What happens to a vault, its access policy and its lock.

use sandbox::state::{Vault, VaultState};
use sandbox::{Change, Service};
use serde_json::{Value, json};
use time::Duration;

use super::key;
use super::named::Outcome;

const AIR_GAPPED: &str = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT";
const NO_VAULT: &str = "there is no such vault";

/// The region that holds the vault: its name does not say where it is.
fn region(change: &Change<'_>, name: &str) -> Outcome<String> {
    let mut regions = change.account.regions.values();
    let found = regions.find(|region| region.backup.vaults.contains_key(name));
    Ok(found.ok_or(NO_VAULT)?.name.clone())
}

fn vault<'a>(change: &'a mut Change<'_>, name: &str) -> Outcome<&'a mut Vault> {
    let mut regions = change.account.regions.values_mut();
    Ok(regions.find_map(|region| region.backup.vaults.get_mut(name)).ok_or(NO_VAULT)?)
}

fn call(change: &mut Change<'_>, name: &str, operation: &str, mut params: Value) -> Outcome {
    let region = region(change, name)?;
    params["BackupVaultName"] = name.into();
    change.call(Service::Backup, &region, operation, params)?;
    Ok(())
}

/// Only empty vaults can be deleted, and with them whatever stands on their being deleted.
pub(super) fn deleted(change: &mut Change<'_>, name: &str) -> Outcome {
    policy_deleted(change, name)?;
    call(change, name, "DeleteBackupVault", json!({}))
}

/// Deletes the vault and makes it again on another key, AWS's own if none is given, with all else that it had.
pub(super) fn made_anew(change: &mut Change<'_>, name: &str, key: Option<&str>) -> Outcome {
    let (region, old) = (region(change, name)?, vault(change, name)?.clone());
    deleted(change, name)?;
    let params = json!({ "BackupVaultName": name, "EncryptionKeyArn": key, "BackupVaultTags": old.tags });
    change.call(Service::Backup, &region, "CreateBackupVault", params)?;
    let new = vault(change, name)?;
    new.policy = old.policy;
    new.lock = old.lock;
    Ok(())
}

pub(super) fn on_other_key(change: &mut Change<'_>, name: &str) -> Outcome {
    made_anew(change, name, None)
}

pub(super) fn on_twin_key(change: &mut Change<'_>, name: &str) -> Outcome {
    let (region, arn) = (region(change, name)?, vault(change, name)?.key.clone());
    let right = change.account.region(&region).kms.keys.values().find(|key| key.arn == arn);
    let right = right.ok_or("the vault's key is gone")?;
    let tags: Value =
        right.tags.iter().map(|(key, value)| json!({ "TagKey": key, "TagValue": value })).collect();
    let params = json!({ "Description": right.description, "Tags": tags });
    let twin = key::make(change, &region, params)?;
    made_anew(change, name, Some(&twin))
}

pub(super) fn air_gapped(change: &mut Change<'_>, name: &str) -> Outcome {
    let (region, old) = (region(change, name)?, vault(change, name)?.clone());
    deleted(change, name)?;
    let gapped = Vault { kind: AIR_GAPPED, created: change.now, ..old };
    change.account.region(&region).backup.vaults.insert(name.to_owned(), gapped);
    Ok(())
}

/// AWS says of a vault that it could not be made.
pub(super) fn failed(change: &mut Change<'_>, name: &str) -> Outcome {
    vault(change, name)?.state = VaultState::Failed;
    Ok(())
}

/// Another account shares an air-gapped vault with this one, by a name that is taken here.
pub(super) fn shared(change: &mut Change<'_>, name: &str) -> Outcome {
    let (region, own) = (region(change, name)?, vault(change, name)?.arn.clone());
    let theirs = own.replace(&change.account.id, "999999999999");
    let other = Vault { kind: AIR_GAPPED, ..Vault::new(name, theirs, change.now) };
    change.account.region(&region).backup.shared.push(other);
    Ok(())
}

pub(super) fn notified(change: &mut Change<'_>, name: &str) -> Outcome {
    let topic = format!("arn:aws:sns:{}:{}:jobs", region(change, name)?, change.account.id);
    let events = json!({ "SNSTopicArn": topic, "BackupVaultEvents": ["BACKUP_JOB_COMPLETED"] });
    call(change, name, "PutBackupVaultNotifications", events)
}

pub(super) fn untagged(change: &mut Change<'_>, name: &str) -> Outcome {
    vault(change, name)?.tags.clear();
    Ok(())
}

pub(super) fn policy_deleted(change: &mut Change<'_>, name: &str) -> Outcome {
    call(change, name, "DeleteBackupVaultAccessPolicy", json!({}))
}

/// Puts the vault's policy again, changed.
fn rewrite(change: &mut Change<'_>, name: &str, edit: impl FnOnce(&mut Value) -> Outcome) -> Outcome {
    let text = vault(change, name)?.policy.as_deref().ok_or("the vault has no policy")?;
    let mut document: Value = serde_json::from_str(text).map_err(|_| "the vault's policy is not JSON")?;
    edit(&mut document)?;
    call(change, name, "PutBackupVaultAccessPolicy", json!({ "Policy": document.to_string() }))
}

/// The statements of a policy, to be changed.
fn statements(document: &mut Value) -> Outcome<&mut Vec<Value>> {
    let statements = document.get_mut("Statement").and_then(Value::as_array_mut);
    Ok(statements.ok_or("the vault's policy has no list of statements")?)
}

pub(super) fn policy_relabelled(change: &mut Change<'_>, name: &str) -> Outcome {
    rewrite(change, name, |document| {
        document["Id"] = json!("copied-by-hand");
        Ok(())
    })
}

pub(super) fn policy_weakened(change: &mut Change<'_>, name: &str) -> Outcome {
    rewrite(change, name, |document| {
        let all = statements(document)?.iter_mut();
        for actions in all.filter_map(|one| one.get_mut("Action").and_then(Value::as_array_mut)) {
            actions.retain(|action| action != "backup:DeleteRecoveryPoint");
        }
        Ok(())
    })
}

pub(super) fn policy_never_true(change: &mut Change<'_>, name: &str) -> Outcome {
    rewrite(change, name, |document| {
        for statement in statements(document)? {
            statement["Condition"] = json!({ "StringEquals": { "aws:PrincipalAccount": "000000000000" } });
        }
        Ok(())
    })
}

/// Adds a statement to the policy.
fn add(change: &mut Change<'_>, name: &str, statement: Value) -> Outcome {
    rewrite(change, name, |document| {
        statements(document)?.push(statement);
        Ok(())
    })
}

/// Adds actions to those that the policy denies.
fn deny_also(change: &mut Change<'_>, name: &str, actions: &[&str]) -> Outcome {
    rewrite(change, name, |document| {
        let all = statements(document)?.iter_mut();
        for denied in all.filter_map(|one| one.get_mut("Action").and_then(Value::as_array_mut)) {
            denied.extend(actions.iter().map(|action| json!(action)));
        }
        Ok(())
    })
}

pub(super) fn policy_extended(change: &mut Change<'_>, name: &str) -> Outcome {
    let partner = json!({
        "Sid": "partner_copies",
        "Effect": "Allow",
        "Principal": { "AWS": "arn:aws:iam::999999999999:root" },
        "Action": "backup:CopyIntoBackupVault",
        "Resource": "*",
    });
    add(change, name, partner)
}

pub(super) fn policy_opened(change: &mut Change<'_>, name: &str) -> Outcome {
    let own = json!({ "AWS": format!("arn:aws:iam::{}:root", change.account.id) });
    let restores =
        json!({ "Effect": "Allow", "Principal": own, "Action": "backup:StartRestoreJob", "Resource": "*" });
    add(change, name, restores)
}

pub(super) fn policy_narrowed(change: &mut Change<'_>, name: &str) -> Outcome {
    let arn = vault(change, name)?.arn.clone();
    rewrite(change, name, |document| {
        statements(document)?.iter_mut().for_each(|statement| statement["Resource"] = json!(arn));
        Ok(())
    })
}

pub(super) fn policy_strengthened(change: &mut Change<'_>, name: &str) -> Outcome {
    deny_also(change, name, &["backup:DisassociateRecoveryPoint"])
}

pub(super) fn policy_blocks_backups(change: &mut Change<'_>, name: &str) -> Outcome {
    deny_also(change, name, &["backup:StartBackupJob", "backup:StartRestoreJob"])
}

pub(super) fn policy_spares_the_role(change: &mut Change<'_>, name: &str) -> Outcome {
    let mut roles = change.account.iam.roles.values();
    let role = roles.find(|role| role.trust.contains("backup.amazonaws.com"));
    let role = role.ok_or("the backup role is gone")?.arn.clone();
    let jobs = json!({
        "Effect": "Deny",
        "Principal": "*",
        "Action": "backup:StartBackupJob",
        "Resource": "*",
        "Condition": { "ArnNotEquals": { "aws:PrincipalArn": role } },
    });
    add(change, name, jobs)
}

pub(super) fn policy_blocks_repairs(change: &mut Change<'_>, name: &str) -> Outcome {
    deny_also(change, name, &["backup:PutBackupVaultLockConfiguration", "backup:TagResource"])
}

fn lock(change: &mut Change<'_>, name: &str, params: Value) -> Outcome {
    call(change, name, "PutBackupVaultLockConfiguration", params)
}

pub(super) fn lock_deleted(change: &mut Change<'_>, name: &str) -> Outcome {
    call(change, name, "DeleteBackupVaultLockConfiguration", json!({}))
}

pub(super) fn lock_governance(change: &mut Change<'_>, name: &str) -> Outcome {
    // A lock that is put without days would keep the date of the one before.
    lock_deleted(change, name)?;
    lock(change, name, json!({}))
}

pub(super) fn lock_retention(change: &mut Change<'_>, name: &str) -> Outcome {
    lock(change, name, json!({ "MinRetentionDays": 3650, "ChangeableForDays": 3 }))
}

pub(super) fn lock_strengthened(change: &mut Change<'_>, name: &str) -> Outcome {
    let days = json!({ "MinRetentionDays": 7, "MaxRetentionDays": 90, "ChangeableForDays": 3 });
    lock(change, name, days)
}

/// Once it is immutable no backup that is kept longer gets into the vault.
pub(super) fn lock_harmful(change: &mut Change<'_>, name: &str) -> Outcome {
    lock(change, name, json!({ "MaxRetentionDays": 1, "ChangeableForDays": 3 }))
}

pub(super) fn lock_postponed(change: &mut Change<'_>, name: &str) -> Outcome {
    lock(change, name, json!({ "ChangeableForDays": 365 }))
}

pub(super) fn lock_put_again(change: &mut Change<'_>, name: &str) -> Outcome {
    lock(change, name, json!({ "ChangeableForDays": 3 }))
}

pub(super) fn lock_immutable(change: &mut Change<'_>, name: &str) -> Outcome {
    lock_retention(change, name)?;
    let yesterday = change.now - Duration::days(1);
    if let Some(lock) = &mut vault(change, name)?.lock {
        lock.date = Some(yesterday);
    }
    Ok(())
}
