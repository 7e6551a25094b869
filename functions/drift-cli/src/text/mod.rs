//! A run for a person at a terminal: what needs somebody first, ten findings in full, the others a line each.

mod finding;
mod group;
mod preview;
mod wrap;

use std::collections::BTreeMap;

use drift_healer::Mode;
use reconcile::drift::Severity;
use reconcile::history::RecordedCall;
use reconcile::repair::BlockReason;
use reconcile::report::{Outcome, Reported};
use reconcile::say;
use reconcile::words::Note;

use crate::look::{Look, Need, plural};
use crate::paint;

pub use preview::{calls, irreversible, replaced};
pub use wrap::Page;

/// How much is told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extent {
    /// Only findings at least so bad.
    pub least: Option<Severity>,
    /// Everything in full.
    pub full: bool,
}

/// So many groups of findings are told in full.
const IN_FULL: usize = 10;

/// A run in lines no wider than the page.
pub fn lines(look: &Look, extent: Extent, page: Page) -> Vec<String> {
    let shown = look.by_need(extent.least);
    let groups = group::alike(look, &shown, extent.full);
    let mut lines: Vec<String> =
        look.head().iter().flat_map(|line| page.wrap(&paint::faint(line), 0)).collect();
    lines.push(String::new());
    lines.push(verdict(look));
    lines.extend(counts(look, &shown, page));
    for paragraph in look.answer.harm() {
        lines.push(String::new());
        lines.extend(paragraph.into_iter().flat_map(|note| in_lines(note, page, false)));
    }
    let in_full = if extent.full { groups.len() } else { IN_FULL };
    let mut told: Vec<&RecordedCall> = Vec::new();
    let many = groups.len() > in_full;
    for (index, group) in groups.iter().take(in_full).enumerate() {
        if many {
            lines.extend((index == 0).then(String::new));
            lines.extend(finding::in_brief(look, group, extent, page));
        } else {
            lines.push(String::new());
            lines.extend(finding::in_full(look, group, extent, page, &mut told));
        }
    }
    if many {
        lines.push(String::new());
        lines.extend(groups[in_full..].iter().flat_map(|group| finding::in_one_line(look, group, page)));
        let hint = format!(
            "{} in one line each; --full tells all in full",
            plural(groups.len() - in_full, "more group")
        );
        lines.extend(page.wrap(&paint::faint(&hint), 0));
    }
    lines.extend(actors(look, &told, page));
    lines.extend(preview::preview(look, extent.full, many, page));
    lines.extend(remarks(look, page, many));
    if let Some(unmanaged) = &look.unmanaged {
        let found = unmanaged.lines();
        lines.push(String::new());
        let title = if found.is_empty() {
            "Not in the spec: nothing of AWS Backup in its regions".to_owned()
        } else {
            format!("Not in the spec, and not touched: {}", found.len())
        };
        lines.push(paint::heading(&title));
        lines.extend(found.iter().flat_map(|line| page.wrap(line, 2)));
    }
    lines.push(String::new());
    lines.extend(page.wrap(&paint::faint(&look.foot()), 0));
    lines
}

/// The verdict, and how many findings there are of each severity.
fn verdict(look: &Look) -> String {
    let report = &look.answer.report;
    let verdict = paint::verdict(look.verdict());
    let mut by_severity: BTreeMap<Severity, usize> = BTreeMap::new();
    for one in report.findings.iter().filter(|one| Look::need(one) != Need::Excepted) {
        *by_severity.entry(look.severity(one)).or_default() += 1;
    }
    let total: usize = by_severity.values().sum();
    if total == 0 {
        let excepted = if report.findings.is_empty() { "" } else { " but what the spec excepts" };
        return format!("{verdict}: nothing differs{excepted}");
    }
    let each: Vec<String> =
        by_severity.iter().rev().map(|(severity, count)| format!("{count} {}", severity.as_str())).collect();
    format!("{verdict}, {}: {}", plural(total, "finding"), each.join(", "))
}

