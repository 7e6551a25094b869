//! The role and the keys.

use super::{region_name, tags, unique, within};
use crate::spec::arns::{GLOBAL, Scope};
use crate::spec::names;
use crate::spec::raw::{Document, Key, Role};
use crate::spec::reader::Mistakes;
use crate::spec::template;
use crate::state::AWS_KMS;

/// IAM attaches 10 to a role, and up to this many when the account's quota is raised ("IAM quotas").
const MOST_MANAGED_POLICIES: usize = 20;

pub(super) fn check(document: &Document, scope: &Scope, mistakes: &mut Mistakes) {
    role(&document.role, scope, mistakes);
    for key in &document.keys {
        self::key(key, document, mistakes);
    }
    let aliases = document.keys.iter().map(|key| ((&key.region.value, &key.alias.value), &key.alias.spot));
    unique(aliases, "the alias in this region", mistakes);
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
    let elsewhere = key.origin.as_ref().filter(|origin| origin.value != AWS_KMS);
    if let Some(origin) = elsewhere
        && key.rotation.value
    {
        let reason =
            format!("rotation = true with origin {:?}: AWS KMS rotates only its own material", origin.value);
        mistakes.add(&key.rotation.spot, reason);
    }
    if let Some(period) = &key.rotation_period_days
        && !key.rotation.value
        && !mistakes.has(&key.rotation.spot)
    {
        mistakes.add(&period.spot, "a period without rotation; write rotation = true, or drop the period");
    }
    tags::check(&key.tags, &document.tags, &key.spot.field("tags"), mistakes);
}
