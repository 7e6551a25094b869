//! The sandbox's own rules, looked at through its wire protocols. Real clients drive it elsewhere.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod client;
mod drifts;
mod faults;
mod keys;
mod locks;
mod pages;
mod roles;
mod trail;
mod trail_of_calls;
mod trail_of_drifts;
mod trail_of_events;
