//! Looks for keys without an alias, only where no vault names a key: one that was made for an alias which then was not, so that a half-done
//! creation is finished and not repeated; and those that a person may know.

use std::collections::BTreeSet;

use aws_sdk_kms::types::{KeyManagerType, KeyMetadata};
use futures_util::future::join_all;
use reconcile::desired::{DesiredKey, Tags};
use reconcile::read::{Read, Refusal};
use reconcile::state::{Key, Observation};

use super::key::{complete, describe, tags};
use crate::clients::Regional;
use crate::error::unreadable;

/// Keys without an alias that are described at the most. Where there are more, none is taken: unsure is not written.
const MOST_CANDIDATES: usize = 200;

/// Keys of which the tags are read at the most, where the description says nothing: KMS answers few such questions in a second.
const MOST_TAGS_READ: usize = 50;

/// Customer keys without any alias that look like the spec's.
pub(super) struct Found {
    /// Those that carry its description and its tags.
    pub(super) fitting: Vec<Key>,
    /// Those that carry one of the two, for people.
    pub(super) alike: Vec<Key>,
}

/// Looks for them.
pub(super) async fn search(client: &Regional, want: &DesiredKey) -> Result<Found, Refusal> {
    let aliased = aliased_keys(client).await?;
    let candidates: Vec<String> = all_keys(client)
        .await?
        .into_iter()
        .filter(|(id, _)| !aliased.contains(id))
        .map(|(_, arn)| arn)
        .collect();
    if candidates.len() > MOST_CANDIDATES {
        let message = format!(
            "{} keys without an alias, too many to look for one that was made for {}",
            candidates.len(),
            want.alias
        );
        return Err(Refusal::incomplete(Read::ListKeys, &message));
    }
    let described = join_all(candidates.iter().map(|arn| describe(client, arn))).await;
    let is_customers = |one: &&Observation<KeyMetadata>| {
        one.present().is_some_and(|key| key.key_manager() == Some(&KeyManagerType::Customer))
    };
    let described: Vec<_> = described.iter().filter(is_customers).collect();
    let few = described.len() <= MOST_TAGS_READ;
    let mut found = Found { fitting: Vec::new(), alike: Vec::new() };
    let carries = |tags: &Observation<Tags>| {
        tags.present().is_some_and(|tags| want.tags.iter().all(|(name, value)| tags.get(name) == Some(value)))
    };
    for one in described {
        let Observation::Present(metadata) = one else { continue };
        let is_described = metadata.description() == Some(want.description.as_str());
        let may_be_tagged = few && !want.tags.is_empty();
        let looks_alike =
            is_described || may_be_tagged && carries(&tags(client, metadata.arn().unwrap_or_default()).await);
        if !looks_alike {
            continue;
        }
        if let Observation::Present(key) = complete(client, one.clone()).await {
            let fits = is_described && carries(&key.tags);
            if fits { found.fitting.push(key) } else { found.alike.push(key) }
        }
    }
    Ok(found)
}

async fn aliased_keys(client: &Regional) -> Result<BTreeSet<String>, Refusal> {
    let (kms, _permit) = client.kms.acquire().await;
    let mut pages = kms.list_aliases().into_paginator().send();
    let mut found = BTreeSet::new();
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => {
                found.extend(page.aliases().iter().filter_map(|one| one.target_key_id()).map(str::to_owned))
            }
            Err(error) => return Err(unreadable(Read::ListAliases, &error)),
        }
    }
    Ok(found)
}

async fn all_keys(client: &Regional) -> Result<Vec<(String, String)>, Refusal> {
    let (kms, _permit) = client.kms.acquire().await;
    let mut pages = kms.list_keys().into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => found.extend(page.keys().iter().map(|one| {
                (one.key_id().unwrap_or_default().to_owned(), one.key_arn().unwrap_or_default().to_owned())
            })),
            Err(error) => return Err(unreadable(Read::ListKeys, &error)),
        }
    }
    Ok(found)
}
