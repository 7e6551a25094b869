//! What stands at the end of a mail, for whoever keeps it: the calls in full, what started the run, and by which spec it was judged.

use reconcile::history::{LAG, RecordedCall, evidence, is_explicable, nothing_was_there};
use reconcile::report::Reported;
use reconcile::say;
use reconcile::words::{Prose, Verbatim, Word, count};

use crate::answer::Answer;
use crate::settings::Mode;
use crate::trigger::TriggerKind;

/// Of which findings nobody knows who brought them about, and why that may be.
pub(super) fn unknown(answer: &Answer, shown: &[&Reported]) -> Option<Prose> {
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
            let again = again.map(|at| say!("; ask again after {}", at)).unwrap_or_default();
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
pub(super) fn records(answer: &Answer, told: &[&RecordedCall]) -> Prose {
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
