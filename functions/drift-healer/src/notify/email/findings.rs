//! The findings of a mail: those that are alike in one paragraph, the first in full, the others in a line each.

use std::collections::BTreeSet;

use reconcile::drift::Drift;
use reconcile::history::{Attribution, RecordedCall, nothing_was_there};
use reconcile::report::{Outcome, Reported};
use reconcile::resource::ResourceId;
use reconcile::say;
use reconcile::words::{Prose, Word, count};

use crate::answer::Answer;

/// Nobody reads further on a phone.
const MOST_IN_FULL: usize = 10;
/// Nor looks further down a list.
const MOST_LINES: usize = 50;

/// The paragraphs. `told` are the calls that were named so far.
pub(super) fn paragraphs<'a>(
    answer: &'a Answer,
    shown: &[&'a Reported],
    told: &mut Vec<&'a RecordedCall>,
) -> Vec<Prose> {
    let (elsewhere, shown_here): (Vec<&Reported>, Vec<&Reported>) =
        shown.iter().partition(|one| nothing_was_there(&answer.report) && one.may_be_elsewhere());
    let groups = alike(answer, &shown_here);
    let full = groups.iter().take(MOST_IN_FULL);
    let mut paragraphs: Vec<Prose> = full.map(|group| paragraph(answer, group, told)).collect();
    paragraphs.extend(nothing_is_here(answer, &elsewhere));
    let rest: Vec<&Reported> = groups.into_iter().skip(MOST_IN_FULL).flatten().map(|told| told.one).collect();
    let lines = rest.iter().take(MOST_LINES).map(|one| heading(answer, one));
    let left_out = answer.report.findings.len() - shown.len() + rest.len().saturating_sub(MOST_LINES);
    if !rest.is_empty() {
        let first = Prose::own("The others in a line each:");
        paragraphs.push(Prose::joined(std::iter::once(first).chain(lines), "\n"));
    }
    if left_out > 0 {
        let more = count(left_out, "more finding");
        paragraphs.push(say!("{} left out here; all of them are in {}.", more, answer.place()));
    }
    paragraphs
}

/// Perhaps it is the wrong account: one reason for all, and the names.
fn nothing_is_here(answer: &Answer, missing: &[&Reported]) -> Option<Prose> {
    // What has no region speaks of all of them.
    let one = missing.iter().find(|one| one.finding.resource.region.is_none()).or(missing.first())?;
    let names: BTreeSet<&ResourceId> = missing.iter().map(|one| &one.finding.resource).collect();
    let lines = [answer.next_step(one).unwrap_or_default()];
    let command = answer.command(one).map(|command| say!("  {}", command));
    let names = names.into_iter().map(|name| say!("  {}", *name));
    let lines =
        lines.into_iter().chain(command).chain([Prose::own("Missing, or not as designed:")]).chain(names);
    Some(Prose::joined(lines, "\n"))
}

/// "CRITICAL open vault-lock eu-west-1/vault: missing".
fn heading(answer: &Answer, one: &Reported) -> Prose {
    let severity = answer.story(one).severity(one).as_str().to_uppercase();
    let state = match &one.outcome {
        Outcome::Repaired => "repaired",
        excepted if excepted.is_excepted() => "excepted",
        Outcome::Planned | Outcome::Failed(_) | Outcome::Blocked(_) => "open",
    };
    say!("{} {} {}", severity, Word(state), one.title())
}

/// A finding with its sentences, each made once.
struct Told<'a> {
    one: &'a Reported,
    summary: Prose,
    impact: Prose,
    /// What was done, and what is next.
    answer: Prose,
}

impl<'a> Told<'a> {
    fn of(one: &'a Reported, answer: &Answer) -> Self {
        let answer = one.what_was_done().and(answer.next_step(one).unwrap_or_default());
        Self { one, summary: one.summary(), impact: one.impact(), answer }
    }

    fn is_alike(&self, other: &Told<'_>) -> bool {
        self.answer == other.answer
            && (has_same_reason(self.one, other.one) || self.is_same_difference(other))
    }

