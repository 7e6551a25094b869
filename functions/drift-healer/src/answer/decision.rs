//! The decision that a reader has to make, in one sentence: whether somebody is needed and for what, or what is left to look at.

use reconcile::history::{nothing_was_there, short_actor};
use reconcile::report::{Outcome, Reported, Verdict};
use reconcile::say;
use reconcile::words::{Prose, Verbatim, count};

use super::Answer;
use crate::incident::{Incident, IncidentKind, Total};

/// The sentence, with its full stop.
pub(super) fn decision(answer: &Answer) -> Prose {
    if let Some(incident) = answer.pressing_incident() {
        return find_out(incident);
    }
    let findings: Vec<&Reported> =
        answer.most_pressing_first().filter(|one| !one.outcome.is_excepted()).collect();
    if findings.is_empty() {
        return answer.total.as_ref().map_or_else(|| nothing_differs(answer), many);
    }
    open(answer, &findings)
        .or_else(|| contested(answer, &findings))
        .unwrap_or_else(|| repaired(answer, &findings))
}

fn find_out(incident: &Incident) -> Prose {
    let call = &incident.call;
    let actor = short_actor(call.who());
    match incident.kind {
        IncidentKind::Attempt => {
            say!("You are needed: find out why {} tried {}. AWS refused it.", actor, call.event)
        }
        IncidentKind::Loss => {
            say!("You are needed: find out why {} called {}. {}", actor, call.event, incident.effect())
        }
    }
}

fn many(total: &Total) -> Prose {
    say!(
        "You are needed: find out why backups or their keys were attacked or changed {} times within an hour.",
        total.all()
    )
}

fn nothing_differs(answer: &Answer) -> Prose {
    let excepted = answer.report.findings.len();
    match (excepted, answer.report.at) {
        (0, None) => Prose::own("Nothing to do: nothing was looked at."),
        (0, Some(at)) => say!(
            "Nothing to do: everything that the spec {} names is as designed; seen at {}.",
            Verbatim(&answer.spec_name),
            at
        ),
        (excepted, _) => {
            say!("Nothing to do: what differs is agreed ({}).", count(excepted, "exception"))
        }
    }
}

/// While anything is open.
fn open(answer: &Answer, findings: &[&Reported]) -> Option<Prose> {
    let open = findings.iter().filter(|one| one.outcome != Outcome::Repaired).count();
    if open == 0 {
        return None;
    }
    let dying = findings.iter().find(|one| one.finding.drift.dying_key().is_some());
    let Some((one, ask)) = dying.into_iter().chain(findings).find_map(|one| Some((one, one.ask()?))) else {
        return Some(say!(
            "Nothing to do yet: the next run goes on with {}. You are needed if the next report has it again.",
            count(open, "open finding")
        ));
    };
    if nothing_was_there(&answer.report) {
        return Some(say!(
            "You are needed: {}. Of the spec {} too little was found there.",
            ask,
            Verbatim(&answer.spec_name)
        ));
    }
    let ask = match answer.hold.standing() {
        Some(hold) if one.outcome == Outcome::Planned => say!(
            "repairs are on hold until {}; see {} ({})",
            hold.until,
            one.finding.resource,
            one.code_in_words()
        ),
        Some(_) | None => ask,
    };
    let others = match open - 1 {
        0 => Prose::default(),
        1 => Prose::own("; 1 more finding is open"),
        others => say!("; {} more findings are open", others),
    };
    Some(say!("You are needed: {}{}.", ask, others))
}

/// Everything is repaired, and will hardly stay so.
fn contested(answer: &Answer, findings: &[&Reported]) -> Option<Prose> {
    let one = findings.iter().find(|one| answer.story(one).contention.is_some())?;
    Some(say!(
        "You are needed: {} ({}) is repaired and undone again and again, until one side stops.",
        one.finding.resource,
        one.code_in_words()
    ))
}

/// Everything is repaired; what a repair does not undo is left to look at.
fn repaired(answer: &Answer, findings: &[&Reported]) -> Prose {
    debug_assert_eq!(answer.report.verdict(), Verdict::Healed);
    if let Some((one, at)) = findings.iter().find_map(|one| Some((one, one.immutable_at?))) {
        return say!(
            "Nothing to do if the compliance lock of {} is meant; otherwise you are needed before {}, when it becomes immutable.",
            one.finding.resource,
            at
        );
    }
    let mut looks = findings.iter().filter_map(|one| Some((one, one.look()?)));
    let Some((first, look)) = looks.next() else {
        return Prose::own("Nothing to do: everything that differed is repaired.");
    };
    let sentence = say!("Nothing to do; look {}", look).and(answer.story(first).window(first));
    let is_all = looks.all(|(_, other)| other == look);
    if is_all { say!("{}.", sentence) } else { say!("{}. There is more to look at below.", sentence) }
}
