//! The deployments and the named drifts, as clients see them and as the trail tells of them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../client.rs"]
mod client;
mod drifts;
mod tools;
mod trail_of_drifts;
mod trail_of_events;
mod trail_of_the_way_back;

use sandbox::{Options, Sandbox};
use sandbox_reference::{Deployment, deploy, options};
use time::macros::datetime;

fn empty() -> Sandbox {
    Sandbox::start(Options { now: Some(datetime!(2026-11-02 08:00 UTC)), ..options() }).unwrap()
}

/// A sandbox that holds the reference deployment, at a fixed time.
fn reference() -> Sandbox {
    let sandbox = empty();
    deploy(&sandbox, Deployment::Reference).unwrap();
    sandbox
}
