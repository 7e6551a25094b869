//! [`Outcome`]: what came of a finding.

use crate::call::CallError;
use crate::repair::BlockReason;

/// What came of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was repaired, and seen to be.
    Repaired,
    /// It would be repaired; this was a preview.
    Planned,
    /// Nothing was called for it, or what was called is not seen yet.
    Blocked(BlockReason),
    /// AWS refused the call.
    Failed(CallError),
}

impl Outcome {
    /// The outcome as reports write it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Outcome::Repaired => "repaired",
            Outcome::Planned => "planned",
            Outcome::Blocked(_) => "blocked",
            Outcome::Failed(_) => "failed",
        }
    }

    /// Whether an exception covers it.
    pub fn is_excepted(&self) -> bool {
        matches!(self, Outcome::Blocked(BlockReason::Excepted(_)))
    }
}
