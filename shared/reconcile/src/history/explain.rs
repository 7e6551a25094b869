//! Asks CloudTrail the right questions about a report, and takes the answers into it.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::attribution::is_fresh;
use super::bearing::{Bearing, Names, bearing};
use super::events::{causes, names_of_plans, repaired_by};
use super::{CONTESTED_FROM, Principal, WINDOW, Write};
use crate::drift::Finding;
use crate::repair::BlockReason;
use crate::report::{Outcome, Report, Reported};
use crate::resource::Kind;

/// Which calls to look for: those of one name in one region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// The region.
    pub region: String,
    /// The operation.
    pub event: &'static str,
}

/// A resource that is repaired and undone again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contention {
    /// How often it was repaired within [`WINDOW`]; this run's repair is one of them, if it made one.
    pub repairs: usize,
    /// Who called last before a repair, and how often, of the calls that are known to be about it.
    pub undone_by: BTreeMap<String, usize>,
}

/// What a report is explained with.
#[derive(Debug, Clone, Copy)]
pub struct Explained<'a> {
    /// Calls of others and of our own, in any order; one may be there twice.
    pub writes: &'a [Write],
    /// Whose credentials the run uses; without it nothing counts as our own.
    pub own: Option<&'a Principal>,
    /// Whether the event history answered all that it was asked.
    pub is_complete: bool,
    /// When the run began: its own calls are no earlier repairs.
    pub started: OffsetDateTime,
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

/// Whether CloudTrail can know who brought a finding about.
pub fn is_explicable(finding: &Finding) -> bool {
    !causes(finding).is_empty()
}

/// Whether nothing of the spec was seen anywhere: then it is the wrong account or region, and nobody has taken it away.
pub fn nothing_was_there(report: &Report) -> bool {
    let empty = |one: &Reported| one.outcome == Outcome::Blocked(BlockReason::EmptyAccount);
    let unread = |one: &Reported| one.outcome == Outcome::Blocked(BlockReason::Unreadable);
    report.findings.iter().any(empty) && report.findings.iter().all(|one| empty(one) || unread(one))
}

/// What to ask next, after what was asked and explained so far; empty when there is nothing left that would tell more. Each finding
/// asks for our own repairs of it, and then for one of its causes after the other: AWS answers two questions in a second, and
/// somebody waits for the report.
pub fn questions(report: &Report, asked: &Asked<'_>) -> BTreeSet<Question> {
    if nothing_was_there(report) {
        return BTreeSet::new();
    }
    report.findings.iter().flat_map(|one| asks(one, asked)).collect()
}

fn asks(one: &Reported, asked: &Asked<'_>) -> Vec<Question> {
    let region = one.finding.resource.region.as_deref().unwrap_or(asked.iam_region);
    let question = |event: &'static str| Question { region: region.to_owned(), event };
    let is_new = |question: &Question| !asked.so_far.contains(question);
    let own = repaired_by(&one.finding).map(question).filter(is_new);
    let mut causes = causes(&one.finding).iter().chain(names_of_plans(&one.finding)).copied().map(question);
    let next = match &one.attribution {
        // What is left as it is may be there for months: whoever called last is not yet who did it.
        Some(attribution)
            if attribution.is_certain()
                && one.outcome == Outcome::Repaired
                && is_fresh(&attribution.write, asked.started) =>
        {
            // Who else undid our repairs is told by all calls of that name.
            let contested = one.contention.is_some();
            causes.find(|cause| contested && cause.event == attribution.write.event && is_new(cause))
        }
        // Another of its causes may be newer.
        Some(_) | None => causes.find(is_new),
    };
    own.into_iter().chain(next).collect()
}

