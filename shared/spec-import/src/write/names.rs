//! What a whole spec has in common: its names for regions, the tags that everything has, the policies of vaults by name.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use reconcile::desired::{Desired, DesiredVault, Tags};
use serde_json::Value;

use super::policy_text::normal;
use super::templates::Templates;
use crate::imported::Imported;

/// What a spec has in common.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) templates: Templates,
    pub(super) tags: Tags,
    /// By name, in the order of the vaults.
    pub(super) policies: Vec<NamedPolicy>,
    /// The names, by the vault's ARN and its policy.
    by_vault: HashMap<(String, String), String>,
}

/// A policy that vaults have.
#[derive(Debug)]
pub(super) struct NamedPolicy {
    pub(super) name: String,
    pub(super) text: String,
}

impl Names {
    pub(super) fn of(imported: &Imported) -> Self {
        let desired = &imported.desired;
        let templates = Templates {
            partition: desired.partition.clone(),
            account: desired.account.clone(),
            role: desired.roles.first().map(|role| role.arn.clone()),
            regions: regions(imported),
        };
        let (policies, by_vault) = policies(desired, &templates);
        Self { tags: common_tags(desired), policies, by_vault, templates }
    }

    /// The name of a vault's policy.
    pub(super) fn policy(&self, vault: &DesiredVault) -> Option<&str> {
        let place = (vault.arn.clone(), vault.policy.clone()?);
        self.by_vault.get(&place).map(String::as_str)
    }

    /// The tags that a resource has beyond the common ones.
    pub(super) fn own_tags(&self, tags: &Tags) -> Tags {
        let own = tags.iter().filter(|(key, value)| self.tags.get(*key) != Some(value));
        own.map(|(key, value)| (key.clone(), value.clone())).collect()
    }
}

/// `primary`, and `dr` for the other one that gets most copies; more regions go by their own names.
fn regions(imported: &Imported) -> BTreeMap<String, String> {
    let Imported { desired, primary, .. } = imported;
    let mut all: BTreeSet<&str> = desired.regions();
    all.remove(primary.as_str());
    let copies = |region: &&str| {
        let rules = desired.plans.iter().flat_map(|plan| &plan.document.rules);
        let into = |arn: &str| arn.split(':').nth(3) == Some(*region);
        rules.flat_map(|rule| &rule.copies).filter(|copy| into(&copy.destination)).count()
    };
    let dr = all.iter().copied().max_by_key(|region| (copies(region), std::cmp::Reverse(*region)));
    let mut names: BTreeMap<String, String> =
        all.iter().map(|region| ((*region).to_owned(), (*region).to_owned())).collect();
    if let Some(dr) = dr {
        names.insert(dr.to_owned(), "dr".to_owned());
    }
    names.insert(primary.clone(), "primary".to_owned());
    names
}

/// The keys that everything has a tag of, each with the value that most have: a resource says where it has another one.
fn common_tags(desired: &Desired) -> Tags {
    let keys = desired.keys.iter().map(|key| &key.tags);
    let vaults = desired.vaults.iter().map(|vault| &vault.tags);
    let plans = desired.plans.iter().map(|plan| &plan.tags);
    let all: Vec<&Tags> = keys.chain(vaults).chain(plans).collect();
    let Some(first) = all.first() else { return Tags::new() };
    let shared = first.keys().filter(|key| all.iter().all(|tags| tags.contains_key(*key)));
    let most = |key: &String| {
        let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
        for value in all.iter().filter_map(|tags| tags.get(key)) {
            *counts.entry(value).or_default() += 1;
        }
        counts.into_iter().max_by_key(|(_, count)| *count).map(|(value, _)| (key.clone(), value.clone()))
    };
    shared.filter_map(most).collect()
}

fn policies(
    desired: &Desired,
    templates: &Templates,
) -> (Vec<NamedPolicy>, HashMap<(String, String), String>) {
    let mut found = Vec::new();
    // By what they mean, and how many wanted a name.
    let (mut known, mut taken): (HashMap<String, String>, HashMap<String, usize>) = Default::default();
    let mut by_vault = HashMap::new();
    for vault in &desired.vaults {
        let Some(policy) = &vault.policy else { continue };
        let text = templates.vault_policy(policy, vault);
        let name = known.entry(normal(&text)).or_insert_with(|| {
            let wanted = name_of(&text);
            let name = free(&wanted, &mut taken);
            found.push(NamedPolicy { name: name.clone(), text });
            name
        });
        by_vault.insert((vault.arn.clone(), policy.clone()), name.clone());
    }
    (found, by_vault)
}

/// A name that nothing has yet: the wanted one, or with a number.
fn free(wanted: &str, taken: &mut HashMap<String, usize>) -> String {
    let mut number = taken.get(wanted).map_or(1, |number| number + 1);
    let named = |number: usize| if number == 1 { wanted.to_owned() } else { format!("{wanted}_{number}") };
    while number > 1 && taken.contains_key(&named(number)) {
        number += 1;
    }
    taken.insert(wanted.to_owned(), number);
    let name = named(number);
    taken.entry(name.clone()).or_insert(1);
    name
}

/// A name for a policy: that of its first statement, or its own.
fn name_of(policy: &str) -> String {
    let policy: Value = serde_json::from_str(policy).unwrap_or_default();
    let statement = policy["Statement"].get(0).unwrap_or(&policy["Statement"]);
    let given = [&statement["Sid"], &policy["Id"]].into_iter().filter_map(Value::as_str);
    let plain = |name: &str| {
        let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
        name.chars().take(40).map(word).collect::<String>().trim_matches('_').to_owned()
    };
    given.map(plain).find(|name| !name.is_empty()).unwrap_or_else(|| "vault_policy".to_owned())
}
