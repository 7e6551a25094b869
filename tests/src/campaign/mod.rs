//! The fault campaign: random drifts, and random faults on random calls, against the Lambda's own handler. What has to hold after each
//! call, each invocation and each case is checked; a case follows from its seed alone.

mod case;
mod faults;
mod play;
mod stage;
mod strength;
mod tally;
mod truth;
mod watch;

pub use case::{Case, Meddling, Start};
pub use play::play;
pub use stage::{Stage, Told};
pub use tally::Tally;
