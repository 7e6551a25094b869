//! Whether a region is the deployment's: one that is not recognisably so is not filled, for it may be the wrong account or region.

use super::key::{KeyChoice, choose_key};
use super::plan::{PlanChoice, choose_plan};
use super::{carries_tags, is_of_our_making, is_own};
use crate::desired::{Desired, DesiredVault, PlanDocument};
use crate::read::Refusal;
use crate::state::{Observation, Observed, place};

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

/// One name alone opens nothing: a vault, the key that is meant by the alias, a plan, the spec's tags on a vault or a key, and a plan that
/// writes into a vault, here or from region to region, are five kinds of evidence, and two are needed. What comes with another is no second one: a plan's selections and tags are whoever's the plan is, and a
/// key that only a vault names, and that shows nothing of the spec itself, is the vault's. The role is none: it is in every region at once,
/// and may be there from elsewhere.
///
/// What is in no region, such as the role, is ours where one of the regions is: a name here and another there are no evidence together.
pub fn whose_region(desired: &Desired, observed: &Observed, region: Option<&str>) -> Whose {
    let Some(region) = region else {
        let each: Vec<Whose> = desired
            .regions()
            .into_iter()
            .map(|region| whose_region(desired, observed, Some(region)))
            .collect();
        let is_ours = each.contains(&Whose::Ours);
        let unknown = each.into_iter().find(|whose| matches!(whose, Whose::Unknown(_)));
        return if is_ours { Whose::Ours } else { unknown.unwrap_or(Whose::NotOurs) };
    };
    let here = |there: &str| there == region;
    let mut unread = None;
    let (mut vault, mut key, mut plan, mut tags) = (false, false, false, false);
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
                    let is_tagged = carries_tags(&want.tags, &seen.tags);
                    let is_described = !want.description.is_empty() && seen.description == want.description;
                    let is_ours = is_of_our_making(observed, &arn).present() == Some(&true);
                    // An alias that was moved elsewhere is a witness too: nobody else has one of this name.
                    let alias = observed.aliases.get(&place(&want.region, &want.alias));
                    match alias {
                        Some(Observation::Present(_)) => key = true,
                        Some(Observation::Unreadable(why)) => unread = Some(why.clone()),
                        Some(Observation::Absent) | None => {}
                    }
                    key |= is_tagged || is_described || is_ours;
                    tags |= is_tagged;
                }
            }
            KeyChoice::Unknown(why) => unread = Some(why),
            KeyChoice::None | KeyChoice::Lost(_) | KeyChoice::Doubt(_) | KeyChoice::Stranger(..) => {}
        }
    }
    for want in desired.plans.iter().filter(|want| here(&want.region)) {
        match choose_plan(want, observed) {
            PlanChoice::Ours(..) | PlanChoice::Tie(_) => plan = true,
            PlanChoice::Unknown(why) => unread = Some(why),
            PlanChoice::Absent => {}
        }
    }
    let linked = desired.plans.iter().any(|want| {
        let plans = match choose_plan(want, observed) {
            PlanChoice::Ours(plan, _) => vec![plan],
            PlanChoice::Tie(plans) => plans,
            PlanChoice::Unknown(_) | PlanChoice::Absent => Vec::new(),
        };
        plans.iter().any(|plan| {
            let mut into = written_into(desired, observed, &want.region, &plan.document);
            into.any(|region| here(&want.region) || here(region))
        })
    });
    let evidence = [vault, key, plan, tags, linked].into_iter().filter(|one| *one).count();
    match unread {
        _ if evidence > 0 && evidence >= needed(desired, here) => Whose::Ours,
        Some(why) => Whose::Unknown(why),
        None => Whose::NotOurs,
    }
}

/// The regions of the spec's vaults that are there and that a plan writes or copies into.
fn written_into<'a>(
    desired: &'a Desired,
    observed: &'a Observed,
    region: &'a str,
    document: &'a PlanDocument,
) -> impl Iterator<Item = &'a str> {
    let is_there = move |vault: &&DesiredVault| {
        let seen = observed.vault(&vault.region, &vault.name);
        seen.is_some_and(|seen| is_own(desired, &seen.arn))
    };
    let writes = move |vault: &&DesiredVault| {
        document.rules.iter().any(|rule| {
            let target = region == vault.region && rule.target_vault == vault.name;
            target || rule.copies.iter().any(|copy| copy.destination == vault.arn)
        })
    };
    desired.vaults.iter().filter(is_there).filter(writes).map(|vault| vault.region.as_str())
}

/// Two kinds of evidence, or one where the spec has only one kind.
fn needed(desired: &Desired, here: impl Fn(&str) -> bool) -> usize {
    let vaults = || desired.vaults.iter().filter(|want| here(&want.region));
    let keys = || desired.keys.iter().filter(|want| here(&want.region));
    let plans = || desired.plans.iter().filter(|want| here(&want.region));
    let mut tags = vaults().map(|want| &want.tags).chain(keys().map(|want| &want.tags));
    let kinds = [
        vaults().next().is_some(),
        keys().next().is_some(),
        plans().next().is_some(),
        tags.any(|tags| !tags.is_empty()),
    ];
    kinds.into_iter().filter(|one| *one).count().min(2)
}
