//! Agreed exceptions: which finding one covers, and what there is to say about the exceptions themselves.

use super::context::Context;
use crate::desired::{Desired, Exception};
use crate::drift::Finding;
use crate::resource::Kind;
use crate::say;
use crate::state::Observed;
use crate::words::{Prose, Verbatim};

/// The exception that covers the finding and still counts.
pub fn covering<'a>(desired: &'a Desired, observed: &Observed, finding: &Finding) -> Option<&'a Exception> {
    desired.exceptions.iter().find(|one| !expired(one, observed) && matches(one, finding))
}

/// Whether an exception speaks of the finding.
fn matches(exception: &Exception, finding: &Finding) -> bool {
    let Exception { resource, code, attribute, owner: _, reason: _, until: _ } = exception;
    *resource == finding.resource
        && *code == finding.drift.code().code
        && attribute.as_ref().is_none_or(|attribute| *attribute == finding.drift.attribute().to_string())
}

fn expired(exception: &Exception, observed: &Observed) -> bool {
    observed.at.date() > exception.until
}

/// What a report says about the exceptions themselves: those that are over, and those that cover none of what was found.
pub fn notes<'a>(
    desired: &Desired,
    observed: &Observed,
    findings: impl Iterator<Item = &'a Finding> + Clone,
) -> Vec<Prose> {
    let note = |one: &Exception| {
        let what = say!("The exception of {} for {} ({})", Verbatim(&one.owner), one.resource, one.code);
        if expired(one, observed) {
            Some(say!("{} expired on {}; it no longer counts. Remove it from the spec.", what, one.until))
        } else if !findings.clone().any(|finding| matches(one, finding)) {
            Some(say!("{} matches nothing. Remove it from the spec if the deviation is gone.", what))
        } else {
            None
        }
    };
    desired.exceptions.iter().filter_map(note).collect()
}

/// Selections and locks are replaced as a whole: where an exception covers one attribute, nothing else of it can be
/// repaired without ending the exception.
pub(super) fn share_a_call(context: &Context<'_>, finding: &Finding) -> bool {
    let replaced = matches!(finding.resource.kind, Kind::Selection | Kind::VaultLock);
    let excepted = |other: &Finding| covering(context.desired, context.observed, other).is_some();
    replaced && context.findings_of(&finding.resource).any(excepted)
}
