//! What a comparison has found so far, and the comparisons that several kinds share.

use crate::desired::Tags;
use crate::drift::{Drift, Finding, Part, unreadable};
use crate::policy::Policy;
use crate::read::Refusal;
use crate::resource::ResourceId;
use crate::state::Observation;

/// The findings so far.
#[derive(Debug, Default)]
pub(super) struct Found(Vec<Finding>);

impl Found {
    /// A difference.
    pub(super) fn add(&mut self, resource: &ResourceId, drift: impl Into<Drift>) {
        self.0.push(Finding { resource: resource.clone(), drift: drift.into() });
    }

    /// A difference, if it is one.
    pub(super) fn add_if<D: Into<Drift>>(
        &mut self,
        differs: bool,
        resource: &ResourceId,
        drift: impl FnOnce() -> D,
    ) {
        if differs {
            self.add(resource, drift());
        }
    }

    /// How much differs so far.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Something that could not be read.
    pub(super) fn unreadable(&mut self, resource: &ResourceId, part: Part, refusal: &Refusal) {
        self.add(resource, unreadable(resource, part, refusal));
    }

    /// Tags: those of the spec have to be there. Others are left alone, cost allocation and tag policies add theirs.
    pub(super) fn tags<D: Into<Drift>>(
        &mut self,
        resource: &ResourceId,
        desired: &Tags,
        observed: &Observation<Tags>,
        drift: impl FnOnce(Tags, Tags) -> D,
    ) {
        let observed = match observed {
            Observation::Unreadable(refusal) => return self.unreadable(resource, Part::Tags, refusal),
            Observation::Present(tags) => tags.clone(),
            Observation::Absent => Tags::new(),
        };
        self.add_if(!tags_fit(desired, &observed), resource, || drift(desired.clone(), observed));
    }

    /// By kind, region and name. The sort is stable: within a resource they keep the order in which they were looked for.
    pub(super) fn sorted(mut self) -> Vec<Finding> {
        self.0.sort_by(|a, b| a.resource.cmp(&b.resource));
        self.0
    }
}

/// Whether all tags of the spec are there.
pub(super) fn tags_fit(desired: &Tags, observed: &Tags) -> bool {
    desired.iter().all(|(key, value)| observed.get(key) == Some(value))
}

/// A document that cannot be parsed cannot be said to mean the same.
pub(super) fn same_policy(desired: &str, observed: &str) -> bool {
    match (Policy::parse(desired), Policy::parse(observed)) {
        (Ok(desired), Ok(observed)) => desired == observed,
        _ => false,
    }
}
