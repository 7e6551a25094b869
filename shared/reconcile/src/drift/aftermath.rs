//! [`Aftermath`]: what a repair does not undo.

use crate::words::{Command, Prose};

/// What a repair does not undo: what happened, or did not, while the difference lasted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aftermath {
    /// A sentence or two; with a command behind it, it ends in a colon.
    pub text: Prose,
    /// Where to look.
    pub command: Option<Command>,
    /// What to look for, as it follows "look": "whether ...".
    pub look: Prose,
}

impl Aftermath {
    /// With one more sentence.
    pub(super) fn and(self, sentence: Prose) -> Self {
        Self { text: self.text.and(sentence), ..self }
    }
}

impl From<Prose> for Aftermath {
    fn from(text: Prose) -> Self {
        Self { text, command: None, look: Prose::own("at what the repair does not undo") }
    }
}
