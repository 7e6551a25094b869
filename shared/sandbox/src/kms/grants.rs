//! Grants.

use serde_json::{Value, json};

use super::find::{key, key_for};
use super::states::Use;
use crate::clock::epoch;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::page::{self, Paging};
use crate::partition::partition;
use crate::request::{Request, without_nulls};
use crate::state::{Account, Grant, Iam, Key, Region};

const OPERATIONS: [&str; 19] = [
    "Decrypt",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "ReEncryptFrom",
    "ReEncryptTo",
    "Sign",
    "Verify",
    "GetPublicKey",
    "CreateGrant",
    "RetireGrant",
    "DescribeKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateMac",
    "VerifyMac",
    "DeriveSharedSecret",
    "Encapsulate",
    "Decapsulate",
];

/// An account is answered as its root; a role of this account has to exist.
fn principal(name: &str, request: &Request, iam: &Iam) -> Result<Option<String>, AwsError> {
    let Some(given) = request.text(name) else { return Ok(None) };
    if given.len() == 12 && given.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(Some(format!("arn:{}:iam::{given}:root", partition(&request.region))));
    }
    let own_role = given.contains(&format!(":iam::{}:role/", request.account));
    let is_arn = given.starts_with("arn:") && (given.contains(":iam::") || given.contains(":sts::"));
    match is_arn && !(own_role && iam.role_by_arn(given).is_none()) {
        true => Ok(Some(given.to_owned())),
        false => {
            let why = format!("ARN does not refer to a valid principal: {given}");
            Err(AwsError::bad("InvalidArnException", why))
        }
    }
}

pub(super) fn create(account: &mut Account, request: &Request) -> Answer {
    let iam = account.iam.clone();
    let region = account.region(&request.region);
    let grantee = principal("GranteePrincipal", request, &iam)?;
    let retiring = principal("RetiringPrincipal", request, &iam)?;
    let grantee = grantee.ok_or_else(|| request.missing("GranteePrincipal"))?;
    let operations: Vec<String> =
        request.list("Operations").iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if operations.is_empty() || operations.iter().any(|one| !OPERATIONS.contains(&one.as_str())) {
        return Err(request.invalid(format!("Operations must be some of {OPERATIONS:?}")));
    }
    key_for(region, request, Use::CreateGrant)?;
    refuse_dry_run(request)?;
    let hex = |region: &mut Region| format!("{}{}", region.ids.uuid(), region.ids.uuid()).replace('-', "");
    let (id, token) = (hex(region), hex(region));
    let issuer = format!("arn:{}:iam::{}:root", partition(&request.region), request.account);
    let grant = Grant {
        id,
        tokens: Vec::new(),
        name: request.text("Name").map(str::to_owned),
        created: request.now,
        grantee,
        retiring,
        issuer,
        operations,
        constraints: request.value("Constraints").cloned().unwrap_or(Value::Null),
    };
    let key = key(region, request)?;
    // With a name the same grant is made once, and given out with another token.
    let same = key.grants.values().find(|other| grant.name.is_some() && is_same(other, &grant));
    let id = same.map_or_else(|| grant.id.clone(), |same| same.id.clone());
    key.grants.entry(id.clone()).or_insert(grant).tokens.push(token.clone());
    Ok(json!({ "GrantToken": token, "GrantId": id }))
}

fn is_same(left: &Grant, right: &Grant) -> bool {
    let terms = |grant: &Grant| {
        let Grant { id: _, tokens: _, created: _, name, grantee, retiring, issuer, operations, constraints } =
            grant.clone();
        (name, grantee, retiring, issuer, operations, constraints)
    };
    terms(left) == terms(right)
}

fn refuse_dry_run(request: &Request) -> Result<(), AwsError> {
    let message = "The request would have succeeded, but the DryRun option is set.";
    match request.flag("DryRun") {
        true => Err(AwsError::bad("DryRunOperationException", message)),
        false => Ok(()),
    }
}

pub(super) fn list(account: &mut Account, request: &Request) -> Answer {
    let key = key(account.region(&request.region), request)?;
    let (id, grantee) = (request.text("GrantId"), request.text("GranteePrincipal"));
    let wanted = |grant: &&Grant| {
        id.is_none_or(|id| id == grant.id) && grantee.is_none_or(|grantee| grantee == grant.grantee)
    };
    let items = key.grants.values().filter(wanted).map(|grant| (grant.id.clone(), member(key, grant)));
    let page = request.page(items.collect(), &Paging { max: 100, ..page::KMS })?;
    Ok(without_nulls(
        json!({ "Grants": page.items, "Truncated": page.next.is_some(), "NextMarker": page.next }),
    ))
}

fn member(key: &Key, grant: &Grant) -> Value {
    json!({
        "KeyId": key.arn,
        "GrantId": grant.id,
        "Name": grant.name,
        "CreationDate": epoch(grant.created),
        "GranteePrincipal": grant.grantee,
        "RetiringPrincipal": grant.retiring,
        "IssuingAccount": grant.issuer,
        "Operations": grant.operations,
        "Constraints": grant.constraints,
    })
}

/// What KMS answers for an id that has the right form and is nobody's is not said; one of another form is not valid.
fn no_such_grant(id: &str) -> AwsError {
    match id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => AwsError::bad("NotFoundException", format!("Grant ID {id} not found")),
        false => AwsError::bad("InvalidGrantIdException", format!("Grant ID {id} is not valid")),
    }
}

fn take(key: &mut Key, request: &Request) -> Answer {
    let id = request.required("GrantId")?;
    if !key.grants.contains_key(id) {
        return Err(no_such_grant(id));
    }
    refuse_dry_run(request)?;
    key.grants.remove(id);
    Ok(Value::Null)
}

pub(super) fn revoke(account: &mut Account, request: &Request) -> Answer {
    take(key(account.region(&request.region), request)?, request)
}

/// By its token alone, or by the key and the grant's id.
pub(super) fn retire(account: &mut Account, request: &Request) -> Answer {
    let region = account.region(&request.region);
    let Some(token) = request.text("GrantToken") else { return take(key(region, request)?, request) };
    let known = |grant: &Grant| grant.tokens.iter().any(|one| one == token);
    let key = region.kms.keys.values_mut().find(|key| key.grants.values().any(known));
    let key =
        key.ok_or_else(|| AwsError::bad("InvalidGrantTokenException", "The grant token is not valid"))?;
    refuse_dry_run(request)?;
    key.grants.retain(|_, grant| !known(grant));
    Ok(Value::Null)
}
