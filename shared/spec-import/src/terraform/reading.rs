//! What a state or a plan says about a resource, directly or by what it refers to.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use reconcile::desired::Tags;
use reconcile::region::is_region;
use serde_json::Value;

use super::state::{Resource, State};
use crate::imported::{role_arn, vault_arn};
use crate::json::{map, scalar, text};
use crate::{UNKNOWN_ACCOUNT, partition};

/// A state or plan that is being read.
#[derive(Debug)]
pub(super) struct Reading<'s> {
    pub(super) state: &'s State,
    /// Where things are that do not say where they are.
    home: &'s str,
    /// The account: as a data source or an ARN tells it.
    pub(super) account: Option<String>,
    pub(super) partition: String,
    /// The region of most plans, and else of most vaults.
    pub(super) primary: String,
}

impl<'s> Reading<'s> {
    pub(super) fn new(state: &'s State, home: &'s str) -> Self {
        let mut reading =
            Self { state, home, account: None, partition: String::new(), primary: String::new() };
        let asked = state.data("aws_caller_identity").find_map(|one| text(&one.values, "account_id"));
        reading.account = asked.or_else(|| reading.arns().find_map(|arn| part(arn, 4)).map(str::to_owned));
        reading.primary = reading.most();
        let told = reading.arns().find_map(|arn| part(arn, 1)).map(str::to_owned);
        reading.partition = told.unwrap_or_else(|| partition(&reading.primary).to_owned());
        reading
    }

    /// The ARNs of what is deployed.
    fn arns(&self) -> impl Iterator<Item = &str> {
        let deployed = self.state.resources.iter().filter(|one| !one.is_data && !is_of_aws(one));
        deployed.filter_map(|one| one.values["arn"].as_str())
    }

