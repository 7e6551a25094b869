//! [`Aftermath`]: what a repair does not undo.

use crate::words::{Command, Prose};

/// What a repair does not undo: what happened, or did not, while the difference lasted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aftermath {
    /// A sentence or two; with a command behind it, it ends in a colon.
    pub text: Prose,
    /// Where to look.
    pub command: Option<Command>,
}

impl From<Prose> for Aftermath {
    fn from(text: Prose) -> Self {
        Self { text, command: None }
    }
}
