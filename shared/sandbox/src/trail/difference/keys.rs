//! Calls about keys and aliases. What AWS keeps for itself is not told: no caller makes or changes it.

use serde_json::{Value, json};
use time::Duration;

use super::calls::{Calls, tags};
use super::grants;
use crate::clock::epoch;
use crate::ids::Ids;
use crate::kms::{default_policy, metadata};
use crate::service::Service;
use crate::state::{Alias, Key, Kms, Origin, Pending, Region};

/// The shortest waiting period before a key is deleted, in days.
const SHORTEST: i64 = 7;

fn call(calls: &mut Calls<'_>, region: &str, operation: &str, params: Value) {
    calls.call(Service::Kms, region, operation, params);
}

pub(super) fn take_away(calls: &mut Calls<'_>, region: &str, old: &Kms, new: &Kms) {
    for alias in own_aliases(old) {
        let goes = match new.aliases.get(&alias.name) {
            Some(other) => is_made_anew(alias, other, old, new),
            // With a key that is no more KMS took its aliases.
            None => new.keys.contains_key(&alias.target) || !old.keys.contains_key(&alias.target),
        };
        if goes {
            call(calls, region, "DeleteAlias", json!({ "AliasName": alias.name }));
        }
    }
    // That it is gone now, KMS tells itself. What is left to tell is who wanted that, if it has not been told before.
    let gone = old.keys.values().filter(|key| is_own(key) && !new.keys.contains_key(&key.id));
    for key in gone.filter(|key| key.pending.is_none()) {
        schedule(calls, region, key, Pending { date: calls.now, days: SHORTEST });
        if let Some(deed) = calls.deeds.last_mut() {
            deed.time = calls.now.saturating_sub(Duration::days(SHORTEST));
        }
    }
}

pub(super) fn make(calls: &mut Calls<'_>, region: &Region, old: &Kms) {
    let new = &region.kms;
    for key in new.keys.values().filter(|key| is_own(key)) {
        match old.keys.get(&key.id) {
            Some(old) => change(calls, &region.name, old, key),
            None => {
                let fresh = fresh(key);
                create(calls, region, &fresh);
                change(calls, &region.name, &fresh, key);
            }
        }
    }
    for alias in own_aliases(new) {
        let operation = match old.aliases.get(&alias.name) {
            Some(before) if is_made_anew(before, alias, old, new) => "CreateAlias",
            None => "CreateAlias",
            Some(before) if (&before.target, before.updated) != (&alias.target, alias.updated) => {
                "UpdateAlias"
            }
            Some(_) => continue,
        };
        let params = json!({ "AliasName": alias.name, "TargetKeyId": alias.target });
        call(calls, &region.name, operation, params);
    }
}

fn is_own(key: &Key) -> bool {
    key.manager == "CUSTOMER"
}

fn own_aliases(kms: &Kms) -> impl Iterator<Item = &Alias> {
    kms.aliases.values().filter(|alias| !alias.name.starts_with("alias/aws/"))
}

/// Whether an alias was deleted in between: KMS moves one only to a key of the same sort.
fn is_made_anew(before: &Alias, after: &Alias, old: &Kms, new: &Kms) -> bool {
    let sort = |kms: &Kms, alias: &Alias| {
        kms.keys.get(&alias.target).map(|key| (key.spec.clone(), key.usage.clone()))
    };
    let (left, right) = (sort(old, before), sort(new, after));
    before.created != after.created || (left.is_some() && right.is_some() && left != right)
}

/// A key as it comes into being, before anything is done with it.
fn fresh(key: &Key) -> Key {
    let origin = match &key.origin {
        Origin::External { .. } => Origin::External { imported: false, valid_to: None },
        other @ (Origin::Kms | Origin::CloudHsm(_) | Origin::ExternalKeyStore(_)) => other.clone(),
    };
    Key {
        origin,
        enabled: true,
        reachable: true,
        pending: None,
        rotation: None,
        grants: Default::default(),
        ..key.clone()
    }
}

/// A replica is asked for where its primary key is, and then KMS makes it.
fn create(calls: &mut Calls<'_>, region: &Region, key: &Key) {
    let primary = key.replication.as_ref().filter(|_| key.is_replica()).map(|it| it.primary.clone());
    if let Some(primary) = primary {
        let params = json!({
            "KeyId": key.id,
            "ReplicaRegion": region.name,
            "Description": key.description,
            "BypassPolicyLockoutSafetyCheck": false,
        });
        let answer = json!({ "ReplicaKeyMetadata": metadata(key, region), "ReplicaPolicy": key.policy });
        calls.answered(Service::Kms, &primary, "ReplicateKey", params, answer);
    }
    let own_policy = key.policy != default_policy(&region.name, &region.account);
    let params = json!({
        "Description": key.description,
        "KeySpec": key.spec,
        "KeyUsage": key.usage,
        "Origin": key.origin.name(),
        "CustomKeyStoreId": key.origin.store(),
        "MultiRegion": key.replication.is_some(),
        "BypassPolicyLockoutSafetyCheck": false,
        "Policy": own_policy.then_some(&key.policy),
        "Tags": (!key.tags.is_empty()).then(|| pairs(key.tags.iter())),
    });
    let answer = json!({ "KeyMetadata": metadata(key, region) });
    calls.answered(Service::Kms, &region.name, "CreateKey", params, answer);
}

