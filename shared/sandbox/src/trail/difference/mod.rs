//! The calls that lead from one state of an account to another, for changes that nobody called for: a named drift
//! alters the account at once, and the trail tells what whoever drifted would have called. What has to go first goes
//! first, dependants before what they depend on; then all the rest is made or changed the other way round.

mod keys;
mod plans;
mod roles;
#[cfg(test)]
mod tests;
mod vaults;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::Deed;
use crate::policy;
use crate::request::Service;
use crate::state::{Account, Backup, Kms, Role, Tags};

/// The calls in their order.
pub(crate) fn between(before: &Account, after: &Account, now: OffsetDateTime) -> Vec<Deed> {
    let mut calls =
        Calls { before, now, gone: roles::gone(before, after).map(identified).collect(), deeds: Vec::new() };
    let names: BTreeSet<&String> = before.regions.keys().chain(after.regions.keys()).collect();
    for name in &names {
        let (old, new) = (Side::of(before, name), Side::of(after, name));
        plans::take_away(&mut calls, name, old.backup, new.backup);
        vaults::take_away(&mut calls, name, old.backup, new.backup);
        keys::take_away(&mut calls, name, old.kms, new.kms);
    }
    roles::take_away(&mut calls, before, after);
    roles::make(&mut calls, before, after);
    for name in &names {
        let (old, new) = (Side::of(before, name), Side::of(after, name));
        if let Some(region) = after.regions.get(*name) {
            keys::make(&mut calls, region, old.kms);
        }
        vaults::make(&mut calls, name, old.backup, new.backup);
        plans::make(&mut calls, name, old.backup, new.backup);
    }
    calls.deeds
}

fn identified(role: &Role) -> (String, String) {
    (role.arn.clone(), role.id.clone())
}

/// What a region holds, be it nothing because nobody has named the region yet.
struct Side<'a> {
    backup: &'a Backup,
    kms: &'a Kms,
}

impl<'a> Side<'a> {
    fn of(account: &'a Account, region: &str) -> Side<'a> {
        static BACKUP: Backup = Backup { vaults: BTreeMap::new(), plans: BTreeMap::new() };
        static KMS: Kms = Kms { keys: BTreeMap::new(), aliases: BTreeMap::new() };
        match account.regions.get(region) {
            Some(region) => Side { backup: &region.backup, kms: &region.kms },
            None => Side { backup: &BACKUP, kms: &KMS },
        }
    }
}

struct Calls<'a> {
    before: &'a Account,
    now: OffsetDateTime,
    /// ARN and id of the roles that are no more.
    gone: Vec<(String, String)>,
    deeds: Vec<Deed>,
}

impl Calls<'_> {
    /// A call that answers nothing.
    fn call(&mut self, service: Service, region: &str, operation: &str, params: Value) {
        self.answered(service, region, operation, params, Value::Null);
    }

    fn answered(&mut self, service: Service, region: &str, operation: &str, params: Value, answer: Value) {
        let deed = Deed::new(self.before, service, operation, region, params, self.now);
        self.deeds.push(deed.with(Ok(answer)));
    }

    /// Tags of a vault or a plan.
    fn tag_in_backup(&mut self, region: &str, arn: &str, old: &Tags, new: &Tags) {
        let (set, removed) = tags(old, new);
        if !set.is_empty() {
            let set: Value = set.into_iter().map(|(key, value)| (key.clone(), json!(value))).collect();
            self.call(Service::Backup, region, "TagResource", json!({ "ResourceArn": arn, "Tags": set }));
        }
        if !removed.is_empty() {
            let params = json!({ "ResourceArn": arn, "TagKeyList": removed });
            self.call(Service::Backup, region, "UntagResource", params);
        }
    }

    /// Whether nobody put another policy. AWS itself rewrites those that name a role when the role is deleted.
    fn is_same_policy(&self, old: &str, new: &str) -> bool {
        let rewritten = |text: String, (arn, id): &(String, String)| {
            policy::without_principal(&text, arn, id).unwrap_or(text)
        };
        old == new || self.gone.iter().fold(old.to_owned(), rewritten) == new
    }
}

/// Tags that were set, and the keys of those that were taken away.
fn tags<'a>(old: &'a Tags, new: &'a Tags) -> (Vec<(&'a String, &'a String)>, Vec<&'a String>) {
    let set = new.iter().filter(|(key, value)| old.get(*key) != Some(value)).collect();
    (set, old.keys().filter(|key| !new.contains_key(*key)).collect())
}
