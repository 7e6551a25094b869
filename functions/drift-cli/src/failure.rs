//! What ends a command early, and with which code.

use std::process::ExitCode;

/// The codes that a process ends with; `drift --help` has the table.
pub(crate) const ERROR: u8 = 1;
pub(crate) const USAGE: u8 = 2;
pub(crate) const INTERRUPTED: u8 = 130;

/// A command that was used wrongly, and not one that failed.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Usage(pub(crate) String);

/// Somebody pressed Ctrl-C.
#[derive(Debug, thiserror::Error)]
#[error("interrupted: {0}")]
pub(crate) struct Interrupted(pub(crate) &'static str);

/// The code for an error.
pub(crate) fn code_of(error: &anyhow::Error) -> ExitCode {
    ExitCode::from(if error.is::<Usage>() {
        USAGE
    } else if error.is::<Interrupted>() {
        INTERRUPTED
    } else {
        ERROR
    })
}
