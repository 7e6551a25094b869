//! The role and the keys.

use super::{region_name, tags, unique, within};
use crate::policy::Policy;
use crate::spec::arns::{GLOBAL, NAMES, Scope};
use crate::spec::names;
use crate::spec::raw::{Document, Key, Role};
use crate::spec::reader::Mistakes;
use crate::spec::template;
use crate::state::AWS_KMS;

/// IAM attaches 10 to a role, and up to this many when the account's quota is raised ("IAM quotas").
const MOST_MANAGED_POLICIES: usize = 20;

pub(super) fn check(document: &Document, scope: &Scope, mistakes: &mut Mistakes) {
    for one in document.roles() {
        role(one, scope, mistakes);
    }
    unique(document.roles().map(|role| (&role.name.value, &role.name.spot)), "the role's name", mistakes);
    for key in &document.keys {
        self::key(key, document, scope, mistakes);
    }
    let aliases = document.keys.iter().map(|key| ((&key.region.value, &key.alias.value), &key.alias.spot));
    unique(aliases, "the alias in this region", mistakes);
}

fn role(role: &Role, scope: &Scope, mistakes: &mut Mistakes) {
    mistakes.check(&role.name.spot, template::check(&role.name.value, &GLOBAL));
    mistakes.check(&role.name.spot, names::role(&scope.fill_global(&role.name.value)));
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
    if let Some(boundary) = &role.boundary {
        mistakes.check(&boundary.spot, template::check(&boundary.value, &GLOBAL));
        mistakes.check(&boundary.spot, names::policy_arn(&scope.fill_global(&boundary.value)));
    }
    for one in &role.inline_policies {
        mistakes.check(&one.name.spot, names::inline_policy(&one.name.value));
        if let Some(text) = &one.policy {
            mistakes.check(&text.spot, template::check_policy(&text.value, &GLOBAL));
            let parsed = Policy::parse(&scope.fill_global(&text.value));
            mistakes.check(&text.spot, parsed.map(|_| ()).map_err(|error| error.to_string()));
        }
    }
    unique(
        role.inline_policies.iter().map(|one| (&one.name.value, &one.name.spot)),
        "the inline policy's name in this role",
        mistakes,
    );
    tags::check(&role.tags, &Default::default(), &role.spot.field("tags"), mistakes);
}

fn key(key: &Key, document: &Document, scope: &Scope, mistakes: &mut Mistakes) {
    mistakes.check(&key.alias.spot, template::check(&key.alias.value, &NAMES));
    mistakes.check(&key.alias.spot, names::alias(&scope.fill_regional(&key.alias.value, &key.region.value)));
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
