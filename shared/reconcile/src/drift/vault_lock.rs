//! All that is said about a Vault Lock.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use time::Duration;

use super::look::{delete_lock, look, open_vault};
use super::registry::drifts;
use crate::desired::{DesiredLock, LockMode};
use crate::lock::LockState;
use crate::say;
use crate::state::Lock;
use crate::words::{Command, Prose, Scene, count, list, retention, timestamp};

drifts! {
/// A way in which a vault's lock differs.
VaultLockDrift of VaultLock:

/// The vault has no lock.
/// Recovery points can be deleted, and their retention shortened, by whoever has the permission.
Missing "missing" { expected: DesiredLock } => {
    severity: Critical,
    attribute: [],
    values: desired_json(expected) => Value::Null,
    causes: ["DeleteBackupVaultLockConfiguration", "DeleteBackupVault", "CreateBackupVault"],
    answer: PutBackupVaultLockConfiguration "or blocked, by the rules for locks in shared/reconcile/README.md",
    hides: the_rest,
    summary(at): say!("The vault {} no lock; expected {}.", at.has(), desired_lock(expected)),
    impact(at): say!(
        "Anyone with the permission could delete recovery points in {} and shorten their retention.", at.name()
    ),
    aftermath(at): open_vault(at, true, true),
}

/// The lock has another mode than designed.
/// Governance where compliance was designed can be removed by whoever may. Compliance where governance was designed can soon be
/// removed by nobody.
ModeDiffers "mode-differs" { expected: DesiredLock, observed: Lock, state: LockState } => {
    severity: Critical,
    attribute: [mode],
    values: desired_json(expected) => observed_json(observed, *state),
    causes: ["PutBackupVaultLockConfiguration"],
    answer: PutBackupVaultLockConfiguration "or blocked, by the rules for locks in shared/reconcile/README.md",
    summary(at): difference(at, expected, observed, *state),
    impact(at): match state {
        LockState::None | LockState::Governance => say!(
            "Anyone with the permission could remove the lock, and then delete what {} holds.", at.name()
        ),
        LockState::Grace { .. } | LockState::Immutable { .. } => Prose::own(
            "A compliance lock that nobody designed: after its date no one, AWS included, can remove it.",
        ),
    },
    next_step(at): left_to_a_person(*state),
    command(at, region): way_out(at, region, *state),
}

/// The lock's shortest or longest retention differs.
/// Jobs whose retention does not fit the lock fail, or recovery points are kept for less than designed. Taking a limit away that makes jobs
/// fail needs no consent, and does not wait for anything. One that is stricter than the spec's and harms nothing is taken out of a lock whose
/// clock runs only with consent.
RetentionDiffers "retention-differs" {
    expected: DesiredLock, observed: Lock, state: LockState, fails: BTreeSet<String>
} => {
    severity: [!fails.is_empty() => Critical "if jobs of the spec fail by it", else High "otherwise"],
    attribute: [retention],
    values: desired_json(expected) => observed_json(observed, *state),
    causes: ["PutBackupVaultLockConfiguration"],
    answer: PutBackupVaultLockConfiguration "or blocked, by the rules for locks in shared/reconcile/README.md",
    summary(at): difference(at, expected, observed, *state),
    impact(at): if fails.is_empty() {
        at.choose(
            "Recovery points may be kept for a shorter time than designed, or other jobs to this vault may fail.",
            "Recovery points may have been kept for a shorter time than designed, or other jobs to this vault may have failed.",
        )
    } else {
        say!("Every job of {} {}, and once the lock is immutable, for ever.", list(fails), at.verb("fails", "failed"))
    },
    next_step(at): left_to_a_person(*state),
    command(at, region): way_out(at, region, *state),
}

/// The lock becomes immutable later than a lock of the spec's days could.
/// Somebody put it again, and so it stays removable for longer than designed.
DateTooFar "date-too-far" { expected: DesiredLock, observed: Lock, state: LockState } => {
    severity: High,
    attribute: [lock_date],
    values: desired_json(expected) => observed_json(observed, *state),
    causes: ["PutBackupVaultLockConfiguration"],
    answer: PutBackupVaultLockConfiguration "or blocked, by the rules for locks in shared/reconcile/README.md",
    summary(at): difference(at, expected, observed, *state),
    impact(at): say!("The lock on {} could be removed for longer than designed.", at.name()),
    next_step(at): left_to_a_person(*state),
}

/// The lock is still in its grace time although the vault is older than that.
/// Somebody may be putting it again and again, or taking it away for others to put it again, which keeps it removable for ever. One put of a lock on an old vault is no such case, and
/// CloudTrail's history tells.
KeptChangeable "kept-changeable" {
    expected: DesiredLock, observed: Lock, state: LockState, puts: Option<usize>
} => {
    severity: [puts.is_some() => Critical "from the second put on", else High "if the puts are not known"],
    attribute: [lock_date],
    values: desired_json(expected) => observed_json(observed, *state),
    causes: ["PutBackupVaultLockConfiguration", "DeleteBackupVaultLockConfiguration"],
    answer: blocked "needs-review",
    summary(at): match puts {
        Some(puts) => say!(
            "The lock {} put {} within its grace time, which began anew each time: {}.",
            at.verb("was", "had been"), count(*puts, "time"), observed_lock(observed, *state)
        ),
        None => say!(
            "The vault is older than the grace time of its lock, which {} still running: {}. CloudTrail's history does not tell when it was put.",
            at.is(), observed_lock(observed, *state)
        ),
    },
    impact(at): say!("While that goes on, the lock on {} never becomes immutable, and anyone with the permission can remove it.", at.name()),
    next_step(at): Prose::own(
        "Find out who puts the lock or takes it away, and take PutBackupVaultLockConfiguration and DeleteBackupVaultLockConfiguration from them. The date cannot be brought forward to what it was: another put would only begin the grace time again.",
    ),
    command(at, region): Some(super::look::look_up(region, "PutBackupVaultLockConfiguration")),
}
}

