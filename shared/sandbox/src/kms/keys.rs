//! Keys and their states: enabled, disabled, waiting for deletion, gone.

use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::find::{invalid_state, key, key_id_or_alias, no_such_key, usable_key};
use super::{policies, tags};
use crate::clock::epoch;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::page::{self, Paging};
use crate::partition::partition;
use crate::request::{Request, without_nulls};
use crate::state::{Account, Alias, Key, Pending, Region, Tags};

/// What KMS gives a key that is made through the API without a policy: the account's IAM decides.
pub(crate) fn default_policy(region: &str, account: &str) -> String {
    json!({
        "Version": "2012-10-17",
        "Id": "key-default-1",
        "Statement": [{
            "Sid": "Enable IAM User Permissions",
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:{}:iam::{account}:root", partition(region)) },
            "Action": "kms:*",
            "Resource": "*",
        }],
    })
    .to_string()
}

/// A plain symmetric key, put into the region.
fn new_key(region: &mut Region, now: OffsetDateTime, description: &str, tags: Tags) -> String {
    let id = region.ids.uuid();
    let key = Key {
        arn: region.arn("kms", &format!("key/{id}")),
        id: id.clone(),
        created: now,
        description: description.to_owned(),
        spec: "SYMMETRIC_DEFAULT".to_owned(),
        usage: "ENCRYPT_DECRYPT".to_owned(),
        manager: "CUSTOMER",
        multi_region: false,
        enabled: true,
        reachable: true,
        pending: None,
        rotation: None,
        policy: default_policy(&region.name, &region.account),
        tags,
    };
    region.kms.keys.insert(id.clone(), key);
    id
}

/// The ARN of the key that AWS Backup makes for itself on first use.
pub(crate) fn managed_key(region: &mut Region, now: OffsetDateTime) -> String {
    const NAME: &str = "alias/aws/backup";
    let known = region.kms.aliases.get(NAME).map(|alias| alias.target.clone());
    let id = known.unwrap_or_else(|| {
        let description = "Default key that protects my backups when no other key is defined";
        let id = new_key(region, now, description, Tags::new());
        if let Some(key) = region.kms.keys.get_mut(&id) {
            key.manager = "AWS";
        }
        let arn = region.arn("kms", NAME);
        let alias = Alias { name: NAME.to_owned(), arn, target: id.clone(), created: now, updated: now };
        region.kms.aliases.insert(NAME.to_owned(), alias);
        id
    });
    region.arn("kms", &format!("key/{id}"))
}

pub(super) fn create(account: &mut Account, request: &Request) -> Answer {
    let given = tags::checked(request.list("Tags"))?;
    let (region, iam) = account.with_iam(&request.region);
    let policy = request.text("Policy").map(|text| policies::checked(text, request, iam)).transpose()?;
    let id = new_key(region, request.now, request.text("Description").unwrap_or_default(), given);
    let mut key = region.kms.keys.remove(&id).ok_or_else(|| no_such_key(&id))?;
    if request.flag("MultiRegion") {
        key.id = format!("mrk-{}", id.replace('-', ""));
        key.arn = region.arn("kms", &format!("key/{}", key.id));
        key.multi_region = true;
    }
    if let Some(spec) = request.text("KeySpec").or_else(|| request.text("CustomerMasterKeySpec")) {
        key.spec = spec.to_owned();
    }
    if let Some(usage) = request.text("KeyUsage") {
        key.usage = usage.to_owned();
    }
    key.policy = policy.unwrap_or(key.policy);
    let answer = json!({ "KeyMetadata": metadata(&key, region) });
    region.kms.keys.insert(key.id.clone(), key);
    Ok(answer)
}

fn state(key: &Key) -> &'static str {
    match (key.pending.is_some(), key.reachable, key.enabled) {
        (true, _, _) => "PendingDeletion",
        (false, false, _) => "Unavailable",
        (false, true, true) => "Enabled",
        (false, true, false) => "Disabled",
    }
}

