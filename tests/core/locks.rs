//! Vault Locks at the edges: the day itself, the last minute, the last hour.

use reconcile::lock::{days_that_keep, strictest, too_far};
use reconcile::state::Lock;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);

#[test]
fn a_job_that_keeps_for_just_as_long_as_a_lock_asks_for_fits() {
    let lock = |min_retention_days, max_retention_days| Lock {
        locked: true,
        min_retention_days,
        max_retention_days,
        ..Lock::default()
    };
    for (lock, days, refuses) in [
        (lock(Some(30), None), Some(30), false),
        (lock(Some(30), None), Some(29), true),
        (lock(Some(30), None), None, false),
        (lock(None, Some(30)), Some(30), false),
        (lock(None, Some(30)), Some(31), true),
        (lock(None, Some(30)), None, true),
        (lock(None, None), None, false),
    ] {
        assert_eq!(lock.refuses(days), refuses, "{lock:?} {days:?}");
    }
}

#[test]
fn limits_that_meet_are_limits_and_limits_that_cross_are_none() {
    let harmless = |_| false;
    assert_eq!(strictest((Some(30), None), (None, Some(30)), harmless), (Some(30), Some(30)));
    assert_eq!(strictest((Some(31), None), (None, Some(30)), harmless), (Some(31), None));
}

#[test]
fn what_clocks_may_differ_by_is_no_day_and_no_postponement() {
    for (seconds, days) in [(0, 10), (60, 10), (61, 11)] {
        let date = NOW + Duration::days(10) + Duration::seconds(seconds);
        assert_eq!(days_that_keep(date, NOW), days, "{seconds}");
    }
    for (minutes, far) in [(0, false), (60, false), (61, true)] {
        let date = NOW + Duration::days(3) + Duration::minutes(minutes);
        assert_eq!(too_far(date, NOW, 3), far, "{minutes}");
    }
}
