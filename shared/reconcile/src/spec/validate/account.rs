//! The role and the keys, and the exceptions that the account agreed on.

use super::{region_name, tags, unique, within};
use crate::resource::Kind;
use crate::spec::names;
use crate::spec::raw::{Document, Exception, Key, Role};
use crate::spec::reader::Mistakes;
use crate::spec::scope::{GLOBAL, Scope};
use crate::spec::template;

/// IAM attaches 10 to a role, and up to this many when the account's quota is raised ("IAM quotas").
const MOST_MANAGED_POLICIES: usize = 20;

pub(super) fn check(document: &Document, scope: &Scope, mistakes: &mut Mistakes) {
    role(&document.role, scope, mistakes);
    for key in &document.keys {
        self::key(key, document, mistakes);
    }
    let aliases = document.keys.iter().map(|key| ((&key.region.value, &key.alias.value), &key.alias.spot));
    unique(aliases, "the alias in this region", mistakes);
    for exception in &document.exceptions {
        self::exception(exception, mistakes);
    }
}

fn role(role: &Role, scope: &Scope, mistakes: &mut Mistakes) {
    mistakes.check(&role.name.spot, names::role(&role.name.value));
    if let Some(path) = &role.path {
        mistakes.check(&path.spot, names::role_path(&path.value));
    }
    match (&role.trust, &role.trusted_services) {
        (Some(trust), Some(_)) => {
            mistakes.add(&trust.spot, "stands beside trusted_services; write only one of the two");
        }
        (None, None) => {
            let spot = role.spot.field("trusted_services");
            mistakes.add(&spot, "is missing; say who may assume the role, with trusted_services or trust");
        }
        (None, Some(services)) if services.is_empty() => {
            let spot = role.spot.field("trusted_services");
            mistakes.add(&spot, "is empty: nobody could assume the role; write [\"backup.amazonaws.com\"]");
        }
        (None, Some(services)) => {
            for service in services {
                mistakes.check(&service.spot, names::service(&service.value));
            }
        }
        (Some(_), None) => {}
    }
    for arn in &role.managed_policies {
        mistakes.check(&arn.spot, template::check(&arn.value, &GLOBAL));
        mistakes.check(&arn.spot, names::policy_arn(&scope.fill_global(&arn.value)));
    }
    if let Some(extra) = role.managed_policies.get(MOST_MANAGED_POLICIES) {
        mistakes
            .add(&extra.spot, format!("one policy too many; IAM attaches at most {MOST_MANAGED_POLICIES}"));
    }
    tags::check(&role.tags, &Default::default(), &role.spot.field("tags"), mistakes);
}

fn key(key: &Key, document: &Document, mistakes: &mut Mistakes) {
    mistakes.check(&key.alias.spot, names::alias(&key.alias.value));
    region_name(&key.region, document, mistakes);
    mistakes.check(&key.description.spot, template::check(&key.description.value, &[]));
    within(&key.rotation_period_days, 90..=2560, "days", mistakes);
    if let Some(period) = &key.rotation_period_days
        && !key.rotation.value
        && !mistakes.has(&key.rotation.spot)
    {
        mistakes.add(&period.spot, "a period without rotation; write rotation = true, or drop the period");
    }
    tags::check(&key.tags, &document.tags, &key.spot.field("tags"), mistakes);
}

fn exception(exception: &Exception, mistakes: &mut Mistakes) {
    mistakes.check(&exception.resource.spot, resource(&exception.resource.value));
    mistakes.check(&exception.code.spot, names::code(&exception.code.value));
    for text in [&exception.owner, &exception.reason] {
        if text.value.trim().is_empty() {
            mistakes.add(&text.spot, "is empty; an exception names who answers for it, and why");
        }
    }
}

/// Refuses what no report would write as a resource.
fn resource(written: &str) -> Result<(), String> {
    let refuse = |reason: &str| {
        let kinds = Kind::ALL.map(Kind::as_str).join(", ");
        Err(format!(
            "{written:?} {reason}; write it as reports do, \"vault us-east-1/NAME\" or \"role NAME\"; allowed kinds: {kinds}"
        ))
    };
    let Some((kind, name)) = written.split_once(' ') else { return refuse("names no resource") };
    let Some(kind) = Kind::ALL.into_iter().find(|known| known.as_str() == kind) else {
        return refuse("is of no known kind");
    };
    if kind == Kind::Role {
        return if names::role(name).is_ok() { Ok(()) } else { refuse("names no role") };
    }
    let Some((region, name)) = name.split_once('/') else { return refuse("names no region") };
    if !names::is_region(region) {
        return refuse("names no region");
    }
    let named = match kind {
        Kind::Selection => name
            .split_once('/')
            .is_some_and(|(plan, name)| [plan, name].iter().all(|part| names::plan_part(part).is_ok())),
        Kind::Key | Kind::Alias => names::alias(name).is_ok(),
        Kind::Vault | Kind::VaultPolicy | Kind::VaultLock => names::vault(name).is_ok(),
        Kind::Plan => names::plan_part(name).is_ok(),
        Kind::Role => true,
    };
    if named { Ok(()) } else { refuse("has a name that this kind cannot have") }
}
