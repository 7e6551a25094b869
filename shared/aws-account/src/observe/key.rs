//! Reads one key: what it is, and what DescribeKey does not tell.

use aws_sdk_kms::types::{KeyManagerType, KeyMetadata};
use futures_util::future::join3;
use reconcile::desired::Tags;
use reconcile::read::{Read, Refusal};
use reconcile::state::{Key, KeyState, Observation, Rotation};

use super::backup::moment;
use crate::clients::Regional;
use crate::error::failed;

const NOT_FOUND: &[&str] = &["NotFoundException"];

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

async fn tags(client: &Regional, arn: &str) -> Observation<Tags> {
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

async fn policy(client: &Regional, arn: &str, wanted: bool) -> Observation<String> {
    if !wanted {
        return Observation::Absent;
    }
    let (kms, _permit) = client.kms.acquire().await;
    match kms.get_key_policy().key_id(arn).policy_name("default").send().await {
        Err(error) => failed(Read::GetKeyPolicy, &error, &[]),
        Ok(answer) => Observation::Present(answer.policy().unwrap_or_default().to_owned()),
    }
}
