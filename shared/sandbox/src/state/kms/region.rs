//! What KMS keeps in one region.

use std::collections::BTreeMap;

use time::{Duration, OffsetDateTime};

use super::alias::Alias;
use super::key::Key;
use super::origin::Origin;

/// What KMS keeps in one region.
#[derive(Debug, Clone, Default)]
pub struct Kms {
    /// By id. Those that AWS keeps for itself are among them.
    pub keys: BTreeMap<String, Key>,
    /// By name, which begins with `alias/`.
    pub aliases: BTreeMap<String, Alias>,
}

/// A key that is no more.
#[derive(Debug)]
pub(in crate::state) struct Gone {
    pub(in crate::state) key: Key,
    pub(in crate::state) date: OffsetDateTime,
}

impl Kms {
    /// Ends the waiting period of keys whose time has come; their aliases go with them.
    pub(in crate::state) fn expire(&mut self, now: OffsetDateTime) -> Vec<Gone> {
        let date = |key: &Key| {
            let pending = key.pending.filter(|_| !key.has_replicas());
            pending.map(|pending| pending.date).filter(|date| *date <= now)
        };
        let gone: Vec<Gone> =
            self.keys.values().filter_map(|key| Some(Gone { date: date(key)?, key: key.clone() })).collect();
        self.keys.retain(|_, key| date(key).is_none());
        let keys = &self.keys;
        self.aliases.retain(|_, alias| keys.contains_key(&alias.target));
        gone
    }

    /// Tells a multi-Region key that it has one replica less. A primary key that waited for that begins its waiting period.
    pub(in crate::state) fn lose_replica(&mut self, gone: &Gone) {
        let Some(key) = self.keys.get_mut(&gone.key.id) else { return };
        let waited = key.has_replicas();
        if let Some(replication) = &mut key.replication {
            replication.replicas.remove(gone.key.region());
        }
        if let Some(pending) = &mut key.pending
            && waited
            && key.replication.as_ref().is_some_and(|it| it.replicas.is_empty())
        {
            pending.date = gone.date + Duration::days(pending.days);
        }
    }

    /// Ends what KMS is doing to keys, and deletes imported material whose time has come: the ARN of its key, and when.
    pub(in crate::state) fn settle(&mut self, now: OffsetDateTime) -> Vec<(String, OffsetDateTime)> {
        let mut expired = Vec::new();
        for key in self.keys.values_mut() {
            key.transition = key.transition.filter(|transition| !transition.is_over(now));
            if let Origin::External { imported: imported @ true, valid_to: Some(date) } = &mut key.origin
                && *date <= now
            {
                *imported = false;
                expired.push((key.arn.clone(), *date));
            }
        }
        expired
    }
}
