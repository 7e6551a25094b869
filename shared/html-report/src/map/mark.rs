//! [`Mark`]: what was found about a thing, in one sign.

use serde::Serialize;

use crate::answer::{Finding, Severity, State};

/// What was found about a thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Mark {
    /// `in-sync`, `open`, `repaired` or `excepted`.
    pub(crate) state: &'static str,
    /// That of the finding which needs a reader most.
    pub(crate) severity: Option<&'static str>,
    /// A sign that does not need colours.
    pub(crate) sign: &'static str,
    /// Where that finding stands on the page.
    pub(crate) href: Option<String>,
    /// In words: "open: lock missing (critical)".
    pub(crate) words: String,
}

/// The findings of the answer, in the order of the page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Marks<'a>(pub(crate) &'a [Finding]);

impl Marks<'_> {
    /// The mark of whatever these findings are about.
    pub(crate) fn of(&self, is_about: impl Fn(&Finding) -> bool) -> Mark {
        let about: Vec<(usize, &Finding)> =
            self.0.iter().enumerate().filter(|(_, finding)| is_about(finding)).collect();
        let Some((index, worst)) = about.iter().min_by_key(|(_, finding)| finding.need()) else {
            return Mark {
                state: "in-sync",
                severity: None,
                sign: "●",
                href: None,
                words: "in sync".to_owned(),
            };
        };
        let others = match about.len() - 1 {
            0 => String::new(),
            others => format!(", and {others} more"),
        };
        let (state, severity) = (worst.state().as_str(), worst.severity.as_str());
        Mark {
            state,
            severity: Some(severity),
            sign: sign(worst.state(), worst.severity),
            href: Some(format!("#finding-{}", index + 1)),
            words: format!("{state}: {} {} ({severity}){others}", worst.resource.kind, worst.code_in_words()),
        }
    }
}

fn sign(state: State, severity: Severity) -> &'static str {
    match (state, severity) {
        (State::Open, Severity::Critical | Severity::High) => "▲",
        (State::Open, Severity::Medium | Severity::Low) => "△",
        (State::Repaired, _) => "✓",
        (State::Excepted, _) => "◇",
    }
}
