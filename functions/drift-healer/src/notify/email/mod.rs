//! The mail: plain text that is read on a phone. First the decision, then what is open, then what is repaired.

mod attempt;
mod findings;
mod records;

use reconcile::report::Reported;
use reconcile::say;
use reconcile::words::{Prose, Verbatim, Word, count};

use crate::answer::Answer;
use crate::settings::Mode;

pub(super) use attempt::history_of;

/// The whole text.
pub(super) fn text(answer: &Answer, shown: &[&Reported]) -> Prose {
    let mut paragraphs = vec![Prose::joined([answer.decision(), overview(answer)], "\n")];
    let mut told = Vec::new();
    if let Some(attempt) = &answer.attempt {
        paragraphs.push(attempt::tried(attempt));
        told.push(&attempt.call);
    } else {
        paragraphs.extend(findings::paragraphs(answer, shown, &mut told));
        paragraphs.extend(records::unknown(answer, shown));
        paragraphs.extend(answer.notes.iter().cloned());
    }
    paragraphs.push(records::records(answer, &told));
    Prose::joined(paragraphs, "\n\n")
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
    let counts = [
        count(tally.findings, "finding"),
        open,
        counted(tally.repaired, "repaired"),
        counted(tally.contested, "contested"),
        counted(tally.excepted, "excepted"),
    ];
    let counts = Prose::joined(counts.into_iter().filter(|part| !part.is_empty()), ", ");
    let mode = if answer.mode == Mode::Report { " The mode is report: nothing is repaired." } else { "" };
    say!("{}, spec {}: {}.{}", account, Verbatim(&answer.spec_name), counts, Word(mode))
}
