//! What threatens or harms backups and is no drift: calls that would have destroyed something and that AWS refused, and calls that did
//! something to a recovery point.

mod ledger;

use std::collections::BTreeSet;

use reconcile::desired::Desired;
use reconcile::drift::{Severity, codes};
use reconcile::history::{Principal, RecordedCall};
use reconcile::words::Word;
use time::OffsetDateTime;

pub use ledger::Total;
pub(crate) use ledger::{Known, Ledger, end_of_hour};

/// An attempt that failed, or a loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum IncidentKind {
    /// AWS refused the call, so nothing changed.
    Attempt,
    /// The call was made.
    Loss,
}

impl IncidentKind {
    /// The kind as attributes of messages write it.
    pub fn as_str(self) -> &'static str {
        match self {
            IncidentKind::Attempt => "attempt",
            IncidentKind::Loss => "loss",
        }
    }
}

/// An incident, and whether it is told by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// What it is.
    pub kind: IncidentKind,
    /// The call.
    pub call: RecordedCall,
    /// Whether CloudTrail's history knows it. What only the invocation tells, whoever may invoke the function can have made up; and the
    /// history lags, and is not asked each time.
    pub confirmed: bool,
    /// Whether a message tells of it; else it is one of the hour's total.
    pub told: bool,
    /// When it was heard of.
    pub at: OffsetDateTime,
}

/// An operation that somebody harms backups with.
struct Deed {
    service: &'static str,
    operation: &'static str,
    /// What a refused call would have done.
    aim: &'static str,
    /// What a call that was made has done, if that is a loss and no drift.
    loss: Option<Loss>,
}

struct Loss {
    severity: Severity,
    done: &'static str,
    next: &'static str,
}

const fn deed(service: &'static str, operation: &'static str, aim: &'static str) -> Deed {
    Deed { service, operation, aim, loss: None }
}

const fn loss(
    operation: &'static str,
    aim: &'static str,
    severity: Severity,
    done: &'static str,
    next: &'static str,
) -> Deed {
    Deed { service: "backup", operation, aim, loss: Some(Loss { severity, done, next }) }
}

const GONE_FROM_BACKUP: &str = "AWS Backup no longer keeps the recovery point: neither the vault's access policy nor its lock protects it any more.";
const PROTECT_IT: &str = "Find out whether it still exists in the service that made it, and protect it there, or make a new backup.";

const DEEDS: [Deed; 13] = [
    deed("backup", "DeleteBackupVault", "It would have deleted the vault if that is empty."),
    deed(
        "backup",
        "DeleteBackupVaultAccessPolicy",
        "It would have removed the vault's access policy, which keeps recovery points from being deleted.",
    ),
    deed(
        "backup",
        "PutBackupVaultAccessPolicy",
        "It would have replaced the vault's access policy, which keeps recovery points from being deleted.",
    ),
    deed(
        "backup",
        "DeleteBackupVaultLockConfiguration",
        "It would have removed the lock, which keeps recovery points from being deleted.",
    ),
    deed(
        "backup",
        "PutBackupVaultLockConfiguration",
        "It would have changed the lock, which keeps recovery points from being deleted.",
    ),
    loss(
        "DeleteRecoveryPoint",
        "It would have deleted a recovery point.",
        Severity::Critical,
        "The recovery point is deleted, and nobody can bring it back.",
        "Find out whether a copy of it is in another vault, and make a new backup if it is needed.",
    ),
    loss(
        "UpdateRecoveryPointLifecycle",
        "It would have changed how long a recovery point is kept.",
        Severity::High,
        "It changed how long the recovery point is kept, which may end earlier now.",
        "See until when it is kept, and set the old time again before then.",
    ),
    loss(
        "DisassociateRecoveryPoint",
        "It would have taken a recovery point out of AWS Backup, so that the vault no longer protects it.",
        Severity::Critical,
        GONE_FROM_BACKUP,
        PROTECT_IT,
    ),
    loss(
        "DisassociateRecoveryPointFromParent",
        "It would have taken a recovery point out of the composite one that it belongs to.",
        Severity::High,
        "The recovery point no longer belongs to its composite one, and is kept and deleted by itself.",
        "Find out why, and whether the application can still be restored as a whole.",
    ),
    deed(
        "kms",
        "ScheduleKeyDeletion",
        "It would have scheduled a key for deletion, and with it everything that it encrypts.",
    ),
    deed(
        "kms",
        "DisableKey",
        "It would have disabled a key, so that what it encrypts can be neither backed up nor restored.",
    ),
    deed("kms", "PutKeyPolicy", "It would have changed who may use a key."),
    deed(
        "kms",
        "DeleteImportedKeyMaterial",
        "It would have deleted a key's material, so that what it encrypts can be neither backed up nor restored.",
    ),
];

