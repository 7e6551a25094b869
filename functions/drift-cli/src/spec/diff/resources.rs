//! Roles, keys, vaults, settings and exceptions.

use std::collections::BTreeSet;

use reconcile::desired::{
    Desired, DesiredKey, DesiredRegionSettings, DesiredRole, DesiredVault, Exception, OptIn,
};
use reconcile::policy::{Policy, no_longer_denied};

use super::changes::Changes;
use super::words;

pub(super) fn diff(from: &Desired, to: &Desired, changes: &mut Changes) {
    for (of, from, to) in changes.both("role", &from.roles, &to.roles, |role| role.name.clone()) {
        role(&of, from, to, changes);
    }
    let name = |key: &DesiredKey| format!("{}/{}", key.region, key.alias);
    for (of, from, to) in changes.both("key", &from.keys, &to.keys, name) {
        key(&of, from, to, changes);
    }
    let name = |vault: &DesiredVault| format!("{}/{}", vault.region, vault.name);
    for (of, from, to) in changes.both("vault", &from.vaults, &to.vaults, name) {
        vault(&of, from, to, changes);
    }
    let name = |settings: &DesiredRegionSettings| settings.region.clone();
    for (of, from, to) in changes.both("region", &from.region_settings, &to.region_settings, name) {
        changes.instead(
            &of,
            "AWS Backup must be switched on for",
            &opt_in(&from.opt_in),
            &opt_in(&to.opt_in),
        );
        changes.sets(&of, "what AWS Backup must manage in full", &from.management, &to.management);
    }
    let name = |one: &Exception| {
        let attribute = one.attribute.as_ref().map(|one| format!(" of {one}")).unwrap_or_default();
        format!("{} on {}{attribute}", one.code, one.resource)
    };
    for (of, from, to) in changes.both("exception", &from.exceptions, &to.exceptions, name) {
        changes.instead(&of, "it is agreed until", &from.until.to_string(), &to.until.to_string());
        changes.instead(&of, "who answers for it is", &from.owner, &to.owner);
        changes.instead(&of, "the reason is", &from.reason, &to.reason);
    }
}

fn opt_in(opt_in: &OptIn) -> String {
    match opt_in {
        OptIn::Unsaid => "what its selections need".to_owned(),
        OptIn::All => "everything".to_owned(),
        OptIn::Types(types) => words::row(types),
    }
}

fn same_policy(from: &str, to: &str) -> bool {
    matches!((Policy::parse(from), Policy::parse(to)), (Ok(from), Ok(to)) if from == to)
}

fn role(of: &str, from: &DesiredRole, to: &DesiredRole, changes: &mut Changes) {
    let DesiredRole { name: _, path, arn: _, trust, managed_policies, boundary, inline_policies, tags } = to;
    changes.instead(of, "the path is", &from.path, path);
    if !same_policy(&from.trust, trust) {
        changes.say(of, "who may assume it, or under which conditions, is different");
    }
    changes.sets(of, "its managed policies", &from.managed_policies, managed_policies);
    let none = || "none".to_owned();
    let boundary = boundary.clone().unwrap_or_else(none);
    changes.instead(of, "the boundary is", &from.boundary.clone().unwrap_or_else(none), &boundary);
    let names = |role: &DesiredRole| role.inline_policies.keys().cloned().collect::<BTreeSet<_>>();
    changes.sets(of, "its inline policies", &names(from), &names(to));
    for (name, text) in inline_policies {
        match (from.inline_policies.get(name), text) {
            (Some(Some(from)), Some(to)) if !same_policy(from, to) => {
                changes.say(of, format!("the text of the inline policy {name} is different"));
            }
            (Some(None), Some(_)) => {
                changes.say(of, format!("the text of the inline policy {name} is now checked"))
            }
            (Some(Some(_)), None) => {
                changes.say(of, format!("the text of the inline policy {name} is no longer checked"));
            }
            (Some(_), _) | (None, _) => {}
        }
    }
    changes.tags(of, &from.tags, tags);
}

fn key(of: &str, from: &DesiredKey, to: &DesiredKey, changes: &mut Changes) {
    let DesiredKey {
        region: _,
        alias: _,
        description,
        rotation,
        rotation_period_days,
        origin,
        multi_region,
        policy,
        tags,
    } = to;
    changes.instead(of, "the description is", &from.description, description);
    match (from.rotation, rotation) {
        (false, true) => changes.say(of, "rotation is now required"),
        (true, false) => changes.say(of, "rotation is no longer required"),
        (true, true) | (false, false) => {}
    }
    let period = |days: Option<u32>| days.map_or("any period".to_owned(), |days| format!("{days} days"));
    if from.rotation && *rotation {
        changes.instead(
            of,
            "it rotates every",
            &period(from.rotation_period_days),
            &period(*rotation_period_days),
        );
    }
    changes.instead(of, "the origin of its material is", &from.origin, origin);
    let several = |several: bool| if several { "several regions" } else { "one region" };
    changes.instead(of, "it is in", several(from.multi_region), several(*multi_region));
    match (&from.policy, policy) {
        (Some(from), Some(to)) if !same_policy(from, to) => changes.say(of, "the key policy is different"),
        (None, Some(_)) => changes.say(of, "the key policy is now checked"),
        (Some(_), None) => changes.say(of, "the key policy is no longer checked"),
        (Some(_), Some(_)) | (None, None) => {}
    }
    changes.tags(of, &from.tags, tags);
}

fn vault(of: &str, from: &DesiredVault, to: &DesiredVault, changes: &mut Changes) {
    let DesiredVault { region: _, name: _, arn: _, key, tags, policy, lock, notifications } = to;
    changes.instead(of, "its key is", &words::key(&from.key), &words::key(key));
    match (&from.policy, policy) {
        (Some(before), Some(after)) => vault_policy(of, before, after, &to.arn, changes),
        (None, Some(_)) => changes.say(of, "an access policy is now required"),
        (Some(_), None) => changes.say(of, "its access policy is no longer checked"),
        (None, None) => {}
    }
    match (&from.lock, lock) {
        (Some(before), Some(after)) if before != after => {
            changes.say(of, format!("{} instead of {}", words::lock(after), words::lock(before)));
        }
        (None, Some(after)) => changes.say(of, format!("a {} is now required", words::lock(after))),
        (Some(before), None) => {
            changes.say(of, format!("a lock is no longer required; it was a {}", words::lock(before)))
        }
        (Some(_), Some(_)) | (None, None) => {}
    }
    let told = |vault: &DesiredVault| match &vault.notifications {
        None => "nobody".to_owned(),
        Some(told) => format!("{} ({})", told.topic, words::row(&told.events)),
    };
    if from.notifications != *notifications {
        changes.instead(of, "AWS Backup notifies", &told(from), &told(to));
    }
    changes.tags(of, &from.tags, tags);
}

fn vault_policy(of: &str, from: &str, to: &str, arn: &str, changes: &mut Changes) {
    let (Ok(before), Ok(after)) = (Policy::parse(from), Policy::parse(to)) else { return };
    if before == after {
        return;
    }
    let less = no_longer_denied(&before, &after, arn);
    let more = no_longer_denied(&after, &before, arn);
    if !less.is_empty() {
        changes.say(of, format!("its policy no longer denies {}", words::row(&less)));
    }
    if !more.is_empty() {
        changes.say(of, format!("its policy also denies {}", words::row(&more)));
    }
    if less.is_empty() && more.is_empty() {
        changes.say(of, "what its policy allows is different");
    }
}
