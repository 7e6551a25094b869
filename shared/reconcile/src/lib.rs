//! The pure core: what should be, what is, where they differ, and which calls repair it.
//!
//! Nothing here does I/O, reads a clock or the environment, sleeps or logs. [`run::run`] is the whole story in one
//! function; everything else is a room it passes through:
//! [`spec`] → [`desired`], [`state`] → [`diff`] → [`repair`] → [`report`], which [`history`] explains.

pub mod call;
pub mod console;
pub mod coverage;
pub mod desired;
pub mod diff;
pub mod drift;
pub mod history;
pub mod identity;
mod journal;
pub mod lists;
pub mod liveness;
pub mod lock;
pub mod lockout;
pub mod overlap;
pub mod policy;
pub mod read;
pub mod region;
pub mod repair;
pub mod report;
mod request;
pub mod resource;
pub mod run;
pub mod schedule;
pub mod simulate;
pub mod spec;
pub mod state;
pub mod suggest;
pub mod words;
