//! The mail: plain text that is read on a phone. First the decision, then what is open, then what is repaired.

mod findings;
mod records;

use reconcile::report::Reported;
use reconcile::say;
use reconcile::words::{Note, Prose, Verbatim, Word, count};

use crate::answer::Answer;
use crate::settings::Mode;

/// The whole text.
pub(super) fn text(answer: &Answer, shown: &[&Reported]) -> Prose {
    let mut paragraphs = vec![Prose::joined([answer.decision(), overview(answer)], "\n")];
    let mut told = Vec::new();
    paragraphs.extend(answer.harm().into_iter().map(in_lines));
    told.extend(answer.told().map(|incident| &incident.call));
    paragraphs.extend(findings::paragraphs(answer, shown, &mut told));
    paragraphs.extend(records::unknown(answer, shown));
    if answer.skipped.is_none() {
        paragraphs.extend(answer.remarks().map(|note| note.in_line()));
    }
    paragraphs.push(records::records(answer, &told));
    Prose::joined(paragraphs, "\n\n")
}

/// A line for each note, and one for its command.
fn in_lines(notes: Vec<Note>) -> Prose {
    let lines = notes.into_iter().flat_map(|Note { text, command }| {
        [Some(text), command.map(|command| say!("  {}", command))].into_iter().flatten()
    });
    Prose::joined(lines, "\n")
}

/// "Account 123456789012, spec prod: 12 findings, 4 open (worst high), 8 repaired."
fn overview(answer: &Answer) -> Prose {
    let account = answer
        .account
        .as_ref()
        .map_or_else(|| Prose::own("Unknown account"), |account| say!("Account {}", account));
    let tally = answer.tally();
    let open = match (tally.open, tally.worst_open) {
        (0, _) | (_, None) => Prose::default(),
        (open, Some(worst)) => say!("{} open (worst {})", open, Word(worst.as_str())),
    };
    let counted = |number: usize, word: &'static str| match number {
        0 => Prose::default(),
        number => say!("{} {}", number, Word(word)),
    };
    if answer.skipped.is_some() {
        return say!("{}, spec {}: nothing was looked at.", account, Verbatim(&answer.spec_name));
    }
    let counts = [
        count(tally.findings, "finding"),
        open,
        counted(tally.repaired, "repaired"),
        counted(tally.contested, "contested"),
        counted(tally.excepted, "excepted"),
    ];
    let counts = Prose::joined(counts.into_iter().filter(|part| !part.is_empty()), ", ");
    let mode = match (answer.hold.standing(), answer.mode) {
        (Some(hold), _) => say!(" On hold until {}: nothing is repaired.", hold.until),
        (None, Mode::Report) => Prose::own(" The mode is report: nothing is repaired."),
        (None, Mode::Repair) => Prose::default(),
    };
    say!("{}, spec {}: {}.{}", account, Verbatim(&answer.spec_name), counts, mode)
}
