//! All that is said about a key.

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::look::{missed, recovery_points};
use super::registry::drifts;
use super::{document, tags};
use crate::desired::Tags;
use crate::say;
use crate::words::{Prose, Scene, count, list, policies_apart, texts_apart, timestamp};

drifts! {
/// A way in which a key differs.
KeyDrift of Key:

/// The key does not exist.
/// Nothing new can be encrypted. If vaults name it, nothing in them can be restored: no new key decrypts what they hold.
Missing "missing" { pinned_by: Vec<String>, key_arn: Option<String> } => {
    severity: Critical,
    attribute: [],
    values: json!(key_arn) => if pinned_by.is_empty() { Value::Null } else { json!({ "named_by": pinned_by }) },
    causes: ["ScheduleKeyDeletion", "DeleteAlias"],
    answer: CreateKey "if no vault of the spec exists on it; otherwise blocked: `immutable`",
    holds_up: dependants,
    hides: the_rest,
    key: key_arn.as_deref(),
    summary(at): match (key_arn, pinned_by.as_slice()) {
        (Some(arn), []) => say!("The key {} {} gone.", arn, at.is()),
        (Some(arn), vaults) => say!("The key {} {} gone. These vaults are on it: {}.", arn, at.is(), list(vaults)),
        (None, []) => say!("There {} no key behind the alias.", at.is()),
        (None, vaults) => {
            say!("There {} no key behind the alias, and these vaults need one: {}.", at.is(), list(vaults))
        }
    },
    impact(at): if pinned_by.is_empty() {
        at.choose(
            "Without a key the vaults of this region cannot be made.",
            "Without a key the vaults of this region could not be made.",
        )
    } else {
        Prose::own("What these vaults hold can never be decrypted again, and new jobs to them fail.")
    },
    next_step(at): Prose::own(
        "The key is gone for ever, and with it what its vaults hold. Make new vaults on a new key and put them into the spec.",
    ),
    command(at, region): pinned_by.first().map(|vault| recovery_points(region, vault)),
}

/// The key is scheduled for deletion.
/// When the waiting time is over, every recovery point under the key is lost for ever. The rescue brings it back disabled.
PendingDeletion "pending-deletion" { key_arn: String, deletion_at: Option<OffsetDateTime> } => {
    severity: Critical,
    attribute: [state],
    values: json!("Enabled")
        => json!({ "state": "PendingDeletion", "key": key_arn, "deletion_at": deletion_at.map(timestamp) }),
    causes: ["ScheduleKeyDeletion"],
    answer: CancelKeyDeletion "the key comes back disabled, which is the next finding",
    holds_up: dependants,
    key: Some(key_arn.as_str()),
    subject: key_arn,
    summary(at): match deletion_at {
        Some(date) => say!("The key {} {} scheduled to be deleted at {}.", key_arn, at.is(), date),
        None => say!("The key {} {} scheduled to be deleted.", key_arn, at.is()),
    },
    impact(at): {
        let when = deletion_at.map_or_else(|| Prose::own("Then"), |date| say!("At {}", date));
        let lost = at.verb("will be", "would have been");
        say!("{} every recovery point under it {} lost for ever. Until then no job {}.", when, lost, at.verb("works", "worked"))
    },
    aftermath(at): Some(missed().into()),
}

/// The key is disabled.
/// Backup, copy and restore jobs of every vault on it fail.
Disabled "disabled" { key_arn: String } => {
    severity: Critical,
    attribute: [state],
    values: json!("Enabled") => json!("Disabled"),
    causes: ["DisableKey", "ScheduleKeyDeletion", "CancelKeyDeletion"],
    answer: EnableKey,
    holds_up: dependants,
    key: Some(key_arn.as_str()),
    subject: key_arn,
    summary(at): say!("The key {} {} disabled.", key_arn, at.is()),
    impact(at): jobs_fail(at),
    aftermath(at): Some(missed().into()),
}

/// The key is in another state in which it cannot be used: pending import, unavailable.
/// No call of ours would change that.
Unusable "unusable" { key_arn: String, state: String } => {
    severity: Critical,
    attribute: [state],
    values: json!("Enabled") => json!(state),
    causes: ["DeleteImportedKeyMaterial"],
    answer: blocked "needs-review",
    holds_up: dependants,
    key: Some(key_arn.as_str()),
    subject: key_arn,
    summary(at): say!("The key {} {} in the state {}; expected Enabled.", key_arn, at.is(), state),
    impact(at): jobs_fail(at),
    next_step(at): Prose::own("Only a person can bring it back: import its material again, or connect its key store."),
}

/// Automatic rotation is off.
/// The key goes on working; its material is no longer renewed.
RotationOff "rotation-off" { key_arn: String, period_days: Option<u32> } => {
    severity: Medium,
    attribute: [rotation],
    values: json!(true) => json!(false),
    causes: ["DisableKeyRotation"],
    answer: EnableKeyRotation,
    key: Some(key_arn.as_str()),
    summary(at): say!("Automatic rotation {} off; expected on.", at.is()),
    impact(at): at.choose(
        "The key's material is no longer renewed; backups go on.",
        "The key's material was no longer renewed; backups went on.",
    ),
}

/// The key rotates after another number of days.
RotationPeriodDiffers "rotation-period-differs" { key_arn: String, expected: u32, observed: Option<u32> } => {
    severity: Medium,
    attribute: [rotation_period_days],
    values: json!(expected) => json!(observed),
    causes: ["EnableKeyRotation"],
    answer: EnableKeyRotation,
    key: Some(key_arn.as_str()),
    summary(at): {
        let found = observed.map_or_else(|| Prose::own("an unknown time"), |days| count(days, "day"));
        say!("The key {} after {}; expected {}.", at.verb("rotates", "rotated"), found, count(*expected, "day"))
    },
    impact(at): at.choose(
        "The key's material is renewed at other times; backups go on.",
        "The key's material was renewed at other times; backups went on.",
    ),
}

/// The key behind the alias is of another type.
/// AWS Backup encrypts with symmetric keys only.
SpecDiffers "spec-differs" { expected: &'static str, observed: String } => {
    severity: Critical,
    attribute: [key_spec],
    values: json!(expected) => json!(observed),
    causes: ["UpdateAlias", "CreateAlias"],
    answer: blocked "immutable",
    summary(at): say!("The key behind the alias {} of the type {}; expected {}.", at.is(), observed, expected),
    impact(at): Prose::own("AWS Backup cannot encrypt with such a key."),
    next_step(at): replace(),
}

/// The key behind the alias is for another use.
/// It encrypts nothing.
UsageDiffers "usage-differs" { expected: &'static str, observed: String } => {
    severity: Critical,
    attribute: [key_usage],
    values: json!(expected) => json!(observed),
    causes: ["UpdateAlias", "CreateAlias"],
    answer: blocked "immutable",
    summary(at): say!("The key behind the alias {} for {}; expected {}.", at.is(), observed, expected),
    impact(at): Prose::own("AWS Backup cannot encrypt with such a key."),
    next_step(at): replace(),
}

/// The description differs.
/// It is a text for people.
DescriptionDiffers "description-differs" { key_arn: String, expected: String, observed: String } => {
    severity: Low,
    attribute: [description],
    values: json!(expected) => json!(observed),
    causes: ["UpdateKeyDescription"],
    answer: UpdateKeyDescription,
    key: Some(key_arn.as_str()),
    summary(at): {
        let (expected, observed) = texts_apart(expected, observed);
        say!("The description {} {}; expected {}.", at.is(), observed, expected)
    },
    impact(at): at.choose("A text for people; backups go on.", "A text for people; backups went on."),
}

/// The key policy differs from the one in the spec.
/// Whoever it lets in may disable the key or read backups; whoever it leaves out may be AWS Backup.
PolicyDiffers "key-policy-differs" { key_arn: String, expected: String, observed: String } => {
    severity: High,
    attribute: [policy],
    values: document(expected) => document(observed),
    causes: ["PutKeyPolicy"],
    answer: PutKeyPolicy "if the spec has a policy; KMS's lock-out check stays on",
    key: Some(key_arn.as_str()),
    summary(at): {
        let (expected, observed) = policies_apart(expected, observed);
        say!("The key policy {}: expected [{}], found [{}].", at.verb("differs", "differed"), expected, observed)
    },
    impact(at): at.choose(
        "Whoever the policy lets in may read or lock away backups; whoever it leaves out may be AWS Backup.",
        "Whoever the policy let in could read or lock away backups; whoever it left out may have been AWS Backup.",
    ),
}

/// A tag of the spec is missing or has another value.
/// Tags carry no protection by themselves. Tags that the spec does not name are left alone.
TagsDiffer "tags-differ" { key_arn: String, expected: Tags, observed: Tags } => {
    severity: Low,
    attribute: [tags],
    values: json!(expected) => json!(observed),
    causes: ["UntagResource", "TagResource"],
    answer: TagResource,
    key: Some(key_arn.as_str()),
    summary(at): tags::summary(expected, observed),
    impact(at): tags::impact(at),
}
}

fn jobs_fail(at: &Scene<'_>) -> Prose {
    at.choose(
        "Backup, copy and restore jobs of every vault on this key fail.",
        "Backup, copy and restore jobs of every vault on this key failed.",
    )
}

fn replace() -> Prose {
    Prose::own("AWS has no way to change it. Replace the key, or change the spec.")
}
