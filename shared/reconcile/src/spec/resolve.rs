//! Turns a valid document into [`Desired`] for one account: nothing is left to look up, to fill in or to default.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::Target;
use super::arns::Scope;
use super::error::ResolveError;
use super::exception::Place;
use super::names;
use super::raw::{self, Document, Mode, PRIMARY};
use super::reader::{Choice, Located, StringMap};
use crate::desired::{
    AWS_MANAGED_KEY, Copy, CopyLifecycle, CopyRetention, DEFAULT_COMPLETION_WINDOW, DEFAULT_SCHEDULE,
    DEFAULT_START_WINDOW, DEFAULT_TIMEZONE, Desired, DesiredKey, DesiredLock, DesiredPlan,
    DesiredRegionSettings, DesiredRole, DesiredVault, Exception, Lifecycle, LockMode, OptIn, PlanDocument,
    Rule, ScanAction, ScanSetting, SelectionCondition, SelectionDocument, TagCondition, Tags, VaultKey,
    as_list,
};
use crate::region::{iam_region, is_partition, is_region, may_be_in, partition_of};
use crate::state::{AWS_KMS, Notifications};

/// The account and the regions after overriding.
pub(super) fn scope(target: &Target, regions: BTreeMap<&str, &str>) -> Result<Scope, ResolveError> {
    if !is_partition(&target.partition) {
        return Err(ResolveError::Partition(target.partition.clone()));
    }
    if !names::is_account(&target.account) {
        return Err(ResolveError::Account(target.account.clone()));
    }
    let mut regions: BTreeMap<String, String> =
        regions.into_iter().map(|(name, region)| (name.to_owned(), region.to_owned())).collect();
    for (name, region) in [(PRIMARY, &target.primary_region), (raw::DR, &target.dr_region)] {
        let Some(region) = region else { continue };
        if !is_region(region) {
            return Err(ResolveError::Region { name, region: region.clone() });
        }
        let known = regions.get_mut(name).ok_or(ResolveError::NoSuchRegion(name))?;
        known.clone_from(region);
    }
    let mut seen: BTreeMap<&String, &String> = BTreeMap::new();
    for (name, region) in &regions {
        if let Some(first) = seen.insert(region, name) {
            let (first, second) = (first.clone(), name.clone());
            return Err(ResolveError::SameRegion { first, second, region: region.clone() });
        }
    }
    one_partition(&regions)?;
    if let Some((name, region)) = regions.iter().find(|(_, region)| !may_be_in(region, &target.partition)) {
        let (name, region) = (name.clone(), region.clone());
        return Err(ResolveError::OtherPartition { name, region, partition: target.partition.clone() });
    }
    Ok(Scope { partition: target.partition.clone(), account: target.account.clone(), regions })
}

/// An account has regions of one partition only.
fn one_partition(regions: &BTreeMap<String, String>) -> Result<(), ResolveError> {
    let known = regions.iter().filter_map(|(name, region)| Some((name, region, partition_of(region)?)));
    let mut known = known.collect::<Vec<_>>().into_iter();
    let Some((first, first_region, partition)) = known.next() else { return Ok(()) };
    match known.find(|(_, _, other)| *other != partition) {
        None => Ok(()),
        Some((second, second_region, _)) => Err(ResolveError::TwoPartitions {
            first: first.clone(),
            first_region: first_region.clone(),
            second: second.clone(),
            second_region: second_region.clone(),
        }),
    }
}

/// The whole desired state.
pub(super) fn desired(document: &Document, scope: &Scope, sha256: &str) -> Desired {
    Desired {
        name: document.name.value.clone(),
        sha256: sha256.to_owned(),
        partition: scope.partition.clone(),
        account: scope.account.clone(),
        iam_region: iam_region(&scope.partition).unwrap_or_else(|| scope.region(PRIMARY)).to_owned(),
        roles: document.roles().map(|one| role(one, scope)).collect(),
        keys: document.keys.iter().map(|key| resolve_key(key, document, scope)).collect(),
        vaults: document.vaults.iter().map(|vault| resolve_vault(vault, document, scope)).collect(),
        plans: document.plans.iter().map(|one| plan(one, document, scope)).collect(),
        healer_role: None,
        region_settings: region_settings(document, scope),
        exceptions: document.exceptions.iter().filter_map(|one| exception(one, document, scope)).collect(),
    }
}

/// Of the regions that have a section, and of those in which anything is selected.
fn region_settings(document: &Document, scope: &Scope) -> Vec<DesiredRegionSettings> {
    let selecting =
        document.plans.iter().filter(|plan| !plan.selections.is_empty()).map(|plan| &plan.region.value);
    let written = document.region_settings.iter().map(|(region, _)| &region.value);
    let regions: BTreeSet<&String> = selecting.chain(written).collect();
    let settings = regions.into_iter().map(|name| {
        let written = document.region_settings.iter().find(|(region, _)| region.value == *name);
        let written = written.map(|(_, settings)| settings);
        DesiredRegionSettings {
            region: scope.region(name).to_owned(),
            opt_in: match written.and_then(|settings| settings.opt_in.as_ref()) {
                None => OptIn::Unsaid,
                Some(Choice::All) => OptIn::All,
                Some(Choice::These(types)) => OptIn::Types(texts(types)),
            },
            management: written.map(|settings| texts(&settings.management)).unwrap_or_default(),
        }
    });
    settings.collect()
}

