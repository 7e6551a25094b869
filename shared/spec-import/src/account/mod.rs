//! An account becomes a spec: first a spec that names everything, so that one look reads all of it, then the spec that says what was seen.

mod everything;
mod lock;

use std::collections::{BTreeMap, BTreeSet};

use reconcile::desired::{
    Desired, DesiredKey, DesiredPlan, DesiredRegionSettings, DesiredRole, DesiredVault, OptIn,
    SelectionDocument, Tags, VaultKey,
};
use reconcile::policy::is_default;
use reconcile::resource::{Kind, ResourceId};
use reconcile::state::{
    AVAILABLE, Key, KeyState, MultiRegion, Observation, Observed, Plan, PlanCandidate, Role, Rotation, Vault,
    place,
};

pub use everything::{everything, further_regions, role_arns, with_inline_policies, with_roles};

use crate::imported::{Imported, elsewhere, key_id, plan_id, vault_id};

/// AWS KMS rotates after a year if nobody says otherwise ("EnableKeyRotation"), so that a spec need not say it.
const USUAL_ROTATION: u32 = 365;

/// The spec of what was seen of `everything`.
pub fn imported(everything: &Desired, observed: &Observed, origin: &str, primary: &str) -> Imported {
    let Desired { partition, account, .. } = everything;
    let name = format!("backup-{account}");
    let mut imported = Imported::new(origin, &name, partition, account, primary);
    for want in &everything.roles {
        role(want, observed, &mut imported);
    }
    for want in &everything.keys {
        key(want, observed, &mut imported);
    }
    for want in &everything.vaults {
        vault(want, observed, &mut imported);
    }
    for want in &everything.plans {
        plan(want, observed, &mut imported);
    }
    for want in &everything.region_settings {
        region_settings(&want.region, observed, &mut imported);
    }
    imported
}

/// What was seen; what was not is said.
fn seen<'a, T>(
    observation: Option<&'a Observation<T>>,
    id: &ResourceId,
    imported: &mut Imported,
) -> Option<&'a T> {
    match observation {
        Some(Observation::Present(value)) => Some(value),
        Some(Observation::Unreadable(refusal)) => {
            imported.leave_out(id, format!("it could not be read: {refusal}"));
            None
        }
        Some(Observation::Absent) | None => {
            imported.leave_out(id, "it is gone since it was listed");
            None
        }
    }
}

/// A part of a resource. What is not there is nothing; what could not be read is said.
fn part<'a, T>(
    observation: &'a Observation<T>,
    what: &str,
    id: &ResourceId,
    imported: &mut Imported,
) -> Option<&'a T> {
    match observation {
        Observation::Present(value) => Some(value),
        Observation::Absent => None,
        Observation::Unreadable(refusal) => {
            let why = format!("could not be read, and the spec leaves it alone: {refusal}");
            imported.note(id.clone(), format!("The {what} {why}"));
            imported.leave_out(format!("the {what} of {id}"), why);
            None
        }
    }
}

