//! What happens to the role.

use sandbox::state::Role;
use sandbox::{Change, Service};
use serde_json::{Value, json};

use super::named::Outcome;
use crate::reference::{FOR_BACKUP, PRIMARY_REGION};

const NO_ROLE: &str = "there is no such role";

fn call(change: &mut Change<'_>, name: &str, operation: &str, mut params: Value) -> Outcome {
    params["RoleName"] = name.into();
    change.call(Service::Iam, PRIMARY_REGION, operation, params)?;
    Ok(())
}

pub(super) fn deleted(change: &mut Change<'_>, name: &str) -> Outcome {
    change.account.delete_role(name).ok_or(NO_ROLE)?;
    Ok(())
}

pub(super) fn moved(change: &mut Change<'_>, name: &str) -> Outcome {
    let old = change.account.delete_role(name).ok_or(NO_ROLE)?;
    let path = "/moved/".to_owned();
    let arn = old.arn.replace(&format!(":role{}", old.path), &format!(":role{path}"));
    let moved = Role { path, arn, created: change.now, ..old };
    change.account.iam.roles.insert(name.to_lowercase(), moved);
    Ok(())
}

pub(super) fn trust_changed(change: &mut Change<'_>, name: &str) -> Outcome {
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "ec2.amazonaws.com" },
            "Action": "sts:AssumeRole",
        }],
    });
    call(change, name, "UpdateAssumeRolePolicy", json!({ "PolicyDocument": trust.to_string() }))
}

/// Trust in AWS Backup on behalf of this account only.
fn narrow(change: &Change<'_>) -> Value {
    json!({
        "Effect": "Allow",
        "Principal": { "Service": "backup.amazonaws.com" },
        "Action": "sts:AssumeRole",
        "Condition": { "StringEquals": { "aws:SourceAccount": change.account.id } },
    })
}

fn trust(change: &mut Change<'_>, name: &str, statements: Value) -> Outcome {
    let trust = json!({ "Version": "2012-10-17", "Statement": statements });
    call(change, name, "UpdateAssumeRolePolicy", json!({ "PolicyDocument": trust.to_string() }))
}

pub(super) fn trust_narrowed(change: &mut Change<'_>, name: &str) -> Outcome {
    let narrow = narrow(change);
    trust(change, name, json!([narrow]))
}

pub(super) fn trust_narrowed_and_opened(change: &mut Change<'_>, name: &str) -> Outcome {
    let narrow = narrow(change);
    let theirs =
        json!({ "Effect": "Allow", "Principal": { "AWS": "999999999999" }, "Action": "sts:AssumeRole" });
    trust(change, name, json!([narrow, theirs]))
}

pub(super) fn policy_detached(change: &mut Change<'_>, name: &str) -> Outcome {
    call(change, name, "DetachRolePolicy", json!({ "PolicyArn": FOR_BACKUP }))
}

pub(super) fn policy_added(change: &mut Change<'_>, name: &str) -> Outcome {
    call(change, name, "AttachRolePolicy", json!({ "PolicyArn": "arn:aws:iam::aws:policy/AWSDenyAll" }))
}

pub(super) fn inline_added(change: &mut Change<'_>, name: &str) -> Outcome {
    let denial = json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Deny", "Action": "backup:*", "Resource": "*" }],
    });
    let policy = json!({ "PolicyName": "quarantine", "PolicyDocument": denial.to_string() });
    call(change, name, "PutRolePolicy", policy)
}

pub(super) fn boundary_set(change: &mut Change<'_>, name: &str) -> Outcome {
    let boundary = json!({ "PermissionsBoundary": "arn:aws:iam::aws:policy/ReadOnlyAccess" });
    call(change, name, "PutRolePermissionsBoundary", boundary)
}

pub(super) fn untagged(change: &mut Change<'_>, name: &str) -> Outcome {
    change.account.iam.role(name).ok_or(NO_ROLE)?.tags.clear();
    Ok(())
}