/// Neither aliases nor rotation, tags or policy are part of it.
pub(crate) fn metadata(key: &Key, region: &Region) -> Value {
    let symmetric = key.spec == "SYMMETRIC_DEFAULT";
    let multi_region = key.multi_region.then(|| {
        json!({
            "MultiRegionKeyType": "PRIMARY",
            "PrimaryKey": { "Arn": key.arn, "Region": region.name },
            "ReplicaKeys": [],
        })
    });
    without_nulls(json!({
        "AWSAccountId": region.account,
        "KeyId": key.id,
        "Arn": key.arn,
        "CreationDate": epoch(key.created),
        "Enabled": state(key) == "Enabled",
        "Description": key.description,
        "KeyUsage": key.usage,
        "KeyState": state(key),
        "DeletionDate": key.pending.map(|pending| epoch(pending.date)),
        "Origin": "AWS_KMS",
        "KeyManager": key.manager,
        "CustomerMasterKeySpec": key.spec,
        "KeySpec": key.spec,
        "EncryptionAlgorithms": symmetric.then(|| json!(["SYMMETRIC_DEFAULT"])),
        "MultiRegion": key.multi_region,
        "MultiRegionConfiguration": multi_region,
    }))
}

pub(super) fn describe(account: &mut Account, request: &Request) -> Answer {
    let region = account.region(&request.region);
    let id = key_id_or_alias(region, request.required("KeyId")?)?;
    let key = region.kms.keys.get(&id).ok_or_else(|| no_such_key(&id))?;
    Ok(json!({ "KeyMetadata": metadata(key, region) }))
}

pub(super) fn list(account: &mut Account, request: &Request) -> Answer {
    let keys = account.region(&request.region).kms.keys.values();
    let items = keys.map(|key| (key.id.clone(), json!({ "KeyId": key.id, "KeyArn": key.arn }))).collect();
    let page = request.page(items, &Paging { default: 100, ..page::KMS })?;
    Ok(without_nulls(
        json!({ "Keys": page.items, "Truncated": page.next.is_some(), "NextMarker": page.next }),
    ))
}

pub(super) fn enable(account: &mut Account, request: &Request) -> Answer {
    usable_key(account.region(&request.region), request)?.enabled = true;
    Ok(Value::Null)
}

pub(super) fn disable(account: &mut Account, request: &Request) -> Answer {
    usable_key(account.region(&request.region), request)?.enabled = false;
    Ok(Value::Null)
}

pub(super) fn update_description(account: &mut Account, request: &Request) -> Answer {
    let description = request.text("Description").ok_or_else(|| request.missing("Description"))?;
    usable_key(account.region(&request.region), request)?.description = description.to_owned();
    Ok(Value::Null)
}

pub(super) fn schedule_deletion(account: &mut Account, request: &Request) -> Answer {
    let days = request.integer("PendingWindowInDays")?.unwrap_or(30);
    if !(7..=30).contains(&days) {
        return Err(request.invalid(format!("PendingWindowInDays is {days}; it must be 7 to 30")));
    }
    let key = usable_key(account.region(&request.region), request)?;
    if key.manager == "AWS" {
        return Err(AwsError::bad("AccessDeniedException", format!("{} is managed by AWS", key.arn)));
    }
    let pending = Pending { date: request.now + Duration::days(days), days };
    key.pending = Some(pending);
    Ok(json!({
        "KeyId": key.arn,
        "DeletionDate": epoch(pending.date),
        "KeyState": state(key),
        "PendingWindowInDays": pending.days,
    }))
}

pub(super) fn cancel_deletion(account: &mut Account, request: &Request) -> Answer {
    let key = key(account.region(&request.region), request)?;
    if key.pending.is_none() {
        return Err(invalid_state(key, "is not pending deletion"));
    }
    // A rescued key is not enabled again: that takes a call of its own.
    key.pending = None;
    key.enabled = false;
    Ok(json!({ "KeyId": key.arn }))
}
