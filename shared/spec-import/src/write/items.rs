//! Each part of a spec as a table.

use std::collections::BTreeMap;

use reconcile::desired::{
    AWS_MANAGED_KEY, DesiredKey, DesiredLock, DesiredRegionSettings, DesiredRole, DesiredVault, LockMode,
    OptIn, Tags, VaultKey,
};
use reconcile::policy::Policy;
use reconcile::state::{AWS_KMS, Notifications};
use serde_json::Value as Json;
use toml_edit::{Array, InlineTable, Table, Value};

use super::names::Names;
use super::policy_text::pretty;
use super::toml::{block, inline, list, set, set_some};

/// A policy as a text of several lines.
pub(super) fn policy(text: &str) -> Value {
    block(&pretty(text).unwrap_or_else(|| text.to_owned()))
}

pub(super) fn tags(table: &mut Table, tags: &Tags) {
    if !tags.is_empty() {
        set(table, "tags", inline(tags));
    }
}

pub(super) fn role(role: &DesiredRole, names: &Names) -> Table {
    let DesiredRole { name, path, arn: _, trust, managed_policies, boundary, inline_policies, tags: own } =
        role;
    let fill = |text: &str| names.templates.global(text);
    let mut table = Table::new();
    set(&mut table, "name", fill(name));
    set_some(&mut table, "path", Some(path.as_str()).filter(|path| *path != "/"));
    match trusted_services(trust) {
        Some(services) => set(&mut table, "trusted_services", list(services)),
        None => set(&mut table, "trust", policy(&fill(trust))),
    }
    set(&mut table, "managed_policies", list(managed_policies.iter().map(|arn| fill(arn))));
    set_some(&mut table, "boundary", boundary.as_ref().map(|arn| fill(arn)));
    if !inline_policies.is_empty() {
        let one = |(name, text): (&String, &Option<String>)| {
            let mut one = InlineTable::new();
            one.insert("name", name.as_str().into());
            if let Some(text) = text {
                one.insert("policy", policy(&fill(text)));
            }
            one
        };
        set(&mut table, "inline_policies", list(inline_policies.iter().map(one)));
    }
    self::tags(&mut table, own);
    table
}

/// The services that a trust policy lets in, if it does nothing else.
fn trusted_services(trust: &str) -> Option<Vec<String>> {
    let policy: Json = serde_json::from_str(trust).ok()?;
    let statement = policy["Statement"].get(0).unwrap_or(&policy["Statement"]);
    let services: Vec<String> = match &statement["Principal"]["Service"] {
        Json::String(one) => vec![one.clone()],
        Json::Array(several) => several.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_) => return None,
    };
    let plain = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Principal": { "Service": services }, "Action": "sts:AssumeRole" }],
    });
    let same = Policy::parse(trust).ok()? == Policy::parse(&plain.to_string()).ok()?;
    (same && !services.is_empty()).then_some(services)
}

pub(super) fn key(key: &DesiredKey, names: &Names) -> Table {
    let DesiredKey {
        region,
        alias,
        description,
        rotation,
        rotation_period_days,
        origin,
        multi_region,
        policy: access,
        tags: own,
    } = key;
    let mut table = Table::new();
    set(&mut table, "alias", names.templates.regional(alias, region));
    set(&mut table, "region", names.templates.region(region));
    set(&mut table, "description", description.as_str());
    set(&mut table, "rotation", *rotation);
    set_some(&mut table, "rotation_period_days", rotation_period_days.map(i64::from));
    set_some(&mut table, "origin", Some(origin.as_str()).filter(|origin| *origin != AWS_KMS));
    set_some(&mut table, "multi_region", Some(*multi_region).filter(|several| *several));
    set_some(
        &mut table,
        "policy",
        access.as_ref().map(|text| policy(&names.templates.key_policy(text, region))),
    );
    tags(&mut table, &names.own_tags(own));
    table
}

pub(super) fn vault(vault: &DesiredVault, names: &Names) -> Table {
    let DesiredVault { region, name, arn: _, key, tags: own, policy: _, lock, notifications } = vault;
    let fill = |text: &str| names.templates.regional(text, region);
    let mut table = Table::new();
    set(&mut table, "name", fill(name));
    set(&mut table, "region", names.templates.region(region));
    let key = match key {
        VaultKey::Alias(alias) => fill(alias),
        VaultKey::Arn(arn) => fill(arn),
        VaultKey::AwsManaged => AWS_MANAGED_KEY.to_owned(),
    };
    set(&mut table, "key", key);
    set_some(&mut table, "policy", names.policy(vault));
    set_some(&mut table, "lock", lock.as_ref().map(self::lock));
    if let Some(Notifications { topic, events }) = notifications {
        let mut told = InlineTable::new();
        told.insert("topic", fill(topic).into());
        told.insert("events", Value::Array(events.iter().map(String::as_str).collect::<Array>()));
        set(&mut table, "notifications", told);
    }
    tags(&mut table, &names.own_tags(own));
    table
}

fn lock(lock: &DesiredLock) -> InlineTable {
    let DesiredLock { mode, min_retention_days, max_retention_days } = lock;
    let mut table = InlineTable::new();
    match mode {
        LockMode::Governance => {
            table.insert("mode", "governance".into());
        }
        LockMode::Compliance { changeable_for_days } => {
            table.insert("mode", "compliance".into());
            table.insert("changeable_for_days", (*changeable_for_days).into());
        }
    }
    for (key, days) in
        [("min_retention_days", min_retention_days), ("max_retention_days", max_retention_days)]
    {
        if let Some(days) = days {
            table.insert(key, (*days).into());
        }
    }
    table
}

pub(super) fn region_settings(settings: &DesiredRegionSettings) -> Option<Table> {
    let DesiredRegionSettings { region: _, opt_in, management } = settings;
    let mut table = Table::new();
    match opt_in {
        OptIn::Unsaid => {}
        OptIn::All => set(&mut table, "opt_in", "all"),
        OptIn::Types(types) => set(&mut table, "opt_in", list(types.iter().map(String::as_str))),
    }
    if !management.is_empty() {
        set(&mut table, "management", list(management.iter().map(String::as_str)));
    }
    (!table.is_empty()).then_some(table)
}

/// A table of texts.
pub(super) fn texts(texts: &BTreeMap<String, String>) -> Table {
    let mut table = Table::new();
    for (key, text) in texts {
        set(&mut table, key, text.as_str());
    }
    table
}
