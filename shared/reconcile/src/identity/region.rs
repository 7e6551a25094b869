//! Whether a region is the deployment's: one that is not recognisably so is not filled, for it may be the wrong account or region.

use super::key::{KeyChoice, choose_key};
use super::plan::{PlanChoice, choose_plan};
use super::{carries_tags, is_own};
use crate::desired::{Desired, DesiredPlan};
use crate::read::Refusal;
use crate::state::{Observation, Observed, Plan, place};

/// Whose a region is.
#[derive(Debug, Clone, PartialEq)]
pub enum Whose {
    /// Ours: at least two kinds of evidence agree.
    Ours,
    /// Nothing, or too little, shows that it is ours.
    NotOurs,
    /// Too little shows it, and something could not be read.
    Unknown(Refusal),
}

/// One name alone opens nothing: a vault, the key behind the alias, a plan, its selection, and the spec's tags on any of them are five
/// kinds of evidence, and two are needed. The role is none: it is in every region at once, and may be there from elsewhere.
pub fn whose_region(desired: &Desired, observed: &Observed, region: Option<&str>) -> Whose {
    let here = |there: &str| region.is_none_or(|region| there == region);
    let mut unread = None;
    let (mut vault, mut key, mut plan, mut selection, mut tags) = (false, false, false, false, false);
    for want in desired.vaults.iter().filter(|want| here(&want.region)) {
        match observed.vaults.get(&place(&want.region, &want.name)) {
            Some(Observation::Present(seen)) if is_own(desired, &seen.arn) => {
                vault = true;
                tags |= carries_tags(&want.tags, &seen.tags);
            }
            Some(Observation::Unreadable(why)) => unread = Some(why.clone()),
            Some(Observation::Present(_) | Observation::Absent) | None => {}
        }
    }
    for want in desired.keys.iter().filter(|want| here(&want.region)) {
        match choose_key(desired, want, observed) {
            KeyChoice::One(arn) => {
                if let Some(Observation::Present(seen)) = observed.keys.get(&arn) {
                    key = true;
                    tags |= carries_tags(&want.tags, &seen.tags);
                }
            }
            KeyChoice::Unknown(why) => unread = Some(why),
            KeyChoice::None | KeyChoice::Lost(_) | KeyChoice::Doubt(_) | KeyChoice::Stranger(..) => {}
        }
    }
    for want in desired.plans.iter().filter(|want| here(&want.region)) {
        let candidates = match choose_plan(want, observed) {
            PlanChoice::Ours(plan, _) => vec![plan],
            PlanChoice::Tie(plans) => plans,
            PlanChoice::Unknown(why) => {
                unread = Some(why);
                Vec::new()
            }
            PlanChoice::Absent => Vec::new(),
        };
        for seen in candidates {
            plan = true;
            selection |= has_selection(want, seen);
            tags |= carries_tags(&want.tags, &seen.tags);
        }
    }
    let evidence = [vault, key, plan, selection, tags].into_iter().filter(|one| *one).count();
    match unread {
        _ if evidence > 0 && evidence >= needed(desired, here) => Whose::Ours,
        Some(why) => Whose::Unknown(why),
        None => Whose::NotOurs,
    }
}

/// Two kinds of evidence, or one where the spec has only one kind.
fn needed(desired: &Desired, here: impl Fn(&str) -> bool) -> usize {
    let vaults = || desired.vaults.iter().filter(|want| here(&want.region));
    let keys = || desired.keys.iter().filter(|want| here(&want.region));
    let plans = || desired.plans.iter().filter(|want| here(&want.region));
    let mut tags = vaults()
        .map(|want| &want.tags)
        .chain(keys().map(|want| &want.tags))
        .chain(plans().map(|want| &want.tags));
    let kinds = [
        vaults().next().is_some(),
        keys().next().is_some(),
        plans().next().is_some(),
        plans().any(|want| !want.selections.is_empty()),
        tags.any(|tags| !tags.is_empty()),
    ];
    kinds.into_iter().filter(|one| *one).count().min(2)
}

fn has_selection(want: &DesiredPlan, seen: &Plan) -> bool {
    let selections = seen.selections.present().map(Vec::as_slice).unwrap_or_default();
    want.selections.iter().any(|want| selections.iter().any(|one| one.name == want.name))
}
