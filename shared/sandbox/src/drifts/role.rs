//! What happens to the role.

use serde_json::json;
use time::OffsetDateTime;

use crate::reference::FOR_BACKUP;
use crate::state::{Account, Role};

type Outcome = Result<(), &'static str>;

fn role<'a>(account: &'a mut Account, name: &str) -> Result<&'a mut Role, &'static str> {
    account.iam.roles.get_mut(&name.to_lowercase()).ok_or("there is no such role")
}

pub(super) fn deleted(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    account.delete_role(name).map(|_| ()).ok_or("there is no such role")
}

pub(super) fn moved(account: &mut Account, name: &str, now: OffsetDateTime) -> Outcome {
    let old = account.delete_role(name).ok_or("there is no such role")?;
    let path = "/moved/".to_owned();
    let arn = old.arn.replace(&format!(":role{}", old.path), &format!(":role{path}"));
    let moved = Role { path, arn, created: now, ..old };
    account.iam.roles.insert(name.to_lowercase(), moved);
    Ok(())
}

pub(super) fn trust_changed(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "ec2.amazonaws.com" },
            "Action": "sts:AssumeRole",
        }],
    });
    role(account, name)?.trust = trust.to_string();
    Ok(())
}

pub(super) fn policy_detached(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    let attached = &mut role(account, name)?.attached;
    let at = attached.iter().position(|arn| arn == FOR_BACKUP).ok_or("the policy is not attached")?;
    attached.remove(at);
    Ok(())
}

pub(super) fn policy_added(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    let denial = "arn:aws:iam::aws:policy/AWSDenyAll".to_owned();
    let attached = &mut role(account, name)?.attached;
    if attached.contains(&denial) {
        return Err("the policy is attached already");
    }
    attached.push(denial);
    Ok(())
}

pub(super) fn inline_added(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    let denial = json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Deny", "Action": "backup:*", "Resource": "*" }],
    });
    role(account, name)?.inline.insert("quarantine".to_owned(), denial.to_string());
    Ok(())
}

pub(super) fn boundary_set(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    role(account, name)?.boundary = Some("arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned());
    Ok(())
}

pub(super) fn untagged(account: &mut Account, name: &str, _: OffsetDateTime) -> Outcome {
    role(account, name)?.tags.clear();
    Ok(())
}
