//! Denied attempts to destroy backups or their key: no drift, because nothing changed, and still something to know.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use aws_account::Pause;
use reconcile::desired::Desired;
use reconcile::history::{Question, RecordedCall, WINDOW};
use time::OffsetDateTime;

use crate::ask_history::HistoryDesk;

/// An operation that an attempt is made with, and what it would have done.
struct Destroyer {
    operation: &'static str,
    aim: &'static str,
}

const DESTROYERS: [Destroyer; 4] = [
    Destroyer { operation: "DeleteBackupVault", aim: "It would have deleted the vault if that is empty." },
    Destroyer {
        operation: "DeleteBackupVaultLockConfiguration",
        aim: "It would have removed the lock, which keeps recovery points from being deleted.",
    },
    Destroyer { operation: "DeleteRecoveryPoint", aim: "It would have deleted a recovery point." },
    Destroyer {
        operation: "ScheduleKeyDeletion",
        aim: "It would have scheduled a key for deletion. Whether vaults depend on that key was not checked.",
    },
];

/// An attempt that AWS denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeniedAttempt {
    /// The call.
    pub call: RecordedCall,
    /// Whether the same actor tried before within the same hour.
    pub repeated: bool,
}

impl DeniedAttempt {
    /// What it would have done.
    pub fn aim(&self) -> &'static str {
        destroyer(&self.call).map_or("It would have destroyed something.", |destroyer| destroyer.aim)
    }
}

fn destroyer(call: &RecordedCall) -> Option<&'static Destroyer> {
    DESTROYERS.iter().find(|destroyer| destroyer.operation == call.event)
}

/// Whether a call was such an attempt, and was denied.
pub(crate) fn is_attempt(call: &RecordedCall) -> bool {
    destroyer(call).is_some() && call.is_denied()
}

/// Whether it was aimed at what the spec names. Of a key that cannot be told without a look, and of a refused call CloudTrail may
/// leave out what it was about: in a region of the spec either is worth a message.
fn is_aimed_at(desired: &Desired, call: &RecordedCall) -> bool {
    match call.vault() {
        Some(name) => desired.vaults.iter().any(|vault| vault.name == name && vault.region == call.region),
        None => desired.regions().contains(&call.region.as_str()),
    }
}

/// The attempt that a call was, if it was aimed at what the spec names; and whether it is told already, which the history may have to be
/// asked for.
pub(crate) async fn judge(
    call: &RecordedCall,
    desired: &Desired,
    told: &ToldAttempts,
    desk: &HistoryDesk<'_>,
    now: OffsetDateTime,
) -> Option<DeniedAttempt> {
    if !is_attempt(call) || !is_aimed_at(desired, call) {
        return None;
    }
    let repeated = told.knows(call) || {
        let question =
            |destroyer: &Destroyer| Question { region: call.region.clone(), event: destroyer.operation };
        let questions: BTreeSet<Question> = DESTROYERS.iter().map(question).collect();
        let history = desk.ask(&questions, Pause::Between, Some(now - WINDOW)).await;
        is_repeated(desired, call, &history.calls)
    };
    Some(DeniedAttempt { call: call.clone(), repeated })
}

/// The actor and the hour (UTC): of all attempts that share both, the first is told.
fn actor_and_hour(call: &RecordedCall) -> Option<(String, i64)> {
    Some((call.actor.clone()?, call.time?.unix_timestamp().div_euclid(3600)))
}

/// Whether the same actor was denied the like before, within the same hour. Attempts on other targets were not reported and do not count.
fn is_repeated(desired: &Desired, call: &RecordedCall, known: &[RecordedCall]) -> bool {
    let Some(own) = actor_and_hour(call) else { return false };
    known.iter().any(|other| {
        let earlier = (other.time, &other.id) < (call.time, &call.id);
        is_attempt(other)
            && is_aimed_at(desired, other)
            && actor_and_hour(other).as_ref() == Some(&own)
            && earlier
    })
}

/// The attempts that this process has told: by actor and hour. CloudTrail's history lags; this does not, and is gone with the
/// process.
#[derive(Debug, Default)]
pub(crate) struct ToldAttempts(Mutex<BTreeSet<(String, i64)>>);

impl ToldAttempts {
    fn knows(&self, call: &RecordedCall) -> bool {
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        actor_and_hour(call).is_some_and(|key| told.contains(&key))
    }

    pub(crate) fn remember(&self, attempt: &DeniedAttempt) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = actor_and_hour(&attempt.call) {
            // Events come late, but hardly by two hours.
            told.retain(|(_, hour)| *hour >= key.1 - 2);
            told.insert(key);
        }
    }
}
