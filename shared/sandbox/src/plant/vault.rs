//! Vaults: their state, age and contents, and vaults of other accounts.

use serde_json::{Map, Value};

use super::values::{time, time_or_none, unknown, whole};
use crate::backup::{AIR_GAPPED, AWS_KEY, CUSTOMER_KEY, STANDARD};
use crate::partition::partition;
use crate::state::{Lock, Region, Vault, VaultState};

/// Sets members of a vault of the account.
pub(super) fn set(region: &mut Region, name: &str, set: &Map<String, Value>) -> Result<(), String> {
    let vault = region.backup.vaults.get_mut(name).ok_or_else(|| format!("there is no vault {name}"))?;
    set.iter().try_for_each(|(member, value)| put(vault, member, value))
}

/// Shares an air-gapped vault of another account with this one, or changes one that is shared.
pub(super) fn share(
    region: &mut Region,
    name: &str,
    owner: &str,
    set: &Map<String, Value>,
    now: time::OffsetDateTime,
) -> Result<(), String> {
    let here = &region.name;
    let arn = format!("arn:{}:backup:{here}:{owner}:backup-vault:{name}", partition(here));
    let fresh = Vault { kind: AIR_GAPPED, ..Vault::new(name, arn.clone(), now) };
    let known = region.backup.shared.iter().position(|vault| vault.arn == arn);
    let mut vault = known.map_or(fresh, |at| region.backup.shared.remove(at));
    set.iter().try_for_each(|(member, value)| put(&mut vault, member, value))?;
    region.backup.shared.push(vault);
    Ok(())
}

fn put(vault: &mut Vault, member: &str, value: &Value) -> Result<(), String> {
    let mut lock = vault.lock.unwrap_or(Lock { min: None, max: None, date: None });
    match member {
        "VaultState" => {
            vault.state = match value.as_str() {
                Some("AVAILABLE") => VaultState::Available,
                Some("FAILED") => VaultState::Failed,
                // It stays so: its end is not in sight.
                Some("CREATING") => {
                    VaultState::Creating { until: time::PrimitiveDateTime::MAX.assume_utc(), fails: false }
                }
                _ => return Err(format!("this is no state of a vault: {value}")),
            }
        }
        "VaultType" => vault.kind = one_of(value, &[STANDARD, AIR_GAPPED, "RESTORE_ACCESS_BACKUP_VAULT"])?,
        "EncryptionKeyType" => vault.key_kind = one_of(value, &[AWS_KEY, CUSTOMER_KEY])?,
        "EncryptionKeyArn" => vault.key = value.as_str().unwrap_or_default().to_owned(),
        "CreationDate" => vault.created = time(value)?,
        "NumberOfRecoveryPoints" => vault.counted = value.as_u64(),
        "Locked" => vault.lock = (value == true).then_some(lock),
        "MinRetentionDays" => {
            lock.min = whole(value)?;
            vault.lock = Some(lock);
        }
        "MaxRetentionDays" => {
            lock.max = whole(value)?;
            vault.lock = Some(lock);
        }
        "LockDate" => {
            lock.date = time_or_none(value)?;
            vault.lock = Some(lock);
        }
        "Policy" => vault.policy = value.as_str().map(str::to_owned),
        other => return Err(unknown("a vault", other)),
    }
    Ok(())
}

fn one_of(value: &Value, words: &[&'static str]) -> Result<&'static str, String> {
    let found = words.iter().find(|word| value == **word);
    found.copied().ok_or_else(|| format!("{value} is not one of {words:?}"))
}
