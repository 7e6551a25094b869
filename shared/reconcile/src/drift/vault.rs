//! All that is said about a vault itself.

use serde_json::{Value, json};

use super::look::{look, recovery_points};
use super::registry::drifts;
use super::{Aftermath, tags};
use crate::desired::Tags;
use crate::say;
use crate::words::{Prose, list};

drifts! {
/// A way in which a vault differs.
VaultDrift of Vault:

/// The vault does not exist.
/// Jobs to it fail, and what was in it is gone.
Missing "missing" { key_arn: Option<String> } => {
    severity: Critical,
    attribute: [],
    values: json!({ "encryption_key": key_arn }) => Value::Null,
    causes: ["DeleteBackupVault"],
    answer: CreateBackupVault,
    holds_up: dependants,
    hides: the_rest,
    summary(at): say!("The vault {} missing.", at.is()),
    impact(at): say!("Jobs to {} {}, and whatever it held is gone.", at.name(), at.verb("fail", "failed")),
    aftermath(at): Some(Aftermath {
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
            "The vault {} encrypted with {}; other vaults of the spec's key are encrypted with {}.",
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
            "The vaults of this key are on different keys ({}), and nothing tells which is right. Find out which one holds your recovery points; delete nothing before.",
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
