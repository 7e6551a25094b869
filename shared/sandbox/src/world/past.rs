//! What accounts were before what was written to them, for reads that are behind.

use std::collections::BTreeMap;

use time::{Duration, OffsetDateTime};

use crate::state::Account;

/// By account, in the order of time: when something was written, and the account as it was before.
#[derive(Debug, Default)]
pub(super) struct Past(BTreeMap<String, Vec<(OffsetDateTime, Account)>>);

/// More writes than this nobody looks behind.
const MOST: usize = 256;

impl Past {
    pub(super) fn keep(&mut self, account: &Account, now: OffsetDateTime) {
        let kept = self.0.entry(account.id.clone()).or_default();
        if kept.len() >= MOST {
            kept.remove(0);
        }
        kept.push((now, account.clone()));
    }

    /// The account without what was written after a moment; nothing, if nothing was.
    pub(super) fn before(&self, id: &str, now: OffsetDateTime, seconds: u64) -> Option<Account> {
        let seen = now.saturating_sub(Duration::seconds(i64::try_from(seconds).unwrap_or(i64::MAX)));
        let kept = self.0.get(id)?;
        kept.iter().find(|(written, _)| *written > seen).map(|(_, account)| account.clone())
    }

    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}
