//! Looks for a key that was made for an alias which then was not: only where neither the alias nor any vault names one, so
//! that a half-done creation is finished and not repeated.

use std::collections::BTreeSet;

use aws_sdk_kms::types::KeyManagerType;
use futures_util::future::join_all;
use reconcile::desired::DesiredKey;
use reconcile::read::{Read, Refusal};
use reconcile::state::{Key, Observation};

use super::key::{complete, describe};
use crate::clients::Regional;
use crate::error::{unreadable, whole};

/// Keys without an alias that are described at the most. Where there are more, none is taken: unsure is not written.
const MOST_CANDIDATES: usize = 200;

/// Customer keys without any alias that carry the spec's description and tags.
pub(super) async fn search(client: &Regional, want: &DesiredKey) -> Result<Vec<Key>, Refusal> {
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
    let mut found = Vec::new();
    for one in described {
        let fits = one.present().is_some_and(|metadata| {
            metadata.key_manager() == Some(&KeyManagerType::Customer)
                && metadata.description() == Some(want.description.as_str())
        });
        if !fits {
            continue;
        }
        if let Observation::Present(key) = complete(client, one).await
            && let Observation::Present(tags) = &key.tags
            && want.tags.iter().all(|(name, value)| tags.get(name) == Some(value))
        {
            found.push(key);
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
                let page = whole(Read::ListAliases, page.aliases)?;
                found.extend(page.iter().filter_map(|one| one.target_key_id()).map(str::to_owned));
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
            Ok(page) => found.extend(whole(Read::ListKeys, page.keys)?.iter().map(|one| {
                (one.key_id().unwrap_or_default().to_owned(), one.key_arn().unwrap_or_default().to_owned())
            })),
            Err(error) => return Err(unreadable(Read::ListKeys, &error)),
        }
    }
    Ok(found)
}
