//! All that is said about a vault itself.

use serde_json::{Value, json};

use super::look::{look, recovery_points};
use super::registry::drifts;
use super::{Aftermath, tags};
use crate::desired::{AWS_MANAGED_KEY, Tags};
use crate::say;
use crate::state::{AVAILABLE, Notifications};
use crate::words::{Prose, list};

drifts! {
/// A way in which a vault differs.
VaultDrift of Vault:

/// The vault does not exist.
/// Jobs to it fail, and what was in it is gone.
Missing "missing" { key: RightKey } => {
    severity: Critical,
    attribute: [],
    values: json!({ "encryption_key": key.named() }) => Value::Null,
    causes: ["DeleteBackupVault"],
    answer: CreateBackupVault,
    holds_up: dependants,
    hides: the_rest,
    summary(at): say!("The vault {} missing.", at.is()),
    impact(at): say!("Jobs to {} {}, and whatever it held is gone.", at.name(), at.verb("fail", "failed")),
    aftermath(at): Some(Aftermath {
        look: say!("what {} held: the new vault is empty", at.name()),
        text: Prose::own("This is a new and empty vault: what the old one held is not back."),
        command: at.region().map(|region| look(at.resource, region)),
    }),
}

/// The vault is encrypted with another key than the spec's.
/// Whoever holds the other key decides whether these backups can be restored. AWS fixes a vault's key when the vault is made.
KeyDiffers "key-differs" { expected: Option<String>, candidates: Vec<String>, observed: String } => {
    severity: Critical,
    attribute: [encryption_key],
    values: expected.as_ref().map_or_else(|| json!(candidates), |arn| json!(arn)) => json!(observed),
    causes: ["CreateBackupVault"],
    answer: blocked "immutable" "or `ambiguous` where the vaults disagree; such a vault is not locked either",
    summary(at): match (expected, candidates.as_slice()) {
        (Some(expected), _) => say!("The vault {} encrypted with {}; expected {}.", at.is(), observed, expected),
        (None, []) => say!("The vault {} encrypted with {}, which is not the spec's key.", at.is(), observed),
        (None, several) => say!(
            "The vault {} encrypted with {}; the spec's key may also be {}.",
            at.is(), observed, list(several.iter().filter(|key| *key != observed))
        ),
    },
    impact(at): Prose::own("Whoever holds the other key decides whether these backups can be restored."),
    next_step(at): if candidates.is_empty() {
        say!(
            "AWS fixes a vault's key when the vault is made. Find out who made {}, who holds its key, and what it contains, before anything in it is deleted. Then make it anew on the right key, or change the spec.",
            at.name()
        )
    } else {
        say!(
            "The vaults of this key and its alias name different keys ({}), and nothing tells which is right. Find out which one holds your recovery points; delete nothing before.",
            list(candidates)
        )
    },
    command(at, region): Some(recovery_points(region, at.name())),
}

/// The vault is of another type, such as logically air-gapped.
/// Another type has other rules for copies, locks and sharing. AWS fixes the type when the vault is made.
TypeDiffers "type-differs" { expected: &'static str, observed: String } => {
    severity: High,
    attribute: [vault_type],
    values: json!(expected) => json!(observed),
    causes: ["CreateLogicallyAirGappedBackupVault", "CreateRestoreAccessBackupVault"],
    answer: blocked "immutable",
    holds_up: dependants,
    summary(at): say!("The vault {} of the type {}; expected {}.", at.is(), observed, expected),
    impact(at): Prose::own("Another type of vault has other rules for copies, locks and sharing."),
    next_step(at): say!(
        "AWS fixes the type when a vault is made. Find out who made {} and why; then make it anew, or change the spec.",
        at.name()
    ),
}

/// The vault cannot be used yet, or never could.
/// AWS made the vault and has not finished, or failed. Nothing is put on it.
NotAvailable "not-available" { state: String } => {
    severity: High,
    attribute: [state],
    values: json!(AVAILABLE) => json!(state),
    causes: ["CreateBackupVault", "CreateLogicallyAirGappedBackupVault"],
    answer: blocked "needs-review",
    holds_up: dependants,
    summary(at): say!("The vault {} in the state {}; expected {}.", at.is(), state, AVAILABLE),
    impact(at): at.choose("Jobs to it fail until it is available.", "Jobs to it failed until it was available."),
    next_step(at): Prose::own("A vault that is being made becomes available within minutes. If AWS failed to make it, delete it while it is empty; the next run makes it anew."),
}

/// AWS Backup tells what happens in the vault to nobody, to another topic, or not all of it.
NotificationsDiffer "notifications-differ" { expected: Notifications, observed: Option<Notifications> } => {
    severity: Medium,
    attribute: [notifications],
    values: told_json(Some(expected)) => told_json(observed.as_ref()),
    causes: ["PutBackupVaultNotifications", "DeleteBackupVaultNotifications"],
    answer: PutBackupVaultNotifications,
    summary(at): say!(
        "AWS Backup {} {}; expected {}.", at.verb("tells", "told"), told(observed.as_ref()), told(Some(expected))
    ),
    impact(at): at.choose(
        "Failed jobs of this vault may go unnoticed.", "Failed jobs of this vault may have gone unnoticed."
    ),
}

/// A tag of the spec is missing or has another value.
/// Tags carry no protection by themselves. Tags that the spec does not name are left alone.
TagsDiffer "tags-differ" { arn: String, expected: Tags, observed: Tags } => {
    severity: Low,
    attribute: [tags],
    values: json!(expected) => json!(observed),
    causes: ["UntagResource", "TagResource"],
    answer: TagResource,
    summary(at): tags::summary(expected, observed),
    impact(at): tags::impact(at),
}
}

/// The key that a vault is made on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RightKey {
    /// This one, by ARN.
    Known(String),
    /// The one that AWS manages.
    Managed,
    /// It cannot be told now.
    Unknown,
}

impl RightKey {
    fn named(&self) -> Option<&str> {
        match self {
            RightKey::Known(arn) => Some(arn),
            RightKey::Managed => Some(AWS_MANAGED_KEY),
            RightKey::Unknown => None,
        }
    }
}

fn told(notifications: Option<&Notifications>) -> Prose {
    notifications.map_or_else(
        || Prose::own("nothing of it"),
        |Notifications { topic, events }| say!("{} to {}", list(events), topic),
    )
}

fn told_json(notifications: Option<&Notifications>) -> Value {
    notifications
        .map_or(Value::Null, |Notifications { topic, events }| json!({ "topic": topic, "events": events }))
}
