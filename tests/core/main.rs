//! The pure core, room by room: what the spec may say, how policies and schedules are read, who did it, and what follows from the
//! registry of drift codes. Nothing here needs an account, so `cargo test -p reconcile` is a matter of seconds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // these are tests

mod call_errors;
mod callers;
mod commands;
mod cron;
mod documents;
mod drifts;
mod history;
mod locks;
mod only;
mod outside;
mod policies;
mod policy_laws;
mod regions;
mod reports;
mod spec;
mod trusts;
