//! Denied attempts to destroy backups or their key: no drift, because nothing changed, and still something to know.

use reconcile::desired::Desired;
use reconcile::history::{Question, Write};
use time::OffsetDateTime;

use crate::trigger::Trigger;

/// What an attempt is made with.
pub const DESTROYERS: [&str; 4] =
    ["DeleteBackupVault", "DeleteBackupVaultLockConfiguration", "DeleteRecoveryPoint", "ScheduleKeyDeletion"];

/// How the services write it.
const DENIED: [&str; 2] = ["AccessDenied", "AccessDeniedException"];

/// An attempt that AWS denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The call.
    pub write: Write,
    /// Whether the same actor tried before within the same hour.
    pub repeated: bool,
}

/// The attempt that an event tells of.
pub fn of(trigger: &Trigger) -> Option<&Write> {
    trigger.write.as_ref().filter(|write| is_attempt(write))
}

fn is_attempt(write: &Write) -> bool {
    DESTROYERS.contains(&write.event.as_str())
        && write.error.as_ref().is_some_and(|error| DENIED.contains(&error.as_str()))
}

/// Whether it was aimed at what the spec names. Of a key that cannot be told without a look, and of a refused call CloudTrail may
/// leave out what it was about: in a region of the spec either is worth a message.
pub fn is_aimed_at(desired: &Desired, write: &Write) -> bool {
    match write.vault() {
        Some(name) => desired.vaults.iter().any(|vault| vault.name == name && vault.region == write.region),
        None => desired.regions().contains(&write.region.as_str()),
    }
}

/// What to ask the event history, to find out whether it was the first within the hour.
pub fn questions(write: &Write) -> impl Iterator<Item = Question> {
    DESTROYERS.into_iter().map(|event| Question { region: write.region.clone(), event })
}

/// The hour (UTC) and the actor: of all attempts that share both, the first is told.
pub fn key(write: &Write) -> Option<(String, i64)> {
    Some((write.actor.clone()?, hour(write.time?)))
}

fn hour(time: OffsetDateTime) -> i64 {
    time.unix_timestamp().div_euclid(3600)
}

/// Whether the same actor was denied the like before, within the same hour. What was aimed elsewhere was not told, and counts not.
pub fn is_repeated(desired: &Desired, write: &Write, known: &[Write]) -> bool {
    let Some(own) = key(write) else { return false };
    known.iter().any(|other| {
        let earlier = (other.time, &other.id) < (write.time, &write.id);
        is_attempt(other) && is_aimed_at(desired, other) && key(other).as_ref() == Some(&own) && earlier
    })
}
