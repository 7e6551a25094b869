//! Who put a lock, or took it away, and when, where it matters: while its clock runs, and where it is not there although we may have put it.

use reconcile::desired::{DesiredVault, LockMode};
use reconcile::history::{RecordedCall, RoleName};
use reconcile::lock::LockState;
use reconcile::state::{Lock, LockPut, Observation};
use time::{Duration, OffsetDateTime};

use super::Look;

/// Asked only of a lock that differs, or whose vault is older than its clock should be: the history allows two questions a second.
pub(super) async fn observe(
    look: &Look<'_>,
    want: &DesiredVault,
    lock: &Lock,
    created: Option<OffsetDateTime>,
) -> Observation<Vec<LockPut>> {
    let now = (look.clock)();
    let Some(wanted) = want.lock else { return Observation::Absent };
    let limits = (lock.min_retention_days, lock.max_retention_days);
    let differs = (wanted.min_retention_days, wanted.max_retention_days) != limits;
    let (is_asked, runs) = match (wanted.mode, lock.state(now)) {
        (LockMode::Compliance { changeable_for_days }, LockState::Grace { .. }) => {
            let is_old = created.is_some_and(|created| created + Duration::days(changeable_for_days) < now);
            (differs || is_old, true)
        }
        (_, LockState::None) | (LockMode::Compliance { .. }, LockState::Governance) => (true, false),
        (LockMode::Governance, LockState::Governance) => (differs, false),
        (LockMode::Governance, LockState::Grace { .. }) | (_, LockState::Immutable { .. }) => (false, false),
    };
    if !is_asked {
        return Observation::Absent;
    }
    let mut told = match puts(look, want, false).await {
        Ok(puts) => puts,
        Err(why) => return why,
    };
    // Who took it away matters only if it was put.
    if runs || told.iter().any(|put| put.ours) {
        match puts(look, want, true).await {
            Ok(removals) => told.extend(removals),
            Err(why) => return why,
        }
    }
    Observation::Present(told)
}

/// The puts of the vault's lock, or its removals.
async fn puts(
    look: &Look<'_>,
    want: &DesiredVault,
    removal: bool,
) -> Result<Vec<LockPut>, Observation<Vec<LockPut>>> {
    let operation =
        if removal { "DeleteBackupVaultLockConfiguration" } else { "PutBackupVaultLockConfiguration" };
    let calls = look.memory.recorded(look.clients, &want.region, operation).await;
    let calls = calls.map_err(Observation::Unreadable)?;
    let of_vault = calls.iter().filter(|call| call.error.is_none() && call.vault() == Some(&want.name));
    let told = of_vault.filter_map(|call| {
        let (grace_days, limits) = call.lock();
        Some(LockPut { at: call.time?, ours: look.is_ours(call), grace_days, limits, removal })
    });
    Ok(told.collect())
}

impl Look<'_> {
    /// Whether the call was made by the role that the healer runs as.
    pub(super) fn is_ours(&self, call: &RecordedCall) -> bool {
        let own = self.desired.healer_role.as_deref().and_then(RoleName::of_role);
        own.is_some() && call.role == own
    }
}
