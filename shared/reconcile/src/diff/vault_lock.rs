//! Vault Locks: mode, limits, and a clock that somebody keeps from running out.

use std::collections::BTreeSet;

use time::{Duration, OffsetDateTime};

use super::found::Found;
use crate::desired::{Desired, DesiredLock, DesiredVault, LockMode};
use crate::drift::VaultLockDrift;
use crate::lock::{Limits, LockState, too_far};
use crate::resource::ResourceId;
use crate::state::{Lock, LockPut, Observation, Vault};

/// CloudTrail's history may be this late.
pub(crate) const HISTORY_LAG: Duration = Duration::minutes(30);

pub(super) fn diff(
    desired: &Desired,
    want: &DesiredVault,
    expected: DesiredLock,
    seen: &Vault,
    at: OffsetDateTime,
    id: &ResourceId,
    found: &mut Found,
) {
    let DesiredLock { mode, min_retention_days, max_retention_days } = expected;
    let lock = seen.lock;
    let state = lock.state(at);
    let is_compliance = match state {
        LockState::None => return found.add(id, VaultLockDrift::Missing { expected }),
        LockState::Governance => false,
        LockState::Grace { .. } | LockState::Immutable { .. } => true,
    };
    found.add_if(matches!(mode, LockMode::Compliance { .. }) != is_compliance, id, || {
        VaultLockDrift::ModeDiffers { expected, observed: lock, state }
    });
    let limits = (lock.min_retention_days, lock.max_retention_days);
    found.add_if((min_retention_days, max_retention_days) != limits, id, || {
        let fails = failing(desired, want, limits);
        VaultLockDrift::RetentionDiffers { expected, observed: lock, state, fails }
    });
    if let (LockMode::Compliance { changeable_for_days }, LockState::Grace { until }) = (mode, state) {
        if too_far(until, at, changeable_for_days) {
            found.add(id, VaultLockDrift::DateTooFar { expected, observed: lock, state });
        } else if let Some(puts) = kept_changeable(seen, until, at, changeable_for_days) {
            found.add(id, VaultLockDrift::KeptChangeable { expected, observed: lock, state, puts });
        }
    }
}

/// The rules of the spec whose jobs to this vault a lock with these limits makes fail.
pub(crate) fn failing(
    desired: &Desired,
    want: &DesiredVault,
    (min_retention_days, max_retention_days): Limits,
) -> BTreeSet<String> {
    let lock = Lock { min_retention_days, max_retention_days, ..Lock::default() };
    let refuses = |days: Option<i64>| lock.refuses(days);
    let mut failing = BTreeSet::new();
    for plan in &desired.plans {
        for rule in &plan.document.rules {
            let kept = rule.lifecycle.delete_after_days;
            let target = plan.region == want.region && rule.target_vault == want.name && refuses(kept);
            let mut copies = rule.copies.iter().filter(|copy| copy.destination == want.arn);
            if target || copies.any(|copy| refuses(copy.lifecycle.kept.days(kept))) {
                failing.insert(rule.name.clone());
            }
        }
    }
    failing
}

/// How often the lock was put if that is what keeps its clock from running out; `Some(None)` if that cannot be told. A lock that was put
/// once on a vault that is older than its grace time is no such case.
fn kept_changeable(
    seen: &Vault,
    until: OffsetDateTime,
    at: OffsetDateTime,
    changeable_for_days: i64,
) -> Option<Option<usize>> {
    let grace = Duration::days(changeable_for_days);
    let is_old = seen.created.is_some_and(|created| created + grace < at);
    if !is_old {
        return None;
    }
    let put_last = until - grace;
    match &seen.lock_puts {
        Observation::Present(puts) => {
            let (removals, puts): (Vec<&LockPut>, Vec<&LockPut>) = puts.iter().partition(|put| put.removal);
            // Who takes it away each time lets others put it.
            let removals = removals.iter().filter(|removal| removal.at > put_last - grace).count();
            let within = || puts.iter().filter(|put| put.at > put_last - grace);
            let others = within().filter(|put| !put.ours).count();
            // Our own puts answer those of others, so they count as one.
            let ours = usize::from(within().any(|put| put.ours));
            // The last put may not be in the history yet.
            let is_late =
                put_last > at - HISTORY_LAG && !puts.iter().any(|put| put.at > put_last - HISTORY_LAG);
            match removals.max(others + ours + usize::from(is_late)) {
                0 => Some(None),
                1 => None,
                several => Some(Some(several)),
            }
        }
        Observation::Absent => None,
        // A lock that was put just now is known before its history is.
        Observation::Unreadable(_) if put_last > at - HISTORY_LAG => None,
        Observation::Unreadable(_) => Some(None),
    }
}
