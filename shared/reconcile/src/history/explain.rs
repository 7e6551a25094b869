//! Asks CloudTrail the right questions about a report, and takes the answers into it.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::bearing::{Bearing, Plans, bearing, plans};
use super::events::{causes, counted, names_of_plans};
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

/// Who brought a finding about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// The newest call that explains the finding.
    pub write: Write,
    /// Whether the call names the resource, or only an id that nothing connects with a name any more.
    pub certain: bool,
}

/// A resource that is repaired and undone again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contention {
    /// How often it was repaired within [`WINDOW`], this run included.
    pub repairs: usize,
    /// Who undid it within that time, and how often.
    pub undone_by: BTreeMap<String, usize>,
}

/// What a report is explained with.
#[derive(Debug, Clone, Copy)]
pub struct Explained<'a> {
    /// Calls of others and of our own, in any order; one may be there twice.
    pub writes: &'a [Write],
    /// Whose credentials the run uses; without it nothing counts as our own.
    pub own: Option<&'a Principal>,
    /// When the run began: its own calls are no earlier repairs.
    pub started: OffsetDateTime,
}

/// Whether CloudTrail can know who brought a finding about.
pub fn is_explicable(finding: &Finding) -> bool {
    !causes(finding).is_empty()
}

/// What to ask next, after what was asked and explained so far; empty when there is nothing left that would tell more. Each finding
/// asks for our own repairs of it, and then for one of its causes after the other until one explains it: AWS answers two questions
/// in a second, and somebody waits for the report.
pub fn questions(report: &Report, asked: &BTreeSet<Question>, iam_region: &str) -> BTreeSet<Question> {
    report.findings.iter().flat_map(|one| asks(one, asked, iam_region)).collect()
}

fn asks(one: &Reported, asked: &BTreeSet<Question>, iam_region: &str) -> Vec<Question> {
    // Where nothing of the spec exists, nobody has taken it away.
    if one.outcome == Outcome::Blocked(BlockReason::EmptyAccount) {
        return Vec::new();
    }
    let region = one.finding.resource.region.as_deref().unwrap_or(iam_region);
    let question = |event: &'static str| Question { region: region.to_owned(), event };
    let is_new = |question: &Question| !asked.contains(question);
    let own = one.call().map(counted).map(question).filter(is_new);
    let causes = causes(&one.finding).iter().chain(names_of_plans(&one.finding)).copied().map(question);
    let next = match &one.attribution {
        // Who else undid our repairs is told by all calls of that name.
        Some(attribution) if attribution.certain => {
            let contested = one.contention.is_some();
            causes.filter(|cause| contested && cause.event == attribution.write.event).find(is_new)
        }
        Some(_) | None => {
            let mut causes = causes;
            causes.find(is_new)
        }
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
        let known = plans(&report.plans, self.writes);
        for one in &mut report.findings {
            let repairs = self.earlier_repairs(one, &known);
            let causes = self.causes_of(one, &known);
            let recent = repairs.iter().filter(|write| write.time > Some(self.started - WINDOW)).count();
            one.contention = contention(one, recent, &causes, self.started);
            // What was done before our last repair was undone by it, and does not explain what is there now.
            let since = repairs.iter().filter_map(|write| write.time).max();
            let latest =
                causes.iter().filter(|(_, write)| since.is_none_or(|since| write.time >= Some(since)));
            // A likely call is better than none, and worse than a certain one, however new it is.
            one.attribution =
                latest.max_by_key(|(bearing, write)| (*bearing, write.time)).map(|(bearing, write)| {
                    Attribution { write: (*write).clone(), certain: *bearing == Bearing::Certain }
                });
        }
    }

    fn is_own(&self, write: &Write) -> bool {
        self.own.is_some_and(|own| own.made(write))
    }

    /// The successful calls of others that can have brought the finding about, each once.
    fn causes_of(&self, one: &Reported, plans: &Plans) -> Vec<(Bearing, &Write)> {
        let names = causes(&one.finding);
        let mut seen = BTreeSet::new();
        let others = self.writes.iter().filter(|write| {
            let before = write.time.is_none_or(|time| time <= one.seen_at);
            write.error.is_none() && names.contains(&write.event.as_str()) && before && !self.is_own(write)
        });
        others
            .map(|write| (bearing(write, &one.finding, plans), write))
            .filter(|(bearing, write)| *bearing != Bearing::None && seen.insert(identity(write)))
            .collect()
    }

    /// Our own calls that repaired what this finding is about, before this run.
    fn earlier_repairs(&self, one: &Reported, plans: &Plans) -> Vec<&Write> {
        let Some(name) = one.call().map(counted) else { return Vec::new() };
        let mut seen = BTreeSet::new();
        let ours = self.writes.iter().filter(|write| {
            let recent = write.time.is_some_and(|time| time < self.started && time > self.started - WINDOW);
            write.event == name && write.error.is_none() && recent && self.is_own(write)
        });
        ours.filter(|write| {
            let about = match one.finding.resource.kind {
                // A new selection is counted by its name, and a likely one is not counted.
                Kind::Selection => write.request("backupSelection/selectionName").is_some(),
                _ => true,
            };
            about && bearing(write, &one.finding, plans) == Bearing::Certain && seen.insert(identity(write))
        })
        .collect()
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
    earlier: usize,
    causes: &[(Bearing, &Write)],
    started: OffsetDateTime,
) -> Option<Contention> {
    let repairs = earlier + 1;
    if one.calls.is_empty() || repairs < CONTESTED_FROM {
        return None;
    }
    let mut undone_by = BTreeMap::new();
    for (_, write) in
        causes.iter().filter(|(_, write)| write.time.is_some_and(|time| time > started - WINDOW))
    {
        let actor = write.actor.clone().unwrap_or_else(|| "somebody unnamed".to_owned());
        *undone_by.entry(actor).or_insert(0) += 1;
    }
    Some(Contention { repairs, undone_by })
}
