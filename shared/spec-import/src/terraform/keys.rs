//! Keys that vaults are on, by their aliases.

use reconcile::desired::{DesiredKey, DesiredVault, VaultKey};
use reconcile::policy::is_default;
use reconcile::state::AWS_KMS;

use super::reading::{Reading, tags};
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

fn all<'a>(reading: &'a Reading<'_>) -> Vec<&'a Resource> {
    KINDS.iter().flat_map(|(kind, _)| reading.state.managed(kind)).collect()
}

pub(super) fn read(reading: &Reading<'_>, imported: &mut Imported) {
    let used: Vec<(String, String)> = reading
        .state
        .managed("aws_backup_vault")
        .filter_map(|vault| match of_vault(reading, vault) {
            Some(VaultKey::Alias(alias)) => Some((reading.region(vault), alias)),
            Some(VaultKey::Arn(_) | VaultKey::AwsManaged) | None => None,
        })
        .collect();
    for key in all(reading) {
        let Some(alias) = alias(reading, key) else { continue };
        let region = reading.region(key);
        if used.contains(&(region.clone(), alias.clone())) {
            let key = one(reading, key, region, alias, imported);
            imported.desired.keys.push(key);
        }
    }
}

fn one(
    reading: &Reading<'_>,
    key: &Resource,
    region: String,
    alias: String,
    imported: &Imported,
) -> DesiredKey {
    let values = &key.values;
    let rotation = boolean(values, "enable_key_rotation").unwrap_or_default();
    let period = integer(values, "rotation_period_in_days").and_then(|days| u32::try_from(days).ok());
    let beside = reading.state.managed("aws_kms_key_policy").find(|policy| {
        let found = reading.linked(policy, "key_id", &[key], &["key_id", "arn", "id"]);
        found.is_some()
    });
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

/// The first alias of a key.
fn alias(reading: &Reading<'_>, key: &Resource) -> Option<String> {
    let aliases = reading.state.managed("aws_kms_alias");
    let mut of_key: Vec<String> = aliases
        .filter(|alias| {
            let names = ["key_id", "arn", "id"];
            let by = |member| reading.linked(alias, member, &[key], &names).is_some();
            by("target_key_id") || by("target_key_arn")
        })
        .filter_map(|alias| text(&alias.values, "name"))
        .collect();
    of_key.sort();
    of_key.into_iter().next()
}

/// The key of a vault; `None` if nobody can know it yet.
pub(super) fn of_vault(reading: &Reading<'_>, vault: &Resource) -> Option<VaultKey> {
    let keys = all(reading);
    if let Some(key) = reading.linked(vault, "kms_key_arn", &keys, &["arn"]) {
        return match alias(reading, key) {
            Some(alias) => Some(VaultKey::Alias(alias)),
            None => text(&key.values, "arn").map(VaultKey::Arn),
        };
    }
    match reading.text(vault, "kms_key_arn") {
        Some(arn) if is_managed(reading, &arn) => Some(VaultKey::AwsManaged),
        Some(arn) => Some(VaultKey::Arn(arn)),
        // Without a key it is on the one that AWS keeps, if nothing is written for it.
        None => {
            let written = &reading.state.block(vault)["expressions"]["kms_key_arn"];
            written["references"].is_null().then_some(VaultKey::AwsManaged)
        }
    }
}

fn is_managed(reading: &Reading<'_>, arn: &str) -> bool {
    let is_aws_backup =
        |alias: &&Resource| text(&alias.values, "name").as_deref() == Some("alias/aws/backup");
    let alias = reading.state.data("aws_kms_alias").filter(is_aws_backup);
    let by_alias =
        alias.filter_map(|alias| text(&alias.values, "target_key_arn")).any(|target| target == arn);
    let by_key = reading.state.data("aws_kms_key").any(|key| {
        text(&key.values, "arn").as_deref() == Some(arn)
            && text(&key.values, "key_manager").as_deref() == Some("AWS")
    });
    by_alias || by_key
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
