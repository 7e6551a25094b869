//! Reads the role.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::operation::get_role::GetRoleOutput;
use aws_sdk_iam::types::{EvaluationResult, PolicyEvaluationDecisionType, Role as SdkRole};
use futures_util::future::{join_all, join4};
use percent_encoding::percent_decode_str;
use reconcile::coverage::selects;
use reconcile::desired::{Desired, DesiredRole};
use reconcile::state::{Observation, Role};

use super::{Look, a_part, moment};
use crate::Clients;
use crate::error::{failed, unreadable};
use reconcile::read::{Read, Refusal};

/// IAM's wire code; the SDK's shape is called otherwise.
pub(crate) const NO_SUCH_ENTITY: &[&str] = &["NoSuchEntity"];

pub(super) async fn observe_role(look: &Look<'_>, want: &DesiredRole) -> Observation<Role> {
    let (clients, name) = (look.clients, &want.name);
    let (role, attached, inline, denied_actions) = join4(
        get_role(clients, name),
        list_attached(clients, name),
        inline(clients, want),
        denied_actions(look, want),
    )
    .await;
    match role {
        Observation::Present(role) => {
            let (attached, inline) = (a_part(attached), a_part(inline));
            // The question names the role as the spec has it: one that moved to another path is not found by that.
            let is_elsewhere = role.arn != want.arn
                && matches!(&denied_actions, Observation::Unreadable(why) if NO_SUCH_ENTITY.contains(&why.error.code.as_str()));
            let denied_actions = if is_elsewhere { Observation::Absent } else { denied_actions };
            Observation::Present(Role { attached, inline, denied_actions, ..role })
        }
        Observation::Absent => Observation::Absent,
        Observation::Unreadable(refusal) => Observation::Unreadable(refusal),
    }
}

/// What AWS Backup needs of its role, one of each sort ("AWSBackupServiceRolePolicyForBackup"), with the type of resources that it is needed
/// for, or for all.
const NEEDED: [(&str, Option<&str>); 8] = [
    ("backup:CopyIntoBackupVault", None),
    ("backup:DescribeBackupVault", None),
    ("dynamodb:StartAwsBackupJob", Some("DynamoDB")),
    ("ec2:CreateSnapshot", Some("EBS")),
    ("kms:DescribeKey", None),
    ("kms:GenerateDataKey", None),
    ("rds:CreateDBSnapshot", Some("RDS")),
    ("tag:GetResources", None),
];

/// What the backups of a role need: all of it with AWS's policy for backups; else what is selected with the role. A role that has neither is
/// for something else, such as restores.
fn needed(desired: &Desired, want: &DesiredRole) -> Vec<&'static str> {
    let for_all = want.managed_policies.iter().any(|arn| arn.ends_with("ForBackup"));
    let selections = desired.plans.iter().flat_map(|plan| &plan.selections);
    let with_it: Vec<_> = selections.filter(|selection| selection.role_arn == want.arn).collect();
    let is_needed = |kind: &Option<&str>| match kind {
        None => for_all || !with_it.is_empty(),
        Some(kind) => for_all || with_it.iter().any(|selection| selects(selection, kind)),
    };
    NEEDED.iter().filter(|(_, kind)| is_needed(kind)).map(|(action, _)| *action).collect()
}

/// Of what AWS Backup needs, what IAM works out to be denied by a policy, the boundary or an organization. Not being allowed by anything
/// may come of what the question leaves out, and is not taken for it. Who may not ask knows nothing, and that is no finding.
async fn denied_actions(look: &Look<'_>, want: &DesiredRole) -> Observation<BTreeSet<String>> {
    let needed = needed(look.desired, want);
    if needed.is_empty() {
        return Observation::Absent;
    }
    if let Some(known) = look.memory.denied(&want.arn) {
        return known;
    }
    let denied = simulate(look.clients, want, &needed).await;
    // What could not be read is asked again, and so is a role that is not there yet.
    if !matches!(denied, Observation::Unreadable(_)) {
        look.memory.asked_of(&want.arn, &denied);
    }
    denied
}

async fn simulate(clients: &Clients, want: &DesiredRole, needed: &[&str]) -> Observation<BTreeSet<String>> {
    let (iam, _permit) = clients.iam.acquire().await;
    let request = iam.simulate_principal_policy().policy_source_arn(&want.arn);
    let request = needed.iter().fold(request, |request, action| request.action_names(*action));
    let mut pages = request.into_paginator().send();
    let mut results = Vec::new();
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => results.extend(page.evaluation_results().iter().cloned()),
            Err(error) => {
                let why = unreadable(Read::SimulatePrincipalPolicy, &error);
                return if why.is_denied() { Observation::Absent } else { Observation::Unreadable(why) };
            }
        }
    }
    let is_denied = |one: &&EvaluationResult| {
        let by_boundary = one
            .permissions_boundary_decision_detail()
            .is_some_and(|detail| !detail.allowed_by_permissions_boundary());
        let by_organization =
            one.organizations_decision_detail().is_some_and(|detail| !detail.allowed_by_organizations());
        let explicitly = *one.eval_decision() == PolicyEvaluationDecisionType::ExplicitDeny;
        let lacks_nothing = one.missing_context_values().is_empty();
        explicitly || lacks_nothing && (by_boundary || by_organization)
    };
    let results = results.iter().filter(is_denied);
    Observation::Present(results.map(|one| one.eval_action_name().to_owned()).collect())
}

