//! Vaults, and the keys that they are on.

use std::collections::{BTreeMap, BTreeSet};

use reconcile::desired::{DesiredKey, DesiredLock, DesiredVault, LockMode, VaultKey};
use reconcile::policy::is_default;
use reconcile::state::{AWS_KMS, Notifications};
use serde_json::Value;

use super::intrinsics::{Template, tag_list};
use super::plans::unknown_number;
use crate::Imported;
use crate::imported::vault_arn;
use crate::json::{boolean, integer, map, positive, strings, text};

const USUAL_ROTATION: u32 = 365;

pub(super) fn read(template: &Template<'_>, imported: &mut Imported) {
    let mut used = BTreeSet::new();
    let aliases = aliases(template);
    for (id, properties) in template.resources("AWS::Backup::BackupVault") {
        let Some(name) = text(&template.value(properties), "BackupVaultName") else {
            imported.leave_out(id, "it has no BackupVaultName");
            continue;
        };
        let key = match key_of(template, properties, &aliases) {
            Key::Here(id, alias) => {
                used.insert(id);
                VaultKey::Alias(alias)
            }
            Key::Elsewhere(arn) => VaultKey::Arn(arn),
            Key::Managed => VaultKey::AwsManaged,
        };
        let vault = template.value(&without_key(properties));
        let lock = Some(&vault["LockConfiguration"]).filter(|lock| lock.is_object());
        if let Some(number) = lock.and_then(unknown_number) {
            let why = format!("{number} is no number here; write the lock by hand");
            imported.leave_out(format!("the lock of {id}"), why);
        }
        let lock = lock.filter(|lock| unknown_number(lock).is_none());
        let region = template.region.to_owned();
        imported.desired.vaults.push(DesiredVault {
            arn: vault_arn(template.partition, &imported.desired.account, &region, &name),
            key,
            tags: map(&vault, "BackupVaultTags"),
            policy: policy(&vault["AccessPolicy"]),
            lock: lock.map(self::lock),
            notifications: notifications(&vault["Notifications"]),
            region,
            name,
        });
    }
    for kind in ["AWS::KMS::Key", "AWS::KMS::ReplicaKey"] {
        for (id, properties) in template.resources(kind).filter(|(id, _)| used.contains(*id)) {
            if let Some(alias) = aliases.get(id) {
                let account = &imported.desired.account;
                let key = self::key(template, kind, properties, alias.clone(), account);
                imported.desired.keys.push(key);
            }
        }
    }
}

/// The key that a vault is on.
enum Key {
    /// One of the template's, by its alias.
    Here(String, String),
    Elsewhere(String),
    Managed,
}

fn key_of(template: &Template<'_>, vault: &Value, aliases: &BTreeMap<&str, String>) -> Key {
    let given = &vault["EncryptionKeyArn"];
    if let Some(id) = template.link(given)
        && let Some(alias) = aliases.get(id)
    {
        return Key::Here(id.to_owned(), alias.clone());
    }
    match text(&template.value(vault), "EncryptionKeyArn") {
        Some(arn) if arn.ends_with("alias/aws/backup") => Key::Managed,
        Some(arn) => Key::Elsewhere(arn),
        None => Key::Managed,
    }
}

/// What is not said of a key that has an alias is not missing.
fn without_key(properties: &Value) -> Value {
    let mut rest = properties.clone();
    if let Some(members) = rest.as_object_mut() {
        members.remove("EncryptionKeyArn");
    }
    rest
}

/// The first alias of each key of the template.
fn aliases<'t>(template: &Template<'t>) -> BTreeMap<&'t str, String> {
    let mut found: BTreeMap<&str, String> = BTreeMap::new();
    for (_, alias) in template.resources("AWS::KMS::Alias") {
        let name = text(&template.value(alias), "AliasName");
        if let (Some(key), Some(name)) = (template.link(&alias["TargetKeyId"]), name) {
            let first = found.entry(key).or_insert_with(|| name.clone());
            if name < *first {
                *first = name;
            }
        }
    }
    found
}

fn key(template: &Template<'_>, kind: &str, properties: &Value, alias: String, account: &str) -> DesiredKey {
    let key = template.value(properties);
    let rotation = boolean(&key, "EnableKeyRotation").unwrap_or_default();
    let period = integer(&key, "RotationPeriodInDays").and_then(|days| u32::try_from(days).ok());
    let is_replica = kind.ends_with("ReplicaKey");
    DesiredKey {
        region: template.region.to_owned(),
        alias,
        description: text(&key, "Description").unwrap_or_default(),
        rotation,
        rotation_period_days: period.filter(|days| rotation && *days != USUAL_ROTATION),
        origin: text(&key, "Origin").unwrap_or_else(|| AWS_KMS.to_owned()),
        multi_region: boolean(&key, "MultiRegion").unwrap_or(is_replica),
        policy: policy(&key["KeyPolicy"]).filter(|policy| !is_default(policy, account, template.partition)),
        tags: tag_list(&key["Tags"]),
    }
}

/// A policy, written as an object or as a text.
pub(super) fn policy(policy: &Value) -> Option<String> {
    match policy {
        Value::Object(_) => Some(policy.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    }
}

fn lock(lock: &Value) -> DesiredLock {
    let mode = match positive(lock, "ChangeableForDays") {
        Some(changeable_for_days) => LockMode::Compliance { changeable_for_days },
        None => LockMode::Governance,
    };
    let (min, max) = (positive(lock, "MinRetentionDays"), positive(lock, "MaxRetentionDays"));
    DesiredLock { mode, min_retention_days: min, max_retention_days: max }
}

fn notifications(told: &Value) -> Option<Notifications> {
    Some(Notifications { topic: text(told, "SNSTopicArn")?, events: strings(told, "BackupVaultEvents") })
}
