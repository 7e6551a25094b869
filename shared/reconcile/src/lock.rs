//! The Vault Lock's state machine. AWS returns no mode: it follows from the fields and the moment of the read
//! (AWS Backup Developer Guide, "AWS Backup Vault Lock").

use time::{Duration, OffsetDateTime};

use crate::state::Lock;

/// What a vault's lock is at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockState {
    /// No lock.
    None,
    /// Locked without a lock date: removable by whoever has the permission.
    Governance,
    /// Compliance, still changeable.
    Grace {
        /// When it becomes immutable.
        until: OffsetDateTime,
    },
    /// Compliance, for ever.
    Immutable {
        /// Since when.
        since: OffsetDateTime,
    },
}

/// The fewest days that AWS accepts as `ChangeableForDays`.
pub const SHORTEST_GRACE_DAYS: i64 = 3;

impl Lock {
    /// What the lock is at that moment. AWS says "on and after the lock date", so the date itself is immutable.
    pub fn state(&self, at: OffsetDateTime) -> LockState {
        match (self.locked, self.lock_date) {
            (false, _) => LockState::None,
            (true, None) => LockState::Governance,
            (true, Some(date)) if date > at => LockState::Grace { until: date },
            (true, Some(date)) => LockState::Immutable { since: date },
        }
    }
}

impl Lock {
    /// Whether jobs fail that want to keep recovery points for this time; no number is for ever.
    pub fn refuses(&self, days: Option<i64>) -> bool {
        let too_short = days.zip(self.min_retention_days).is_some_and(|(days, min)| days < min);
        let too_long = self.max_retention_days.is_some_and(|max| days.is_none_or(|days| days > max));
        too_short || too_long
    }
}

/// The shortest and the longest retention that a lock allows, in days.
pub type Limits = (Option<i64>, Option<i64>);

/// The limits of a put that takes none away which was found: of each the stricter one, but for what makes jobs fail (`harms`) and is not
/// in the spec.
pub fn strictest(desired: Limits, found: Limits, harms: impl Fn(Limits) -> bool) -> Limits {
    let longest = [desired.1, found.1].into_iter().flatten().min();
    let (shortest, longest) = (desired.0.max(found.0), longest);
    let shortest = if harms((shortest, None)) { desired.0 } else { shortest };
    let longest = if harms((None, longest)) { desired.1 } else { longest };
    let crosses = shortest.zip(longest).is_some_and(|(shortest, longest)| shortest > longest);
    if crosses { desired } else { (shortest, longest) }
}

impl LockState {
    /// The mode as reports write it.
    pub fn mode(self) -> &'static str {
        match self {
            LockState::None => "none",
            LockState::Governance => "governance",
            LockState::Grace { .. } => "compliance",
            LockState::Immutable { .. } => "compliance (immutable)",
        }
    }
}

/// By so much our clock and AWS's differ without anybody knowing.
const SMALL_SKEW: Duration = Duration::minutes(1);

/// `ChangeableForDays` that keeps a lock date as near as AWS allows: whole days, rounded up, three at the least. What clocks may differ by
/// is no day: a lock that was put a moment ago would get one more.
pub fn days_that_keep(date: OffsetDateTime, at: OffsetDateTime) -> i64 {
    let left = date - at;
    let whole = left.whole_days();
    let days = if left > Duration::days(whole) + SMALL_SKEW { whole + 1 } else { whole };
    days.max(SHORTEST_GRACE_DAYS)
}

/// Whether a lock date is further away than a fresh lock of that many days could be. The hour's slack covers the
/// time between AWS's clock at the put and ours at the read.
pub fn too_far(date: OffsetDateTime, at: OffsetDateTime, changeable_for_days: i64) -> bool {
    date - at > Duration::days(changeable_for_days) + Duration::hours(1)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);

    fn lock(date: Option<OffsetDateTime>) -> Lock {
        Lock { locked: true, lock_date: date, ..Lock::default() }
    }

    #[test]
    fn the_mode_follows_from_the_fields_and_the_moment() {
        assert_eq!(Lock::default().state(NOW), LockState::None);
        assert_eq!(lock(None).state(NOW), LockState::Governance);
        let soon = NOW + Duration::seconds(1);
        assert_eq!(lock(Some(soon)).state(NOW), LockState::Grace { until: soon });
        assert_eq!(lock(Some(NOW)).state(NOW), LockState::Immutable { since: NOW });
    }

    #[test]
    fn a_repair_in_the_grace_time_keeps_the_date() {
        assert_eq!(days_that_keep(NOW + Duration::days(10), NOW), 10);
        assert_eq!(days_that_keep(NOW + Duration::days(10) + Duration::seconds(30), NOW), 10);
        assert_eq!(days_that_keep(NOW + Duration::days(10) + Duration::seconds(61), NOW), 11);
        assert_eq!(days_that_keep(NOW + Duration::hours(2), NOW), 3);
    }

    #[test]
    fn a_put_takes_no_limit_away_but_those_that_do_harm() {
        // A job keeps what it makes for 30 days.
        let harms = |(min, max): Limits| min.is_some_and(|min| min > 30) || max.is_some_and(|max| max < 30);
        for (desired, found, put) in [
            ((None, None), (Some(30), None), (Some(30), None)),
            ((None, None), (Some(31), Some(90)), (None, Some(90))),
            ((None, None), (Some(7), Some(29)), (Some(7), None)),
            ((Some(7), Some(90)), (None, None), (Some(7), Some(90))),
            ((Some(7), Some(90)), (Some(1), Some(60)), (Some(7), Some(60))),
            ((Some(7), Some(90)), (Some(9), Some(365)), (Some(9), Some(90))),
        ] {
            assert_eq!(strictest(desired, found, harms), put, "{desired:?} {found:?}");
        }
        // Where no job says what is right, two limits may not fit together.
        assert_eq!(strictest((Some(90), Some(99)), (Some(1), Some(9)), |_| false), (Some(90), Some(99)));
    }

    #[test]
    fn a_fresh_lock_is_not_too_far() {
        assert!(!too_far(NOW + Duration::days(3), NOW, 3));
        assert!(!too_far(NOW + Duration::days(3) + Duration::minutes(30), NOW, 3));
        assert!(too_far(NOW + Duration::days(4), NOW, 3));
    }
}
