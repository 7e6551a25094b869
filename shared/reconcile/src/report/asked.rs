//! What a finding asks of a person, in one clause: it follows "You are needed:", or "Nothing to do; look".

use super::{Outcome, Reported};
use crate::repair::{BlockReason, Consent};
use crate::say;
use crate::words::{Prose, Verbatim};

impl Reported {
    /// The code in words: "retention differs".
    pub fn code_in_words(&self) -> Prose {
        say!("{}", Verbatim(&self.finding.drift.code().code.replace('-', " ")))
    }

    /// What a person is to do about it; `None` where nobody is needed, or the next run goes on with it.
    pub fn ask(&self) -> Option<Prose> {
        let resource = &self.finding.resource;
        let code = self.code_in_words();
        Some(match &self.outcome {
            Outcome::Repaired => return None,
            Outcome::Planned => {
                say!("nothing was repaired, because the mode is report; see {} ({})", resource, code)
            }
            Outcome::Failed(error) if error.is_unanswered() => return None,
            Outcome::Failed(_) => say!("see why AWS refused the repair of {} ({})", resource, code),
            Outcome::Blocked(reason) => match reason {
                BlockReason::Unreadable => say!("see why {} cannot be read", resource),
                BlockReason::Immutable | BlockReason::Ambiguous | BlockReason::NeedsReview(_) => {
                    say!("decide about {} ({})", resource, code)
                }
                BlockReason::NeedsConsent(Consent::ComplianceLocks) => {
                    say!("say whether {} ({}) may start the clock of a compliance lock", resource, code)
                }
                BlockReason::NeedsConsent(Consent::LockLimits) => {
                    say!("say whether the limits of {} ({}) are meant", resource, code)
                }
                BlockReason::NeedsConsent(Consent::Bootstrap) => {
                    say!("say whether {} may be made here ({})", resource, code)
                }
                BlockReason::EmptyAccount => self.finding.drift.dying_key().map_or_else(
                    || Prose::own("say whether this is the right account and region"),
                    |dying| {
                        say!(
                            "check whether the backups are encrypted with this key, and keep it: {}",
                            dying.told()
                        )
                    },
                ),
                BlockReason::WaitingOn(_)
                | BlockReason::Tried
                | BlockReason::OverLimit
                | BlockReason::OutOfTime
                | BlockReason::Interrupted
                | BlockReason::NotAsked
                | BlockReason::Excepted(_) => return None,
            },
        })
    }

    /// What a repair does not undo, so that somebody should look; `None` for all that is not repaired.
    pub fn look(&self) -> Option<Prose> {
        let repaired = self.outcome == Outcome::Repaired;
        let aftermath = self.finding.drift.aftermath(&self.scene()).filter(|_| repaired)?;
        Some(aftermath.look)
    }
}
