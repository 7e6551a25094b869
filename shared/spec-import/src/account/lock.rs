//! The lock of a vault as a spec says it. AWS does not tell how many days a lock was made changeable for; the days that are left keep its
//! date where it is.

use reconcile::desired::{DesiredLock, LockMode};
use reconcile::lock::{LockState, SHORTEST_GRACE_DAYS, days_that_keep};
use reconcile::state::{Lock, LockPut, Observation};
use time::{Duration, OffsetDateTime};

/// The lock, and what is to be said beside it.
pub(super) fn lock(
    lock: &Lock,
    created: Option<OffsetDateTime>,
    puts: &Observation<Vec<LockPut>>,
    at: OffsetDateTime,
) -> (Option<DesiredLock>, Option<String>) {
    let with = |mode| {
        let Lock { locked: _, min_retention_days, max_retention_days, lock_date: _ } = *lock;
        Some(DesiredLock { mode, min_retention_days, max_retention_days })
    };
    let compliance = |changeable_for_days| with(LockMode::Compliance { changeable_for_days });
    match lock.state(at) {
        LockState::None => (None, Some("This vault has no lock.".to_owned())),
        LockState::Governance => (with(LockMode::Governance), None),
        LockState::Immutable { since } => {
            let said = format!(
                "Nobody can change this lock since {}; the days count only for a vault that is made anew.",
                since.date()
            );
            (compliance(SHORTEST_GRACE_DAYS), Some(said))
        }
        LockState::Grace { until } => {
            let left = days_that_keep(until, at);
            match put(puts, created, until, at, left) {
                None => {
                    let said = format!(
                        "The lock is final on {}. AWS does not tell for how many days it was made changeable: these are \
                         the days that are left.",
                        until.date()
                    );
                    (compliance(left), Some(said))
                }
                Some(days) => {
                    let said = format!(
                        "The lock is final on {}. CloudTrail has that it was put for these days.",
                        until.date()
                    );
                    (compliance(days), Some(said))
                }
            }
        }
    }
}

/// The days for which the lock was put, where the days that are left would look as if somebody put it again and again: that is judged by
/// when its last put would have been.
fn put(
    puts: &Observation<Vec<LockPut>>,
    created: Option<OffsetDateTime>,
    until: OffsetDateTime,
    at: OffsetDateTime,
    left: i64,
) -> Option<i64> {
    let is_old = created.is_some_and(|created| created + Duration::days(left) < at);
    let last = puts.present()?.iter().map(|put| put.at).max()?;
    let is_near = last > until - Duration::days(2 * left);
    let days = (until - last).whole_hours().checked_add(12)? / 24;
    (is_old && !is_near && days > left).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);

    fn in_grace(days_left: i64) -> Lock {
        Lock { locked: true, lock_date: Some(NOW + Duration::days(days_left)), ..Lock::default() }
    }

    fn days(found: &(Option<DesiredLock>, Option<String>)) -> Option<i64> {
        match found.0?.mode {
            LockMode::Compliance { changeable_for_days } => Some(changeable_for_days),
            LockMode::Governance => None,
        }
    }

    #[test]
    fn the_days_that_are_left_are_written_and_three_at_the_least() {
        let absent = Observation::Absent;
        for (left, written) in [(14, 14), (3, 3), (2, 3), (1, 3)] {
            assert_eq!(days(&lock(&in_grace(left), None, &absent, NOW)), Some(written), "{left}");
        }
        let half = Lock { lock_date: Some(NOW + Duration::hours(228)), ..in_grace(1) };
        assert_eq!(days(&lock(&half, None, &absent, NOW)), Some(10));
    }

    #[test]
    fn a_lock_that_was_put_long_ago_is_written_as_it_was_put() {
        let put = LockPut { at: NOW - Duration::days(12), ours: false };
        let puts = Observation::Present(vec![put]);
        let created = Some(NOW - Duration::days(12));
        assert_eq!(days(&lock(&in_grace(2), created, &puts, NOW)), Some(14));
        assert_eq!(days(&lock(&in_grace(2), created, &Observation::Absent, NOW)), Some(3));
    }

    #[test]
    fn a_final_lock_keeps_its_limits_and_no_lock_is_said() {
        let limits = Lock { min_retention_days: Some(7), max_retention_days: Some(400), ..in_grace(-5) };
        let (found, said) = lock(&limits, None, &Observation::Absent, NOW);
        let found = found.unwrap();
        assert_eq!((found.min_retention_days, found.max_retention_days), (Some(7), Some(400)));
        assert!(said.unwrap().contains("2026-11-18"));
        assert_eq!(lock(&Lock::default(), None, &Observation::Absent, NOW).0, None);
    }
}
