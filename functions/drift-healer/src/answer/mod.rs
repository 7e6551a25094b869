//! What the function answers: the JSON contract, and the counts that every message is made of.

mod contract;
mod decision;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use reconcile::call::CallError;
use reconcile::console::Link;
use reconcile::drift::Severity;
use reconcile::history::{Stories, Story};
use reconcile::repair::CallMade;
use reconcile::report::{Outcome, Report, Reported, Verdict};
use reconcile::say;
use reconcile::words::{Command, Note, Prose, Reader, Verbatim, clean_json, timestamp};
use serde_json::Value;
use time::OffsetDateTime;

use crate::hold::Hold;
use crate::incident::{Incident, IncidentKind, Total};
use crate::notify::incidents;
use crate::settings::Mode;
use crate::trigger::{Skip, Trigger};
use contract::{CallLine, Contract, FindingLine, HoldLine, IncidentLine, SpecId, TotalLine};

pub use contract::schema;

/// A run, with all that its reader has to know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What the run found and did.
    pub report: Report,
    /// Who brought it about.
    pub stories: Stories,
    /// The mode that it ran in.
    pub mode: Mode,
    /// The account's id; `None` if nothing had to be looked at to answer.
    pub account: Option<String>,
    /// Where IAM's calls are recorded.
    pub iam_region: String,
    /// The desired spec's name.
    pub spec_name: String,
    /// SHA-256 of the desired spec.
    pub spec_sha256: String,
    /// What started it.
    pub trigger: Trigger,
    /// Why nothing was looked at.
    pub skipped: Option<Skip>,
    /// The attempts on backups, and the losses, that the events tell of.
    pub incidents: Vec<Incident>,
    /// How many there were in an hour that is over, if not all of them were told.
    pub total: Option<Total>,
    /// When the same open findings were sent, if that was within the hour.
    pub sent_before: Option<OffsetDateTime>,
    /// Why it may not be known of a finding who brought it about.
    pub gap: Option<Prose>,
    /// Where the whole of it is logged: log group and request id.
    pub log: Option<String>,
    /// Whether somebody has set a hold.
    pub hold: Hold,
    /// What else the reader should know, in sentences.
    pub notes: Vec<Note>,
    /// Who reads it.
    pub reader: Reader,
}

/// How many findings there are, by what came of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// All but the excepted.
    pub findings: usize,
    /// Repaired, and seen to be.
    pub repaired: usize,
    /// Neither repaired nor excepted.
    pub open: usize,
    /// Those of the open that the mode repair would repair.
    pub planned: usize,
    /// Agreed.
    pub excepted: usize,
    /// Repaired and undone again and again; they are among the others as well.
    pub contested: usize,
    /// The worst of those that are not excepted.
    pub worst: Option<Severity>,
    /// The worst of those that are open.
    pub worst_open: Option<Severity>,
}

impl Answer {
    /// The contract's JSON.
    pub fn to_json(&self) -> Value {
        self.lines(self.report.findings.iter(), self.report.calls.iter(), &self.notes)
    }

    /// The contract's JSON with no more than so many findings, the most pressing ones, and no more than so many calls; a note
    /// says what is left out.
    pub fn to_short_json(&self, most: usize) -> Value {
        let findings = &self.report.findings;
        let calls = &self.report.calls;
        let kept: BTreeSet<usize> = self.by_urgency().into_iter().take(most).collect();
        let mut notes = self.notes.clone();
        let (findings_cut, calls_cut) = (findings.len() - kept.len(), calls.len().saturating_sub(most));
        if findings_cut + calls_cut > 0 {
            let cut = say!(
                "{} findings and {} calls are left out of this message; all of them are in {}.",
                findings_cut,
                calls_cut,
                self.place()
            );
            notes.push(cut.into());
        }
        self.lines(kept.iter().map(|&index| &findings[index]), calls.iter().take(most), &notes)
    }