    fn most(&self) -> String {
        let most = |kind: &str| {
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            self.state.managed(kind).for_each(|one| *counts.entry(self.region(one)).or_default() += 1);
            counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(region, _)| region)
        };
        let found = most("aws_backup_plan").or_else(|| most("aws_backup_vault"));
        found.unwrap_or_else(|| self.home.to_owned())
    }

    /// Where a resource is; where nothing says so, at home.
    pub(super) fn region(&self, resource: &Resource) -> String {
        self.told_region(resource).unwrap_or_else(|| self.home.to_owned())
    }

    /// Where a resource is, if anything says so. What is about a vault has the vault's ARN; the id of a region's settings is the region.
    pub(super) fn told_region(&self, resource: &Resource) -> Option<String> {
        let values = &resource.values;
        let of_arn = |key: &str| values[key].as_str().and_then(|arn| part(arn, 3)).map(str::to_owned);
        let of_id = || {
            let settings = resource.kind == "aws_backup_region_settings";
            text(values, "id").filter(|id| settings && is_region(id))
        };
        let told = text(values, "region").or_else(|| of_arn("arn")).or_else(|| of_arn("backup_vault_arn"));
        told.or_else(of_id).or_else(|| self.region_of_provider(resource))
    }

    fn region_of_provider(&self, resource: &Resource) -> Option<String> {
        let key = self.state.block(resource)["provider_config_key"].as_str()?;
        let providers = &self.state.configuration["provider_config"];
        let short = key.rsplit(':').next().unwrap_or(key);
        let region = [key, short].into_iter().map(|key| &providers[key]["expressions"]["region"]);
        let region = region.into_iter().find(|region| !region.is_null())?;
        scalar(&region["constant_value"]).or_else(|| {
            let references = region["references"].as_array()?.iter().filter_map(Value::as_str);
            let name = references.into_iter().find_map(|one| one.strip_prefix("var."))?;
            scalar(&self.state.variables[name]["value"])
        })
    }

    /// A text of a resource, or what it is going to be.
    pub(super) fn text(&self, resource: &Resource, key: &str) -> Option<String> {
        let expression = &self.state.block(resource)["expressions"][key];
        text(&resource.values, key).or_else(|| self.worked_out(resource, expression))
    }

    /// What an expression is going to be.
    pub(super) fn worked_out(&self, resource: &Resource, expression: &Value) -> Option<String> {
        let (target, attribute) = self.state.referred(resource, expression)?;
        self.attribute(target, &attribute)
    }

    /// An attribute of a resource, though AWS has not made it yet.
    fn attribute(&self, target: &Resource, attribute: &str) -> Option<String> {
        if let Some(known) = text(&target.values, attribute) {
            return Some(known);
        }
        let name = text(&target.values, "name");
        let partition = &self.partition;
        let account = self.account.as_deref().unwrap_or(UNKNOWN_ACCOUNT);
        let path = || text(&target.values, "path").unwrap_or_else(|| "/".to_owned());
        match (target.kind.as_str(), attribute) {
            ("aws_backup_vault" | "aws_backup_logically_air_gapped_vault", "arn") => {
                Some(vault_arn(partition, account, &self.region(target), &name?))
            }
            ("aws_iam_role", "arn") => Some(role_arn(partition, account, &path(), &name?)),
            ("aws_iam_policy", "arn") => {
                Some(format!("arn:{partition}:iam::{account}:policy{}{}", path(), name?))
            }
            ("aws_sns_topic", "arn" | "id") => {
                Some(format!("arn:{partition}:sns:{}:{account}:{}", self.region(target), name?))
            }
            // The id of these is their name.
            ("aws_backup_vault" | "aws_iam_role", "id") => name,
            _ => None,
        }
    }

    /// Which of the resources are meant by a member: by one of the names that they have in AWS, and else by what it refers to.
    pub(super) fn linked<'a>(&self, resource: &Resource, key: &str, among: &Among<'a>) -> Vec<&'a Resource> {
        let value = text(&resource.values, key);
        let mut found = value.and_then(|value| among.named.get(&value)).cloned().unwrap_or_default();
        let expression = &self.state.block(resource)["expressions"][key];
        let referred = self.state.referred(resource, expression);
        let referred = referred.and_then(|(target, _)| among.at.get(target.address.as_str()));
        if let Some(referred) = referred
            && found.iter().all(|one| one.address != referred.address)
        {
            found.push(referred);
        }
        found
    }

    /// The resources of a kind by the address of what they are about, as one of their members says.
    pub(super) fn beside<'a>(
        &'a self,
        kind: &'a str,
        members: &[&str],
        among: &Among<'a>,
    ) -> HashMap<&'a str, Vec<&'a Resource>> {
        let mut found: HashMap<&str, Vec<&Resource>> = HashMap::new();
        for one in self.state.managed(kind) {
            let about: BTreeSet<&str> = members
                .iter()
                .flat_map(|member| self.linked(one, member, among))
                .map(|about| about.address.as_str())
                .collect();
            for address in about {
                found.entry(address).or_default().push(one);
            }
        }
        found
    }
}

/// Resources that something may be about.
#[derive(Debug)]
pub(super) struct Among<'a> {
    /// By what they are called in AWS. A key of several regions has one id in all of them.
    named: HashMap<String, Vec<&'a Resource>>,
    at: HashMap<&'a str, &'a Resource>,
}

impl<'a> Among<'a> {
    /// `names` are the attributes that may name one.
    pub(super) fn of(resources: impl Iterator<Item = &'a Resource>, names: &[&str]) -> Self {
        let (mut named, mut at): (HashMap<String, Vec<&Resource>>, _) = (HashMap::new(), HashMap::new());
        for one in resources {
            let its: BTreeSet<String> = names.iter().filter_map(|name| text(&one.values, name)).collect();
            its.into_iter().for_each(|name| named.entry(name).or_default().push(one));
            at.entry(one.address.as_str()).or_insert(one);
        }
        Self { named, at }
    }
}

/// The tags of a resource, those that the provider adds too.
pub(super) fn tags(resource: &Resource) -> Tags {
    let key = if resource.values["tags_all"].is_object() { "tags_all" } else { "tags" };
    map(&resource.values, key)
}

/// AWS's own policies have no account.
fn is_of_aws(resource: &Resource) -> bool {
    resource.values["arn"].as_str().is_some_and(|arn| part(arn, 4) == Some("aws"))
}

/// A part of an ARN that is not empty.
fn part(arn: &str, index: usize) -> Option<&str> {
    arn.strip_prefix("arn:")?;
    arn.split(':').nth(index).filter(|part| !part.is_empty())
}
