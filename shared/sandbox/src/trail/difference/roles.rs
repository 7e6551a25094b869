//! Calls about roles.

use serde_json::{Value, json};

use super::calls::{Calls, tags};
use crate::iam::role_in_full;
use crate::partition::global_region;
use crate::service::Service;
use crate::state::{Account, Role, Tags};

/// The roles that are not there any more. One of the same name at another path or made at another time is another one.
pub(super) fn gone<'a>(before: &'a Account, after: &'a Account) -> impl Iterator<Item = &'a Role> {
    before
        .iam
        .roles
        .iter()
        .filter(|(name, old)| after.iam.roles.get(*name).is_none_or(|new| is_other(old, new)))
        .map(|(_, old)| old)
}

fn is_other(old: &Role, new: &Role) -> bool {
    (&old.id, &old.arn, old.created) != (&new.id, &new.arn, new.created)
}

fn call(calls: &mut Calls<'_>, role: &Role, operation: &str, mut params: Value) {
    params["RoleName"] = role.name.clone().into();
    calls.call(Service::Iam, region(role), operation, params);
}

/// A region of the partition that the role belongs to, which is all that matters of it.
fn region(role: &Role) -> &'static str {
    global_region(role.arn.split(':').nth(1).unwrap_or_default())
}

pub(super) fn take_away(calls: &mut Calls<'_>, before: &Account, after: &Account) {
    for role in gone(before, after) {
        for arn in &role.attached {
            call(calls, role, "DetachRolePolicy", json!({ "PolicyArn": arn }));
        }
        for name in role.inline.keys() {
            call(calls, role, "DeleteRolePolicy", json!({ "PolicyName": name }));
        }
        call(calls, role, "DeleteRole", json!({}));
    }
}

pub(super) fn make(calls: &mut Calls<'_>, before: &Account, after: &Account) {
    for (name, new) in &after.iam.roles {
        match before.iam.roles.get(name).filter(|old| !is_other(old, new)) {
            Some(old) => change(calls, old, new),
            None => {
                let fresh = Role { attached: Vec::new(), inline: Default::default(), ..new.clone() };
                create(calls, &fresh);
                change(calls, &fresh, new);
            }
        }
    }
}

fn create(calls: &mut Calls<'_>, role: &Role) {
    let params = json!({
        "RoleName": role.name,
        "Path": role.path,
        "AssumeRolePolicyDocument": role.trust,
        "Description": role.description,
        "MaxSessionDuration": role.max_session,
        "PermissionsBoundary": role.boundary,
        "Tags": (!role.tags.is_empty()).then(|| pairs(role.tags.iter())),
    });
    calls.answered(Service::Iam, region(role), "CreateRole", params, json!({ "Role": role_in_full(role) }));
}

fn pairs<'a>(tags: impl Iterator<Item = (&'a String, &'a String)>) -> Value {
    tags.map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}

fn change(calls: &mut Calls<'_>, old: &Role, new: &Role) {
    // What identifies the role, its path with it, is the same in both.
    let Role {
        name: _,
        path: _,
        id: _,
        arn: _,
        created: _,
        trust,
        description,
        max_session,
        // Who uses a role is told by what they do with it.
        last_used: _,
        boundary,
        tags: new_tags,
        attached,
        inline,
    } = new;
    if !calls.is_same_policy(&old.trust, trust) {
        call(calls, new, "UpdateAssumeRolePolicy", json!({ "PolicyDocument": trust }));
    }
    if (&old.description, old.max_session) != (description, *max_session) {
        let params = json!({ "Description": description, "MaxSessionDuration": max_session });
        call(calls, new, "UpdateRole", params);
    }
    for arn in old.attached.iter().filter(|arn| !attached.contains(arn)) {
        call(calls, new, "DetachRolePolicy", json!({ "PolicyArn": arn }));
    }
    for arn in attached.iter().filter(|arn| !old.attached.contains(arn)) {
        call(calls, new, "AttachRolePolicy", json!({ "PolicyArn": arn }));
    }
    for name in old.inline.keys().filter(|name| !inline.contains_key(*name)) {
        call(calls, new, "DeleteRolePolicy", json!({ "PolicyName": name }));
    }
    for (name, document) in inline.iter().filter(|(name, document)| old.inline.get(*name) != Some(document)) {
        call(calls, new, "PutRolePolicy", json!({ "PolicyName": name, "PolicyDocument": document }));
    }
    match boundary {
        _ if old.boundary == *boundary => {}
        Some(arn) => call(calls, new, "PutRolePermissionsBoundary", json!({ "PermissionsBoundary": arn })),
        None => call(calls, new, "DeleteRolePermissionsBoundary", json!({})),
    }
    change_tags(calls, new, &old.tags, new_tags);
}

fn change_tags(calls: &mut Calls<'_>, role: &Role, old: &Tags, new: &Tags) {
    let (set, removed) = tags(old, new);
    if !set.is_empty() {
        call(calls, role, "TagRole", json!({ "Tags": pairs(set.into_iter()) }));
    }
    if !removed.is_empty() {
        call(calls, role, "UntagRole", json!({ "TagKeys": removed }));
    }
}
