//! Whether a call was about the resource of a finding.

use std::collections::BTreeMap;

use super::Write;
use crate::drift::{Drift, Finding};
use crate::resource::{Kind, ResourceId};

/// What goes by which id: many calls name nothing else.
pub(super) struct Names<'a> {
    plans: BTreeMap<&'a str, (&'a str, &'a str)>,
    selections: BTreeMap<&'a str, &'a str>,
}

impl<'a> Names<'a> {
    /// Of the plans that a run saw, and of what successful calls gave a name to.
    pub(super) fn of(seen: &'a BTreeMap<String, ResourceId>, writes: &'a [Write]) -> Self {
        let done = || writes.iter().filter(|write| write.error.is_none());
        let told = done().filter_map(|write| {
            let id = write.request("backupPlanId").or_else(|| write.response("backupPlanId"))?;
            Some((id, (write.region.as_str(), write.request("backupPlan/backupPlanName")?)))
        });
        // What was seen is surer than what somebody told.
        let seen = seen
            .iter()
            .filter_map(|(id, plan)| Some((id.as_str(), (plan.region.as_deref()?, plan.name.as_str()))));
        let selections = done().filter_map(|write| {
            Some((write.response("selectionId")?, write.request("backupSelection/selectionName")?))
        });
        Self { plans: told.chain(seen).collect(), selections: selections.collect() }
    }
}

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

pub(super) fn bearing(write: &Write, finding: &Finding, names: &Names<'_>) -> Bearing {
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
        Kind::Plan => return bearing_on_plan(write, name, names),
        Kind::Selection => return bearing_on_selection(write, finding, names),
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

fn bearing_on_plan(write: &Write, name: &str, names: &Names<'_>) -> Bearing {
    let certain = |is: bool| if is { Bearing::Certain } else { Bearing::None };
    let tagged =
        write.request("resourceArn").and_then(|arn| arn.split_once(":backup-plan:")).map(|(_, id)| id);
    let id = write.request("backupPlanId").or(tagged);
    // An id is one plan's, and a name may be written into another's document.
    match (id.and_then(|id| names.plans.get(id)), write.request("backupPlan/backupPlanName")) {
        (Some((region, plan)), _) => certain(*plan == name && *region == write.region),
        (None, Some(named)) => certain(named == name),
        (None, None) if id.is_some() => Bearing::Likely,
        (None, None) => Bearing::None,
    }
}

fn bearing_on_selection(write: &Write, finding: &Finding, names: &Names<'_>) -> Bearing {
    let (plan, own) = finding.resource.name.split_once('/').unwrap_or((&finding.resource.name, ""));
    // What AWS Backup deletes by itself is told without a name.
    if write.event == "BackupSelectionDeletedDueToSLRDeletion" {
        return Bearing::Likely;
    }
    let id = write.request("selectionId");
    let named = write
        .request("backupSelection/selectionName")
        .or_else(|| id.and_then(|id| names.selections.get(id).copied()));
    let on_plan = bearing_on_plan(write, plan, names);
    match named {
        Some(named) if named != own => Bearing::None,
        // It may be another selection of this plan.
        None if id.is_some() => on_plan.min(Bearing::Likely),
        _ => on_plan,
    }
}
