//! [`Reported`]: a finding and what came of it.

use time::OffsetDateTime;

use super::outcome::Outcome;
use crate::call::Call;
use crate::drift::{Drift, Finding};
use crate::repair::BlockReason;

/// A finding and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reported {
    /// The finding as it was seen first.
    pub finding: Finding,
    /// What came of it.
    pub outcome: Outcome,
    /// The calls that were made for it, in their order.
    pub calls: Vec<Call>,
    /// When the compliance lock that the call put becomes immutable, as it was read back.
    pub immutable_at: Option<OffsetDateTime>,
    /// When it was seen first.
    pub seen_at: OffsetDateTime,
    /// When it was seen to be gone.
    pub repaired_at: Option<OffsetDateTime>,
}

impl Reported {
    /// Whether nothing is known of it, because it, or what it hangs on, could not be read.
    pub fn is_unread(&self) -> bool {
        matches!(self.finding.drift, Drift::Unreadable(_))
            || self.outcome == Outcome::Blocked(BlockReason::Unreadable)
    }

    /// The last call that was made for it.
    pub fn call(&self) -> Option<&Call> {
        self.calls.last()
    }
}