async fn get_role(clients: &Clients, name: &str) -> Observation<Role> {
    let (iam, _permit) = clients.iam.acquire().await;
    let answer = match iam.get_role().role_name(name).send().await {
        Ok(answer) => answer,
        Err(error) => return failed(Read::GetRole, &error, NO_SUCH_ENTITY),
    };
    let Some(role) = told_role(&answer) else {
        return Observation::Unreadable(Refusal::incomplete(Read::GetRole, "the answer holds no role"));
    };
    let tags = role.tags().iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect();
    Observation::Present(Role {
        arn: role.arn().to_owned(),
        created: moment(role.create_date()),
        last_used: role.role_last_used().and_then(|used| used.last_used_date()).and_then(moment),
        trust: decode(role.assume_role_policy_document().unwrap_or_default()),
        boundary: role
            .permissions_boundary()
            .and_then(|boundary| boundary.permissions_boundary_arn())
            .map(str::to_owned),
        attached: Observation::Absent,
        inline: Observation::Absent,
        denied_actions: Observation::Absent,
        tags,
    })
}

/// The role of an answer. Where AWS told none, the SDK makes one up that has no ARN.
pub(crate) fn told_role(answer: &GetRoleOutput) -> Option<&SdkRole> {
    answer.role().filter(|role| !role.arn().is_empty())
}

/// IAM percent-encodes documents (RFC 3986: a plus is a plus), and the SDK hands them on as they come.
fn decode(document: &str) -> String {
    percent_decode_str(document).decode_utf8().map_or_else(|_| document.to_owned(), |text| text.into_owned())
}

async fn list_attached(clients: &Clients, name: &str) -> Observation<BTreeSet<String>> {
    let (iam, _permit) = clients.iam.acquire().await;
    let mut pages = iam.list_attached_role_policies().role_name(name).into_paginator().send();
    let mut found = BTreeSet::new();
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => found.extend(
                page.attached_policies().iter().filter_map(|one| one.policy_arn()).map(str::to_owned),
            ),
            Err(error) => return failed(Read::ListAttachedRolePolicies, &error, NO_SUCH_ENTITY),
        }
    }
    Observation::Present(found)
}

/// The names, and the texts that the spec says something of.
async fn inline(clients: &Clients, want: &DesiredRole) -> Observation<BTreeMap<String, Observation<String>>> {
    let names = match list_inline(clients, &want.name).await {
        Observation::Present(names) => names,
        Observation::Absent => return Observation::Absent,
        Observation::Unreadable(why) => return Observation::Unreadable(why),
    };
    let texts = join_all(names.into_iter().map(|policy| async move {
        let wanted = want.inline_policies.get(&policy).is_some_and(Option::is_some);
        let text = if wanted { inline_text(clients, &want.name, &policy).await } else { Observation::Absent };
        (policy, text)
    }));
    Observation::Present(texts.await.into_iter().collect())
}

async fn inline_text(clients: &Clients, role: &str, policy: &str) -> Observation<String> {
    let (iam, _permit) = clients.iam.acquire().await;
    match iam.get_role_policy().role_name(role).policy_name(policy).send().await {
        Err(error) => failed(Read::GetRolePolicy, &error, NO_SUCH_ENTITY),
        // So does it with a text.
        Ok(answer) if answer.policy_document().is_empty() => {
            Observation::Unreadable(Refusal::incomplete(Read::GetRolePolicy, "the answer holds no policy"))
        }
        Ok(answer) => Observation::Present(decode(answer.policy_document())),
    }
}

async fn list_inline(clients: &Clients, name: &str) -> Observation<BTreeSet<String>> {
    let (iam, _permit) = clients.iam.acquire().await;
    let mut pages = iam.list_role_policies().role_name(name).into_paginator().send();
    let mut found = BTreeSet::new();
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => found.extend(page.policy_names().iter().cloned()),
            Err(error) => return failed(Read::ListRolePolicies, &error, NO_SUCH_ENTITY),
        }
    }
    Observation::Present(found)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn documents_are_decoded_and_a_plus_stays_a_plus() {
        assert_eq!(decode("%7B%22Sid%22%3A%22a+b%22%7D"), r#"{"Sid":"a+b"}"#);
    }

    #[test]
    fn a_document_that_is_not_encoded_stays_as_it_is() {
        assert_eq!(decode(r#"{"Version":"2012-10-17"}"#), r#"{"Version":"2012-10-17"}"#);
    }
}