/// What came of them.
fn counts(look: &Look, shown: &[&Reported], page: Page) -> Vec<String> {
    let findings = &look.answer.report.findings;
    let mut by_fate: BTreeMap<&'static str, usize> = BTreeMap::new();
    findings.iter().for_each(|one| *by_fate.entry(fate_of_many(one)).or_default() += 1);
    let mut parts: Vec<String> =
        FATES.iter().filter_map(|fate| Some(format!("{} {fate}", by_fate.get(fate)?))).collect();
    let hidden = findings.len() - shown.len();
    if hidden > 0 {
        parts.push(format!("{hidden} less severe and not shown"));
    }
    if parts.is_empty() { Vec::new() } else { page.wrap(&parts.join(", "), 0) }
}

/// What can come of findings, in the order in which it is told.
const FATES: [&str; 9] = [
    "would be repaired",
    "repaired",
    "refused by AWS",
    "for you to decide",
    "not read",
    "waiting",
    "not reached",
    "not asked for",
    "excepted by the spec",
];

fn fate_of_many(one: &Reported) -> &'static str {
    let [planned, repaired, refused, to_decide, unread, waiting, not_reached, not_asked, excepted] = FATES;
    match &one.outcome {
        Outcome::Planned => planned,
        Outcome::Repaired => repaired,
        Outcome::Failed(_) => refused,
        Outcome::Blocked(reason) => match reason {
            BlockReason::Unreadable => unread,
            BlockReason::Immutable
            | BlockReason::Ambiguous
            | BlockReason::NeedsReview(_)
            | BlockReason::NeedsConsent(_)
            | BlockReason::EmptyAccount => to_decide,
            BlockReason::WaitingOn(_) | BlockReason::Tried => waiting,
            BlockReason::OverLimit | BlockReason::OutOfTime | BlockReason::Interrupted => not_reached,
            BlockReason::NotAsked => not_asked,
            BlockReason::Excepted(_) => excepted,
        },
    }
}

/// Who did it, once for each call that explains findings which were told in one line only.
fn actors(look: &Look, told: &[&RecordedCall], page: Page) -> Vec<String> {
    let mut by: BTreeMap<String, usize> = BTreeMap::new();
    for one in &look.answer.report.findings {
        let call = look.answer.story(one).attribution.as_ref().map(|attribution| &attribution.call);
        if let Some(actor) = call.filter(|call| !told.contains(call)).and_then(|call| call.actor.clone()) {
            // Of a session its name; the whole ARN is in the other outputs.
            let name = actor.rsplit('/').next().unwrap_or(&actor).to_owned();
            *by.entry(name).or_default() += 1;
        }
    }
    let line = |(actor, count): (&String, &usize)| {
        page.wrap(&format!("By {}: {}", reconcile::words::clean(actor), plural(*count, "finding")), 0)
    };
    by.iter().flat_map(line).collect()
}

/// What else there is to say of the run.
fn remarks(look: &Look, page: Page, brief: bool) -> Vec<String> {
    let gap = look.answer.gap.as_ref().filter(|_| !look.answer.report.findings.is_empty());
    let gap = gap.map(|gap| say!("Who did it may be missing: {}", gap).into());
    // What a repair would replace matters when it has; where there is much to tell it can wait for that.
    let can_wait = |note: &Note| brief && look.answer.mode == Mode::Report && note.command.is_some();
    let notes = look.answer.remarks().filter(|note| !can_wait(note));
    let remarks: Vec<Note> = gap.into_iter().chain(notes).collect();
    let separated = (!remarks.is_empty()).then(String::new);
    let told = remarks.into_iter().flat_map(|remark| in_lines(remark, page, brief));
    separated.into_iter().chain(told).collect()
}

/// A note, in one line where there is much to tell, and its command in one that can be pasted as it stands.
fn in_lines(Note { text, command }: Note, page: Page, brief: bool) -> Vec<String> {
    let command = command.map(|command| format!("  {command}"));
    let text = text.as_str();
    let lines = if brief { vec![page.line(text, 0)] } else { page.wrap(text, 0) };
    lines.into_iter().chain(command).collect()
}

/// What became of a finding, in a word or two.
fn fate(look: &Look, one: &Reported) -> &'static str {
    match (&one.outcome, look.answer.mode) {
        (Outcome::Repaired, _) => "repaired",
        (Outcome::Planned, _) => "would be repaired",
        (Outcome::Failed(_), _) => "refused by AWS",
        (Outcome::Blocked(BlockReason::Unreadable), _) => "not read",
        (Outcome::Blocked(reason), Mode::Report | Mode::Repair) => reason.code(),
    }
}
