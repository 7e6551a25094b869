//! A key, and the state that all of it comes to.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::grant::Grant;
use super::origin::Origin;
use super::replication::Replication;
use crate::state::Tags;

/// A key.
#[derive(Debug, Clone)]
pub struct Key {
    /// Its id.
    pub id: String,
    /// Its ARN, which ends in the id.
    pub arn: String,
    /// When it was made.
    pub created: OffsetDateTime,
    /// The description.
    pub description: String,
    /// `KeySpec`, such as `SYMMETRIC_DEFAULT`.
    pub spec: String,
    /// `KeyUsage`, such as `ENCRYPT_DECRYPT`.
    pub usage: String,
    /// `CUSTOMER`, or `AWS` for a key that a service made for itself.
    pub manager: &'static str,
    /// Where its material is.
    pub origin: Origin,
    /// Its regions, if it can have several.
    pub replication: Option<Replication>,
    /// Whether it is switched on.
    pub enabled: bool,
    /// Whether the key store that holds the key can be reached.
    pub reachable: bool,
    /// Set while KMS is at work on it.
    pub transition: Option<Transition>,
    /// Set while it waits for its deletion.
    pub pending: Option<Pending>,
    /// Kept while the key waits for its deletion, although KMS then reports rotation as off.
    pub rotation: Option<Rotation>,
    /// The key policy, as JSON.
    pub policy: String,
    /// The key policy that RAM keeps for a key that is shared through it.
    pub ram_policy: Option<String>,
    /// By id.
    pub grants: BTreeMap<String, Grant>,
    /// Its tags.
    pub tags: Tags,
}

impl Key {
    /// Its region, by its ARN.
    pub fn region(&self) -> &str {
        self.arn.split(':').nth(3).unwrap_or_default()
    }

    /// Whether it is a replica of a key in another region.
    pub fn is_replica(&self) -> bool {
        self.replication.as_ref().is_some_and(|replication| replication.primary != self.region())
    }

    /// Whether it cannot be deleted yet, because it has replicas.
    pub fn has_replicas(&self) -> bool {
        !self.is_replica() && self.replication.as_ref().is_some_and(|it| !it.replicas.is_empty())
    }

    /// The key state. What waits for its deletion waits, whatever happens to its key store.
    pub fn state(&self) -> KeyState {
        match (&self.pending, self.transition, &self.origin) {
            (Some(_), _, _) if self.has_replicas() => KeyState::PendingReplicaDeletion,
            (Some(_), _, _) => KeyState::PendingDeletion,
            (None, Some(Transition::Creating { .. }), _) => KeyState::Creating,
            (None, Some(Transition::Updating { .. }), _) => KeyState::Updating,
            (None, None, Origin::External { imported: false, .. }) => KeyState::PendingImport,
            (None, None, _) if !self.reachable => KeyState::Unavailable,
            (None, None, _) if self.enabled => KeyState::Enabled,
            (None, None, _) => KeyState::Disabled,
        }
    }
}

/// The key states of the KMS guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// A replica that is being made.
    Creating,
    /// Switched on.
    Enabled,
    /// Switched off.
    Disabled,
    /// Waiting for its deletion.
    PendingDeletion,
    /// Without material.
    PendingImport,
    /// To be deleted when its last replica is.
    PendingReplicaDeletion,
    /// Behind a key store that is not connected.
    Unavailable,
    /// Its primary region is being changed.
    Updating,
}

impl KeyState {
    /// AWS's own name.
    pub fn name(self) -> &'static str {
        match self {
            KeyState::Creating => "Creating",
            KeyState::Enabled => "Enabled",
            KeyState::Disabled => "Disabled",
            KeyState::PendingDeletion => "PendingDeletion",
            KeyState::PendingImport => "PendingImport",
            KeyState::PendingReplicaDeletion => "PendingReplicaDeletion",
            KeyState::Unavailable => "Unavailable",
            KeyState::Updating => "Updating",
        }
    }
}

/// What KMS is doing to a key, and when that ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// It makes a replica.
    Creating {
        /// When it is done.
        until: OffsetDateTime,
    },
    /// It changes the primary region.
    Updating {
        /// When it is done.
        until: OffsetDateTime,
    },
}

impl Transition {
    pub(super) fn is_over(self, now: OffsetDateTime) -> bool {
        match self {
            Transition::Creating { until } | Transition::Updating { until } => until <= now,
        }
    }
}

/// The waiting period before a key is deleted.
#[derive(Debug, Clone, Copy)]
pub struct Pending {
    /// When it ends, and the key with it. While there are replicas it has not begun.
    pub date: OffsetDateTime,
    /// How long it was to be, in days.
    pub days: i64,
}

/// Automatic rotation of a key's material.
#[derive(Debug, Clone, Copy)]
pub struct Rotation {
    /// How often, in days.
    pub period: i64,
    /// When it was last switched on.
    pub since: OffsetDateTime,
}
