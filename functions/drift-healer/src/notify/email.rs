//! The mail: plain text that is read on a phone, the most pressing finding first.

use reconcile::drift::Drift;
use reconcile::history::{LAG, RecordedCall, evidence, is_explicable, nothing_was_there};
use reconcile::report::{Reported, Verdict};
use reconcile::say;
use reconcile::words::{Command, Prose, Verbatim, Word, count};

use super::incidents;
use super::subject::headline;
use crate::answer::Answer;
use crate::settings::Mode;
use crate::trigger::TriggerKind;

/// Nobody reads further on a phone.
const MOST_FINDINGS: usize = 50;

/// The whole text.
pub(super) fn text(answer: &Answer, shown: &[&Reported]) -> Prose {
    let shown = &shown[..shown.len().min(MOST_FINDINGS)];
    let mut paragraphs = vec![say!("{}.", headline(answer))];
    let mut told = Vec::new();
    for incident in answer.told() {
        paragraphs.push(incidents::paragraph(incident));
        told.push(&incident.call);
    }
    paragraphs.extend(answer.total.as_ref().map(incidents::total_in_words));
    if told.is_empty() && answer.report.verdict() == Verdict::InSync && shown.is_empty() {
        paragraphs.push(in_sync(answer));
    }
    let groups = alike(shown);
    paragraphs.extend(groups.iter().map(|group| finding(answer, group, &mut told)));
    let left_out = answer.report.findings.len() - shown.len();
    if left_out > 0 {
        let more = count(left_out, "more finding");
        paragraphs.push(say!("{} left out here; all of them are in {}.", more, answer.place()));
    }
    paragraphs.extend(unknown(answer, shown));
    if answer.skipped.is_none() {
        paragraphs.extend(answer.notes.iter().cloned());
    }
    paragraphs.push(records(answer, &told));
    Prose::joined(paragraphs, "\n\n")
}

