//! Reads keys and aliases: the key behind each alias, and the keys that the vaults are on.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_kms::types::KeyMetadata;
use futures_util::future::{join, join_all};
use reconcile::desired::{Desired, DesiredKey, DesiredVault, VaultKey};
use reconcile::read::Refusal;
use reconcile::state::{Key, Observation, Place, place};

use super::backup::Listed;
use super::key::{complete, describe};
use super::{Look, makers, unaliased};
use crate::clients::Regional;

/// What was seen of a region's keys.
pub(super) struct KeysSeen {
    pub(super) aliases: BTreeMap<Place, Observation<String>>,
    pub(super) keys: BTreeMap<String, Observation<Key>>,
    pub(super) unaliased: BTreeMap<Place, Observation<Vec<String>>>,
    pub(super) made_by_us: BTreeMap<String, Observation<bool>>,
}

/// The key behind each alias of the spec, described.
pub(super) type AliasesSeen<'a> = Vec<(&'a DesiredKey, Observation<KeyMetadata>)>;

pub(super) async fn observe_aliases<'a>(
    client: &Regional,
    region: &str,
    desired: &'a Desired,
) -> AliasesSeen<'a> {
    let wanted = desired.keys.iter().filter(|key| key.region == region);
    join_all(wanted.map(|key| async move { (key, describe(client, &key.alias).await) })).await
}

pub(super) async fn observe_keys(
    look: &Look<'_>,
    client: &Regional,
    region: &str,
    listed: &Listed,
    aliases: AliasesSeen<'_>,
) -> KeysSeen {
    let desired = look.desired;
    let mut seen = KeysSeen {
        aliases: BTreeMap::new(),
        keys: BTreeMap::new(),
        unaliased: BTreeMap::new(),
        made_by_us: BTreeMap::new(),
    };
    let mut behind_aliases = BTreeMap::new();
    // No vault says which key is meant, so our own records have to.
    let mut without_vaults = Vec::new();
    let mut whose = BTreeSet::new();
    for (key, described) in &aliases {
        let pinned = pinned_keys(desired, key, listed);
        let nothing_says = pinned.as_ref().is_ok_and(BTreeMap::is_empty);
        if nothing_says {
            without_vaults.push(*key);
        }
        let target = match described {
            Observation::Present(metadata) => {
                let arn = metadata.arn().unwrap_or_default().to_owned();
                behind_aliases.insert(arn.clone(), metadata.clone());
                if nothing_says {
                    whose.insert(arn.clone());
                }
                Observation::Present(arn)
            }
            Observation::Absent => Observation::Absent,
            Observation::Unreadable(why) => Observation::Unreadable(why.clone()),
        };
        seen.aliases.insert(place(region, &key.alias), target);
    }
    let mut arns: BTreeSet<String> = behind_aliases.keys().cloned().collect();
    for (key, _) in &aliases {
        arns.extend(pinned_keys(desired, key, listed).unwrap_or_default().into_keys());
    }
    arns.extend(by_arn(desired, region, listed));
    let behind_aliases = &behind_aliases;
    let known = join_all(arns.into_iter().map(|arn| async move {
        let described = match behind_aliases.get(&arn) {
            Some(metadata) => Observation::Present(metadata.clone()),
            None => describe(client, &arn).await,
        };
        (arn, complete(client, described).await)
    }));
    let searches = join_all(
        without_vaults.into_iter().map(|key| async move { (key, unaliased::search(client, key).await) }),
    );
    let (known, searches) = join(known, searches).await;
    seen.keys.extend(known);
    for (key, found) in searches {
        let arns = match found {
            Ok(unaliased::Found { fitting, alike }) => {
                let arns: Vec<String> = fitting.iter().map(|one| one.arn.clone()).collect();
                whose.extend(arns.iter().cloned());
                let all = fitting.into_iter().chain(alike);
                seen.keys.extend(all.map(|one| (one.arn.clone(), Observation::Present(one))));
                Observation::Present(arns)
            }
            Err(why) => Observation::Unreadable(why),
        };
        seen.unaliased.insert(place(region, &key.alias), arns);
    }
    seen.made_by_us = makers::observe(look, region, whose, &seen.keys).await;
    seen
}

/// The keys of vaults for which the spec names no alias: those that it names by ARN, and those that the vaults are on. Whether one is the
/// key that AWS manages is told by the key itself.
fn by_arn(desired: &Desired, region: &str, listed: &Listed) -> BTreeSet<String> {
    let named = desired.keys_by_arn().into_iter().filter(|(there, _)| *there == region).map(|(_, arn)| arn);
    let vaults = desired.vaults.iter().filter(|vault| vault.region == region);
    let vaults = vaults.filter(|vault| !matches!(vault.key, VaultKey::Alias(_)));
    let listed = listed.as_ref().ok();
    let used = vaults.filter_map(|vault| listed?.own.get(&vault.name)?.encryption_key_arn());
    named.chain(used).map(str::to_owned).collect()
}

/// The keys that the spec's vaults of an alias are on, each with a vault's name; an error if the vaults are not known.
fn pinned_keys(
    desired: &Desired,
    key: &DesiredKey,
    listed: &Listed,
) -> Result<BTreeMap<String, String>, Refusal> {
    let listed = listed.as_ref().map_err(Clone::clone)?;
    let is_on =
        |vault: &&DesiredVault| vault.region == key.region && vault.key == VaultKey::Alias(key.alias.clone());
    let vaults = desired.vaults.iter().filter(is_on);
    let found = vaults.filter_map(|vault| {
        let arn = listed.own.get(&vault.name)?.encryption_key_arn()?;
        Some((arn.to_owned(), vault.name.clone()))
    });
    Ok(found.collect())
}
