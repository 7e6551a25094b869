//! `drift spec` as a process, and its words.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // these are tests

mod differences;
mod import;
mod process;
mod words;
