//! The Lambda function: an event comes in, the account is looked at and repaired, and a report goes out.
//!
//! `handler.rs` is the story; the other modules are the rooms it passes through. Everything here can be used without
//! Lambda: build a [`Healer`] and hand it an event.

pub mod answer;
mod ask_history;
mod by_hand;
pub mod deadline;
pub mod error;
mod handler;
mod healer;
pub mod hold;
pub mod incident;
mod listener;
pub mod log;
pub mod metrics;
pub mod notify;
mod ourselves;
mod outbox;
pub mod payload;
pub mod settings;
pub mod telemetry;
pub mod trigger;
mod wakeup;

pub use error::HealerError;
pub use healer::{Clock, Healer, Metrics};
pub use listener::{Listener, Moment};
pub use settings::{Mode, Settings};

/// The desired spec that this build embeds, as text.
pub const DESIRED: &str = include_str!(concat!(env!("OUT_DIR"), "/desired.toml"));

/// What the build doubted in it: lines, columns, places, words.
const DOUBTS: &[(usize, usize, &str, &str)] = &include!(concat!(env!("OUT_DIR"), "/doubts.rs"));
