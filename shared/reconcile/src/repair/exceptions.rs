//! Agreed exceptions: which finding one covers, and what there is to say about the exceptions themselves.

use super::context::Context;
use crate::desired::{Desired, Exception};
use crate::drift::{Finding, Severity, codes};
use crate::resource::Kind;
use crate::say;
use crate::state::Observed;
use crate::words::{Prose, Verbatim};

/// The exception that covers the finding and still counts.
pub fn covering<'a>(desired: &'a Desired, observed: &Observed, finding: &Finding) -> Option<&'a Exception> {
    desired.exceptions.iter().find(|one| counts(one, observed) && matches(one, finding))
}

/// Whether an exception counts: it is not over, and no longer than one may be. A spec says how long, a look says from when.
fn counts(exception: &Exception, observed: &Observed) -> bool {
    !expired(exception, observed) && exception.until <= Exception::latest(observed.at.date())
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

/// Whether it covers what may be critical: who agrees to that reads it in every report.
fn is_grave(exception: &Exception) -> bool {
    codes().any(|declared| {
        declared.kind == Some(exception.resource.kind)
            && declared.code == exception.code
            && declared.severities.iter().any(|(severity, _)| *severity == Severity::Critical)
    })
}

/// What a report says about the exceptions themselves: those that are over or too long, those that cover none of what was found, and
/// those that cover the worst.
pub fn notes<'a>(
    desired: &Desired,
    observed: &Observed,
    findings: impl Iterator<Item = &'a Finding> + Clone,
) -> Vec<Prose> {
    let note = |one: &Exception| {
        let what = say!("The exception of {} for {} ({})", Verbatim(&one.owner), one.resource, one.code);
        if expired(one, observed) {
            Some(say!("{} expired on {}; it no longer counts. Remove it from the spec.", what, one.until))
        } else if !counts(one, observed) {
            let latest = Exception::latest(observed.at.date());
            Some(say!(
                "{} lasts until {}, and none may last beyond {}, a year from now: it does not count.",
                what,
                one.until,
                latest
            ))
        } else if !findings.clone().any(|finding| matches(one, finding)) {
            Some(say!("{} matches nothing. Remove it from the spec if the deviation is gone.", what))
        } else if is_grave(one) {
            Some(say!(
                "{} covers what may lose backups: nothing of it is repaired until {}.",
                what,
                one.until
            ))
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
