//! When a compliance lock in its grace time counts as kept changeable: by the puts and removals that the history tells.

use reconcile::drift::{Drift, VaultLockDrift};
use reconcile::read::Read;
use reconcile::state::LockPut;
use time::Duration;

use super::*;

/// How many puts are told of a lock of three days that was put so long ago on a vault of this age; nothing if it is in sync.
fn told(since_put: Duration, age: Duration, puts: Observation<Vec<LockPut>>) -> Option<Option<usize>> {
    let desired = desired();
    let mut observed = in_sync(&desired);
    let vault =
        observed.vaults.get_mut(&place("us-east-1", "vault_prod_daily")).unwrap().present_mut().unwrap();
    vault.created = Some(NOW - age);
    vault.lock.lock_date = Some(NOW - since_put + Duration::days(3));
    vault.lock_puts = puts;
    diff(&desired, &observed).iter().find_map(|found| {
        let Drift::VaultLock(VaultLockDrift::KeptChangeable { puts, .. }) = &found.drift else { return None };
        Some(*puts)
    })
}

fn one(minutes: i64, ours: bool, removal: bool) -> LockPut {
    LockPut { at: NOW - Duration::minutes(minutes), ours, grace_days: Some(3), limits: (None, None), removal }
}

fn theirs(minutes: i64) -> LockPut {
    one(minutes, false, false)
}

fn ours(minutes: i64) -> LockPut {
    one(minutes, true, false)
}

fn removal(minutes: i64) -> LockPut {
    one(minutes, false, true)
}

const OLD: Duration = Duration::days(300);
/// Three days before a put that is two hours ago, in minutes.
const BEFORE: i64 = (3 * 24 + 2) * 60;

#[test]
fn the_puts_of_the_grace_time_before_the_last_one_count_and_ours_count_as_one() {
    for (puts, expected) in [
        (vec![], Some(None)),
        (vec![theirs(120)], None),
        (vec![theirs(120), theirs(1800)], Some(Some(2))),
        (vec![theirs(120), theirs(1700), theirs(1800)], Some(Some(3))),
        (vec![ours(120), ours(1800)], None),
        (vec![ours(120), theirs(1800)], Some(Some(2))),
        (vec![theirs(120), theirs(BEFORE - 1)], Some(Some(2))),
        (vec![theirs(120), theirs(BEFORE)], None),
        (vec![theirs(120), ours(BEFORE)], None),
        (vec![ours(120), removal(130), ours(1700), removal(1800)], Some(Some(2))),
        (vec![ours(120), removal(130), removal(BEFORE - 1)], Some(Some(2))),
        (vec![ours(120), removal(130), removal(BEFORE)], None),
    ] {
        assert_eq!(told(Duration::hours(2), OLD, Observation::Present(puts.clone())), expected, "{puts:?}");
    }
}

#[test]
fn a_put_that_the_history_does_not_have_yet_counts() {
    for (since_put, puts, expected) in [
        (10, vec![theirs(1800)], Some(Some(2))),
        (10, vec![theirs(10)], None),
        // Within the history's lag of the last put it is that put.
        (10, vec![theirs(39)], None),
        (10, vec![theirs(40)], Some(Some(2))),
        (29, vec![theirs(1800)], Some(Some(2))),
        (30, vec![theirs(1800)], None),
    ] {
        let seen = told(Duration::minutes(since_put), OLD, Observation::Present(puts.clone()));
        assert_eq!(seen, expected, "{since_put}: {puts:?}");
    }
}

#[test]
fn a_history_that_cannot_be_read_excuses_a_put_for_as_long_as_it_lags() {
    let unread = || Observation::Unreadable(refused(Read::GetBackupPlan, "AccessDeniedException"));
    for (since_put, expected) in [(10, None), (29, None), (30, Some(None)), (120, Some(None))] {
        assert_eq!(told(Duration::minutes(since_put), OLD, unread()), expected, "{since_put} minutes");
    }
}

#[test]
fn a_vault_younger_than_the_grace_time_is_locked_for_the_first_time() {
    let puts = || Observation::Present(vec![theirs(120), theirs(1800)]);
    assert_eq!(told(Duration::hours(2), Duration::days(3), puts()), None);
    assert_eq!(told(Duration::hours(2), Duration::days(3) + Duration::minutes(1), puts()), Some(Some(2)));
}