/// One refused read leaves many things unread: what could not be read for the same reason is one story.
fn alike<'a>(shown: &[&'a Reported]) -> Vec<Vec<&'a Reported>> {
    let mut groups: Vec<Vec<&Reported>> = Vec::new();
    for one in shown {
        let same = |group: &&mut Vec<&Reported>| match (&group[0].finding.drift, &one.finding.drift) {
            (Drift::Unreadable(a), Drift::Unreadable(b)) => {
                a.refusal == b.refusal && group[0].next_step() == one.next_step()
            }
            _ => false,
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

/// What was wrong, what it meant, what was done and what is next, who did it. `told` are the calls that were named so far.
fn finding<'a>(answer: &'a Answer, group: &[&'a Reported], told: &mut Vec<&'a RecordedCall>) -> Prose {
    let heading = |one: &Reported| {
        let severity = answer.story(one).severity(one).as_str().to_uppercase();
        say!("{} {}", severity, one.title())
    };
    let mut lines: Vec<Prose> = group.iter().map(|one| heading(one)).collect();
    let mut once = |line: Prose| {
        if !line.is_empty() && !lines.contains(&line) {
            lines.push(line);
        }
    };
    let one = group[0];
    once(one.summary());
    group.iter().for_each(|one| once(one.impact()));
    once(one.what_was_done().and(one.next_step().unwrap_or_default()));
    group.iter().filter_map(|one| one.command(&answer.iam_region)).for_each(|line| once(command(&line)));
    let story = answer.story(one);
    lines.extend(story.contested(one));
    if let Some(attribution) = &story.attribution {
        let call = &attribution.call;
        // The same call again is said in three words, and that code fights the spec is said once.
        if told.contains(&call) {
            lines.push(say!("By: {}", attribution.who_again()));
        } else {
            lines.push(say!("By: {}", attribution.who()));
            if !told.iter().any(|other| other.client() == call.client()) {
                lines.extend(attribution.fight());
            }
            told.push(call);
        }
    }
    Prose::joined(lines, "\n")
}

fn command(command: &Command) -> Prose {
    say!("  {}", *command)
}

fn in_sync(answer: &Answer) -> Prose {
    match answer.report.at {
        Some(at) => say!(
            "Everything that the spec {} names is as designed; seen at {}.",
            Verbatim(&answer.spec_name),
            at
        ),
        None => Prose::own("Nothing was looked at."),
    }
}

/// Of which findings nobody knows who brought them about, and why that may be.
fn unknown(answer: &Answer, shown: &[&Reported]) -> Option<Prose> {
    if nothing_was_there(&answer.report) {
        return None;
    }
    let explicable = || shown.iter().filter(|one| is_explicable(&one.finding));
    let unknown = explicable().filter(|one| answer.story(one).attribution.is_none()).count();
    let all = explicable().count();
    if unknown == 0 {
        let gap = answer.gap.as_ref().filter(|_| all > 0)?;
        return Some(
            not_asked(gap).and(Prose::own("Others may have made the same change, and it may be contested.")),
        );
    }
    let of = if unknown == all { Prose::default() } else { say!(" for {}", count(unknown, "finding")) };
    let why = answer.gap.as_ref().map_or_else(
        || {
            let again = answer.report.at.and_then(|at| at.checked_add(LAG));
            let again = again.map(|at| say!("; ask it again after {}", at)).unwrap_or_default();
            say!(
                "CloudTrail's event history shows no call that explains it. It lags up to {} minutes behind, and reaches back 90 days{}.",
                LAG.whole_minutes(),
                again
            )
        },
        not_asked,
    );
    Some(say!("Who did it{} is not known: {}", of, why))
}

fn not_asked(gap: &Prose) -> Prose {
    say!("CloudTrail's event history could not be asked in full ({}).", gap.without_end('.'))
}

/// For whoever keeps the mail: the calls in full, what started the run, and by which spec it was judged.
fn records(answer: &Answer, told: &[&RecordedCall]) -> Prose {
    let trigger = &answer.trigger;
    let mut lines = evidence(told);
    let known = |label: &'static str, value: &Option<String>| {
        value.as_ref().map(|value| say!(" {}{}", Word(label), Verbatim(value))).unwrap_or_default()
    };
    let same = trigger.call.as_ref().is_some_and(|call| told.iter().any(|one| one.id == call.id));
    lines.push(match trigger.kind {
        TriggerKind::Cloudtrail if same => Prose::own("Started by CloudTrail's event of this call."),
        TriggerKind::Cloudtrail => say!(
            "Started by CloudTrail's event{}{}{}{}.",
            known("", &trigger.event),
            known("by ", &trigger.actor),
            known("from ", &trigger.source_ip),
            known("at ", &trigger.time)
        ),
        TriggerKind::Backup => say!(
            "Started by AWS Backup's own event{}{}.",
            known("", &trigger.event),
            known("at ", &trigger.time)
        ),
        TriggerKind::Schedule => say!("Started by the schedule{}.", known("at ", &trigger.time)),
        TriggerKind::Manual if trigger.by_a_person => Prose::own("Started by hand."),
        TriggerKind::Manual => Prose::own("Started by a message that is not recognised."),
    });
    let passes = match answer.report.passes {
        1 => Prose::own("1 pass"),
        passes => say!("{} passes", passes),
    };
    let calls = if answer.mode == Mode::Report { "planned call" } else { "call" };
    lines.push(say!(
        "Mode {}, {}, {}. Desired spec {} (SHA-256 {}).",
        Word(answer.mode.as_str()),
        passes,
        count(answer.report.calls.len(), calls),
        Verbatim(&answer.spec_name),
        Verbatim(answer.spec_sha256.get(..12).unwrap_or(&answer.spec_sha256)),
    ));
    lines.extend(answer.log.as_ref().map(|log| say!("Log: {}", Verbatim(log))));
    Prose::joined(lines, "\n")
}
