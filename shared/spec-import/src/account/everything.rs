//! The spec that names everything that lists have: it is looked at once, and what is seen is all that there is.

use std::collections::{BTreeMap, BTreeSet};

use reconcile::desired::{
    Desired, DesiredKey, DesiredLock, DesiredPlan, DesiredRegionSettings, DesiredRole, DesiredVault,
    LockMode, OptIn, PlanDocument, VaultKey,
};
use reconcile::lists::{ListedVault, Lists};
use reconcile::lock::SHORTEST_GRACE_DAYS;
use reconcile::state::{AWS_KMS, BACKUP_VAULT, Notifications, Observation, Observed};

use super::{path_of, selections};
use crate::imported::{Imported, default_role};

/// AWS's own keys have aliases with this beginning.
const MANAGED: &str = "alias/aws/";

/// Names every vault and plan of the regions, with the keys of the vaults, so that a look reads them in full.
pub fn everything(into: &mut Imported, all: &[Lists]) -> Desired {
    let mut desired = Desired { roles: Vec::new(), ..into.desired.clone() };
    for lists in all {
        let aliases = aliases(lists, into);
        let mut keys = BTreeSet::new();
        for vault in &lists.vaults {
            if let Some(why) = unsaid(vault, &desired.account) {
                into.leave_out(format!("vault {}/{}", lists.region, vault.name), why);
                continue;
            }
            let id = vault.key_arn.rsplit('/').next().unwrap_or_default();
            let key = match aliases.get(id) {
                Some(alias) if alias.starts_with(MANAGED) => VaultKey::AwsManaged,
                Some(alias) if of_account(&vault.key_arn) == Some(&desired.account) => {
                    keys.insert(alias.clone());
                    VaultKey::Alias(alias.clone())
                }
                Some(_) | None => VaultKey::Arn(vault.key_arn.clone()),
            };
            desired.vaults.push(named_vault(&lists.region, vault, key));
        }
        desired.keys.extend(keys.into_iter().map(|alias| named_key(&lists.region, alias)));
        let mut plans = BTreeSet::new();
        for plan in &lists.plans {
            if plan.is_kept_by_others() {
                let what = format!("plan {}/{}", lists.region, plan.name);
                into.leave_out(
                    what,
                    "it is kept by AWS Organizations or by Amazon EFS, which nobody else can change",
                );
            } else if plans.insert(&plan.name) {
                desired.plans.push(named_plan(&lists.region, &plan.name));
            }
        }
        if !plans.is_empty() {
            let region = lists.region.clone();
            let settings = DesiredRegionSettings { region, opt_in: OptIn::All, management: BTreeSet::new() };
            desired.region_settings.push(settings);
        }
    }
    desired
}

/// The first alias of each key, AWS's own before others: that one tells who keeps the key.
fn aliases(lists: &Lists, into: &mut Imported) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    match &lists.aliases {
        Observation::Present(all) => {
            for (alias, key) in all {
                let known = found.entry(key.clone()).or_insert_with(|| alias.clone());
                if alias.starts_with(MANAGED) {
                    known.clone_from(alias);
                }
            }
        }
        Observation::Absent => {}
        Observation::Unreadable(refusal) => {
            let what = format!("the keys of {}", lists.region);
            into.leave_out(
                what,
                format!("aliases could not be listed, so vaults name their keys by ARN: {refusal}"),
            );
        }
    }
    found
}

/// Why a spec cannot say a vault.
fn unsaid(vault: &ListedVault, account: &str) -> Option<String> {
    if of_account(&vault.arn).is_some_and(|owner| owner != account) {
        return Some("it is shared by another account".to_owned());
    }
    if vault.vault_type != BACKUP_VAULT {
        let kind = vault.vault_type.to_ascii_lowercase().replace('_', " ");
        return Some(format!(
            "it is a {kind}; a rule can name it as air_gapped_vault, and a copy by vault_arn"
        ));
    }
    if vault.name.contains('/') {
        return Some("AWS keeps it for a service of its own".to_owned());
    }
    None
}