fn role(role: &raw::Role, scope: &Scope) -> DesiredRole {
    let trust = match &role.trust {
        Some(trust) => scope.fill_global(trust.value.trim()),
        None => service_trust(role.trusted_services.as_deref().unwrap_or_default()),
    };
    DesiredRole {
        name: scope.fill_global(&role.name.value),
        path: role.path().to_owned(),
        arn: scope.role_arn(role),
        trust,
        managed_policies: role.managed_policies.iter().map(|arn| scope.fill_global(&arn.value)).collect(),
        boundary: role.boundary.as_ref().map(|arn| scope.fill_global(&arn.value)),
        inline_policies: role
            .inline_policies
            .iter()
            .map(|one| {
                let text = one.policy.as_ref().map(|text| scope.fill_global(text.value.trim()));
                (one.name.value.clone(), text)
            })
            .collect(),
        tags: strings(&role.tags),
    }
}

/// The trust policy that lets services assume the role. Written by hand for the order in which people read it.
fn service_trust(services: &[Located<String>]) -> String {
    let names: Vec<&str> = services.iter().map(|service| service.value.as_str()).collect();
    let principal = match names.as_slice() {
        [one] => json!(one),
        several => json!(several),
    };
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":{principal}}},"Action":"sts:AssumeRole"}}]}}"#
    )
}

fn resolve_key(key: &raw::Key, document: &Document, scope: &Scope) -> DesiredKey {
    let policy = key.policy.as_ref();
    DesiredKey {
        region: scope.region(&key.region.value).to_owned(),
        alias: scope.fill_regional(&key.alias.value, &key.region.value),
        description: key.description.value.clone(),
        rotation: key.rotation.value,
        rotation_period_days: value(&key.rotation_period_days).and_then(|days| u32::try_from(days).ok()),
        origin: value(&key.origin).unwrap_or(AWS_KMS).to_owned(),
        multi_region: value(&key.multi_region).unwrap_or_default(),
        policy: policy.map(|policy| scope.key_policy(&policy.value, &key.region.value, &document.role)),
        tags: tags(document, &key.tags),
    }
}

fn resolve_vault(vault: &raw::Vault, document: &Document, scope: &Scope) -> DesiredVault {
    let policy = vault.policy.as_ref().and_then(|name| document.vault_policies.get(&name.value));
    DesiredVault {
        region: scope.region(&vault.region.value).to_owned(),
        name: scope.fill_regional(&vault.name.value, &vault.region.value),
        arn: scope.vault_arn(&vault.region.value, &vault.name.value),
        key: vault_key(vault, scope),
        tags: tags(document, &vault.tags),
        policy: policy.map(|text| scope.vault_policy(&text.value, vault, &document.role)),
        lock: vault.lock.as_ref().map(lock),
        notifications: vault.notifications.as_ref().map(|told| Notifications {
            topic: scope.fill_regional(&told.topic.value, &vault.region.value),
            events: texts(&told.events),
        }),
    }
}

fn vault_key(vault: &raw::Vault, scope: &Scope) -> VaultKey {
    match vault.key.as_ref().map(|key| key.value.as_str()) {
        None | Some(AWS_MANAGED_KEY) => VaultKey::AwsManaged,
        Some(key) => {
            let key = scope.fill_regional(key, &vault.region.value);
            if key.starts_with("arn:") { VaultKey::Arn(key) } else { VaultKey::Alias(key) }
        }
    }
}

fn lock(lock: &raw::Lock) -> DesiredLock {
    let governance = lock.mode.as_ref().is_some_and(|mode| matches!(mode.value, Mode::Governance));
    let mode = match value(&lock.changeable_for_days) {
        Some(changeable_for_days) if !governance => LockMode::Compliance { changeable_for_days },
        Some(_) | None => LockMode::Governance,
    };
    DesiredLock {
        mode,
        min_retention_days: value(&lock.min_retention_days),
        max_retention_days: value(&lock.max_retention_days),
    }
}

pub(super) fn plan(plan: &raw::Plan, document: &Document, scope: &Scope) -> DesiredPlan {
    let region = &plan.region.value;
    let advanced = plan.advanced_settings.iter().map(|(kind, options)| (kind.clone(), strings(options)));
    DesiredPlan {
        region: scope.region(region).to_owned(),
        document: PlanDocument {
            name: scope.fill_regional(&plan.name.value, region),
            rules: plan.rules.iter().map(|item| rule(item, region, scope)).collect(),
            advanced_settings: as_list(&advanced.collect()),
            scan_settings: plan
                .scan_settings
                .as_ref()
                .map(|all| all.iter().map(|one| scan_setting(one, region, scope)).collect()),
        },
        tags: tags(document, &plan.tags),
        selections: plan.selections.iter().map(|item| selection(item, region, document, scope)).collect(),
    }
}

