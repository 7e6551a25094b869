//! The times that the history is read by.

use time::Duration;

/// Over how much time repairs of one resource are counted.
pub const WINDOW: Duration = Duration::hours(24);

/// How far CloudTrail's event history lags behind ("Viewing events with CloudTrail event history").
pub const LAG: Duration = Duration::minutes(15);

/// From this repair of one resource within [`WINDOW`] on, somebody is taken to be undoing them.
pub const CONTESTED_FROM: usize = 3;
