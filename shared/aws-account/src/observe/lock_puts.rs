//! Who put a lock, or took it away, and when, where it matters: while its clock runs.

use reconcile::desired::{DesiredLock, DesiredVault, LockMode};
use reconcile::history::{RecordedCall, RoleName};
use reconcile::lock::LockState;
use reconcile::state::{Lock, LockPut, Observation};
use time::{Duration, OffsetDateTime};

use super::Look;

/// Asked only of a lock in its grace time that differs, or whose vault is older than that: the history allows two questions a second.
pub(super) async fn observe(
    look: &Look<'_>,
    want: &DesiredVault,
    lock: &Lock,
    created: Option<OffsetDateTime>,
) -> Observation<Vec<LockPut>> {
    let now = (look.clock)();
    let Some(DesiredLock {
        mode: LockMode::Compliance { changeable_for_days },
        min_retention_days,
        max_retention_days,
    }) = want.lock
    else {
        return Observation::Absent;
    };
    let LockState::Grace { .. } = lock.state(now) else { return Observation::Absent };
    let differs =
        (min_retention_days, max_retention_days) != (lock.min_retention_days, lock.max_retention_days);
    let is_old = created.is_some_and(|created| created + Duration::days(changeable_for_days) < now);
    if !differs && !is_old {
        return Observation::Absent;
    }
    let mut told = Vec::new();
    for (operation, removal) in
        [("PutBackupVaultLockConfiguration", false), ("DeleteBackupVaultLockConfiguration", true)]
    {
        let calls = match look.memory.recorded(look.clients, &want.region, operation).await {
            Err(why) => return Observation::Unreadable(why),
            Ok(calls) => calls,
        };
        let of_vault = calls.iter().filter(|call| call.error.is_none() && call.vault() == Some(&want.name));
        told.extend(of_vault.filter_map(|call| {
            let (at, ours, grace_days) = (call.time?, look.is_ours(call), call.grace_days());
            Some(LockPut { at, ours, grace_days, removal })
        }));
    }
    Observation::Present(told)
}

impl Look<'_> {
    /// Whether the call was made by the role that the healer runs as.
    pub(super) fn is_ours(&self, call: &RecordedCall) -> bool {
        let own = self.desired.healer_role.as_deref().and_then(RoleName::of_role);
        own.is_some() && call.role == own
    }
}
