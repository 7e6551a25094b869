//! The Lambda: what wakes it, what it answers, what it sends, and the built binary as a whole.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // these are tests

mod end_to_end;
mod events;
mod invocations;
mod lockout;
mod notices;
mod readers;
mod schema;
