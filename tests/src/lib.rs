//! The harness of the suites in `tests/`: the spec, a model of the account, and scripts that are both test and expectation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a harness that cannot go on fails its test

pub mod calls;
pub mod campaign;
pub mod company;
pub mod contract;
pub mod inside;
pub mod kept;
pub mod mail;
pub mod model;
pub mod proxy;
pub mod runtime_api;
pub mod schema;
pub mod script;
pub mod stage;
mod stopped;
