//! A region's key replaced by another one that looks just like it: the vaults are deleted while they are empty and made anew
//! on it, and the alias moves.

use sandbox::state::Vault;
use sandbox::{Change, Service};
use serde_json::{Value, json};
use time::Duration;

use super::key;
use super::named::Outcome;
use super::vault;
use crate::reference::ALIAS;

/// Makes a key with the looks of the region's, and of another kind.
fn twin(change: &mut Change<'_>, region: &str, mut kind: Value) -> Outcome<String> {
    let right = key::key(change, region)?;
    let tags = right.tags.iter().map(|(key, value)| json!({ "TagKey": key, "TagValue": value }));
    kind["Tags"] = tags.collect();
    kind["Description"] = right.description.clone().into();
    key::make(change, region, kind)
}

/// Moves everything that is on the region's key to another one.
fn moved(change: &mut Change<'_>, region: &str, to: &str) -> Outcome {
    let vaults = change.account.region(region).backup.vaults.values();
    let names: Vec<String> = vaults.map(|vault: &Vault| vault.name.clone()).collect();
    for name in names {
        vault::made_anew(change, &name, Some(to))?;
    }
    change.call(Service::Kms, region, "UpdateAlias", json!({ "AliasName": ALIAS, "TargetKeyId": to }))?;
    Ok(())
}

/// The material can be taken away by whoever brought it, and goes by itself in a month.
pub(super) fn by_imported(change: &mut Change<'_>, region: &str) -> Outcome {
    let to = twin(change, region, json!({ "Origin": "EXTERNAL" }))?;
    let material = json!({
        "KeyId": to,
        "ImportToken": "token",
        "EncryptedKeyMaterial": "material",
        "ExpirationModel": "KEY_MATERIAL_EXPIRES",
        "ValidTo": (change.now + Duration::days(30)).unix_timestamp(),
    });
    change.call(Service::Kms, region, "ImportKeyMaterial", material)?;
    moved(change, region, &to)
}

/// Its replica has a policy of its own.
pub(super) fn by_multi_region(change: &mut Change<'_>, region: &str) -> Outcome {
    let to = twin(change, region, json!({ "MultiRegion": true }))?;
    change.call(Service::Kms, region, "EnableKeyRotation", json!({ "KeyId": to }))?;
    let replica = json!({ "KeyId": to, "ReplicaRegion": "eu-west-1" });
    change.call(Service::Kms, region, "ReplicateKey", replica)?;
    moved(change, region, &to)
}
