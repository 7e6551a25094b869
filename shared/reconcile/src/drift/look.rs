//! Commands that show something: a resource, or what CloudTrail has of a call.

use crate::resource::{Kind, ResourceId};
use crate::say;
use crate::words::{Command, Prose, Scene, Word};

use super::aftermath::Aftermath;

/// Shows the resource.
pub(crate) fn look(resource: &ResourceId, region: &str) -> Command {
    let name = resource.name.as_str();
    match resource.kind {
        Kind::Role => Command::aws("iam get-role").with("role-name", name),
        Kind::Key | Kind::Alias => {
            Command::aws("kms describe-key").with("region", region).with("key-id", name)
        }
        Kind::Vault | Kind::VaultLock => Command::aws("backup describe-backup-vault")
            .with("region", region)
            .with("backup-vault-name", name),
        Kind::VaultPolicy => Command::aws("backup get-backup-vault-access-policy")
            .with("region", region)
            .with("backup-vault-name", name),
        Kind::Plan | Kind::Selection => Command::aws("backup list-backup-plans").with("region", region),
        Kind::RegionSettings => Command::aws("backup describe-region-settings").with("region", region),
    }
}

/// What CloudTrail has of a call, its errors with it.
pub(crate) fn look_up(region: &str, operation: &str) -> Command {
    Command::look_up(region).looking_up("EventName", operation)
}

/// The recovery points of a vault.
pub(super) fn recovery_points(region: &str, vault: &str) -> Command {
    Command::aws("backup list-recovery-points-by-backup-vault")
        .with("region", region)
        .with("backup-vault-name", vault)
}

/// Shows a key.
pub(super) fn key(region: &str, key_arn: &str) -> Command {
    Command::aws("kms describe-key").with("region", region).with("key-id", key_arn)
}

/// Takes a lock away, as long as AWS lets anybody.
pub(crate) fn delete_lock(region: &str, vault: &str) -> Command {
    Command::aws("backup delete-backup-vault-lock-configuration")
        .with("region", region)
        .with("backup-vault-name", vault)
}

pub(super) const DELETED: &str = "DeleteRecoveryPoint";
pub(super) const CUT: &str = "UpdateRecoveryPointLifecycle";

/// Where to look whether somebody used a gap in a vault's protection. CloudTrail takes one name at a time; by the service alone it
/// would answer with months of reads.
pub(super) fn open_vault(at: &Scene<'_>, deleted: bool, cut: bool) -> Option<Aftermath> {
    let region = at.region()?;
    let (harm, command) = match (deleted, cut) {
        (true, true) => (
            "were deleted or had their retention shortened",
            Command::look_up(region).looking_up_each("EventName", &[DELETED, CUT]),
        ),
        (true, false) => ("were deleted", look_up(region, DELETED)),
        (false, true) => ("had their retention shortened", look_up(region, CUT)),
        (false, false) => return None,
    };
    let harm = Word(harm);
    Some(Aftermath {
        look: say!("whether recovery points in {} {}", at.name(), harm),
        text: say!("Check whether recovery points {} while the vault was open:", harm),
        command: Some(command),
    })
}

/// What is said of every repair after which backups are missing.
pub(super) fn missed() -> Aftermath {
    Aftermath {
        look: Prose::own("whether a backup that you need was missed"),
        ..Prose::own("Backups missed in the meantime are not re-run; the next ones follow the schedule.")
            .into()
    }
}
