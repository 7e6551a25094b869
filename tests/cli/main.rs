//! The command line, through real processes: transcripts of each command, and what only a terminal shows.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // these are tests

mod credentials;
mod help;
mod outputs;
mod pasted;
mod process;
mod repairs;
mod sign_in;
mod terminal;
mod transcripts;
