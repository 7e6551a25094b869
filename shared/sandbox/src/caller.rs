//! Who an actor is to IAM: the role behind a session with its path and its id, if the account has it.

use crate::policy::Caller;
use crate::state::Iam;
use crate::trail::Actor;

/// The caller that an actor is, in the account whose roles these are.
pub(crate) fn caller(actor: &Actor, iam: &Iam) -> Caller {
    let role = actor.role().and_then(|name| iam.roles.get(&name.to_lowercase()));
    let role = role.filter(|role| role.arn.split(':').nth(4) == Some(actor.account()));
    let user_id = match (role, actor.session_name()) {
        (Some(role), Some(session)) => format!("{}:{session}", role.id),
        _ => actor.principal_id(),
    };
    Caller {
        session: actor.arn.clone(),
        principal: role.map_or_else(|| actor.principal_arn(), |role| role.arn.clone()),
        account: actor.account().to_owned(),
        id: user_id.split(':').next().unwrap_or_default().to_owned(),
        user_id,
        kind: actor.kind(),
        user: actor.user().map(str::to_owned),
    }
}

/// A role at work for a service, by its ARN.
pub(crate) fn caller_of_role(arn: &str, iam: &Iam) -> Caller {
    let account = arn.split(':').nth(4).unwrap_or_default();
    let id = iam.role_by_arn(arn).map(|role| role.id.clone()).unwrap_or_default();
    let name = arn.rsplit('/').next().unwrap_or_default();
    Caller {
        session: arn.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + "/AWSBackup-Job",
        principal: arn.to_owned(),
        account: account.to_owned(),
        user_id: format!("{id}:AWSBackup-{name}"),
        id,
        kind: "AssumedRole",
        user: None,
    }
}
