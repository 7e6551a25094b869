//! Compares what is with what should be, one finding for each attribute that differs.

mod key;
mod plan;
mod role;
mod selection;
mod vault;

use crate::desired::{Desired, Tags};
use crate::drift::{Drift, Finding};
use crate::resource::ResourceId;
use crate::state::Observed;

pub use key::{KeyChoice, choose_key};

/// Every difference between the spec and the account, sorted by kind, region and name.
pub fn diff(desired: &Desired, observed: &Observed) -> Vec<Finding> {
    let mut findings = Vec::new();
    role::diff(desired, observed, &mut findings);
    for key in &desired.keys {
        key::diff(desired, key, observed, &mut findings);
    }
    for vault in &desired.vaults {
        vault::diff(desired, vault, observed, &mut findings);
    }
    for plan in &desired.plans {
        plan::diff(plan, observed, &mut findings);
    }
    // The sort is stable: within a resource the findings keep the order in which they are looked for.
    findings.sort_by(|a, b| a.resource.cmp(&b.resource));
    findings
}

fn report(findings: &mut Vec<Finding>, resource: &ResourceId, drift: Drift) {
    findings.push(Finding { resource: resource.clone(), drift });
}

fn unreadable(findings: &mut Vec<Finding>, resource: &ResourceId, attribute: &'static str, error: &str) {
    report(findings, resource, Drift::Unreadable { attribute, error: error.to_owned() });
}

/// Tags are in order if those of the spec are there. Others are left alone: cost allocation and tag policies add theirs.
fn tags_fit(desired: &Tags, observed: &Tags) -> bool {
    desired.iter().all(|(key, value)| observed.get(key) == Some(value))
}
