//! Reads the vaults. Whether a vault exists is told by the list: about one that does not, AWS Backup answers AccessDenied,
//! as it does about one that we may not see.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_backup::types::BackupVaultListMember;
use aws_smithy_types::DateTime;
use futures_util::future::{join_all, join4};
use reconcile::desired::{Desired, DesiredVault, Tags};
use reconcile::read::{Read, Refusal};
use reconcile::state::{AVAILABLE, BACKUP_VAULT, Lock, Notifications, Observation, Vault};
use time::OffsetDateTime;

use super::{Look, lock_puts};
use crate::clients::Regional;
use crate::error::{failed, unreadable, whole};

/// The vaults of a region, or why they cannot be listed.
pub(super) type Listed = Result<Listing, Refusal>;

/// The vaults of a region, by name.
#[derive(Default)]
pub(super) struct Listing {
    /// The account's own.
    pub(super) own: BTreeMap<String, BackupVaultListMember>,
    /// The ARNs of those that other accounts share with it, which may have names of ours.
    shared: BTreeMap<String, BTreeSet<String>>,
}

pub(super) async fn list_vaults(client: &Regional, region: &str, desired: &Desired) -> Listed {
    if !desired.vaults.iter().any(|vault| vault.region == region) {
        return Ok(Listing::default());
    }
    let (backup, _permit) = client.backup.acquire().await;
    let mut pages = backup.list_backup_vaults().into_paginator().send();
    let mut found = Listing::default();
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => {
                for vault in whole(Read::ListBackupVaults, page.backup_vault_list)? {
                    let name = vault.backup_vault_name().unwrap_or_default().to_owned();
                    if is_own(&vault, desired) {
                        found.own.insert(name, vault);
                    } else {
                        let arn = vault.backup_vault_arn().unwrap_or_default().to_owned();
                        found.shared.entry(name).or_default().insert(arn);
                    }
                }
            }
            Err(error) => return Err(unreadable(Read::ListBackupVaults, &error)),
        }
    }
    Ok(found)
}

fn is_own(vault: &BackupVaultListMember, desired: &Desired) -> bool {
    let account = vault.backup_vault_arn().and_then(|arn| arn.split(':').nth(4));
    account.is_none_or(|account| account == desired.account)
}

pub(super) async fn observe_vaults(
    look: &Look<'_>,
    client: &Regional,
    region: &str,
    listed: &Listed,
) -> Vec<(String, Observation<Vault>)> {
    let wanted = look.desired.vaults.iter().filter(|vault| vault.region == region);
    join_all(wanted.map(|want| observe_vault(look, client, want, listed))).await
}

async fn observe_vault(
    look: &Look<'_>,
    client: &Regional,
    want: &DesiredVault,
    listed: &Listed,
) -> (String, Observation<Vault>) {
    let name = want.name.clone();
    let (member, namesakes) = match listed {
        Err(why) => return (name, Observation::Unreadable(why.clone())),
        Ok(found) => match found.own.get(&want.name) {
            None => return (name, Observation::Absent),
            Some(member) => (member, found.shared.get(&want.name).cloned().unwrap_or_default()),
        },
    };
    let arn = member.backup_vault_arn().unwrap_or(&want.arn).to_owned();
    let lock = Lock {
        locked: member.locked().unwrap_or_default(),
        // AWS may write "no limit" as 0 or -1.
        min_retention_days: member.min_retention_days().filter(|days| *days > 0),
        max_retention_days: member.max_retention_days().filter(|days| *days > 0),
        lock_date: member.lock_date().and_then(moment),
    };
    let created = member.creation_date().and_then(moment);
    let puts = lock_puts::observe(look, want, &lock, created);
    let (policy, tags, notifications, lock_puts) =
        join4(policy(client, want), tags(client, &arn), notifications(client, want), puts).await;
    let vault = Vault {
        arn,
        key_arn: member.encryption_key_arn().unwrap_or_default().to_owned(),
        // Absent in answers that are older than air-gapped vaults.
        vault_type: member.vault_type().map_or(BACKUP_VAULT, |kind| kind.as_str()).to_owned(),
        created,
        // Absent in answers that are older than air-gapped vaults.
        state: member.vault_state().map_or(AVAILABLE, |state| state.as_str()).to_owned(),
        recovery_points: Some(member.number_of_recovery_points()),
        namesakes,
        lock,
        lock_puts,
        notifications,
        tags,
        policy,
    };
    (name, Observation::Present(vault))
}

async fn policy(client: &Regional, want: &DesiredVault) -> Observation<String> {
    if want.policy.is_none() {
        return Observation::Absent;
    }
    let (backup, _permit) = client.backup.acquire().await;
    match backup.get_backup_vault_access_policy().backup_vault_name(&want.name).send().await {
        // The vault is in the list, so "not found" can only mean the policy, and "denied" only us.
        Err(error) => failed(Read::GetBackupVaultAccessPolicy, &error, &["ResourceNotFoundException"]),
        Ok(answer) => match whole(Read::GetBackupVaultAccessPolicy, answer.policy) {
            Err(why) => Observation::Unreadable(why),
            Ok(policy) if policy.is_empty() => Observation::Absent,
            Ok(policy) => Observation::Present(policy),
        },
    }
}

async fn notifications(client: &Regional, want: &DesiredVault) -> Observation<Notifications> {
    if want.notifications.is_none() {
        return Observation::Absent;
    }
    let (backup, _permit) = client.backup.acquire().await;
    match backup.get_backup_vault_notifications().backup_vault_name(&want.name).send().await {
        Err(error) => failed(Read::GetBackupVaultNotifications, &error, &["ResourceNotFoundException"]),
        Ok(answer) => {
            let events = answer.backup_vault_events().iter().map(|event| event.as_str().to_owned()).collect();
            match whole(Read::GetBackupVaultNotifications, answer.sns_topic_arn) {
                Err(why) => Observation::Unreadable(why),
                Ok(topic) => Observation::Present(Notifications { topic, events }),
            }
        }
    }
}

/// The tags of a vault or plan.
pub(super) async fn tags(client: &Regional, arn: &str) -> Observation<Tags> {
    let (backup, _permit) = client.backup.acquire().await;
    let mut pages = backup.list_tags().resource_arn(arn).into_paginator().send();
    let mut found = Tags::new();
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => match whole(Read::ListTags, page.tags) {
                Err(why) => return Observation::Unreadable(why),
                Ok(tags) => found.extend(tags),
            },
            Err(error) => return failed(Read::ListTags, &error, &[]),
        }
    }
    Observation::Present(found)
}

/// A moment, as finely as AWS tells it: which of two was made first may be a matter of milliseconds.
pub(crate) fn moment(at: &DateTime) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(at.as_nanos()).ok()
}
