//! All that is said about a key, but for who may use it.

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::look::{missed, recovery_points};
use super::registry::drifts;
use super::tags;
use crate::desired::Tags;
use crate::say;
use crate::state::KeyState;
use crate::words::{Command, Prose, Scene, Word, count, list, texts_apart, timestamp};

drifts! {
/// A way in which a key differs.
KeyDrift of Key:

/// The key does not exist.
/// Nothing new can be encrypted. If vaults name it, nothing in them can be restored: no new key decrypts what they hold.
/// Where nothing tells which key it was, those are named that carry the spec's description or tags: a person may know one of them.
Missing "missing" { pinned_by: Vec<String>, key_arn: Option<String>, look_alikes: Vec<LookAlike> } => {
    severity: Critical,
    attribute: [],
    values: json!(key_arn) => match (pinned_by.as_slice(), look_alikes.as_slice()) {
        ([], []) => Value::Null,
        ([], alike) => json!({ "look_alikes": alike.iter().map(LookAlike::to_json).collect::<Vec<_>>() }),
        (vaults, _) => json!({ "named_by": vaults }),
    },
    causes: ["ScheduleKeyDeletion", "DeleteAlias"],
    answer: CreateKey "if no vault of the spec exists on it; otherwise blocked: `immutable`",
    holds_up: dependants,
    hides: the_rest,
    key: key_arn.as_deref(),
    summary(at): match (key_arn, pinned_by.as_slice()) {
        (Some(arn), []) => say!("The key {} {} gone.", arn, at.is()),
        (Some(arn), vaults) => say!("The key {} {} gone. These vaults are on it: {}.", arn, at.is(), list(vaults)),
        (None, []) if look_alikes.is_empty() => say!("There {} no key behind the alias.", at.is()),
        (None, []) => {
            let alike = list(look_alikes.iter().map(LookAlike::told));
            say!("There {} no key behind the alias, and nothing tells which key it was. Keys that look like it: {}.", at.is(), alike)
        }
        (None, vaults) => {
            say!("There {} no key behind the alias, and these vaults need one: {}.", at.is(), list(vaults))
        }
    },
    impact(at): if let Some(dying) = look_alikes.iter().find(|one| one.is_dying()) {
        let rescue = Command::aws("kms cancel-key-deletion")
            .with("region", at.region().unwrap_or_default())
            .with("key-id", &dying.key_arn);
        say!("If that is the deployment's key, its backups are lost for ever when it is deleted. To keep it: {}", rescue)
    } else if pinned_by.is_empty() {
        at.choose(
            "Without a key the vaults of this region cannot be made.",
            "Without a key the vaults of this region could not be made.",
        )
    } else {
        Prose::own("The backups in these vaults can never be decrypted again, and new jobs to them fail.")
    },
    next_step(at): Prose::own(
        "The key is gone for ever, and the backups in its vaults with it. Make new vaults on a new key and put them into the spec.",
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
    aftermath(at): Some(missed()),
}

/// The key is scheduled for deletion, and only its replicas keep it.
/// As soon as the last replica is deleted its waiting time begins, and with the key every recovery point under it is lost for ever. The
/// rescue brings it back disabled.
PendingReplicaDeletion "pending-replica-deletion" { key_arn: String } => {
    severity: Critical,
    attribute: [state],
    values: json!("Enabled") => json!("PendingReplicaDeletion"),
    causes: ["ScheduleKeyDeletion"],
    answer: CancelKeyDeletion "the key comes back disabled, which is the next finding",
    holds_up: dependants,
    key: Some(key_arn.as_str()),
    subject: key_arn,
    summary(at): say!("The key {} {} scheduled to be deleted once its replicas are.", key_arn, at.is()),
    impact(at): {
        let lost = at.verb("will be", "would have been");
        say!("With its last replica every recovery point under it {} lost for ever. Until then no job {}.", lost, at.verb("works", "worked"))
    },
    aftermath(at): Some(missed()),
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
    aftermath(at): Some(missed()),
}

/// The key is being made or changed.
/// AWS KMS says so for seconds or minutes; what can be said of the key comes after that.
Settling "settling" { key_arn: String, state: String } => {
    severity: Low,
    attribute: [state],
    values: json!("Enabled") => json!(state),
    causes: ["ReplicateKey", "UpdatePrimaryRegion"],
    answer: blocked "waiting-on" "the next run looks again",
    holds_up: dependants,
    key: Some(key_arn.as_str()),
    subject: key_arn,
    summary(at): say!("The key {} {} in the state {}, which passes by itself.", key_arn, at.is(), state),
    impact(at): at.choose("Jobs may have to wait for it.", "Jobs may have had to wait for it."),
    next_step(at): Prose::own("The next run looks again."),
}

/// The key is in a state in which it cannot be used, and which no call of ours ends: pending import, unavailable, or one that is not known.
/// Backup, copy and restore jobs of every vault on it fail.
Unusable "unusable" { key_arn: String, state: KeyState } => {
    severity: Critical,
    attribute: [state],
    values: json!("Enabled") => json!(state.as_str()),
    causes: ["DeleteImportedKeyMaterial", "DisconnectCustomKeyStore", "UpdateCustomKeyStore"],
    answer: blocked "needs-review",
    holds_up: dependants,
    key: Some(key_arn.as_str()),
    subject: key_arn,
    summary(at): say!("The key {} {} in the state {}; expected Enabled.", key_arn, at.is(), state.as_str()),
    impact(at): jobs_fail(at),
    next_step(at): Prose::own(match state {
        KeyState::PendingImport => "Its key material was deleted or never imported. Only whoever has the material can bring the key back: import the same material again.",
        KeyState::Unavailable => "Its key store cannot be reached. Connect the key store again, and find out who disconnected it.",
        KeyState::Enabled
        | KeyState::Disabled
        | KeyState::PendingDeletion { .. }
        | KeyState::PendingReplicaDeletion
        | KeyState::Creating
        | KeyState::Updating
        | KeyState::Other(_) => "Look up what this state means in the documentation of AWS KMS, and bring the key back by hand.",
    }),
}

/// The key's material comes from somewhere else than designed.
/// Whoever holds it outside of AWS KMS can take it away without a call that is seen here.
OriginDiffers "origin-differs" { expected: String, observed: String } => {
    severity: High,
    attribute: [origin],
    values: json!(expected) => json!(observed),
    causes: ["UpdateAlias", "CreateAlias"],
    answer: blocked "immutable",
    summary(at): say!("The key's material {} from {}; expected {}.", at.verb("comes", "came"), observed, expected),
    impact(at): Prose::own("Whoever holds the key material elsewhere can make the backups unreadable, and no call here shows it."),
    next_step(at): replace(),
}

/// The key's imported material will be deleted at a date.
/// From then on nothing can be encrypted or restored with the key, until the same material is imported again.
MaterialExpires "material-expires" { key_arn: String, valid_to: OffsetDateTime } => {
    severity: Critical,
    attribute: [valid_to],
    values: Value::Null => json!(timestamp(*valid_to)),
    causes: ["ImportKeyMaterial"],
    answer: blocked "needs-review",
    key: Some(key_arn.as_str()),
    summary(at): say!("The material of the key {} {} at {}.", key_arn, at.verb("expires", "was to expire"), *valid_to),
    impact(at): Prose::own("From then on no job works, and nothing in the vaults on this key can be restored."),
    next_step(at): Prose::own("Import the same material again without an expiry date, before then."),
}

/// The key lives in several regions, or in one, against the spec.
/// Each region of a multi-Region key has a policy of its own, and whoever may use a replica may decrypt with it.
MultiRegionDiffers "multi-region-differs" { expected: bool, observed: bool } => {
    severity: Low,
    attribute: [multi_region],
    values: json!(expected) => json!(observed),
    causes: ["UpdateAlias", "CreateAlias", "ReplicateKey"],
    answer: blocked "immutable",
    summary(at): {
        let word = |several: &bool| Word(if *several { "a multi-Region key" } else { "a key of one region" });
        say!("The key {} {}; expected {}.", at.is(), word(observed), word(expected))
    },
    impact(at): Prose::own("A replica in another region has a policy of its own, and decrypts the same backups."),
    next_step(at): replace(),
}

/// Automatic rotation is off.
/// The key goes on working; its material is no longer renewed.
RotationOff "rotation-off" { key_arn: String, period_days: Option<u32> } => {
    severity: Medium,
    attribute: [rotation],
    values: json!(true) => json!(false),
    causes: ["DisableKeyRotation"],
    answer: EnableKeyRotation "or blocked: `immutable`, where the key cannot rotate: imported material, a key store, a replica",
    key: Some(key_arn.as_str()),
    summary(at): say!("Automatic rotation {} off; expected on.", at.is()),
    impact(at): at.choose(
        "AWS no longer rotates the key's material; backups continue.",
        "AWS no longer rotated the key's material; backups continued.",
    ),
    next_step(at): Prose::own("A key of this kind cannot rotate by itself. Take rotation out of the spec, or replace the key."),
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
        "The key's material is rotated at other times than designed; backups continue.",
        "The key's material was rotated at other times than designed; backups continued.",
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
    impact(at): at.choose("A text for people; backups continue.", "A text for people; backups continued."),
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

/// A key that may be the one that is missing.
#[derive(Debug, Clone, PartialEq)]
pub struct LookAlike {
    /// The key's ARN.
    pub key_arn: String,
    /// What state it is in.
    pub state: KeyState,
}

impl LookAlike {
    pub(super) fn is_dying(&self) -> bool {
        matches!(self.state, KeyState::PendingDeletion { .. } | KeyState::PendingReplicaDeletion)
    }

    /// The key, and until when it can be kept.
    pub(crate) fn told(&self) -> Prose {
        match &self.state {
            KeyState::PendingDeletion { deletion_at: Some(date) } => {
                say!("{} (pending deletion, until {})", self.key_arn, *date)
            }
            KeyState::PendingDeletion { deletion_at: None } => say!("{} (pending deletion)", self.key_arn),
            KeyState::Enabled
            | KeyState::Disabled
            | KeyState::PendingReplicaDeletion
            | KeyState::PendingImport
            | KeyState::Unavailable
            | KeyState::Creating
            | KeyState::Updating
            | KeyState::Other(_) => say!("{} ({})", self.key_arn, self.state.as_str()),
        }
    }

    fn to_json(&self) -> Value {
        let deletion_at = match self.state {
            KeyState::PendingDeletion { deletion_at } => deletion_at.map(timestamp),
            KeyState::Enabled
            | KeyState::Disabled
            | KeyState::PendingReplicaDeletion
            | KeyState::PendingImport
            | KeyState::Unavailable
            | KeyState::Creating
            | KeyState::Updating
            | KeyState::Other(_) => None,
        };
        json!({ "key": self.key_arn, "state": self.state.as_str(), "deletion_at": deletion_at })
    }
}

pub(super) fn jobs_fail(at: &Scene<'_>) -> Prose {
    at.choose(
        "Backup, copy and restore jobs of every vault on this key fail.",
        "Backup, copy and restore jobs of every vault on this key failed.",
    )
}

fn replace() -> Prose {
    Prose::own("AWS has no way to change it. Replace the key, or change the spec.")
}
