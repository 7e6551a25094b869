//! Reads keys and aliases: the key behind each alias, and the keys that the vaults are on.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_kms::types::{KeyManagerType, KeyMetadata};
use futures_util::future::{join, join_all, join3};
use reconcile::desired::{Desired, DesiredKey, Tags};
use reconcile::state::{Key, KeyState, Observation, Place, Rotation, place};

use super::backup::{Listed, moment};
use super::unaliased;
use crate::actions::Read;
use crate::clients::Regional;
use crate::error::failed;

const NOT_FOUND: &[&str] = &["NotFoundException"];

/// What was seen of a region's keys.
pub(super) struct KeysSeen {
    pub(super) aliases: BTreeMap<Place, Observation<String>>,
    pub(super) keys: BTreeMap<String, Observation<Key>>,
    pub(super) unaliased: BTreeMap<Place, Observation<Vec<String>>>,
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
    client: &Regional,
    region: &str,
    desired: &Desired,
    listed: &Listed,
    aliases: AliasesSeen<'_>,
) -> KeysSeen {
    let mut seen = KeysSeen { aliases: BTreeMap::new(), keys: BTreeMap::new(), unaliased: BTreeMap::new() };
    let mut behind_aliases = BTreeMap::new();
    let mut without_anything = Vec::new();
    for (key, described) in &aliases {
        let pinned = pinned_keys(desired, key, listed);
        if described.is_absent() && pinned.as_ref().is_ok_and(BTreeMap::is_empty) {
            without_anything.push(*key);
        }
        let target = match described {
            Observation::Present(metadata) => {
                let arn = metadata.arn().unwrap_or_default().to_owned();
                behind_aliases.insert(arn.clone(), metadata.clone());
                Observation::Present(arn)
            }
            Observation::Absent => Observation::Absent,
            Observation::Unreadable(why) => Observation::Unreadable(why.clone()),
        };
        seen.aliases.insert(place(region, &key.alias), target);
    }
    let wants_policy = aliases.iter().any(|(key, _)| key.policy.is_some());
    let mut arns: BTreeSet<String> = behind_aliases.keys().cloned().collect();
    for (key, _) in &aliases {
        arns.extend(pinned_keys(desired, key, listed).unwrap_or_default().into_keys());
    }
    let behind_aliases = &behind_aliases;
    let known = join_all(arns.into_iter().map(|arn| async move {
        let described = match behind_aliases.get(&arn) {
            Some(metadata) => Observation::Present(metadata.clone()),
            None => describe(client, &arn).await,
        };
        (arn, complete(client, described, wants_policy).await)
    }));
    let searches = join_all(
        without_anything
            .into_iter()
            .map(|key| async move { (key, unaliased::search(client, key, wants_policy).await) }),
    );
    let (known, searches) = join(known, searches).await;
    seen.keys.extend(known);
    for (key, found) in searches {
        let arns = match found {
            Ok(found) => {
                let arns = found.iter().map(|one| one.arn.clone()).collect();
                seen.keys.extend(found.into_iter().map(|one| (one.arn.clone(), Observation::Present(one))));
                Observation::Present(arns)
            }
            Err(why) => Observation::Unreadable(why),
        };
        seen.unaliased.insert(place(region, &key.alias), arns);
    }
    seen
}

/// The keys that the spec's vaults of an alias are on, each with a vault's name; an error if the vaults are not known.
fn pinned_keys(
    desired: &Desired,
    key: &DesiredKey,
    listed: &Listed,
) -> Result<BTreeMap<String, String>, String> {
    let listed = listed.as_ref().map_err(Clone::clone)?;
    let vaults = desired.vaults.iter().filter(|v| v.region == key.region && v.key_alias == key.alias);
    let found = vaults.filter_map(|vault| {
        let arn = listed.get(&vault.name)?.encryption_key_arn()?;
        Some((arn.to_owned(), vault.name.clone()))
    });
    Ok(found.collect())
}

