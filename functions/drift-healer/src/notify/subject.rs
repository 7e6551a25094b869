//! The run in one line: for the subject, for a phone, and as the first line of everything longer.

use reconcile::report::Verdict;

use crate::answer::Answer;
use crate::settings::Mode;
use crate::words::{clip, count, short};

/// SNS: under 100 characters.
const LONGEST_SUBJECT: usize = 99;
/// One SMS in the seven-bit alphabet holds 160; carriers and SNS's sender id take some.
const LONGEST_SMS: usize = 140;

/// "Backup drifted (critical) in 123456789012: 5 findings, 2 open, 3 repaired".
pub(super) fn headline(answer: &Answer) -> String {
    let account = answer.account.as_deref().unwrap_or("an unknown account");
    if let Some(attempt) = &answer.attempt {
        let actor = short(attempt.write.who());
        return format!("Denied attempt (high) in {account}: {} by {actor}", attempt.write.event);
    }
    let tally = answer.tally();
    let verdict = match (answer.report.verdict(), answer.mode) {
        (Verdict::InSync, _) => "in sync",
        (Verdict::Healed, _) => "healed",
        (Verdict::Drifted, Mode::Repair) => "drifted",
        (Verdict::Drifted, Mode::Report) => "drifted, report only",
    };
    let severity = tally.worst.map(|worst| format!(" ({})", worst.as_str())).unwrap_or_default();
    let mut parts = vec![count(tally.findings, "finding")];
    // What is repaired may have been worse than what is left.
    let open = match tally.worst_open.filter(|_| tally.worst_open != tally.worst) {
        Some(worst) => format!("open (worst {})", worst.as_str()),
        None => "open".to_owned(),
    };
    let counts = [
        (tally.open, open.as_str()),
        (tally.repaired, "repaired"),
        (tally.planned, "to repair"),
        (tally.contested, "contested"),
        (tally.excepted, "excepted"),
    ];
    parts
        .extend(counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")));
    format!("Backup {verdict}{severity} in {account}: {}", parts.join(", "))
}

/// The subject of the mail.
pub(super) fn subject(answer: &Answer) -> String {
    clip(&printable(&headline(answer)), LONGEST_SUBJECT)
}

/// A text message.
pub(super) fn sms(answer: &Answer) -> String {
    clip(&printable(&headline(answer)), LONGEST_SMS)
}

fn printable(line: &str) -> String {
    line.chars().map(|c| if matches!(c, ' '..='~') { c } else { '?' }).collect()
}
