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
            let put = put(puts, created, until, at, left);
            let how = match put {
                None => {
                    "AWS does not tell for how many days it was made changeable: these are the days that are left."
                }
                Some(Put::Recorded(_)) => "CloudTrail has that it was made changeable for these days.",
                Some(Put::Forgotten(_)) => {
                    "It was made changeable for these days at the most: AWS does not tell, and CloudTrail does not go back that far."
                }
            };
            let said = format!("The lock is final on {}. {how}", until.date());
            (compliance(put.map_or(left, Put::days)), Some(said))
        }
    }
}

/// The days for which the lock was put, where the days that are left would look as if somebody put it again and again: that is judged by
/// when its last put would have been. CloudTrail's history ends after 90 days; before that, it was put when the vault was made at the
/// earliest.
fn put(
    puts: &Observation<Vec<LockPut>>,
    created: Option<OffsetDateTime>,
    until: OffsetDateTime,
    at: OffsetDateTime,
    left: i64,
) -> Option<Put> {
    let created = created.filter(|created| *created + Duration::days(left) < at)?;
    let days_from = |then: OffsetDateTime| days_that_keep(until, then);
    match puts.present()?.iter().filter(|put| !put.removal).map(|put| put.at).max() {
        Some(last) if last > until - Duration::days(2 * left) => None,
        Some(last) => Some(Put::Recorded((until - last).whole_hours().saturating_add(12) / 24)),
        None => Some(Put::Forgotten(days_from(created))),
    }
    .filter(|put| put.days() > left)
}

/// For how many days a lock was put.
#[derive(Debug, Clone, Copy)]
enum Put {
    /// As CloudTrail has it.
    Recorded(i64),
    /// These at the most.
    Forgotten(i64),
}

impl Put {
    fn days(self) -> i64 {
        match self {
            Put::Recorded(days) | Put::Forgotten(days) => days,
        }
    }
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
        let put = LockPut {
            at: NOW - Duration::days(12),
            ours: false,
            grace_days: None,
            limits: (None, None),
            removal: false,
        };
        let puts = Observation::Present(vec![put]);
        let created = Some(NOW - Duration::days(12));
        assert_eq!(days(&lock(&in_grace(2), created, &puts, NOW)), Some(14));
        let forgotten = Observation::Present(Vec::new());
        assert_eq!(days(&lock(&in_grace(2), created, &forgotten, NOW)), Some(14));
        // Where nobody could ask, nothing is made up.
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