fn rule(rule: &raw::Rule, region: &str, scope: &Scope) -> Rule {
    let copy = |copy: &raw::CopyAction| {
        let lifecycle = CopyLifecycle {
            kept: value(&copy.delete_after_days).map_or(CopyRetention::AsItsSource, CopyRetention::Days),
            cold_storage_after_days: value(&copy.cold_storage_after_days),
            opt_in_to_archive: value(&copy.opt_in_to_archive),
        };
        Some(Copy { destination: scope.destination(copy, region)?, lifecycle })
    };
    let scan = |one: &raw::ScanAction| {
        Some(ScanAction { scanner: one.scanner.value.clone(), mode: value(&one.mode)?.to_owned() })
    };
    Rule {
        name: rule.name.value.clone(),
        schedule: value(&rule.schedule).unwrap_or_else(|| DEFAULT_SCHEDULE.to_owned()),
        timezone: value(&rule.timezone).unwrap_or_else(|| DEFAULT_TIMEZONE.to_owned()),
        target_vault: scope.fill_regional(&rule.vault.value, region),
        air_gapped_vault: rule.air_gapped_vault.as_ref().map(|vault| scope.air_gapped(&vault.value, region)),
        start_window_minutes: value(&rule.start_window_minutes).unwrap_or(DEFAULT_START_WINDOW),
        completion_window_minutes: value(&rule.completion_window_minutes)
            .unwrap_or(DEFAULT_COMPLETION_WINDOW),
        lifecycle: Lifecycle {
            delete_after_days: value(&rule.delete_after_days),
            cold_storage_after_days: value(&rule.cold_storage_after_days),
            opt_in_to_archive: value(&rule.opt_in_to_archive),
        },
        continuous_backup: rule.continuous(),
        recovery_point_tags: strings(&rule.recovery_point_tags),
        copies: rule.copies.iter().filter_map(copy).collect(),
        scan_actions: rule.scan_actions.as_ref().map(|all| all.iter().filter_map(scan).collect()),
        index_actions: rule
            .index_actions
            .as_ref()
            .map(|all| all.iter().map(|one| texts(&one.resource_types)).collect()),
    }
}

fn scan_setting(setting: &raw::ScanSetting, region: &str, scope: &Scope) -> ScanSetting {
    ScanSetting {
        scanner: setting.scanner.value.clone(),
        resource_types: texts(&setting.resource_types),
        role_arn: scope.fill_regional(&setting.role.value, region),
    }
}

fn texts(list: &[Located<String>]) -> BTreeSet<String> {
    list.iter().map(|text| text.value.clone()).collect()
}

fn selection(
    selection: &raw::Selection,
    region: &str,
    document: &Document,
    scope: &Scope,
) -> SelectionDocument {
    let fill = |patterns: &[Located<String>]| -> BTreeSet<String> {
        patterns.iter().map(|pattern| scope.fill_regional(&pattern.value, region)).collect()
    };
    let condition = |condition: &raw::Condition| {
        let operator = condition.operator.as_ref()?.value;
        let (key, value) = (condition.key.value.clone(), condition.value.value.clone());
        Some(SelectionCondition { operator, key, value })
    };
    let tag = |tag: &raw::Tag| TagCondition { key: tag.key.value.clone(), value: tag.value.value.clone() };
    SelectionDocument {
        name: selection.name.value.clone(),
        role_arn: document.role_of(selection).map(|role| scope.role_arn(role)).unwrap_or_default(),
        resources: fill(&selection.resources),
        not_resources: fill(&selection.not_resources),
        tags: selection.tags.iter().map(tag).collect(),
        conditions: selection.conditions.iter().filter_map(condition).collect(),
    }
}

fn exception(exception: &raw::Exception, document: &Document, scope: &Scope) -> Option<Exception> {
    let place = Place::read(&exception.resource.value, document).ok()?;
    let region = place.region.as_deref().unwrap_or(PRIMARY);
    let attribute =
        exception.attribute.as_ref().map(|attribute| scope.fill_regional(&attribute.value, region));
    Some(Exception {
        attribute,
        resource: place.resource(scope),
        code: exception.code.value.clone(),
        owner: exception.owner.value.clone(),
        reason: exception.reason.value.clone(),
        until: exception.until.as_ref()?.value,
    })
}

fn value<T: Clone>(located: &Option<Located<T>>) -> Option<T> {
    located.as_ref().map(|located| located.value.clone())
}

fn strings(map: &StringMap) -> Tags {
    map.iter().map(|(key, text)| (key.clone(), text.value.clone())).collect()
}

/// The spec's tags, with an item's own over them.
fn tags(document: &Document, own: &StringMap) -> Tags {
    let mut tags = strings(&document.tags);
    tags.extend(strings(own));
    tags
}
