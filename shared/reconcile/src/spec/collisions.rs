//! What the spec says twice once the account is filled in: `backup-${account}` beside the same name in digits. Each run would turn the one
//! into the other, and validation cannot know.

use std::collections::BTreeSet;

use super::error::ResolveError;
use crate::desired::{Desired, DesiredPlan};
use crate::identity::is_own;
use crate::state::place_in;

pub(super) fn check(desired: &Desired) -> Result<(), ResolveError> {
    let roles = desired.roles.iter().map(|role| format!("the role {}", role.name));
    let keys = desired.keys.iter().map(|key| format!("the alias {} in {}", key.alias, key.region));
    let vaults = desired.vaults.iter().map(|vault| format!("the vault {} in {}", vault.name, vault.region));
    let plans =
        desired.plans.iter().map(|plan| format!("the plan {} in {}", plan.document.name, plan.region));
    let copies = desired.plans.iter().flat_map(|plan| destinations(desired, plan));
    let mut seen = BTreeSet::new();
    let all = roles.chain(keys).chain(vaults).chain(plans).chain(copies);
    match all.into_iter().find(|one| !seen.insert(one.clone())) {
        Some(twice) => Err(ResolveError::Twice(twice)),
        None => Ok(()),
    }
}

/// Where the rules of a plan send recovery points; the vault of a rule is one of them.
fn destinations(desired: &Desired, plan: &DesiredPlan) -> Vec<String> {
    let mut all = Vec::new();
    for rule in &plan.document.rules {
        let told = |vault: &str| {
            format!("the destination {vault} of rule {} of plan {}", rule.name, plan.document.name)
        };
        let own = Some((plan.region.as_str(), rule.target_vault.as_str()));
        for copy in &rule.copies {
            all.push(told(&copy.destination));
            if is_own(desired, &copy.destination) && place_in(&copy.destination) == own {
                all.push(told(&copy.destination));
            }
        }
    }
    all
}
