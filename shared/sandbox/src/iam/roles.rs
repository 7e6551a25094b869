//! Roles: their trust policy, path, boundary and life.

use serde_json::{Value, json};

use super::find::{is_name, malformed, no_such_entity, percent_encoded, role};
use super::policies::is_attachable;
use super::tags;
use crate::clock::iso;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::page;
use crate::partition::partition;
use crate::policy;
use crate::request::{Request, without_nulls};
use crate::state::{Account, Iam, Role};

/// A trust policy names who may assume the role and, being attached to it, names no resource.
fn checked_trust(text: &str, request: &Request, iam: &Iam) -> Result<String, AwsError> {
    let document =
        policy::parse(text).map_err(|why| malformed(format!("This policy is not valid: {why}")))?;
    for statement in policy::statements(&document) {
        if statement.get("Resource").is_some() {
            return Err(malformed("Has prohibited field Resource"));
        }
        if statement.get("Principal").is_none() && statement.get("NotPrincipal").is_none() {
            return Err(malformed("Missing required field Principal"));
        }
    }
    match policy::unknown_principal(&document, &request.account, iam) {
        Some(principal) => Err(malformed(format!("Invalid principal in policy: \"AWS\":\"{principal}\""))),
        None => Ok(text.to_owned()),
    }
}

pub(super) fn create(account: &mut Account, request: &Request) -> Answer {
    let name = request.required("RoleName")?;
    if !is_name(name, 64) {
        return Err(request.invalid(format!("RoleName {name} must be 1 to 64 letters, digits or _+=,.@-")));
    }
    let path = request.text("Path").unwrap_or("/");
    if !(path.starts_with('/') && path.ends_with('/')) {
        return Err(request.invalid(format!("Path {path} must begin and end with /")));
    }
    let max_session = request.integer("MaxSessionDuration")?.unwrap_or(3600);
    if !(3600..=43_200).contains(&max_session) {
        return Err(request.invalid(format!("MaxSessionDuration is {max_session}; it must be 3600 to 43200")));
    }
    let given = request.required("AssumeRolePolicyDocument")?;
    let trust = checked_trust(given, request, &account.iam)?;
    let tags = tags::checked(request)?;
    let boundary = request.text("PermissionsBoundary").map(|arn| checked_boundary(arn, account, request));
    let boundary = boundary.transpose()?;
    if account.iam.roles.contains_key(&name.to_lowercase()) {
        return Err(AwsError::new(
            409,
            "EntityAlreadyExists",
            format!("Role with name {name} already exists."),
        ));
    }
    let role = Role {
        name: name.to_owned(),
        path: path.to_owned(),
        // A role made again is another role: policies that named the old one stay stale.
        id: account.iam.ids.unique("AROA"),
        arn: format!("arn:{}:iam::{}:role{path}{name}", partition(&request.region), account.id),
        created: request.now,
        trust,
        description: request.text("Description").map(str::to_owned),
        max_session,
        last_used: None,
        boundary,
        tags,
        attached: Vec::new(),
        inline: Default::default(),
    };
    let answer = json!({ "Role": full(&role) });
    account.iam.roles.insert(name.to_lowercase(), role);
    Ok(answer)
}

/// A managed policy of AWS or of this account.
fn checked_boundary(arn: &str, account: &Account, request: &Request) -> Result<String, AwsError> {
    let refused = || no_such_entity(format!("Scope ARN: {arn} does not exist or is not attachable."));
    if is_attachable(arn, account, request) { Ok(arn.to_owned()) } else { Err(refused()) }
}

fn brief(role: &Role) -> Value {
    without_nulls(json!({
        "Path": role.path,
        "RoleName": role.name,
        "RoleId": role.id,
        "Arn": role.arn,
        "CreateDate": iso(role.created),
        "AssumeRolePolicyDocument": percent_encoded(&role.trust),
        "Description": role.description,
        "MaxSessionDuration": role.max_session,
    }))
}

/// Boundary and tags come with GetRole, not with ListRoles.
pub(crate) fn full(role: &Role) -> Value {
    let mut answer = brief(role);
    if let Some(arn) = &role.boundary {
        answer["PermissionsBoundary"] =
            json!({ "PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn });
    }
    if !role.tags.is_empty() {
        answer["Tags"] = role.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
    }
    // Empty for a role that nobody has used.
    answer["RoleLastUsed"] = role
        .last_used
        .as_ref()
        .map_or_else(|| json!({}), |last| json!({ "LastUsedDate": iso(last.date), "Region": last.region }));
    answer
}

pub(super) fn read(account: &mut Account, request: &Request) -> Answer {
    role(account, request).map(|role| json!({ "Role": full(role) }))
}

pub(super) fn list(account: &mut Account, request: &Request) -> Answer {
    let prefix = request.text("PathPrefix").unwrap_or("/");
    let roles = account.iam.roles.iter().filter(|(_, role)| role.path.starts_with(prefix));
    let page = request.page(roles.map(|(key, role)| (key.clone(), brief(role))).collect(), &page::IAM)?;
    Ok(without_nulls(json!({ "Roles": page.items, "IsTruncated": page.next.is_some(), "Marker": page.next })))
}

pub(super) fn delete(account: &mut Account, request: &Request) -> Answer {
    let role = role(account, request)?;
    let conflict =
        |what| Err(AwsError::new(409, "DeleteConflict", format!("Cannot delete entity, must {what} first.")));
    if !role.attached.is_empty() {
        return conflict("detach all policies");
    }
    if !role.inline.is_empty() {
        return conflict("delete policies");
    }
    let name = role.name.clone();
    account.delete_role(&name);
    Ok(Value::Null)
}

pub(super) fn update_trust(account: &mut Account, request: &Request) -> Answer {
    role(account, request)?;
    let trust = checked_trust(request.required("PolicyDocument")?, request, &account.iam)?;
    role(account, request)?.trust = trust;
    Ok(Value::Null)
}

pub(super) fn put_boundary(account: &mut Account, request: &Request) -> Answer {
    let arn = checked_boundary(request.required("PermissionsBoundary")?, account, request)?;
    role(account, request)?.boundary = Some(arn);
    Ok(Value::Null)
}

pub(super) fn delete_boundary(account: &mut Account, request: &Request) -> Answer {
    let role = role(account, request)?;
    match role.boundary.take() {
        Some(_) => Ok(Value::Null),
        None => Err(no_such_entity(format!("Role {} has no permissions boundary.", role.name))),
    }
}
