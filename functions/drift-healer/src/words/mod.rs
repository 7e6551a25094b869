//! Findings in words, for people: what was wrong, what it meant, what was done, and by whom it was brought about. The mail, the
//! chat, the answer and the terminal all speak with these.

mod done;
mod meaning;
mod values;
mod who;
mod wrong;

use reconcile::report::{Outcome, Reported};

pub use done::done;
pub use meaning::meaning;
pub(crate) use values::{clip, count};
pub(crate) use who::{call, evidence, same, short, who};
pub use who::{contested, fight};
pub use wrong::wrong;

/// Where, and what in one word: the title of a finding.
pub fn title(one: &Reported) -> String {
    format!("{}: {}", one.finding.resource, one.finding.drift.code().replace('-', " "))
}

/// What was repaired is over.
#[derive(Clone, Copy)]
struct Tense {
    past: bool,
}

impl Tense {
    fn of(one: &Reported) -> Self {
        Self { past: one.outcome == Outcome::Repaired }
    }

    fn verb(self, now: &'static str, then: &'static str) -> &'static str {
        if self.past { then } else { now }
    }
}

/// On one line: what AWS or anybody wrote must not look like a line of ours.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect()
}
