//! KMS in one region: keys, their state, and the aliases that point to them.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::tags::Tags;

/// What KMS keeps in one region.
#[derive(Debug, Clone, Default)]
pub struct Kms {
    /// By id. Those that AWS keeps for itself are among them.
    pub keys: BTreeMap<String, Key>,
    /// By name, which begins with `alias/`.
    pub aliases: BTreeMap<String, Alias>,
}

impl Kms {
    /// Ends the waiting period of keys whose time has come; their aliases go with them. The ARN of each, and when.
    pub(super) fn expire(&mut self, now: OffsetDateTime) -> Vec<(String, OffsetDateTime)> {
        let date = |key: &Key| key.pending.map(|pending| pending.date).filter(|date| *date <= now);
        let gone = self.keys.values().filter_map(|key| Some((key.arn.clone(), date(key)?))).collect();
        self.keys.retain(|_, key| date(key).is_none());
        let keys = &self.keys;
        self.aliases.retain(|_, alias| keys.contains_key(&alias.target));
        gone
    }
}

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
    /// Whether it can have replicas in other regions.
    pub multi_region: bool,
    /// Whether it is switched on.
    pub enabled: bool,
    /// Whether the key store that holds the key can be reached.
    pub reachable: bool,
    /// Set while it waits for its deletion.
    pub pending: Option<Pending>,
    /// Kept while the key waits for its deletion, although KMS then reports rotation as off.
    pub rotation: Option<Rotation>,
    /// The key policy, as JSON.
    pub policy: String,
    /// Its tags.
    pub tags: Tags,
}

/// The waiting period before a key is deleted.
#[derive(Debug, Clone, Copy)]
pub struct Pending {
    /// When it ends, and the key with it.
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

/// A name that points to a key.
#[derive(Debug, Clone)]
pub struct Alias {
    /// The name, which begins with `alias/`.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// A key id, never an ARN.
    pub target: String,
    /// When it was made.
    pub created: OffsetDateTime,
    /// When it was last pointed somewhere.
    pub updated: OffsetDateTime,
}