/// AWS's own tags cannot be set, and so not be asked for.
fn own_tags(tags: Option<&Tags>) -> Tags {
    let all = tags.into_iter().flatten();
    let own = all.filter(|(key, _)| !key.to_ascii_lowercase().starts_with("aws:"));
    own.map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn role(want: &DesiredRole, observed: &Observed, imported: &mut Imported) {
    let id = ResourceId::role(&want.name);
    let role = match observed.roles.get(&want.name) {
        Some(Observation::Present(role)) => role,
        Some(Observation::Unreadable(refusal)) => {
            return elsewhere(&want.arn, &format!("could not be read ({refusal})"), imported);
        }
        Some(Observation::Absent) | None => {
            if selections(observed).any(|selection| selection.role_arn == want.arn) {
                elsewhere(&want.arn, "is not there, though selections name it", imported);
            }
            return;
        }
    };
    let Role { arn, trust, boundary, attached, inline, tags, .. } = role;
    let managed_policies = part(attached, "managed policies", &id, imported).cloned().unwrap_or_default();
    let inline = part(inline, "inline policies", &id, imported).cloned().unwrap_or_default();
    let inline_policies = inline.into_iter().map(|(name, text)| (name, text.present().cloned())).collect();
    imported.desired.roles.push(DesiredRole {
        name: want.name.clone(),
        path: path_of(arn, &want.name),
        arn: arn.clone(),
        trust: trust.clone(),
        managed_policies,
        boundary: boundary.clone(),
        inline_policies,
        tags: own_tags(Some(tags)),
    });
}

/// The path in a role's ARN.
pub(crate) fn path_of(arn: &str, name: &str) -> String {
    let path = arn.split_once(":role").map(|(_, rest)| rest).and_then(|rest| rest.strip_suffix(name));
    path.filter(|path| path.starts_with('/')).unwrap_or("/").to_owned()
}

fn key(want: &DesiredKey, observed: &Observed, imported: &mut Imported) {
    let id = key_id(want);
    let target = observed.aliases.get(&place(&want.region, &want.alias));
    let Some(arn) = seen(target, &id, imported).cloned() else { return };
    let Some(key) = seen(observed.keys.get(&arn), &id, imported) else { return };
    let Key { state, spec: _, usage: _, origin, multi_region, description, rotation, policy, tags, .. } = key;
    let rotation = part(rotation, "rotation", &id, imported).copied();
    let period = rotation.and_then(|rotation| rotation.period_days);
    let rotates = rotation.is_some_and(|Rotation { enabled, .. }| enabled);
    let policy = part(policy, "key policy", &id, imported).cloned();
    let (account, partition) = (&imported.desired.account, &imported.desired.partition);
    let policy = policy.filter(|policy| !is_default(policy, account, partition));
    let tags = own_tags(part(tags, "tags", &id, imported));
    if *state != KeyState::Enabled {
        imported.note(id, format!("The key is in the state {}: `drift check` says so.", state.as_str()));
    }
    imported.desired.keys.push(DesiredKey {
        region: want.region.clone(),
        alias: want.alias.clone(),
        description: description.clone(),
        rotation: rotates,
        rotation_period_days: period.filter(|days| rotates && *days != USUAL_ROTATION),
        origin: origin.clone(),
        multi_region: *multi_region != MultiRegion::No,
        policy,
        tags,
    });
}

fn vault(want: &DesiredVault, observed: &Observed, imported: &mut Imported) {
    let id = vault_id(want);
    let Some(vault) = seen(observed.vaults.get(&place(&want.region, &want.name)), &id, imported) else {
        return;
    };
    let Vault { arn, key_arn, created, state, lock, lock_puts, notifications, tags, policy, .. } = vault;
    if state != AVAILABLE {
        imported.note(id.clone(), format!("The vault is in the state {state}: `drift check` says so."));
    }
    let of_kind = |kind| id.of_kind(kind);
    let policy = part(policy, "access policy", &of_kind(Kind::VaultPolicy), imported).cloned();
    let notifications = part(notifications, "notifications", &id, imported).cloned();
    let tags = own_tags(part(tags, "tags", &id, imported));
    let (lock, said) = lock::lock(lock, *created, lock_puts, observed.at);
    if let Some(said) = said {
        imported.note(of_kind(Kind::VaultLock), said);
    }
    let key = match &want.key {
        VaultKey::Alias(alias) if has_key(imported, &want.region, alias) => want.key.clone(),
        // The key of the alias could not be read, or the alias was moved since.
        VaultKey::Alias(_) => VaultKey::Arn(key_arn.clone()),
        VaultKey::Arn(_) | VaultKey::AwsManaged => want.key.clone(),
    };
    imported.desired.vaults.push(DesiredVault {
        region: want.region.clone(),
        name: want.name.clone(),
        arn: arn.clone(),
        key,
        tags,
        policy,
        lock,
        notifications: notifications.filter(|told| !told.topic.is_empty()),
    });
}

fn has_key(imported: &Imported, region: &str, alias: &str) -> bool {
    imported.desired.keys.iter().any(|key| key.region == region && key.alias == alias)
}

fn plan(want: &DesiredPlan, observed: &Observed, imported: &mut Imported) {
    let id = plan_id(want);
    let found = observed.plans.get(&place(&want.region, &want.document.name));
    let Some(candidates) = seen(found, &id, imported) else { return };
    let mut candidates: Vec<&PlanCandidate> = candidates.iter().collect();
    candidates.sort_by_key(|one| (one.created, one.id.clone()));
    let [first, others @ ..] = candidates.as_slice() else { return };
    for other in others {
        let why = "has the same name as an older plan; a spec names a plan by its name, and `drift check` reports the \
                   double";
        imported.leave_out(format!("{id} with the id {}", other.id), why);
    }
    let Some(plan) = seen(Some(&first.plan), &id, imported) else { return };
    let Plan { document, unknown_members, tags, selections, .. } = plan;
    unknown(&id, unknown_members, imported);
    let Some(selections) = part(selections, "selections", &id, imported) else {
        return imported.leave_out(&id, "its selections could not be read, and a plan is not said in part");
    };
    let mut documents = Vec::new();
    for selection in selections {
        match &selection.document {
            Observation::Present(document) => {
                let id = ResourceId::selection(&want.region, &want.document.name, &selection.name);
                unknown(&id, &selection.unknown_members, imported);
                documents.push(document.clone());
            }
            Observation::Absent => {}
            Observation::Unreadable(refusal) => {
                let why = format!("its selection {} could not be read: {refusal}", selection.name);
                return imported.leave_out(&id, why);
            }
        }
    }
    let tags = own_tags(part(tags, "tags", &id, imported));
    imported.desired.plans.push(DesiredPlan {
        region: want.region.clone(),
        document: document.clone(),
        tags,
        selections: documents,
    });
}

/// Members that a spec has no words for.
fn unknown(id: &ResourceId, members: &BTreeSet<String>, imported: &mut Imported) {
    if !members.is_empty() {
        let all: Vec<&str> = members.iter().map(String::as_str).collect();
        let why = format!("{} are newer than this program, and a spec cannot say them", all.join(", "));
        imported.note(id.clone(), why.clone());
        imported.leave_out(format!("members of {id}"), why);
    }
}

/// What is switched on.
fn region_settings(region: &str, observed: &Observed, imported: &mut Imported) {
    let id = ResourceId::region_settings(region);
    let Some(settings) = seen(observed.region_settings.get(region), &id, imported) else { return };
    let on = |all: &BTreeMap<String, bool>| -> BTreeSet<String> {
        all.iter().filter(|(_, is_on)| **is_on).map(|(kind, _)| kind.clone()).collect()
    };
    let opt_in = match on(&settings.opt_in) {
        none if none.is_empty() => OptIn::Unsaid,
        types => OptIn::Types(types),
    };
    imported.note(id, "What AWS Backup is switched on for in this region.");
    let management = on(&settings.management);
    let region = region.to_owned();
    imported.desired.region_settings.push(DesiredRegionSettings { region, opt_in, management });
}

/// The selections of all plans that were seen.
pub(crate) fn selections(observed: &Observed) -> impl Iterator<Item = &SelectionDocument> {
    let plans = observed.plans.values().filter_map(Observation::present).flatten();
    let plans = plans.filter_map(|candidate| candidate.plan.present());
    let selections = plans.filter_map(|plan| plan.selections.present()).flatten();
    selections.filter_map(|selection| selection.document.present())
}
