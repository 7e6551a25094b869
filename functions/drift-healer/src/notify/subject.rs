//! The run in one line: for the subject, for a phone, and as the first line of everything longer.

use reconcile::report::Verdict;
use reconcile::say;
use reconcile::words::{Prose, Word, clip, count};

use super::incidents;
use crate::answer::Answer;
use crate::incident::IncidentKind;
use crate::settings::Mode;

/// SNS: under 100 characters.
const LONGEST_SUBJECT: usize = 99;
/// One SMS in the seven-bit alphabet holds 160; carriers and SNS's sender id take some.
const LONGEST_SMS: usize = 140;

/// "Backup drifted (critical) in 123456789012: 5 findings, 2 open, 3 repaired".
pub(super) fn headline(answer: &Answer) -> Prose {
    let account = answer
        .account
        .as_ref()
        .map_or_else(|| Prose::own("an unknown account"), |account| say!("{}", account));
    // What was tried or lost stands for itself where nothing else is told.
    if answer.report.findings.is_empty()
        && let Some(incidents) = incidents::headline(answer, &account)
    {
        return incidents;
    }
    let tally = answer.tally();
    let verdict = match (answer.report.verdict(), answer.mode) {
        (Verdict::InSync, _) => "in sync",
        (Verdict::Healed, _) => "healed",
        (Verdict::Drifted, Mode::Repair) => "drifted",
        (Verdict::Drifted, Mode::Report) if answer.hold.standing().is_some() => "drifted, on hold",
        (Verdict::Drifted, Mode::Report) => "drifted, report only",
    };
    let severity = answer.severity().map(|worst| say!(" ({})", Word(worst.as_str()))).unwrap_or_default();
    // What is repaired may have been worse than what is left.
    let open = match tally.worst_open.filter(|_| tally.worst_open != tally.worst) {
        Some(worst) => say!("open (worst {})", Word(worst.as_str())),
        None => Prose::own("open"),
    };
    let told = |kind| answer.told().filter(|one| one.kind == kind).count();
    let counts = [
        (told(IncidentKind::Loss), Prose::own("recovery points changed")),
        (told(IncidentKind::Attempt), Prose::own("attempts refused")),
        (tally.open, open),
        (tally.repaired, Prose::own("repaired")),
        (tally.planned, Prose::own("to repair")),
        (tally.contested, Prose::own("contested")),
        (tally.excepted, Prose::own("excepted")),
    ];
    let counted =
        counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| say!("{} {}", count, word));
    let parts = std::iter::once(count(tally.findings, "finding")).chain(counted);
    say!("Backup {}{} in {}: {}", Word(verdict), severity, account, Prose::joined(parts, ", "))
}

/// The subject of the mail.
pub(super) fn subject(answer: &Answer) -> String {
    clip(&printable(headline(answer).as_str()), LONGEST_SUBJECT)
}

/// A text message.
pub(super) fn sms(answer: &Answer) -> String {
    clip(&printable(headline(answer).as_str()), LONGEST_SMS)
}

/// SNS refuses a subject with anything but printable ASCII in it.
fn printable(line: &str) -> String {
    line.chars().map(|c| if matches!(c, ' '..='~') { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_printable_ascii_whatever_somebody_is_called() {
        assert_eq!(printable("drifted by müller\u{202e}\n"), "drifted by m?ller??");
    }
}