    fn lines<'a>(
        &'a self,
        findings: impl Iterator<Item = &'a Reported>,
        calls: impl Iterator<Item = &'a CallMade>,
        notes: &[Note],
    ) -> Value {
        let contract = Contract {
            verdict: self.report.verdict(),
            mode: self.mode,
            account: self.account.as_deref(),
            spec: SpecId { name: &self.spec_name, sha256: &self.spec_sha256 },
            decision: self.decision().into(),
            trigger: &self.trigger,
            findings: findings.map(|one| FindingLine::new(one, self)).collect(),
            calls: calls.map(|made| self.call(made)).collect(),
            passes: self.report.passes,
            skipped: self.skipped,
            attempt: self.first(IncidentKind::Attempt).map(IncidentLine::new),
            loss: self.first(IncidentKind::Loss).map(IncidentLine::new),
            incidents_before: self.total.as_ref().map(TotalLine::new),
            sent_before: self.sent_before.map(timestamp),
            open_severity: self.open_severity(),
            fingerprint: self.report.fingerprint(),
            attribution_gap: self
                .gap
                .as_ref()
                .filter(|_| !self.report.findings.is_empty())
                .map(Prose::as_str),
            hold: self.hold.standing().map(HoldLine::new),
            notes: notes.iter().map(|note| note.clone().read_by(&self.reader).in_line().into()).collect(),
        };
        // Strings, numbers and maps by text: there is nothing in it that JSON has no form for.
        clean_json(serde_json::to_value(contract).unwrap_or_default())
    }

    /// Where a message that leaves something out sends its reader.
    pub fn place(&self) -> Prose {
        self.log
            .as_ref()
            .map_or_else(|| Prose::own("the function's log"), |log| say!("the log {}", Verbatim(log)))
    }

    /// Who brought a finding about.
    pub fn story(&self, one: &Reported) -> &Story {
        self.stories.of(one)
    }

    fn call(&self, made: &CallMade) -> CallLine {
        CallLine {
            call: made.call.action(),
            resource: made.resource.to_string(),
            pass: made.pass,
            result: self.result(made),
        }
    }

    /// `ok`, `planned`, or what AWS said against it.
    pub fn result(&self, made: &CallMade) -> String {
        match (self.mode, &made.result) {
            (Mode::Report, _) => "planned".to_owned(),
            (Mode::Repair, Ok(())) => "ok".to_owned(),
            (Mode::Repair, Err(error)) => error.to_string(),
        }
    }

    /// The indices of the findings: what is open first, the worst first; then what is repaired, and what is excepted.
    pub fn by_urgency(&self) -> Vec<usize> {
        let findings = &self.report.findings;
        let mut indices: Vec<usize> = (0..findings.len()).collect();
        indices.sort_by_cached_key(|&index| {
            let one = &findings[index];
            // Of two that are equally bad the one comes first that nobody but a person answers.
            (need(&one.outcome), Reverse(self.story(one).severity(one)), one.ask().is_none())
        });
        indices
    }

    /// The findings in that order.
    pub fn most_pressing_first(&self) -> impl Iterator<Item = &Reported> {
        self.by_urgency().into_iter().map(|index| &self.report.findings[index])
    }

    /// The decision that a reader has to make, in one sentence.
    pub fn decision(&self) -> Prose {
        decision::decision(self)
    }

    /// The command that goes with a finding.
    pub fn command(&self, one: &Reported) -> Option<Command> {
        Some(self.story(one).command(one, &self.iam_region)?.read_by(&self.reader))
    }

    /// The same for whoever looks after the function, as messages are.
    #[must_use]
    pub fn for_deployer(self) -> Self {
        Self { reader: Reader::Deployer, ..self }
    }

    /// What a person has to know or do about a finding.
    pub fn next_step(&self, one: &Reported) -> Option<Prose> {
        one.next_step_for(&self.reader)
    }

    /// What else there is to say.
    pub fn remarks(&self) -> impl Iterator<Item = Note> {
        self.notes.iter().map(|note| note.clone().read_by(&self.reader))
    }

    /// The page of the console that shows what a finding is about.
    pub fn link(&self, one: &Reported) -> Option<Link> {
        Link::to(&one.finding, &self.iam_region, &self.report.plans)
    }

    /// The counts.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for one in &self.report.findings {
            let (story, severity) = (self.story(one), self.story(one).severity(one));
            if one.outcome.is_excepted() {
                tally.excepted += 1;
                continue;
            }
            tally.planned += usize::from(one.outcome == Outcome::Planned);
            if one.outcome == Outcome::Repaired {
                tally.repaired += 1;
            } else {
                tally.open += 1;
                tally.worst_open = tally.worst_open.max(Some(severity));
            }
            tally.findings += 1;
            tally.contested += usize::from(story.contention.is_some());
            tally.worst = tally.worst.max(Some(severity));
        }
        tally
    }

    /// The incidents that are told by themselves.
    pub fn told(&self) -> impl Iterator<Item = &Incident> {
        self.incidents.iter().filter(|one| one.told)
    }

    /// Those incidents in words, a paragraph each, and how many more there were.
    pub fn harm(&self) -> Vec<Vec<Note>> {
        let told = self.told().map(incidents::paragraph);
        let total = self.total.as_ref().map(|total| vec![incidents::total_in_words(total).into()]);
        let read =
            |paragraph: Vec<Note>| paragraph.into_iter().map(|note| note.read_by(&self.reader)).collect();
        told.chain(total).map(read).collect()
    }

    /// The first incident of a kind, one that is told if there is one.
    fn first(&self, kind: IncidentKind) -> Option<&Incident> {
        let of_kind = || self.incidents.iter().filter(move |one| one.kind == kind);
        of_kind().find(|one| one.told).or_else(|| of_kind().next())
    }

    /// The incident that is named before all findings, because it is worse than what is open.
    pub fn pressing_incident(&self) -> Option<&Incident> {
        let worst = self.told().min_by_key(|one| Reverse(one.severity()))?;
        (Some(worst.severity()) > self.tally().worst_open).then_some(worst)
    }

    /// The worst of what is told: findings, attempts and losses.
    pub fn severity(&self) -> Option<Severity> {
        self.incident_severity().max(self.tally().worst)
    }

    /// The worst of what a person still has to do.
    pub fn open_severity(&self) -> Option<Severity> {
        let findings = self.report.findings.iter().filter(|one| one.is_open());
        self.incident_severity().max(findings.map(|one| self.story(one).severity(one)).max())
    }

    fn incident_severity(&self) -> Option<Severity> {
        let told = self.told().map(Incident::severity).max();
        let counted = self.total.as_ref().map(|_| Severity::High);
        told.max(counted)
    }

    /// Whether anybody has to hear of it: who asks is answered, what was tried or lost is told, and so is what differs, unless the same was
    /// told within the hour.
    pub fn is_news(&self) -> bool {
        let differs = self.report.verdict() != Verdict::InSync && self.sent_before.is_none();
        let asked = self.trigger.by_a_person && self.sent_before.is_none();
        differs
            || asked
            || self.may_have_written()
            || self.told().next().is_some()
            || self.total.is_some()
            || self.hold.is_misunderstood()
    }

    /// Whether AWS may have carried out a call, answered or not.
    fn may_have_written(&self) -> bool {
        let refused = |made: &CallMade| made.result.as_ref().is_err_and(CallError::is_refusal);
        self.mode == Mode::Repair && !self.report.calls.iter().all(refused)
    }

    /// Whether nothing but its open findings is to be told, so that an equal one need not be told again.
    pub(crate) fn only_repeats(&self) -> bool {
        let repaired = self.report.findings.iter().any(|one| one.outcome == Outcome::Repaired);
        self.report.verdict() == Verdict::Drifted && !self.may_have_written() && !repaired
    }
}

/// Open, repaired, excepted.
fn need(outcome: &Outcome) -> u8 {
    match outcome {
        blocked @ Outcome::Blocked(_) if blocked.is_excepted() => 2,
        Outcome::Failed(_) | Outcome::Blocked(_) | Outcome::Planned => 0,
        Outcome::Repaired => 1,
    }
}