/// The operations that are incidents of a kind, each with its service: what the event rules have to let through.
pub fn operations(kind: IncidentKind) -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_kind = DEEDS.iter().filter(move |deed| kind == IncidentKind::Attempt || deed.loss.is_some());
    of_kind.map(|deed| (deed.service, deed.operation))
}

fn deed_of(call: &RecordedCall) -> Option<&'static Deed> {
    DEEDS.iter().find(|deed| deed.operation == call.event && deed.service == call.service)
}

/// Whether the call has done something to a recovery point.
pub(crate) fn is_loss(call: &RecordedCall) -> bool {
    call.error.is_none() && deed_of(call).is_some_and(|deed| deed.loss.is_some())
}

/// What a call may be, as far as the record alone tells. AWS refuses for many reasons: an immutable lock is no denied access.
pub(crate) fn suspected(call: &RecordedCall) -> Option<IncidentKind> {
    if is_loss(call) {
        Some(IncidentKind::Loss)
    } else {
        (call.is_refused() && deed_of(call).is_some()).then_some(IncidentKind::Attempt)
    }
}

/// Whether it may be a call of the healer: one that it makes at all.
pub(crate) fn may_be_ours(call: &RecordedCall) -> bool {
    codes().any(|code| code.answer.operation == Some(call.event.as_str()))
}

/// Whether it is a call of the healer that AWS refused, which the run that made it has told. What the healer never calls, somebody
/// else called with its credentials.
pub(crate) fn is_ours(call: &RecordedCall, own: &Principal) -> bool {
    may_be_ours(call) && own.made(call)
}

/// Whether the call was aimed at what the spec names. Of a refused call CloudTrail may leave out what it was about: in a region of the
/// spec it is then worth a message, and so is one about a key as long as no look has told which keys are the spec's.
pub(crate) fn is_aimed_at(desired: &Desired, keys: &BTreeSet<String>, call: &RecordedCall) -> bool {
    if let Some(name) = call.vault() {
        return desired.vaults.iter().any(|vault| vault.name == name && vault.region == call.region);
    }
    let mut known = keys.iter().filter(|arn| arn.split(':').nth(3) == Some(call.region.as_str())).peekable();
    let is_anothers = call.service == "kms"
        && call.names_a_key()
        && known.peek().is_some()
        && !known.any(|arn| call.is_about_key(arn));
    desired.regions().contains(call.region.as_str()) && !is_anothers
}

impl Incident {
    /// Its operation, if it is one of those that harm backups.
    pub(crate) fn operation(&self) -> Option<&'static str> {
        deed_of(&self.call).map(|deed| deed.operation)
    }

    /// Whether another call was made before by the same actor, in the same hour (UTC) as CloudTrail writes it.
    pub(crate) fn comes_after(&self, other: &RecordedCall) -> bool {
        let hour = |call: &RecordedCall| call.time.map(|time| time.unix_timestamp().div_euclid(3600));
        let earlier = (other.time, &other.id) < (self.call.time, &self.call.id);
        earlier && hour(other).is_some() && hour(other) == hour(&self.call) && other.actor == self.call.actor
    }

    /// How bad it is. What AWS refused did no harm, and somebody meant some.
    pub fn severity(&self) -> Severity {
        let loss = deed_of(&self.call).and_then(|deed| deed.loss.as_ref());
        match self.kind {
            IncidentKind::Attempt => Severity::High,
            IncidentKind::Loss => loss.map_or(Severity::High, |loss| loss.severity),
        }
    }

    /// What the call would have done, or has done.
    pub fn effect(&self) -> Word {
        let Some(deed) = deed_of(&self.call) else {
            return Word("It is not known what it does.");
        };
        Word(match (self.kind, &deed.loss) {
            (IncidentKind::Loss, Some(loss)) => loss.done,
            (IncidentKind::Attempt | IncidentKind::Loss, _) => deed.aim,
        })
    }

    /// Whether what it was aimed at can still be looked at.
    pub(crate) fn is_still_there(&self) -> bool {
        self.operation() != Some("DeleteRecoveryPoint")
    }

    /// What a person does about what was lost.
    pub fn next_step(&self) -> Option<Word> {
        let loss = deed_of(&self.call)?.loss.as_ref()?;
        (self.kind == IncidentKind::Loss).then_some(Word(loss.next))
    }
}
