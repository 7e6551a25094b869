//! The answers about Vault Locks. A lock is put only on a real difference, and keeps its date wherever the spec allows: each put of a
//! compliance lock starts its grace time again.

use time::Duration;

use super::context::{Context, Decision};
use super::reason::{BlockReason, Consent, Review};
use super::vault::on_vault;
use crate::call::Call;
use crate::desired::{Desired, DesiredLock, DesiredVault, LockMode};
use crate::diff::{HISTORY_LAG, failing};
use crate::drift::{Drift, Part, Unreadable, VaultDrift, VaultLockDrift as D};
use crate::lock::{Limits, LockState, days_that_keep, strictest, too_far};
use crate::resource::{Kind, ResourceId};
use crate::state::{Lock, LockPut};
use BlockReason::{Immutable, NeedsConsent, NeedsReview, WaitingOn};
use Decision::Blocked;

pub(super) fn decide(context: &Context<'_>, id: &ResourceId, drift: &D) -> Decision {
    match drift {
        D::Missing { expected } => put(context, id, drift, expected, &Lock::default()),
        D::ModeDiffers { expected, observed, .. }
        | D::RetentionDiffers { expected, observed, .. }
        | D::DateTooFar { expected, observed, .. } => put(context, id, drift, expected, observed),
        // Another put would only begin the grace time again.
        D::KeptChangeable { .. } => Blocked(NeedsReview(Review::ItsKind)),
    }
}

fn put(
    context: &Context<'_>,
    id: &ResourceId,
    drift: &D,
    expected: &DesiredLock,
    observed: &Lock,
) -> Decision {
    let at = context.observed.at;
    let consent = context.limits.compliance_locks;
    // Jobs fail by it, and soon nobody can take it out any more.
    let is_harmful = context.findings_of(id).any(|found| {
        matches!(&found.drift, Drift::VaultLock(D::RetentionDiffers { fails, .. }) if !fails.is_empty())
    });
    let vault = id.of_kind(Kind::Vault);
    let key_in_question = context.findings_of(&vault).any(|found| {
        let unread = matches!(found.drift, Drift::Unreadable(Unreadable { part: Part::Key, .. }));
        unread || matches!(found.drift, Drift::Vault(VaultDrift::KeyDiffers { .. }))
    });
    let may_start_a_clock = consent && !key_in_question;
    let (changeable_for_days, starts_a_clock) = match (expected.mode, observed.state(at)) {
        (_, LockState::Immutable { .. }) => return Blocked(Immutable),
        // To get from compliance to governance the lock would have to be removed; that is for a person to decide.
        (LockMode::Governance, LockState::Grace { .. }) => return Blocked(NeedsReview(Review::ItsKind)),
        (LockMode::Governance, LockState::None | LockState::Governance) => (None, false),
        (LockMode::Compliance { changeable_for_days }, LockState::Grace { until }) => {
            let shortens = too_far(until, at, changeable_for_days);
            if matches!(drift, D::DateTooFar { .. }) && !consent {
                return Blocked(NeedsConsent(Consent::ComplianceLocks));
            }
            if shortens && consent {
                (Some(changeable_for_days), true)
            } else {
                (Some(days_that_keep(until, at)), false)
            }
        }
        // The limit can go without a clock being started, and jobs fail until it does.
        (LockMode::Compliance { .. }, LockState::Governance)
            if is_harmful && !may_start_a_clock && matches!(drift, D::RetentionDiffers { .. }) =>
        {
            (None, false)
        }
        (LockMode::Compliance { changeable_for_days }, LockState::None | LockState::Governance) => {
            (Some(changeable_for_days), true)
        }
    };
    if starts_a_clock && !consent {
        return Blocked(NeedsConsent(Consent::ComplianceLocks));
    }
    let Some(want) = context.desired_vault(id) else { return Blocked(NeedsReview(Review::ItsKind)) };
    let found = (observed.min_retention_days, observed.max_retention_days);
    let mut limits = (expected.min_retention_days, expected.max_retention_days);
    // What is stricter and harms nothing protects, and soon nobody can bring it back: that is for a person to agree to.
    let is_compliance = matches!(expected.mode, LockMode::Compliance { .. });
    if is_compliance && !starts_a_clock && !consent {
        limits = limits_to_put(context.desired, want, *expected, found);
        if limits == found {
            return Blocked(NeedsConsent(Consent::LockLimits));
        }
    }
    let keeps_its_date = observed.lock_date.is_none() || !starts_a_clock;
    if keeps_its_date && was_put_without_effect(context, id, observed, (changeable_for_days, limits)) {
        return Blocked(NeedsReview(Review::PutHadNoEffect));
    }
    // Nothing that cannot be taken back stands on a key in question. A clock that runs already is another matter.
    if key_in_question && (starts_a_clock || !is_harmful) {
        return Blocked(WaitingOn(vault));
    }
    let (min_retention_days, max_retention_days) = limits;
    on_vault(context, id, || Call::PutBackupVaultLockConfiguration {
        region: id.region.clone().unwrap_or_default(),
        vault: id.name.clone(),
        changeable_for_days,
        min_retention_days,
        max_retention_days,
    })
}

/// The limits of a put that nobody agreed to: the spec's, and what was found that is stricter and harms nothing.
fn limits_to_put(desired: &Desired, want: &DesiredVault, expected: DesiredLock, found: Limits) -> Limits {
    let harms = |limits| !failing(desired, want, limits).is_empty();
    strictest((expected.min_retention_days, expected.max_retention_days), found, harms)
}

/// Whether runs before this one put this lock, nobody changed it later, and the difference is still there.
fn was_put_without_effect(
    context: &Context<'_>,
    id: &ResourceId,
    observed: &Lock,
    wanted: (Option<i64>, Limits),
) -> bool {
    let vault = id.region.as_deref().and_then(|region| context.observed.vault(region, &id.name));
    let Some(vault) = vault else { return false };
    let puts = || vault.lock_puts.present().into_iter().flatten();
    let Some(until) = observed.lock_date else {
        // Nothing but the history tells of a lock that is not there, or has no date, and it is late: two puts, of this very lock on this
        // very vault, of which it must have told by now what came after them.
        let theirs = puts().filter(|put| !put.ours || put.removal).map(|put| put.at);
        // What came later than all of these is ours, and no removal.
        let last = theirs.chain(vault.created).max();
        let in_vain = puts().filter(|put| (put.grace_days, put.limits) == wanted && Some(put.at) > last);
        let old = in_vain.filter(|put| put.at < context.observed.at - HISTORY_LAG);
        return old.count() > 1;
    };
    // Of a running clock the date tells: a later put would have moved it beyond what ours asked for. Every further put would move it on.
    let was_last = |put: &LockPut| {
        let asked = Duration::days(put.grace_days.unwrap_or_default());
        // By one clock of AWS, and as the history has it to the second.
        put.ours && !put.removal && until - asked <= put.at + Duration::minutes(2)
    };
    puts().any(was_last)
}
