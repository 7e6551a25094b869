//! [`Verdict`]: the run in one word.

use schemars::JsonSchema;
use serde::Serialize;

/// The run in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing differed, but for agreed exceptions.
    InSync,
    /// Everything that differed was seen repaired.
    Healed,
    /// Something differs still.
    Drifted,
}

impl Verdict {
    /// The verdict as reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::InSync => "in_sync",
            Verdict::Healed => "healed",
            Verdict::Drifted => "drifted",
        }
    }
}