fn pairs<'a>(tags: impl Iterator<Item = (&'a String, &'a String)>) -> Value {
    tags.map(|(key, value)| json!({ "TagKey": key, "TagValue": value })).collect()
}

fn schedule(calls: &mut Calls<'_>, region: &str, key: &Key, pending: Pending) {
    let params = json!({ "KeyId": key.id, "PendingWindowInDays": pending.days });
    let answer = json!({
        "KeyId": key.arn,
        "DeletionDate": epoch(pending.date),
        "KeyState": "PendingDeletion",
        "PendingWindowInDays": pending.days,
    });
    calls.answered(Service::Kms, region, "ScheduleKeyDeletion", params, answer);
}

fn on_key(calls: &mut Calls<'_>, region: &str, key: &Key, operation: &str, mut params: Value) {
    params["KeyId"] = key.id.clone().into();
    call(calls, region, operation, params);
}

/// In an order that KMS takes: a key that is disabled or waits for its deletion cannot be changed much.
fn change(calls: &mut Calls<'_>, region: &str, old: &Key, new: &Key) {
    // What a key is from its first moment to its last cannot differ.
    let Key {
        id: _,
        arn,
        created: _,
        description,
        spec: _,
        usage: _,
        manager: _,
        origin,
        // A replica is made by its own region's key, and both know of each other.
        replication: _,
        // What KMS does to a key, it does by itself; and RAM has calls of its own.
        transition: _,
        ram_policy: _,
        enabled,
        reachable,
        pending,
        rotation,
        policy,
        grants: _,
        tags: new_tags,
    } = new;
    let date = |key: &Key| key.pending.map(|pending| pending.date);
    let rescued = old.pending.is_some() && date(old) != date(new);
    if rescued {
        let params = json!({ "KeyId": new.id });
        calls.answered(Service::Kms, region, "CancelKeyDeletion", params, json!({ "KeyId": arn }));
    }
    change_material(calls, region, new, &old.origin, origin);
    // A rescued key comes back disabled.
    let was_enabled = old.enabled && !rescued;
    if *enabled && !was_enabled {
        on_key(calls, region, new, "EnableKey", json!({}));
    }
    let terms = |key: &Key| key.rotation.map(|rotation| (rotation.period, rotation.since));
    match rotation {
        _ if terms(old) == terms(new) => {}
        Some(rotation) => {
            let params = json!({ "RotationPeriodInDays": rotation.period });
            on_key(calls, region, new, "EnableKeyRotation", params);
        }
        None => on_key(calls, region, new, "DisableKeyRotation", json!({})),
    }
    if old.description != *description {
        on_key(calls, region, new, "UpdateKeyDescription", json!({ "Description": description }));
    }
    if !calls.is_same_policy(&old.policy, policy) {
        let params = json!({
            "PolicyName": "default",
            "Policy": policy,
            "BypassPolicyLockoutSafetyCheck": false,
        });
        on_key(calls, region, new, "PutKeyPolicy", params);
    }
    grants::change(calls, region, old, new);
    let (set, removed) = tags(&old.tags, new_tags);
    if !set.is_empty() {
        on_key(calls, region, new, "TagResource", json!({ "Tags": pairs(set.into_iter()) }));
    }
    if !removed.is_empty() {
        on_key(calls, region, new, "UntagResource", json!({ "TagKeys": removed }));
    }
    if !enabled && was_enabled {
        on_key(calls, region, new, "DisableKey", json!({}));
    }
    if old.reachable != *reachable {
        let operation = if *reachable { "ConnectCustomKeyStore" } else { "DisconnectCustomKeyStore" };
        call(calls, region, operation, json!({ "CustomKeyStoreId": key_store(new) }));
    }
    if let Some(pending) = pending
        && date(old) != date(new)
    {
        schedule(calls, region, new, *pending);
    }
}

/// Material that expires KMS deletes by itself, and tells so.
fn change_material(calls: &mut Calls<'_>, region: &str, key: &Key, old: &Origin, new: &Origin) {
    let (Origin::External { imported: was, valid_to: before }, Origin::External { imported: is, valid_to }) =
        (old, new)
    else {
        return;
    };
    if *is && (!was || before != valid_to) {
        let params = json!({
            "ValidTo": valid_to.map(epoch),
            "ExpirationModel":
                if valid_to.is_some() { "KEY_MATERIAL_EXPIRES" } else { "KEY_MATERIAL_DOES_NOT_EXPIRE" },
        });
        on_key(calls, region, key, "ImportKeyMaterial", params);
    }
    let expired = before.is_some_and(|date| date <= calls.now);
    if *was && !is && !expired {
        on_key(calls, region, key, "DeleteImportedKeyMaterial", json!({}));
    }
}

/// An id for the store that holds a key: nothing but its connection matters here.
fn key_store(key: &Key) -> String {
    if let Some(store) = key.origin.store() {
        return store.to_owned();
    }
    let id = Ids::new(format!("{}/store", key.arn)).uuid().replace('-', "");
    format!("cks-{}", &id[..17])
}
