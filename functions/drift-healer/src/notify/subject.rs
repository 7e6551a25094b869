//! The run in one line: for the subject, for a phone, and as the first line of everything longer.

use reconcile::report::Verdict;

use super::words::{clip, title};
use crate::answer::Answer;
use crate::settings::Mode;

/// SNS: under 100 characters.
const LONGEST_SUBJECT: usize = 99;
/// One SMS in the seven-bit alphabet holds 160; carriers and SNS's sender id take some.
const LONGEST_SMS: usize = 140;

/// "Backup drift in 123456789012: 5 findings, 3 repaired, 2 open, worst critical".
pub(super) fn headline(answer: &Answer) -> String {
    let tally = answer.tally();
    let plural = if tally.findings == 1 { "" } else { "s" };
    let mut parts = vec![format!("{} finding{plural}", tally.findings)];
    let counts = [
        (tally.repaired, "repaired"),
        (tally.planned, "would be repaired"),
        (tally.open, "open"),
        (tally.excepted, "excepted"),
    ];
    parts
        .extend(counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")));
    if let Some(worst) = tally.worst {
        parts.push(format!("worst {}", worst.as_str()));
    }
    format!("{}: {}", opening(answer), parts.join(", "))
}

fn opening(answer: &Answer) -> String {
    let what = match (answer.report.verdict(), answer.mode) {
        (Verdict::InSync, _) => "Backup in sync",
        (Verdict::Healed, _) => "Backup healed",
        (Verdict::Drifted, Mode::Repair) => "Backup drifted",
        (Verdict::Drifted, Mode::Report) => "Backup drifted, report only,",
    };
    format!("{what} in {}", answer.account.as_deref().unwrap_or("an unknown account"))
}

/// The subject of the mail: a single finding by name, several by number.
pub(super) fn subject(answer: &Answer) -> String {
    let line = match answer.report.findings.as_slice() {
        [one] => format!("{}: {}", opening(answer), title(one, &one.finding.drift.facts())),
        _ => headline(answer),
    };
    clip(&printable(&line), LONGEST_SUBJECT)
}

/// A text message.
pub(super) fn sms(answer: &Answer) -> String {
    clip(&printable(&headline(answer)), LONGEST_SMS)
}

fn printable(line: &str) -> String {
    line.chars().map(|c| if matches!(c, ' '..='~') { c } else { '?' }).collect()
}