fn of_account(arn: &str) -> Option<&str> {
    arn.split(':').nth(4)
}

fn named_vault(region: &str, vault: &ListedVault, key: VaultKey) -> DesiredVault {
    DesiredVault {
        region: region.to_owned(),
        name: vault.name.clone(),
        arn: vault.arn.clone(),
        key,
        tags: BTreeMap::new(),
        // Whatever is named is read.
        policy: Some(String::new()),
        lock: Some(DesiredLock {
            mode: LockMode::Compliance { changeable_for_days: SHORTEST_GRACE_DAYS },
            min_retention_days: None,
            max_retention_days: None,
        }),
        notifications: Some(Notifications::default()),
    }
}

fn named_key(region: &str, alias: String) -> DesiredKey {
    DesiredKey {
        region: region.to_owned(),
        alias,
        description: String::new(),
        rotation: false,
        rotation_period_days: None,
        origin: AWS_KMS.to_owned(),
        multi_region: false,
        policy: None,
        tags: BTreeMap::new(),
    }
}

fn named_plan(region: &str, name: &str) -> DesiredPlan {
    DesiredPlan {
        region: region.to_owned(),
        document: PlanDocument {
            name: name.to_owned(),
            rules: Vec::new(),
            advanced_settings: Vec::new(),
            scan_settings: None,
        },
        tags: BTreeMap::new(),
        selections: Vec::new(),
    }
}

/// The regions of this account that copies go to and that are not among those that were looked at.
pub fn further_regions(
    everything: &Desired,
    observed: &Observed,
    known: &BTreeSet<String>,
) -> BTreeSet<String> {
    let plans = observed.plans.values().filter_map(Observation::present).flatten();
    let rules = plans.filter_map(|candidate| candidate.plan.present()).flat_map(|plan| &plan.document.rules);
    let copies = rules.flat_map(|rule| &rule.copies);
    let own = copies.filter(|copy| of_account(&copy.destination) == Some(&everything.account));
    let regions = own.filter_map(|copy| copy.destination.split(':').nth(3)).map(str::to_owned);
    regions.filter(|region| !known.contains(region)).collect()
}

/// The ARNs of the roles that selections have; where none has one, that of the role that AWS Backup makes for itself.
pub fn role_arns(everything: &Desired, observed: &Observed) -> BTreeSet<String> {
    let arns = selections(observed).map(|selection| selection.role_arn.clone());
    let arns: BTreeSet<String> = arns.filter(|arn| arn.contains(":role/")).collect();
    if arns.is_empty() { [default_role(&everything.partition, &everything.account).arn].into() } else { arns }
}

/// Names roles too, by their ARNs, so that they are read.
pub fn with_roles(everything: &Desired, arns: &BTreeSet<String>) -> Desired {
    let role = |arn: &String| {
        let name = arn.rsplit('/').next().unwrap_or_default().to_owned();
        DesiredRole {
            path: path_of(arn, &name),
            name,
            arn: arn.clone(),
            trust: String::new(),
            managed_policies: BTreeSet::new(),
            boundary: None,
            inline_policies: BTreeMap::new(),
            tags: BTreeMap::new(),
        }
    };
    Desired { roles: arns.iter().map(role).collect(), ..everything.clone() }
}

/// Names the inline policies of the roles that were seen, so that their texts are read.
pub fn with_inline_policies(everything: &Desired, observed: &Observed) -> Desired {
    let mut named = everything.clone();
    for role in &mut named.roles {
        let seen = observed.roles.get(&role.name).and_then(Observation::present);
        let inline = seen.and_then(|role| role.inline.present());
        let names = inline.into_iter().flat_map(BTreeMap::keys);
        role.inline_policies = names.map(|name| (name.clone(), Some(String::new()))).collect();
    }
    named
}
