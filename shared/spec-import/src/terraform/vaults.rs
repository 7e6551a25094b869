//! Vaults with their policies, locks and notifications.

use std::collections::HashMap;

use reconcile::desired::{DesiredLock, DesiredVault, LockMode, VaultKey};
use reconcile::state::Notifications;

use super::keys::{self, Keys};
use super::reading::{Among, Reading, tags};
use super::state::Resource;
use crate::Imported;
use crate::imported::{unknown, vault_arn};
use crate::json::{no_number, positive, strings, text};

/// What is about each vault, by the vault's address.
type Beside<'a> = HashMap<&'a str, Vec<&'a Resource>>;

pub(super) fn read<'a>(reading: &'a Reading<'_>, keys: &Keys<'_>, imported: &mut Imported) {
    let named = Among::of(reading.state.managed("aws_backup_vault"), &["name", "id"]);
    let [policies, locks, notifications] =
        ["aws_backup_vault_policy", "aws_backup_vault_lock_configuration", "aws_backup_vault_notifications"]
            .map(|kind| reading.beside(kind, &["backup_vault_name"], &named));
    for vault in reading.state.managed("aws_backup_vault") {
        let Some(name) = text(&vault.values, "name") else {
            imported.leave_out(&vault.address, "its name is not known yet");
            continue;
        };
        let region = reading.region(vault);
        let key = keys.of_vault(reading, vault).unwrap_or_else(|| {
            let id = unknown(&vault.name);
            let why = format!(
                "its key has no alias here and is not known yet; put the id of the key in place of {id}"
            );
            imported.leave_out(&vault.address, why);
            let (partition, account) = (&imported.desired.partition, &imported.desired.account);
            VaultKey::Arn(format!("arn:{partition}:kms:{region}:{account}:key/{id}"))
        });
        let (partition, account) = (imported.desired.partition.clone(), imported.desired.account.clone());
        // A vault of the same name may be in another region. Of the only one of its name it is enough that nothing says otherwise.
        let beside = |all: &Beside<'a>| -> Vec<&'a Resource> {
            let found = all.get(vault.address.as_str()).into_iter().flatten().copied();
            let is_its = |one: &&Resource| match reading.told_region(one) {
                Some(told) => told == region,
                None => {
                    let named = reading.linked(one, "backup_vault_name", &named);
                    named.len() == 1 || reading.region(one) == region
                }
            };
            found.filter(is_its).collect()
        };
        let policies = beside(&policies);
        let locks = beside(&locks);
        let read = DesiredVault {
            arn: vault_arn(&partition, &account, &region, &name),
            key,
            tags: tags(vault),
            policy: policies.iter().find_map(|one| reading.text(one, "policy")),
            lock: locks.first().filter(|lock| is_known(reading, lock, imported)).map(|one| lock(one)),
            notifications: beside(&notifications).into_iter().find_map(|one| told(reading, one)),
            region,
            name,
        };
        for policy in policies.iter().filter(|_| read.policy.is_none()) {
            imported.leave_out(
                &policy.address,
                "its text is not known yet; import the state after `terraform apply`",
            );
        }
        if !keys::is_said(&read, imported) {
            imported.leave_out(&vault.address, "its key is in another region than it is");
            continue;
        }
        imported.desired.vaults.push(read);
    }
}

/// Without its days a lock of compliance would look like one of governance.
fn is_known(reading: &Reading<'_>, lock: &Resource, imported: &mut Imported) -> bool {
    let days = ["changeable_for_days", "min_retention_days", "max_retention_days"];
    if days.iter().any(|days| reading.state.is_unknown(lock, days)) {
        imported
            .leave_out(&lock.address, "its days are not known yet; import the state after `terraform apply`");
        return false;
    }
    if let Some(days) = no_number(&lock.values, &|name| days.contains(&name)) {
        imported.leave_out(&lock.address, format!("{days} is no number; write the lock by hand"));
        return false;
    }
    true
}

fn lock(lock: &Resource) -> DesiredLock {
    let mode = match positive(&lock.values, "changeable_for_days") {
        Some(changeable_for_days) => LockMode::Compliance { changeable_for_days },
        None => LockMode::Governance,
    };
    DesiredLock {
        mode,
        min_retention_days: positive(&lock.values, "min_retention_days"),
        max_retention_days: positive(&lock.values, "max_retention_days"),
    }
}

fn told(reading: &Reading<'_>, told: &Resource) -> Option<Notifications> {
    let topic = reading.text(told, "sns_topic_arn")?;
    Some(Notifications { topic, events: strings(&told.values, "backup_vault_events") })
}
