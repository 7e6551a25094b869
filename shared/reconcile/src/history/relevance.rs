//! Whether a recorded call was about the resource of a finding.

use std::collections::BTreeMap;

use super::recorded_call::RecordedCall;
use crate::drift::Finding;
use crate::resource::{Kind, ResourceId};

/// What goes by which id: many calls name nothing else.
pub(super) struct Names<'a> {
    plans: BTreeMap<&'a str, (&'a str, &'a str)>,
    selections: BTreeMap<&'a str, &'a str>,
}

impl<'a> Names<'a> {
    /// Of the plans that a run saw, and of what successful calls gave a name to.
    pub(super) fn of(seen: &'a BTreeMap<String, ResourceId>, calls: &[&'a RecordedCall]) -> Self {
        let done = || calls.iter().copied().filter(|call| call.error.is_none());
        let told = done().filter_map(|call| {
            let id = call.request("backupPlanId").or_else(|| call.response("backupPlanId"))?;
            Some((id, (call.region.as_str(), call.request("backupPlan/backupPlanName")?)))
        });
        // What was seen is surer than what somebody told.
        let seen = seen
            .iter()
            .filter_map(|(id, plan)| Some((id.as_str(), (plan.region.as_deref()?, plan.name.as_str()))));
        let selections = done().filter_map(|call| {
            Some((call.response("selectionId")?, call.request("backupSelection/selectionName")?))
        });
        Self { plans: told.chain(seen).collect(), selections: selections.collect() }
    }
}

/// How sure it is that a call was about a resource; ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relevance {
    /// It was not.
    None,
    /// It may have been: it names an id that nothing connects with a name any more.
    Likely,
    /// It was.
    Certain,
}

/// A call that can have brought a finding about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cause<'a> {
    pub(super) relevance: Relevance,
    pub(super) call: &'a RecordedCall,
    /// Whether the event history knows it. What only the invocation tells, whoever may invoke the function can have made up.
    pub(super) is_confirmed: bool,
}

pub(super) fn relevance(call: &RecordedCall, finding: &Finding, names: &Names<'_>) -> Relevance {
    let ResourceId { kind, region, plan: _, name } = &finding.resource;
    // The role has no region; its calls are recorded where IAM is.
    if call.service != kind.service() || region.as_ref().is_some_and(|region| *region != call.region) {
        return Relevance::None;
    }
    let about = match kind {
        Kind::Role => is_about_role(call, finding),
        Kind::Key | Kind::Alias => is_about_key(call, finding),
        Kind::Vault | Kind::VaultPolicy | Kind::VaultLock => is_about_vault(call, name),
        Kind::Plan => return relevance_to_plan(call, name, names),
        Kind::Selection => return relevance_to_selection(call, finding, names),
        Kind::RegionSettings => call.event == "UpdateRegionSettings",
    };
    if about { Relevance::Certain } else { Relevance::None }
}

/// IAM takes names in any case, and CloudTrail calls them as they came.
fn is_about_role(call: &RecordedCall, finding: &Finding) -> bool {
    let named =
        call.request("roleName").is_some_and(|role| role.eq_ignore_ascii_case(&finding.resource.name));
    let same = finding
        .drift
        .request()
        .is_none_or(|(member, value)| call.request(member).is_none_or(|told| told == value));
    named && same
}

/// A key is named by its id, its ARN or an alias, as the caller typed it.
fn is_about_key(call: &RecordedCall, finding: &Finding) -> bool {
    if call.request("aliasName") == Some(&finding.resource.name) {
        return true;
    }
    finding.drift.key_arn().is_some_and(|arn| call.is_about_key(arn))
}

fn is_about_vault(call: &RecordedCall, name: &str) -> bool {
    let tagged = |arn: &str| arn.ends_with(&format!(":backup-vault:{name}"));
    call.vault() == Some(name) || call.request("resourceArn").is_some_and(tagged)
}

fn relevance_to_plan(call: &RecordedCall, name: &str, names: &Names<'_>) -> Relevance {
    let certain = |is: bool| if is { Relevance::Certain } else { Relevance::None };
    let tagged =
        call.request("resourceArn").and_then(|arn| arn.split_once(":backup-plan:")).map(|(_, id)| id);
    let id = call.request("backupPlanId").or(tagged);
    // An id is one plan's, and a name may be written into another's document.
    match (id.and_then(|id| names.plans.get(id)), call.request("backupPlan/backupPlanName")) {
        (Some((region, plan)), _) => certain(*plan == name && *region == call.region),
        (None, Some(named)) => certain(named == name),
        (None, None) if id.is_some() => Relevance::Likely,
        (None, None) => Relevance::None,
    }
}

fn relevance_to_selection(call: &RecordedCall, finding: &Finding, names: &Names<'_>) -> Relevance {
    let ResourceId { plan, name: own, .. } = &finding.resource;
    let plan = plan.as_deref().unwrap_or_default();
    // What AWS Backup deletes by itself is told without a name.
    if call.event == "BackupSelectionDeletedDueToSLRDeletion" {
        return Relevance::Likely;
    }
    let id = call.request("selectionId");
    let named = call
        .request("backupSelection/selectionName")
        .or_else(|| id.and_then(|id| names.selections.get(id).copied()));
    let on_plan = relevance_to_plan(call, plan, names);
    match named {
        Some(named) if named != own => Relevance::None,
        // It may be another selection of this plan.
        None if id.is_some() => on_plan.min(Relevance::Likely),
        _ => on_plan,
    }
}