fn difference(at: &Scene<'_>, expected: &DesiredLock, observed: &Lock, state: LockState) -> Prose {
    say!("The vault {} {}; expected {}.", at.has(), observed_lock(observed, state), desired_lock(expected))
}

fn desired_lock(lock: &DesiredLock) -> Prose {
    let mode = match lock.mode {
        LockMode::Governance => Prose::own("a governance lock"),
        LockMode::Compliance { changeable_for_days } => {
            say!("a compliance lock (grace time {})", count(changeable_for_days, "day"))
        }
    };
    mode.and(retention(lock.min_retention_days, lock.max_retention_days))
}

fn observed_lock(lock: &Lock, state: LockState) -> Prose {
    let mode = match state {
        LockState::None => Prose::own("no lock"),
        LockState::Governance => Prose::own("a governance lock"),
        LockState::Grace { until } => say!("a compliance lock in its grace time until {}", until),
        LockState::Immutable { since } => say!("an immutable compliance lock (since {})", since),
    };
    mode.and(retention(lock.min_retention_days, lock.max_retention_days))
}

fn left_to_a_person(state: LockState) -> Prose {
    match state {
        LockState::Immutable { since } => say!(
            "The lock has been immutable since {}; nobody, AWS included, can change it. Make a new vault or change the spec.",
            since
        ),
        LockState::Grace { until } => say!(
            "A compliance lock where the spec asks for governance becomes immutable at {}. Decide before {} whether to remove it:",
            until,
            until - Duration::hours(1)
        ),
        LockState::None | LockState::Governance => Prose::own("Compare the lock with the spec by hand."),
    }
}

/// As long as a person may take a compliance lock away that nobody designed, the command that does.
fn way_out(at: &Scene<'_>, region: &str, state: LockState) -> Option<Command> {
    match state {
        LockState::Grace { .. } => Some(delete_lock(region, at.name())),
        LockState::None | LockState::Governance | LockState::Immutable { .. } => {
            Some(look(at.resource, region))
        }
    }
}

fn desired_json(lock: &DesiredLock) -> Value {
    let (mode, days) = match lock.mode {
        LockMode::Governance => ("governance", None),
        LockMode::Compliance { changeable_for_days } => ("compliance", Some(changeable_for_days)),
    };
    json!({
        "mode": mode,
        "changeable_for_days": days,
        "min_retention_days": lock.min_retention_days,
        "max_retention_days": lock.max_retention_days,
    })
}

fn observed_json(lock: &Lock, state: LockState) -> Value {
    json!({
        "mode": state.mode(),
        "locked": lock.locked,
        "lock_date": lock.lock_date.map(timestamp),
        "min_retention_days": lock.min_retention_days,
        "max_retention_days": lock.max_retention_days,
    })
}
