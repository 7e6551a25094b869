//! The function under fire: what campaigns have found, each played once more by hand; races; and the end of the time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "this is a test")]

mod clocks;
mod deadline;
mod doubles;
mod hanging;
mod people;
mod races;
mod short;
mod stand;
