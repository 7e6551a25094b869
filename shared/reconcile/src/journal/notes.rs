//! What a run says beside its findings.

use std::collections::{BTreeMap, BTreeSet};

use crate::call::{Call, Replaced};
use crate::desired::{Desired, DesiredKey};
use crate::drift::{Drift, Finding};
use crate::identity::{PlanChoice, choose_plan, spare_keys};
use crate::repair::CallMade;
use crate::resource::{Kind, ResourceId};
use crate::say;
use crate::state::Observed;
use crate::words::{Command, Note, Prose, Verbatim, list};

/// A finding that went without us. What could not be read at first was read later, and is nothing to tell.
pub(super) fn gone_by_itself(finding: &Finding) -> Option<Prose> {
    if matches!(finding.drift, Drift::Unreadable(_)) {
        return None;
    }
    let (resource, code) = (&finding.resource, finding.drift.code().code);
    Some(say!(
        "A look saw {} ({}), and a later one did not: somebody else repaired it, or one of AWS's answers was out of date.",
        resource,
        Verbatim(code)
    ))
}

/// Keys of our making that nothing uses.
pub(super) fn spare(desired: &Desired, key: &DesiredKey, observed: &Observed) -> Option<Prose> {
    let spare = spare_keys(desired, key, observed);
    (!spare.is_empty()).then(|| {
        let id = ResourceId::regional(Kind::Key, &key.region, &key.alias);
        say!(
            "The function made more than one key for {}. It uses the oldest one. Nothing uses the others, and you can delete them: {}.",
            id,
            list(spare.iter().map(|arn| Verbatim(arn)))
        )
    })
}

/// How to get back what an update of a plan replaces, and what goes with it, or with a selection, that nobody asked for.
pub(super) fn replaced(made: &CallMade) -> Vec<Note> {
    if let Call::DeleteBackupSelection { unknown_members, .. } = &made.call
        && !unknown_members.is_empty()
    {
        let lost = say!(
            "The selection that is deleted says what this program does not know of {}, and AWS does not keep it: {}. Make the selection again with it where you need it, and update drift-healer.",
            made.resource,
            list(unknown_members.iter().map(|member| Verbatim(member)))
        );
        return vec![lost.into()];
    }
    let Call::UpdateBackupPlan { region, plan_id, replaces, .. } = &made.call else { return Vec::new() };
    let Replaced { version, unknown_members } = replaces;
    let show = Command::aws("backup get-backup-plan")
        .with("region", region)
        .with("backup-plan-id", plan_id)
        .with("version-id", version);
    let text = say!("AWS keeps the version of {} that an update replaces:", made.resource);
    let mut notes = vec![Note { text, command: Some(show) }];
    if !unknown_members.is_empty() {
        let lost = say!(
            "The update takes away what this program does not know of {}: {}. Put it back from there, and update drift-healer.",
            made.resource,
            list(unknown_members.iter().map(|member| Verbatim(member)))
        );
        notes.push(lost.into());
    }
    notes
}

/// Policies that AWS took only without what the found ones denied beside the spec's denials: what is lost by that is told.
pub(super) fn poorer_policies(calls: &[CallMade]) -> impl Iterator<Item = Prose> + '_ {
    let is_put =
        |call: &Call| matches!(call, Call::PutBackupVaultAccessPolicy { .. } | Call::PutKeyPolicy { .. });
    calls.iter().enumerate().filter(move |(_, made)| made.result.is_ok() && is_put(&made.call)).filter_map(
        move |(index, made)| {
            let richer = calls[..index].iter().rev().find(|other| {
                other.resource == made.resource && is_put(&other.call) && other.call != made.call
            })?;
            let refused = richer.result.as_ref().err()?;
            Some(say!(
                "For {} AWS refused the spec's policy with the denials that were found added ({}), so the spec's policy alone was put. The finding shows the policy that was found: put back what is needed of it.",
                made.resource,
                Verbatim(&refused.code)
            ))
        },
    )
}

/// Vaults that others share under a name of ours: whoever reads only the name may take one for the other.
pub(super) fn namesakes(observed: &Observed) -> impl Iterator<Item = Prose> + '_ {
    observed.vaults.iter().filter_map(|((region, name), seen)| {
        let namesakes = &seen.present()?.namesakes;
        let vault = ResourceId::regional(Kind::Vault, region, name);
        (!namesakes.is_empty()).then(|| {
            say!(
                "Another account shares a vault that has the name of {}: {}. It is not looked at.",
                vault,
                list(namesakes)
            )
        })
    })
}

/// What AWS answered about the plans of the spec and their selections that this program does not know.
pub(super) fn unknown_members(
    desired: &Desired,
    observed: &Observed,
) -> BTreeMap<ResourceId, BTreeSet<String>> {
    let mut found: BTreeMap<ResourceId, BTreeSet<String>> = BTreeMap::new();
    for want in &desired.plans {
        let PlanChoice::Ours(plan, _) = choose_plan(want, observed) else { continue };
        let (region, name) = (&want.region, &want.document.name);
        let mut see = |id, members: &BTreeSet<String>| found.entry(id).or_default().extend(members.clone());
        see(ResourceId::regional(Kind::Plan, region, name), &plan.unknown_members);
        for selection in plan.selections.present().into_iter().flatten() {
            if want.selections.iter().any(|one| one.name == selection.name) {
                see(ResourceId::selection(region, name, &selection.name), &selection.unknown_members);
            }
        }
    }
    found.retain(|_, members| !members.is_empty());
    found
}

/// The same, of what no call took away.
pub(super) fn unknown(
    members: &BTreeMap<ResourceId, BTreeSet<String>>,
    calls: &[CallMade],
) -> impl Iterator<Item = Prose> {
    let is_replaced = |id: &ResourceId| {
        calls.iter().any(|made| made.resource == *id && made.result.is_ok() && !replaced(made).is_empty())
    };
    members.iter().filter(move |(id, _)| !is_replaced(id)).map(|(id, members)| {
        say!(
            "AWS says something about {} that this program does not know and does not compare: {}. Look whether it changes what is backed up, and update drift-healer.",
            id,
            list(members.iter().map(|member| Verbatim(member)))
        )
    })
}
