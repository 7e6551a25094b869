//! How an account is read and written: the SDK against the sandbox.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // what cannot be set up fails the test

mod access;
mod at_once;
mod attacks;
mod authorized_on;
mod clients;
mod former_plans;
mod history;
mod http;
mod keys;
mod ledger;
mod lists;
mod named_drifts;
mod pace;
mod plans;
mod process;
mod reads;
mod records;
mod requests;
mod roles;
mod scripted;
mod shapes;
mod trust;
mod vaults;
mod wire;
