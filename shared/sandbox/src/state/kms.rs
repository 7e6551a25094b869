//! KMS in one region: keys, their state, and the aliases that point to them.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::tags::Tags;

#[derive(Debug, Clone, Default)]
pub(crate) struct Kms {
    pub(crate) keys: BTreeMap<String, Key>,
    pub(crate) aliases: BTreeMap<String, Alias>,
}

impl Kms {
    /// Ends the waiting period of keys whose time has come; their aliases go with them. The ARN of each, and when.
    pub(crate) fn expire(&mut self, now: OffsetDateTime) -> Vec<(String, OffsetDateTime)> {
        let date = |key: &Key| key.pending.map(|pending| pending.date).filter(|date| *date <= now);
        let gone = self.keys.values().filter_map(|key| Some((key.arn.clone(), date(key)?))).collect();
        self.keys.retain(|_, key| date(key).is_none());
        let keys = &self.keys;
        self.aliases.retain(|_, alias| keys.contains_key(&alias.target));
        gone
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) created: OffsetDateTime,
    pub(crate) description: String,
    pub(crate) spec: String,
    pub(crate) usage: String,
    pub(crate) manager: &'static str,
    pub(crate) multi_region: bool,
    pub(crate) enabled: bool,
    /// Whether the key store that holds the key can be reached.
    pub(crate) reachable: bool,
    pub(crate) pending: Option<Pending>,
    /// Kept while the key waits for its deletion, although KMS then reports rotation as off.
    pub(crate) rotation: Option<Rotation>,
    pub(crate) policy: String,
    pub(crate) tags: Tags,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Pending {
    pub(crate) date: OffsetDateTime,
    pub(crate) days: i64,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Rotation {
    pub(crate) period: i64,
    pub(crate) since: OffsetDateTime,
}

#[derive(Debug, Clone)]
pub(crate) struct Alias {
    pub(crate) name: String,
    pub(crate) arn: String,
    /// A key id, never an ARN.
    pub(crate) target: String,
    pub(crate) created: OffsetDateTime,
    pub(crate) updated: OffsetDateTime,
}