impl Explained<'_> {
    /// Says of each finding who brought it about, and whether it is contested.
    pub fn explain(&self, report: &mut Report) {
        // CloudTrail writes whole seconds.
        let whole = Self { started: self.started.replace_nanosecond(0).unwrap_or(self.started), ..*self };
        whole.explain_each(report);
    }

    fn explain_each(&self, report: &mut Report) {
        let names = Names::of(&report.plans, self.writes);
        for one in &mut report.findings {
            let repairs = self.earlier_repairs(one, &names);
            let causes = self.causes_of(one, &names);
            one.contention = contention(one, &repairs, &causes, self.started);
            // What was done before our last repair was undone by it, and does not explain what is there now.
            let since = repairs.last().copied();
            let causes: Vec<_> = causes.into_iter().filter(|(_, write)| write.time >= since).collect();
            one.attribution = self.attribution(one, &causes);
        }
    }

    fn is_own(&self, write: &Write) -> bool {
        self.own.is_some_and(|own| own.made(write))
    }

    /// The successful calls of others that can have brought the finding about, each once.
    fn causes_of(&self, one: &Reported, names: &Names<'_>) -> Vec<(Bearing, &Write)> {
        let events = causes(&one.finding);
        let mut seen = BTreeSet::new();
        let others = self.writes.iter().filter(|write| {
            let before = write.time.is_none_or(|time| time <= one.seen_at);
            write.error.is_none() && events.contains(&write.event.as_str()) && before && !self.is_own(write)
        });
        others
            .map(|write| (bearing(write, &one.finding, names), write))
            .filter(|(bearing, write)| *bearing != Bearing::None && seen.insert(identity(write)))
            .collect()
    }

    /// When calls of our own repaired what this finding is about, before this run; the last one last.
    fn earlier_repairs(&self, one: &Reported, names: &Names<'_>) -> Vec<OffsetDateTime> {
        let Some(name) = repaired_by(&one.finding) else { return Vec::new() };
        let mut seen = BTreeSet::new();
        let ours = self
            .writes
            .iter()
            .filter(|write| write.event == name && write.error.is_none() && self.is_own(write));
        let repairs = ours.filter(|write| {
            let about = match one.finding.resource.kind {
                // A new selection is counted by its name, and a likely one is not counted.
                Kind::Selection => write.request("backupSelection/selectionName").is_some(),
                _ => true,
            };
            about && bearing(write, &one.finding, names) == Bearing::Certain && seen.insert(identity(write))
        });
        let mut times: Vec<_> =
            repairs.filter_map(|write| write.time).filter(|time| *time < self.started).collect();
        times.sort_unstable();
        times
    }
}

fn identity(write: &Write) -> (Option<&str>, &str, Option<OffsetDateTime>) {
    // With an id the rest says nothing more, and may be written differently in the two places that tell of the call.
    match &write.id {
        Some(id) => (Some(id), "", None),
        None => (None, &write.event, write.time),
    }
}

fn contention(
    one: &Reported,
    earlier: &[OffsetDateTime],
    causes: &[(Bearing, &Write)],
    started: OffsetDateTime,
) -> Option<Contention> {
    let since = started - WINDOW;
    let recent: Vec<OffsetDateTime> = earlier.iter().copied().filter(|time| *time > since).collect();
    // A call that was refused, or only planned, repaired nothing.
    let made = matches!(one.outcome, Outcome::Repaired | Outcome::Blocked(BlockReason::Tried));
    let repairs = recent.len() + usize::from(made);
    if one.calls.is_empty() || repairs < CONTESTED_FROM {
        return None;
    }
    // Between two repairs many calls may have been made about the resource; what the second repaired is the last one's.
    let mut undone_by = BTreeMap::new();
    let mut counted = since;
    for repair in recent.into_iter().chain([started]) {
        let undoing =
            causes.iter().filter(|(bearing, _)| *bearing == Bearing::Certain).map(|(_, write)| write);
        let last = undoing
            .filter(|write| write.time.is_some_and(|time| counted < time && time <= repair))
            .max_by_key(|write| write.time);
        if let Some(write) = last {
            *undone_by.entry(write.who().to_owned()).or_insert(0) += 1;
            counted = write.time.unwrap_or(counted);
        }
    }
    Some(Contention { repairs, undone_by })
}
