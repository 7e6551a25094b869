//! [`Story`]: who brought a finding about, and whether it is contested. The report stays as it is; the stories stand beside it.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::attribution::{Attribution, Known, attribute};
use super::contention::{Contention, contention};
use super::principal::Principal;
use super::recorded_call::RecordedCall;
use super::relevance::{Cause, Names, Relevance, relevance};
use crate::drift::{Finding, FindingId, Severity};
use crate::repair::BlockReason;
use crate::report::{Outcome, Report, Reported};
use crate::resource::Kind;

/// What the history tells of one finding.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Story {
    /// Who brought it about, if that is known.
    pub attribution: Option<Attribution>,
    /// That it is repaired and undone again and again.
    pub contention: Option<Contention>,
}

impl Story {
    /// How bad the finding is. What somebody keeps undoing is worse than what happened once.
    pub fn severity(&self, of: &Reported) -> Severity {
        let severity = of.finding.drift.severity();
        if self.contention.is_some() { severity.raised() } else { severity }
    }
}

/// The stories of a report's findings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stories(BTreeMap<FindingId, Story>);

impl Stories {
    /// The story of a finding; an empty one if the history was not asked.
    pub fn of(&self, one: &Reported) -> &Story {
        const UNTOLD: &Story = &Story { attribution: None, contention: None };
        self.0.get(&one.finding.id()).unwrap_or(UNTOLD)
    }
}

/// What stories are made from.
#[derive(Debug, Clone, Copy)]
pub struct Records<'a> {
    /// What the event history knows: calls of others and of our own, in any order; one may be there twice.
    pub calls: &'a [RecordedCall],
    /// What the invocation tells, whoever made it.
    pub told: &'a [RecordedCall],
    /// The account that the report is about.
    pub account: &'a str,
    /// Whose credentials the run uses; without it nothing counts as our own.
    pub own: Option<&'a Principal>,
    /// Whether the event history answered all that it was asked.
    pub is_complete: bool,
    /// When the run began: its own calls are no earlier repairs.
    pub started: OffsetDateTime,
}

/// Whether CloudTrail can know who brought a finding about.
pub fn is_explicable(finding: &Finding) -> bool {
    !finding.drift.causes().is_empty()
}

/// Whether nothing of the spec was seen anywhere: then it is the wrong account or region, and nobody has taken it away.
pub fn nothing_was_there(report: &Report) -> bool {
    let empty = |one: &Reported| one.outcome == Outcome::Blocked(BlockReason::EmptyAccount);
    let unread = |one: &Reported| one.outcome == Outcome::Blocked(BlockReason::Unreadable);
    report.findings.iter().any(empty) && report.findings.iter().all(|one| empty(one) || unread(one))
}

impl<'a> Records<'a> {
    /// The story of each finding.
    pub fn stories(&self, report: &Report) -> Stories {
        // CloudTrail writes whole seconds.
        let started = self.started.replace_nanosecond(0).unwrap_or(self.started);
        let history: Vec<&RecordedCall> = self.calls.iter().filter(|call| call.is_of(self.account)).collect();
        let names = Names::of(&report.plans, &history);
        let known = Known { started, own: self.own.is_some(), complete: self.is_complete };
        let story = |one: &Reported| {
            let repairs = self.earlier_repairs(one, &history, &names, started);
            let causes = self.causes_of(one, &history, &names);
            let contention = contention(one, &repairs, &causes, started);
            // What was done before our last repair was undone by it, and does not explain what is there now.
            let since = repairs.last().copied();
            let causes: Vec<_> = causes.into_iter().filter(|cause| cause.call.time >= since).collect();
            Story { attribution: attribute(one, &causes, known), contention }
        };
        Stories(report.findings.iter().map(|one| (one.finding.id(), story(one))).collect())
    }

    fn is_own(&self, call: &RecordedCall) -> bool {
        self.own.is_some_and(|own| own.made(call))
    }

    /// The successful calls of others that can have brought the finding about, each once. Of a call that the history knows, only the
    /// history's words count.
    fn causes_of(&self, one: &Reported, history: &[&'a RecordedCall], names: &Names<'_>) -> Vec<Cause<'a>> {
        let causes = one.finding.drift.causes();
        let known: BTreeSet<&str> = history.iter().filter_map(|call| call.id.as_deref()).collect();
        let told = self.told.iter().filter(|call| {
            call.is_of(self.account) && !call.id.as_deref().is_some_and(|id| known.contains(id))
        });
        let all = history.iter().map(|call| (*call, true)).chain(told.map(|call| (call, false)));
        let mut seen = BTreeSet::new();
        let others = all.filter(|(call, _)| {
            let before = call.time.is_none_or(|time| time <= one.seen_at);
            call.error.is_none() && causes.contains(&call.event.as_str()) && before && !self.is_own(call)
        });
        others
            .map(|(call, is_confirmed)| Cause {
                relevance: relevance(call, &one.finding, names),
                call,
                is_confirmed,
            })
            .filter(|cause| cause.relevance != Relevance::None && seen.insert(identity(cause.call)))
            .collect()
    }

    /// When calls of our own repaired what this finding is about, before this run; the last one last.
    fn earlier_repairs(
        &self,
        one: &Reported,
        history: &[&RecordedCall],
        names: &Names<'_>,
        started: OffsetDateTime,
    ) -> Vec<OffsetDateTime> {
        let Some(name) = one.finding.drift.repaired_by() else { return Vec::new() };
        let mut seen = BTreeSet::new();
        let ours =
            history.iter().filter(|call| call.event == name && call.error.is_none() && self.is_own(call));
        let repairs = ours.filter(|call| {
            // A new selection is counted by its name, and a likely one is not counted.
            let named = one.finding.resource.kind != Kind::Selection
                || call.request("backupSelection/selectionName").is_some();
            named && relevance(call, &one.finding, names) == Relevance::Certain && seen.insert(identity(call))
        });
        let mut times: Vec<_> = repairs.filter_map(|call| call.time).filter(|time| *time < started).collect();
        times.sort_unstable();
        times
    }
}

fn identity(call: &RecordedCall) -> (Option<&str>, &str, Option<OffsetDateTime>) {
    // With an id the rest says nothing more, and may be written differently in the two places that tell of the call.
    match &call.id {
        Some(id) => (Some(id), "", None),
        None => (None, &call.event, call.time),
    }
}
