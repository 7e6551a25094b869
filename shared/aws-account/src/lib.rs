//! The AWS account behind the pure core's border: reads everything that a spec names, and makes the calls.
//!
//! Nothing is decided here. Errors are sorted once, in [`error`], into "absent" and "unreadable".

#[cfg(feature = "sign-in")]
pub mod access;
mod account;
mod apply;
mod aws_time;
mod budget;
mod clients;
mod config;
mod environment;
mod error;
mod history;
mod http;
mod identity;
pub mod inventory;
mod lists;
mod memory;
mod observe;
pub mod permissions;
mod request_count;
mod role_tags;
pub mod trust;

pub use account::{AwsAccount, Pace};
pub use budget::Allowance;
pub use clients::Clients;
pub use config::{emulator_config, sdk_config};
pub use history::{History, Inquiry, LOOKUP_PAUSE};
pub use identity::{Caller, Identity};
