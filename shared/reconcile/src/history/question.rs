//! [`Question`]: what to ask CloudTrail about a report, one after the other.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::attribution::is_fresh;
use super::story::{Stories, nothing_was_there};
use crate::report::{Outcome, Report, Reported};

/// Which calls to look for: those of one name in one region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// The region.
    pub region: String,
    /// The operation.
    pub event: &'static str,
}

/// What has been asked so far, and where and when.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The questions that were answered.
    pub so_far: &'a BTreeSet<Question>,
    /// Where IAM's calls are recorded.
    pub iam_region: &'a str,
    /// When the run began.
    pub started: OffsetDateTime,
}

/// What to ask next, after what was asked and told so far; empty when there is nothing left that would tell more. Each finding
/// asks for our own repairs of it, and then for one of its causes after the other: AWS answers two questions in a second, and
/// somebody waits for the report.
pub fn questions(report: &Report, stories: &Stories, asked: &Asked<'_>) -> BTreeSet<Question> {
    if nothing_was_there(report) {
        return BTreeSet::new();
    }
    report.findings.iter().flat_map(|one| asks(one, stories, asked)).collect()
}

fn asks(one: &Reported, stories: &Stories, asked: &Asked<'_>) -> Vec<Question> {
    let drift = &one.finding.drift;
    let region = one.finding.resource.region.as_deref().unwrap_or(asked.iam_region);
    let question = |event: &'static str| Question { region: region.to_owned(), event };
    let is_new = |question: &Question| !asked.so_far.contains(question);
    let own = drift.repaired_by().map(question).filter(is_new);
    // A deletion names nothing but ids: what gave them a name has to be known too.
    let mut causes = drift.causes().iter().chain(drift.code().named_by).copied().map(question);
    let story = stories.of(one);
    let attribution = story.attribution.as_ref();
    // The history confirms what the invocation tells, or knows better.
    let to_confirm = attribution
        .filter(|attribution| !attribution.is_confirmed())
        .and_then(|attribution| causes.clone().find(|cause| cause.event == attribution.call.event))
        .filter(is_new);
    let settled = attribution.filter(|attribution| {
        // What is left as it is may be there for months: whoever called last is not yet who did it.
        (attribution.is_certain() || attribution.waits_for_history() && to_confirm.is_none())
            && one.outcome == Outcome::Repaired
            && is_fresh(&attribution.call, asked.started)
    });
    let next = match settled {
        // Who else undid our repairs is told by all calls of that name.
        Some(attribution) => causes.find(|cause| {
            story.contention.is_some() && cause.event == attribution.call.event && is_new(cause)
        }),
        // Another of its causes may be newer.
        None => to_confirm.or_else(|| causes.find(is_new)),
    };
    own.into_iter().chain(next).collect()
}
