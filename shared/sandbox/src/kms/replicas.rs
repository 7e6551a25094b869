//! Multi-Region keys: replicas of a primary key in other regions.

use serde_json::json;
use time::Duration;

use super::find::key_for;
use super::making::replica;
use super::metadata::metadata;
use super::states::Use;
use super::{policies, tags};
use crate::error::AwsError;
use crate::operation::Answer;
use crate::partition::partition;
use crate::request::{Request, without_nulls};
use crate::state::{Account, Transition};

/// The guide says a few seconds.
const MAKING: Duration = Duration::seconds(5);

pub(super) fn replicate(account: &mut Account, request: &Request) -> Answer {
    let given = tags::checked(request.list("Tags"))?;
    let there = request.required("ReplicaRegion")?.to_owned();
    let primary = key_for(account.region(&request.region), request, Use::Replicate)?.clone();
    let unsupported = |why: &str| Err(AwsError::bad("UnsupportedOperationException", why));
    let Some(replication) = &primary.replication else {
        return unsupported("Only multi-Region keys can be replicated");
    };
    if primary.is_replica() {
        return unsupported("Only a primary key can be replicated");
    }
    if there == request.region || partition(&there) != partition(&request.region) {
        return Err(request.invalid("ReplicaRegion must be another region of the same partition"));
    }
    let mut regions = replication.clone();
    regions.replicas.insert(there.clone());
    let (region, iam) = account.with_iam(&there);
    if region.kms.keys.contains_key(&primary.id) {
        let arn = region.arn("kms", &format!("key/{}", primary.id));
        return Err(AwsError::bad("AlreadyExistsException", format!("{arn} already exists")));
    }
    let policy = request.text("Policy").map(|text| policies::checked(text, request, iam)).transpose()?;
    let mut key = replica(&primary, region, request, policy, given);
    key.transition = Some(Transition::Creating { until: request.now + MAKING });
    let answer = json!({
        "ReplicaKeyMetadata": metadata(&key, region),
        "ReplicaPolicy": key.policy,
        "ReplicaTags": (!key.tags.is_empty()).then(|| tags::listed(&key.tags)),
    });
    region.kms.keys.insert(key.id.clone(), key);
    for region in account.regions.values_mut() {
        if let Some(key) = region.kms.keys.get_mut(&primary.id) {
            key.replication = Some(regions.clone());
        }
    }
    Ok(without_nulls(answer))
}
