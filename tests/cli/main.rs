//! The command line, through real processes: transcripts of each command, and what only a terminal shows.

mod credentials;
mod help;
mod outputs;
mod process;
mod repairs;
mod terminal;
mod transcripts;
