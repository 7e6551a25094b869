//! Vaults with their policies, locks and notifications.

use reconcile::desired::{DesiredLock, DesiredVault, LockMode, VaultKey};
use reconcile::state::Notifications;

use super::keys;
use super::reading::{Reading, tags};
use super::state::Resource;
use crate::Imported;
use crate::imported::{unknown, vault_arn};
use crate::json::{positive, strings, text};

pub(super) fn read(reading: &Reading<'_>, imported: &mut Imported) {
    for vault in reading.state.managed("aws_backup_vault") {
        let Some(name) = text(&vault.values, "name") else {
            imported.leave_out(&vault.address, "its name is not known yet");
            continue;
        };
        let region = reading.region(vault);
        let key = keys::of_vault(reading, vault).unwrap_or_else(|| {
            let id = unknown(&vault.name);
            let why = format!(
                "its key has no alias here and is not known yet; put the id of the key in place of {id}"
            );
            imported.leave_out(&vault.address, why);
            let (partition, account) = (&imported.desired.partition, &imported.desired.account);
            VaultKey::Arn(format!("arn:{partition}:kms:{region}:{account}:key/{id}"))
        });
        let (partition, account) = (imported.desired.partition.clone(), imported.desired.account.clone());
        let read = DesiredVault {
            arn: vault_arn(&partition, &account, &region, &name),
            key,
            tags: tags(vault),
            policy: beside(reading, vault, "aws_backup_vault_policy")
                .find_map(|one| reading.text(one, "policy")),
            lock: known_lock(reading, vault, imported).map(lock),
            notifications: beside(reading, vault, "aws_backup_vault_notifications")
                .find_map(|one| notifications(reading, one)),
            region,
            name,
        };
        for policy in beside(reading, vault, "aws_backup_vault_policy").filter(|_| read.policy.is_none()) {
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

/// The resources of a kind that are about a vault.
fn beside<'a>(
    reading: &'a Reading<'_>,
    vault: &'a Resource,
    kind: &'a str,
) -> impl Iterator<Item = &'a Resource> {
    reading.state.managed(kind).filter(move |one| {
        let found = reading.linked(one, "backup_vault_name", &[vault], &["name", "id"]);
        found.is_some() && reading.region(one) == reading.region(vault)
    })
}

/// The lock of a vault. Without its days one of compliance would look like one of governance.
fn known_lock<'a>(
    reading: &'a Reading<'_>,
    vault: &'a Resource,
    imported: &mut Imported,
) -> Option<&'a Resource> {
    let lock = beside(reading, vault, "aws_backup_vault_lock_configuration").next()?;
    let days = ["changeable_for_days", "min_retention_days", "max_retention_days"];
    if days.iter().any(|days| reading.state.is_unknown(lock, days)) {
        imported
            .leave_out(&lock.address, "its days are not known yet; import the state after `terraform apply`");
        return None;
    }
    Some(lock)
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

fn notifications(reading: &Reading<'_>, told: &Resource) -> Option<Notifications> {
    let topic = reading.text(told, "sns_topic_arn")?;
    Some(Notifications { topic, events: strings(&told.values, "backup_vault_events") })
}