    fn is_same_difference(&self, other: &Told<'_>) -> bool {
        std::ptr::eq(self.one.finding.drift.code(), other.one.finding.drift.code())
            && self.one.outcome.as_str() == other.one.outcome.as_str()
            && self.summary == other.summary
    }
}

/// One cause is one story: a read that was refused, a reason that holds for several, one call that repaired several, or the same
/// difference in several places. A group stands where its first finding does.
fn alike<'a>(answer: &Answer, shown: &[&'a Reported]) -> Vec<Vec<Told<'a>>> {
    let mut groups: Vec<Vec<Told<'_>>> = Vec::new();
    for one in shown.iter().map(|one| Told::of(one, answer)) {
        match groups.iter_mut().find(|group| group[0].is_alike(&one)) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

fn has_same_reason(one: &Reported, other: &Reported) -> bool {
    if let (Drift::Unreadable(one), Drift::Unreadable(other)) = (&one.finding.drift, &other.finding.drift) {
        return one.refusal == other.refusal;
    }
    match (&one.outcome, &other.outcome) {
        (Outcome::Blocked(reason), Outcome::Blocked(same)) => reason == same && reason.is_beside_the_drift(),
        (Outcome::Repaired, Outcome::Repaired)
        | (Outcome::Planned, Outcome::Planned)
        | (Outcome::Failed(_), Outcome::Failed(_)) => {
            one.finding.resource == other.finding.resource && one.calls == other.calls
        }
        (Outcome::Repaired | Outcome::Planned | Outcome::Failed(_) | Outcome::Blocked(_), _) => false,
    }
}

/// What was wrong, what it meant, what was done and what is next, who did it.
fn paragraph<'a>(answer: &'a Answer, group: &[Told<'a>], told: &mut Vec<&'a RecordedCall>) -> Prose {
    let mut lines = what_differs(answer, group);
    let mut once = |line: Prose| {
        if !line.is_empty() && !lines.contains(&line) {
            lines.push(line);
        }
    };
    let each = || group.iter().map(|told| told.one);
    once(group[0].answer.clone());
    each().filter_map(|one| answer.command(one)).for_each(|command| once(say!("  {}", command)));
    each().filter_map(|one| answer.link(one)).for_each(|link| once(say!("  {}", link)));
    let mut calls = Vec::new();
    for one in each() {
        let story = answer.story(one);
        story.contested(one).into_iter().for_each(&mut once);
        if let Some(attribution) = story.attribution.as_ref().filter(|known| !calls.contains(&&known.call)) {
            calls.push(&attribution.call);
            who_did_it(attribution, told).into_iter().for_each(&mut once);
        }
    }
    Prose::joined(lines, "\n")
}

/// The headings with what differs and what it means. A sentence that is the same for all stands once, after them; where nothing is, the
/// names say what differs.
fn what_differs(answer: &Answer, group: &[Told<'_>]) -> Vec<Prose> {
    let first = &group[0];
    let nothing_is_here = first.one.may_be_elsewhere();
    let same_summary = nothing_is_here || group.iter().all(|told| told.summary == first.summary);
    let same_impact = group.iter().all(|told| told.impact == first.impact);
    let mut lines = Vec::new();
    for told in group {
        lines.push(heading(answer, told.one));
        lines.extend((!same_summary).then(|| told.summary.clone()));
        lines.extend((!same_impact).then(|| told.impact.clone()));
    }
    lines.extend((same_summary && !nothing_is_here).then(|| first.summary.clone()));
    lines.extend(same_impact.then(|| first.impact.clone()));
    lines.retain(|line| !line.is_empty());
    lines
}

/// The same call again is said in three words, and that code fights the spec is said once.
fn who_did_it<'a>(attribution: &'a Attribution, told: &mut Vec<&'a RecordedCall>) -> Vec<Prose> {
    let call = &attribution.call;
    if told.contains(&call) {
        return vec![say!("By: {}", attribution.who_again())];
    }
    let fight = attribution.fight().filter(|_| !told.iter().any(|other| other.client() == call.client()));
    told.push(call);
    std::iter::once(say!("By: {}", attribution.who())).chain(fight).collect()
}
