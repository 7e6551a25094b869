//! How keys are made.

use serde_json::json;
use time::OffsetDateTime;

use super::metadata::metadata;
use super::{policies, tags};
use crate::error::AwsError;
use crate::operation::Answer;
use crate::partition::partition;
use crate::request::Request;
use crate::state::{Account, Alias, Key, Origin, Region, Replication, Tags};

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

/// A plain symmetric key, not yet in the region.
fn plain(region: &mut Region, now: OffsetDateTime, description: &str, tags: Tags) -> Key {
    let id = region.ids.uuid();
    Key {
        arn: region.arn("kms", &format!("key/{id}")),
        id,
        created: now,
        description: description.to_owned(),
        spec: "SYMMETRIC_DEFAULT".to_owned(),
        usage: "ENCRYPT_DECRYPT".to_owned(),
        manager: "CUSTOMER",
        origin: Origin::Kms,
        replication: None,
        enabled: true,
        reachable: true,
        transition: None,
        pending: None,
        rotation: None,
        policy: default_policy(&region.name, &region.account),
        ram_policy: None,
        grants: Default::default(),
        tags,
    }
}

/// The ARN of the key that AWS Backup makes for itself on first use.
pub(crate) fn managed_key(region: &mut Region, now: OffsetDateTime) -> String {
    const NAME: &str = "alias/aws/backup";
    if let Some(alias) = region.kms.aliases.get(NAME) {
        return region.arn("kms", &format!("key/{}", alias.target));
    }
    let description = "Default key that protects my backups when no other key is defined";
    let key = Key { manager: "AWS", ..plain(region, now, description, Tags::new()) };
    let alias = Alias {
        name: NAME.to_owned(),
        arn: region.arn("kms", NAME),
        target: key.id.clone(),
        created: now,
        updated: now,
    };
    region.kms.aliases.insert(NAME.to_owned(), alias);
    let arn = key.arn.clone();
    region.kms.keys.insert(key.id.clone(), key);
    arn
}

pub(super) fn create(account: &mut Account, request: &Request) -> Answer {
    let given = tags::checked(request.list("Tags"))?;
    let (spec, usage) = spec_and_usage(request)?;
    let origin = origin(request)?;
    let multi_region = request.flag("MultiRegion");
    if origin.store().is_some() && (multi_region || spec != "SYMMETRIC_DEFAULT") {
        let why = "Custom key stores hold symmetric single-Region keys only";
        return Err(AwsError::bad("UnsupportedOperationException", why));
    }
    let (region, iam) = account.with_iam(&request.region);
    let policy = request.text("Policy").map(|text| policies::checked(text, request, iam)).transpose()?;
    let mut key = plain(region, request.now, request.text("Description").unwrap_or_default(), given);
    if multi_region {
        key.id = format!("mrk-{}", key.id.replace('-', ""));
        key.arn = region.arn("kms", &format!("key/{}", key.id));
        key.replication = Some(Replication { primary: region.name.clone(), replicas: Default::default() });
    }
    key.spec = spec.to_owned();
    key.usage = usage.to_owned();
    key.origin = origin;
    key.policy = policy.unwrap_or(key.policy);
    let answer = json!({ "KeyMetadata": metadata(&key, region) });
    region.kms.keys.insert(key.id.clone(), key);
    Ok(answer)
}

/// What a key is for has to suit its kind, and only for symmetric keys it need not be said.
fn spec_and_usage(request: &Request) -> Result<(&str, &str), AwsError> {
    let spec = request.text("KeySpec").or_else(|| request.text("CustomerMasterKeySpec"));
    let spec = spec.unwrap_or("SYMMETRIC_DEFAULT");
    let usages: &[&str] = match spec.split('_').next() {
        Some("SYMMETRIC") => &["ENCRYPT_DECRYPT"],
        Some("RSA") => &["ENCRYPT_DECRYPT", "SIGN_VERIFY"],
        Some("ECC") if spec == "ECC_SECG_P256K1" => &["SIGN_VERIFY"],
        Some("ECC") => &["SIGN_VERIFY", "KEY_AGREEMENT"],
        Some("HMAC") => &["GENERATE_VERIFY_MAC"],
        Some("SM2") => &["ENCRYPT_DECRYPT", "SIGN_VERIFY", "KEY_AGREEMENT"],
        Some("ML") => &["SIGN_VERIFY"],
        _ => return Err(request.invalid(format!("KeySpec {spec} is not one of KMS's"))),
    };
    let usage = match request.text("KeyUsage") {
        Some(usage) => usage,
        None if spec == "SYMMETRIC_DEFAULT" => "ENCRYPT_DECRYPT",
        None => return Err(request.invalid("You must specify a KeyUsage value for this KeySpec")),
    };
    match usages.contains(&usage) {
        true => Ok((spec, usage)),
        false => Err(request.invalid(format!("KeyUsage {usage} is not compatible with KeySpec {spec}"))),
    }
}

/// There are no operations on key stores here: any id is one that exists and is connected.
fn origin(request: &Request) -> Result<Origin, AwsError> {
    let store = request.text("CustomKeyStoreId").map(str::to_owned);
    let named = || store.clone().ok_or_else(|| request.missing("CustomKeyStoreId"));
    match request.text("Origin").unwrap_or("AWS_KMS") {
        "AWS_CLOUDHSM" => named().map(Origin::CloudHsm),
        "EXTERNAL_KEY_STORE" => {
            request.required("XksKeyId")?;
            named().map(Origin::ExternalKeyStore)
        }
        _ if store.is_some() => Err(request.invalid("CustomKeyStoreId needs an Origin that has key stores")),
        "AWS_KMS" => Ok(Origin::Kms),
        "EXTERNAL" => Ok(Origin::External { imported: false, valid_to: None }),
        other => Err(request.invalid(format!("Origin {other} is not one of KMS's"))),
    }
}

/// A key of the same material in another region, with what is its own.
pub(super) fn replica(
    primary: &Key,
    region: &Region,
    request: &Request,
    policy: Option<String>,
    tags: Tags,
) -> Key {
    let mut regions = primary.replication.clone();
    if let Some(replication) = &mut regions {
        replication.replicas.insert(region.name.clone());
    }
    let origin = match &primary.origin {
        // Its material has to be imported once more.
        Origin::External { .. } => Origin::External { imported: false, valid_to: None },
        other @ (Origin::Kms | Origin::CloudHsm(_) | Origin::ExternalKeyStore(_)) => other.clone(),
    };
    Key {
        arn: region.arn("kms", &format!("key/{}", primary.id)),
        created: request.now,
        description: request.text("Description").unwrap_or_default().to_owned(),
        origin,
        replication: regions,
        enabled: true,
        reachable: true,
        transition: None,
        pending: None,
        rotation: None,
        policy: policy.unwrap_or_else(|| default_policy(&region.name, &region.account)),
        ram_policy: None,
        grants: Default::default(),
        tags,
        ..primary.clone()
    }
}
