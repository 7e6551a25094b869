//! How long a run may take, and how much of that is kept for its report.

use std::time::{Duration, SystemTime};

/// The time for a run whose deadline is not known.
const UNKNOWN: Duration = Duration::from_secs(300);
/// The most that is kept for the report: SNS is tried several times.
const MOST_RESERVE: Duration = Duration::from_secs(15);

/// The time until the invocation ends. `cargo lambda watch` sends a deadline in 1970, and a run without Lambda has none:
/// one that has passed already is no deadline, or every local run would stop before its first call.
pub fn time_left(deadline: SystemTime, now: SystemTime) -> Duration {
    match deadline.duration_since(now) {
        Ok(left) if !left.is_zero() => left,
        Ok(_) | Err(_) => UNKNOWN,
    }
}

/// The part of the time that is left to the report.
pub fn reserve(left: Duration) -> Duration {
    MOST_RESERVE.min(left / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    #[test]
    fn a_deadline_ahead_is_kept() {
        let now = NOW + Duration::from_secs(1_795_000_000);
        assert_eq!(time_left(now + Duration::from_secs(120), now), Duration::from_secs(120));
    }

    #[test]
    fn a_deadline_in_1970_is_no_deadline() {
        let now = NOW + Duration::from_secs(1_795_000_000);
        assert_eq!(time_left(NOW + Duration::from_millis(600_000), now), UNKNOWN);
        assert_eq!(time_left(now, now), UNKNOWN);
    }

    #[test]
    fn the_report_gets_a_quarter_of_a_short_time_and_15_seconds_of_a_long_one() {
        assert_eq!(reserve(Duration::from_secs(20)), Duration::from_secs(5));
        assert_eq!(reserve(Duration::from_secs(60)), Duration::from_secs(15));
        assert_eq!(reserve(Duration::from_secs(900)), Duration::from_secs(15));
    }
}
