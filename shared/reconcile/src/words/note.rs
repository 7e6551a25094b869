//! [`Note`]: something that is said beside the findings, with the command that goes with it.

use std::fmt;

use super::command::Command;
use super::prose::{Prose, Say};
use super::reader::Reader;
use crate::say;

/// Something that is said beside the findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// In words; a colon comes before the command.
    pub text: Prose,
    /// The command, which is pasted and so stands alone where there is room for that.
    pub command: Option<Command>,
}

impl Note {
    /// All of it, in one line.
    pub fn in_line(&self) -> Prose {
        self.text.clone().and(self.command.as_ref().map(|command| say!("{}", command)).unwrap_or_default())
    }

    /// The same as this reader has to type its command.
    #[must_use]
    pub fn read_by(self, reader: &Reader) -> Self {
        Self { command: self.command.map(|command| command.read_by(reader)), ..self }
    }
}

impl From<Prose> for Note {
    fn from(text: Prose) -> Self {
        Self { text, command: None }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.in_line().say(f)
    }
}
