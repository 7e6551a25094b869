//! Whose resource is it. Names, descriptions and tags can be copied; creation dates, agreement between resources and our own records
//! cannot. What could not be read is a third answer in every judgement, never a no.

mod fits;
mod key;
mod plan;
mod region;

pub(crate) use fits::default_key_policy;
pub use fits::{Fit, fits};
pub(crate) use key::pinned_keys;
pub use key::{KeyChoice, KeyChoices, choose_key, keys_in_question, plans_in_question, spare_keys};
pub use plan::{PlanChoice, choose_plan};
pub use region::{Whose, whose_region};

use time::OffsetDateTime;

use crate::desired::{Desired, Tags};
use crate::state::{Observation, Observed};

/// The account in an ARN.
pub(crate) fn account_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|account| !account.is_empty())
}

/// When the oldest resource of the deployment was made that is still there: vaults, plans and roles, in any region.
fn oldest_survivor(observed: &Observed) -> Option<OffsetDateTime> {
    let vaults = observed.vaults.values().filter_map(Observation::present).filter_map(|vault| vault.created);
    let plans = observed.plans.values().filter_map(Observation::present).flatten();
    let plans = plans.filter_map(|candidate| candidate.created);
    let roles = observed.roles.values().filter_map(Observation::present).filter_map(|role| role.created);
    vaults.chain(plans).chain(roles).min()
}

/// Whether our own records say that we made it.
fn is_of_our_making(observed: &Observed, arn: &str) -> Observation<bool> {
    observed.made_by_us.get(arn).cloned().unwrap_or(Observation::Absent)
}

/// Tags that the spec gives, and that are all there.
fn carries_tags(desired: &Tags, observed: &Observation<Tags>) -> bool {
    let all_there = |tags: &Tags| desired.iter().all(|(name, value)| tags.get(name) == Some(value));
    !desired.is_empty() && observed.present().is_some_and(all_there)
}

/// The spec is for one account.
pub(crate) fn is_own(desired: &Desired, arn: &str) -> bool {
    account_of(arn) == Some(desired.account.as_str())
}
