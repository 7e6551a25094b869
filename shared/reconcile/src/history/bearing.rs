//! Whether a call was about the resource of a finding.

use std::collections::BTreeMap;

use super::Write;
use crate::drift::{Drift, Finding};
use crate::resource::{Kind, ResourceId};

/// The plans by id: events name plans by nothing else.
pub(super) type Plans = BTreeMap<String, ResourceId>;

/// How sure it is that a call was about a resource; ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bearing {
    /// It was not.
    None,
    /// It may have been: it names an id that nothing connects with a name any more.
    Likely,
    /// It was.
    Certain,
}

/// The plans that a run saw, and those that the calls themselves give a name to.
pub(super) fn plans<'a>(seen: &Plans, writes: impl IntoIterator<Item = &'a Write>) -> Plans {
    let told = writes.into_iter().filter_map(|write| {
        let id = write.request("backupPlanId").or_else(|| write.response("backupPlanId"))?;
        let name = write.request("backupPlan/backupPlanName")?;
        Some((id.to_owned(), ResourceId::regional(Kind::Plan, &write.region, name)))
    });
    seen.clone().into_iter().chain(told).collect()
}

pub(super) fn bearing(write: &Write, finding: &Finding, plans: &Plans) -> Bearing {
    let ResourceId { kind, region, name } = &finding.resource;
    let service = match kind {
        Kind::Role => "iam",
        Kind::Key | Kind::Alias => "kms",
        Kind::Vault | Kind::VaultPolicy | Kind::VaultLock | Kind::Plan | Kind::Selection => "backup",
    };
    // The role has no region; its calls are recorded where IAM is.
    if write.service != service || region.as_ref().is_some_and(|region| *region != write.region) {
        return Bearing::None;
    }
    let about = match kind {
        Kind::Role => is_about_role(write, finding),
        Kind::Key => is_about_key(write, finding),
        Kind::Alias => write.request("aliasName") == Some(name) || is_about_key(write, finding),
        Kind::Vault | Kind::VaultPolicy | Kind::VaultLock => is_about_vault(write, name),
        Kind::Plan => return bearing_on_plan(write, name, plans),
        Kind::Selection => return bearing_on_selection(write, finding, plans),
    };
    if about { Bearing::Certain } else { Bearing::None }
}

/// IAM takes names in any case, and CloudTrail writes them as they came.
fn is_about_role(write: &Write, finding: &Finding) -> bool {
    let named =
        write.request("roleName").is_some_and(|role| role.eq_ignore_ascii_case(&finding.resource.name));
    let policy = match &finding.drift {
        Drift::PolicyDetached { policy_arn } | Drift::PolicyUnexpected { policy_arn } => {
            write.request("policyArn").is_none_or(|arn| arn == policy_arn)
        }
        Drift::InlinePolicyUnexpected { policy } => {
            write.request("policyName").is_none_or(|name| name == policy)
        }
        _ => true,
    };
    named && policy
}

/// A key is named by its id, its ARN or an alias, as the caller typed it.
fn is_about_key(write: &Write, finding: &Finding) -> bool {
    if write.request("aliasName") == Some(&finding.resource.name) {
        return true;
    }
    let Some(arn) = finding.drift.key_arn() else { return false };
    let id = arn.rsplit('/').next().unwrap_or(arn);
    write.is_about(arn) || write.request("keyId").is_some_and(|key| key == arn || key == id)
}

fn is_about_vault(write: &Write, name: &str) -> bool {
    let tagged = |arn: &str| arn.ends_with(&format!(":backup-vault:{name}"));
    write.vault() == Some(name) || write.request("resourceArn").is_some_and(tagged)
}

fn bearing_on_plan(write: &Write, name: &str, plans: &Plans) -> Bearing {
    if let Some(named) = write.request("backupPlan/backupPlanName") {
        return if named == name { Bearing::Certain } else { Bearing::None };
    }
    let tagged =
        write.request("resourceArn").and_then(|arn| arn.split_once(":backup-plan:")).map(|(_, id)| id);
    match write.request("backupPlanId").or(tagged).map(|id| plans.get(id)) {
        None => Bearing::None,
        Some(Some(plan)) if plan.name == name => Bearing::Certain,
        Some(Some(_)) => Bearing::None,
        Some(None) => Bearing::Likely,
    }
}

fn bearing_on_selection(write: &Write, finding: &Finding, plans: &Plans) -> Bearing {
    let (plan, own) = finding.resource.name.split_once('/').unwrap_or((&finding.resource.name, ""));
    // What AWS Backup deletes by itself is told without a name.
    if write.event == "BackupSelectionDeletedDueToSLRDeletion" {
        return Bearing::Likely;
    }
    match write.request("backupSelection/selectionName") {
        Some(named) if named != own => Bearing::None,
        _ => bearing_on_plan(write, plan, plans),
    }
}