/// Takes a key id, a key ARN or an alias.
pub(super) async fn describe(client: &Regional, key: &str) -> Observation<KeyMetadata> {
    let (kms, _permit) = client.kms.enter().await;
    match kms.describe_key().key_id(key).send().await {
        Err(error) => failed(Read::DescribeKey, &error, NOT_FOUND),
        Ok(answer) => match answer.key_metadata() {
            Some(metadata) => Observation::Present(metadata.clone()),
            None => {
                Observation::Unreadable(format!("{}: the answer holds no key", Read::DescribeKey.action()))
            }
        },
    }
}

/// Adds what DescribeKey does not tell: rotation, tags and policy.
pub(super) async fn complete(
    client: &Regional,
    described: Observation<KeyMetadata>,
    wants_policy: bool,
) -> Observation<Key> {
    let metadata = match described {
        Observation::Present(metadata) => metadata,
        Observation::Absent => return Observation::Absent,
        Observation::Unreadable(why) => return Observation::Unreadable(why),
    };
    let arn = metadata.arn().unwrap_or_default().to_owned();
    let customer_managed = metadata.key_manager() != Some(&KeyManagerType::Aws);
    // An AWS managed key is not ours to set, and most of its attributes are not ours to read.
    let (rotation, tags, policy) = if customer_managed {
        join3(rotation(client, &arn), tags(client, &arn), policy(client, &arn, wants_policy)).await
    } else {
        (Observation::Absent, Observation::Absent, Observation::Absent)
    };
    Observation::Present(Key {
        state: state(&metadata),
        spec: metadata.key_spec().map_or("", |spec| spec.as_str()).to_owned(),
        usage: metadata.key_usage().map_or("", |usage| usage.as_str()).to_owned(),
        customer_managed,
        description: metadata.description().unwrap_or_default().to_owned(),
        rotation,
        policy,
        tags,
        arn,
    })
}

fn state(metadata: &KeyMetadata) -> KeyState {
    match metadata.key_state().map_or("", |state| state.as_str()) {
        "Enabled" => KeyState::Enabled,
        "Disabled" => KeyState::Disabled,
        "PendingDeletion" => {
            KeyState::PendingDeletion { deletion_at: metadata.deletion_date().and_then(moment) }
        }
        other => KeyState::Other(other.to_owned()),
    }
}

async fn rotation(client: &Regional, arn: &str) -> Observation<Rotation> {
    let (kms, _permit) = client.kms.enter().await;
    match kms.get_key_rotation_status().key_id(arn).send().await {
        // Keys that cannot rotate at all are told by their spec.
        Err(error) => failed(Read::GetKeyRotationStatus, &error, &["UnsupportedOperationException"]),
        Ok(answer) => Observation::Present(Rotation {
            enabled: answer.key_rotation_enabled(),
            period_days: answer.rotation_period_in_days().and_then(|days| u32::try_from(days).ok()),
        }),
    }
}

async fn tags(client: &Regional, arn: &str) -> Observation<Tags> {
    let (kms, _permit) = client.kms.enter().await;
    let mut pages = kms.list_resource_tags().key_id(arn).into_paginator().send();
    let mut found = Tags::new();
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => {
                found.extend(
                    page.tags().iter().map(|tag| (tag.tag_key().to_owned(), tag.tag_value().to_owned())),
                );
            }
            Err(error) => return failed(Read::ListResourceTags, &error, &[]),
        }
    }
    Observation::Present(found)
}

async fn policy(client: &Regional, arn: &str, wanted: bool) -> Observation<String> {
    if !wanted {
        return Observation::Absent;
    }
    let (kms, _permit) = client.kms.enter().await;
    match kms.get_key_policy().key_id(arn).policy_name("default").send().await {
        Err(error) => failed(Read::GetKeyPolicy, &error, &[]),
        Ok(answer) => Observation::Present(answer.policy().unwrap_or_default().to_owned()),
    }
}
