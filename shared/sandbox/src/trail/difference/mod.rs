//! The calls that lead from one state of an account to another, for changes from outside: they
//! alter the account at once, and the trail tells what whoever made them would have called. What has to go first goes
//! first, dependants before what they depend on; then all the rest is made or changed the other way round.

mod calls;
mod grants;
mod keys;
mod parameters;
mod plans;
mod preferences;
mod roles;
mod vaults;

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use self::calls::Calls;
use super::deed::Deed;
use crate::state::{Account, Backup, Kms, Preferences, Role, Ssm};

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
        parameters::change(&mut calls, name, old.ssm, new.ssm);
        preferences::make(&mut calls, name, &old.backup.preferences, &new.backup.preferences);
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
    ssm: &'a Ssm,
}

impl<'a> Side<'a> {
    fn of(account: &'a Account, region: &str) -> Side<'a> {
        static BACKUP: Backup = Backup {
            vaults: BTreeMap::new(),
            plans: BTreeMap::new(),
            shared: Vec::new(),
            preferences: Preferences::NONE,
        };
        static SSM: Ssm = Ssm { parameters: BTreeMap::new() };
        static KMS: Kms = Kms { keys: BTreeMap::new(), aliases: BTreeMap::new() };
        match account.regions.get(region) {
            Some(region) => Side { backup: &region.backup, kms: &region.kms, ssm: &region.ssm },
            None => Side { backup: &BACKUP, kms: &KMS, ssm: &SSM },
        }
    }
}
