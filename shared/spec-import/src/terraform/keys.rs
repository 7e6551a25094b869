//! Keys that vaults are on, by their aliases.

use std::collections::{HashMap, HashSet};

use reconcile::desired::{DesiredKey, DesiredVault, VaultKey};
use reconcile::policy::is_default;
use reconcile::state::AWS_KMS;

use super::reading::{Among, Reading, tags};
use super::state::Resource;
use crate::Imported;
use crate::json::{boolean, integer, text};

/// The resources that are keys, with where their material comes from.
const KINDS: [(&str, &str); 4] = [
    ("aws_kms_key", AWS_KMS),
    ("aws_kms_replica_key", AWS_KMS),
    ("aws_kms_external_key", "EXTERNAL"),
    ("aws_kms_replica_external_key", "EXTERNAL"),
];

const USUAL_ROTATION: u32 = 365;

/// The keys that are here, and what is about them.
#[derive(Debug)]
pub(super) struct Keys<'a> {
    all: Among<'a>,
    /// The first alias of each, by its address.
    aliases: HashMap<&'a str, String>,
    /// The ARNs of those that AWS manages for AWS Backup.
    managed: HashSet<String>,
}

fn all<'a>(reading: &'a Reading<'_>) -> impl Iterator<Item = &'a Resource> {
    KINDS.iter().flat_map(|(kind, _)| reading.state.managed(kind))
}

impl<'a> Keys<'a> {
    pub(super) fn of(reading: &'a Reading<'_>) -> Self {
        let named = Among::of(all(reading), &["key_id", "arn", "id"]);
        let beside = reading.beside("aws_kms_alias", &["target_key_id", "target_key_arn"], &named);
        let mut aliases = HashMap::new();
        for key in all(reading) {
            let names = beside.get(key.address.as_str()).into_iter().flatten();
            if let Some(first) = names.filter_map(|alias| text(&alias.values, "name")).min() {
                aliases.insert(key.address.as_str(), first);
            }
        }
        Self { all: Among::of(all(reading), &["arn"]), aliases, managed: managed(reading) }
    }

    pub(super) fn read(&self, reading: &Reading<'_>, imported: &mut Imported) {
        let used: HashSet<(String, String)> = reading
            .state
            .managed("aws_backup_vault")
            .filter_map(|vault| match self.of_vault(reading, vault) {
                Some(VaultKey::Alias(alias)) => Some((reading.region(vault), alias)),
                Some(VaultKey::Arn(_) | VaultKey::AwsManaged) | None => None,
            })
            .collect();
        let named = Among::of(all(reading), &["key_id", "arn", "id"]);
        let policies = reading.beside("aws_kms_key_policy", &["key_id"], &named);
        for key in all(reading) {
            let Some(alias) = self.aliases.get(key.address.as_str()) else { continue };
            let place = (reading.region(key), alias.clone());
            if used.contains(&place) {
                let policy = policies.get(key.address.as_str()).and_then(|found| found.first());
                let key = one(key, place, policy.copied(), imported);
                imported.desired.keys.push(key);
            }
        }
    }

    /// The key of a vault; `None` if nobody can know it yet.
    pub(super) fn of_vault(&self, reading: &Reading<'_>, vault: &Resource) -> Option<VaultKey> {
        if let Some(key) = reading.linked(vault, "kms_key_arn", &self.all).first() {
            return match self.aliases.get(key.address.as_str()) {
                Some(alias) => Some(VaultKey::Alias(alias.clone())),
                None => text(&key.values, "arn").map(VaultKey::Arn),
            };
        }
        match reading.text(vault, "kms_key_arn") {
            Some(arn) if self.managed.contains(&arn) => Some(VaultKey::AwsManaged),
            Some(arn) => Some(VaultKey::Arn(arn)),
            // Without a key it is on the one that AWS keeps, if nothing is written for it.
            None => {
                let written = &reading.state.block(vault)["expressions"]["kms_key_arn"];
                written["references"].is_null().then_some(VaultKey::AwsManaged)
            }
        }
    }
}

fn one(
    key: &Resource,
    (region, alias): (String, String),
    beside: Option<&Resource>,
    imported: &Imported,
) -> DesiredKey {
    let values = &key.values;
    let rotation = boolean(values, "enable_key_rotation").unwrap_or_default();
    let period = integer(values, "rotation_period_in_days").and_then(|days| u32::try_from(days).ok());
    let policy = beside.and_then(|policy| text(&policy.values, "policy")).or_else(|| text(values, "policy"));
    let (account, partition) = (&imported.desired.account, &imported.desired.partition);
    let origin = KINDS.iter().find(|(kind, _)| *kind == key.kind).map_or(AWS_KMS, |(_, origin)| origin);
    DesiredKey {
        region,
        alias,
        description: text(values, "description").unwrap_or_default(),
        rotation,
        rotation_period_days: period.filter(|days| rotation && *days != USUAL_ROTATION),
        origin: origin.to_owned(),
        multi_region: boolean(values, "multi_region").unwrap_or(key.kind.contains("replica")),
        policy: policy.filter(|policy| !is_default(policy, account, partition)),
        tags: tags(key),
    }
}

fn managed(reading: &Reading<'_>) -> HashSet<String> {
    let is = |one: &Resource, key: &str, wanted: &str| text(&one.values, key).as_deref() == Some(wanted);
    let aliases = reading.state.data("aws_kms_alias").filter(|one| is(one, "name", "alias/aws/backup"));
    let keys = reading.state.data("aws_kms_key").filter(|one| is(one, "key_manager", "AWS"));
    let by_alias = aliases.filter_map(|alias| text(&alias.values, "target_key_arn"));
    by_alias.chain(keys.filter_map(|key| text(&key.values, "arn"))).collect()
}

/// Whether a vault's key can be said.
pub(super) fn is_said(vault: &DesiredVault, imported: &Imported) -> bool {
    match &vault.key {
        VaultKey::Alias(alias) => {
            imported.desired.keys.iter().any(|key| key.region == vault.region && key.alias == *alias)
        }
        VaultKey::Arn(_) | VaultKey::AwsManaged => true,
    }
}
