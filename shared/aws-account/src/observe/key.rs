//! Reads one key: what it is, and what DescribeKey does not tell.

use aws_sdk_kms::types::{KeyManagerType, KeyMetadata, MultiRegionKeyType};
use futures_util::future::join3;
use reconcile::desired::Tags;
use reconcile::read::{Read, Refusal};
use reconcile::state::{Grant, Key, KeyState, MultiRegion, Observation, Rotation};

use super::backup::moment;
use crate::clients::Regional;
use crate::error::failed;

const NOT_FOUND: &[&str] = &["NotFoundException"];
/// What KMS answers about the policy of AWS RAM where there is none, or where it does not know it yet: it is newer than some regions.
const NOT_SHARED: &[&str] = &["NotFoundException", "ValidationException", "UnsupportedOperationException"];

/// Takes a key id, a key ARN or an alias.
pub(super) async fn describe(client: &Regional, key: &str) -> Observation<KeyMetadata> {
    let (kms, _permit) = client.kms.acquire().await;
    match kms.describe_key().key_id(key).send().await {
        Err(error) => failed(Read::DescribeKey, &error, NOT_FOUND),
        Ok(answer) => match answer.key_metadata() {
            Some(metadata) => Observation::Present(metadata.clone()),
            None => {
                Observation::Unreadable(Refusal::incomplete(Read::DescribeKey, "the answer holds no key"))
            }
        },
    }
}

/// Adds what DescribeKey does not tell: rotation, tags and policy.
pub(super) async fn complete(client: &Regional, described: Observation<KeyMetadata>) -> Observation<Key> {
    let metadata = match described {
        Observation::Present(metadata) => metadata,
        Observation::Absent => return Observation::Absent,
        Observation::Unreadable(why) => return Observation::Unreadable(why),
    };
    let arn = metadata.arn().unwrap_or_default().to_owned();
    let customer_managed = metadata.key_manager() != Some(&KeyManagerType::Aws);
    // An AWS managed key is not ours to set, and most of its attributes are not ours to read.
    let ((rotation, tags, grants), policy, shared) = if customer_managed {
        let own = join3(rotation(client, &arn), tags(client, &arn), grants(client, &arn));
        let policy = policy(client, &arn, "default", &[]);
        // A key that is not shared has no such policy.
        join3(own, policy, self::policy(client, &arn, "AWS_RAM", NOT_SHARED)).await
    } else {
        let nothing = (Observation::Absent, Observation::Absent, Observation::Absent);
        (nothing, Observation::Absent, Observation::Absent)
    };
    Observation::Present(Key {
        state: state(&metadata),
        spec: metadata.key_spec().map_or("", |spec| spec.as_str()).to_owned(),
        usage: metadata.key_usage().map_or("", |usage| usage.as_str()).to_owned(),
        customer_managed,
        created: metadata.creation_date().and_then(moment),
        origin: metadata.origin().map_or("", |origin| origin.as_str()).to_owned(),
        valid_to: metadata.valid_to().and_then(moment),
        multi_region: multi_region(&metadata),
        description: metadata.description().unwrap_or_default().to_owned(),
        rotation,
        policy,
        shared,
        grants,
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
        "PendingReplicaDeletion" => KeyState::PendingReplicaDeletion,
        "PendingImport" => KeyState::PendingImport,
        "Unavailable" => KeyState::Unavailable,
        "Creating" => KeyState::Creating,
        "Updating" => KeyState::Updating,
        other => KeyState::Other(other.to_owned()),
    }
}

fn multi_region(metadata: &KeyMetadata) -> MultiRegion {
    let kind = metadata.multi_region_configuration().and_then(|config| config.multi_region_key_type());
    match (metadata.multi_region(), kind) {
        (Some(true), Some(MultiRegionKeyType::Replica)) => MultiRegion::Replica,
        (Some(true), _) => MultiRegion::Primary,
        (Some(false) | None, _) => MultiRegion::No,
    }
}

/// Grants are many on keys that other services use as well. Where there are more, those of other accounts may be among the rest.
const MOST_PAGES_OF_GRANTS: usize = 20;

async fn grants(client: &Regional, arn: &str) -> Observation<Vec<Grant>> {
    let (kms, _permit) = client.kms.acquire().await;
    let mut pages = kms.list_grants().key_id(arn).limit(100).into_paginator().send();
    let mut found = Vec::new();
    for _ in 0..MOST_PAGES_OF_GRANTS {
        match pages.next().await {
            None => return Observation::Present(found),
            Some(Ok(page)) => found.extend(page.grants().iter().map(|grant| Grant {
                id: grant.grant_id().unwrap_or_default().to_owned(),
                grantee: grant.grantee_principal().unwrap_or_default().to_owned(),
                operations: grant.operations().iter().map(|one| one.as_str().to_owned()).collect(),
            })),
            Some(Err(error)) => return failed(Read::ListGrants, &error, &[]),
        }
    }
    let message = format!("more than {} grants, and not all were read", found.len());
    Observation::Unreadable(Refusal::incomplete(Read::ListGrants, &message))
}

async fn rotation(client: &Regional, arn: &str) -> Observation<Rotation> {
    let (kms, _permit) = client.kms.acquire().await;
    match kms.get_key_rotation_status().key_id(arn).send().await {
        // Keys that cannot rotate at all are told by their spec.
        Err(error) => failed(Read::GetKeyRotationStatus, &error, &["UnsupportedOperationException"]),
        Ok(answer) => Observation::Present(Rotation {
            enabled: answer.key_rotation_enabled(),
            period_days: answer.rotation_period_in_days().and_then(|days| u32::try_from(days).ok()),
        }),
    }
}

pub(super) async fn tags(client: &Regional, arn: &str) -> Observation<Tags> {
    let (kms, _permit) = client.kms.acquire().await;
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

async fn policy(client: &Regional, arn: &str, name: &str, absent: &[&str]) -> Observation<String> {
    let (kms, _permit) = client.kms.acquire().await;
    match kms.get_key_policy().key_id(arn).policy_name(name).send().await {
        Err(error) => failed(Read::GetKeyPolicy, &error, absent),
        Ok(answer) => Observation::Present(answer.policy().unwrap_or_default().to_owned()),
    }
}
