//! What was read from a source: the resolved spec, what is to be said beside it, and what a spec cannot say.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;

use reconcile::desired::{
    Desired, DesiredKey, DesiredPlan, DesiredRegionSettings, DesiredRole, DesiredVault,
};
use reconcile::region::iam_region;
use reconcile::resource::{Kind, ResourceId};
use reconcile::state::place_in;
use reconcile::words::{clean, clip};

/// Stands for the account where a source does not tell it. It never gets into a spec: what names the account is a template there.
pub const UNKNOWN_ACCOUNT: &str = "000000000000";

/// How what a source does not say begins.
pub(crate) const UNKNOWN: &str = "REPLACE-ME-";

/// Stands for what a source does not say, so that a reader finds it.
pub(crate) fn unknown(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    format!("{UNKNOWN}{}", name.chars().take(30).map(plain).collect::<String>())
}

/// What was read from a source.
#[derive(Debug, Clone)]
pub struct Imported {
    /// Where it comes from, as the head of the file says it: "account 123456789012".
    pub origin: String,
    /// The region that the spec is to call primary.
    pub primary: String,
    /// The resolved spec.
    pub desired: Desired,
    /// What is to be said beside a resource.
    pub notes: BTreeMap<ResourceId, Vec<String>>,
    /// What is there, and is not in the spec.
    pub left_out: Vec<LeftOut>,
}

/// The most bytes of what is told of it. A name may be a megabyte long.
const LONGEST: usize = 1000;

/// Something that is there, and is not in the spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// What it is: `plan us-east-1/daily`.
    pub what: String,
    /// Why it is left out, or what is to be done about it.
    pub why: String,
    /// How it would stand in the spec.
    pub text: Option<String>,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", clip(&clean(&self.what), LONGEST), clip(&clean(&self.why), LONGEST))
    }
}

impl Imported {
    /// Nothing yet.
    pub fn new(origin: &str, name: &str, partition: &str, account: &str, primary: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            primary: primary.to_owned(),
            desired: Desired {
                name: name.to_owned(),
                sha256: String::new(),
                partition: partition.to_owned(),
                account: account.to_owned(),
                iam_region: iam_region(partition).unwrap_or(primary).to_owned(),
                healer_role: None,
                roles: Vec::new(),
                keys: Vec::new(),
                vaults: Vec::new(),
                plans: Vec::new(),
                region_settings: Vec::new(),
                exceptions: Vec::new(),
            },
            notes: BTreeMap::new(),
            left_out: Vec::new(),
        }
    }

    /// Says something beside a resource.
    pub fn note(&mut self, id: ResourceId, text: impl Into<String>) {
        self.notes.entry(id).or_default().push(text.into());
    }

    /// Says that something is not in the spec.
    pub fn leave_out(&mut self, what: impl fmt::Display, why: impl Into<String>) {
        self.left_out.push(LeftOut { what: what.to_string(), why: why.into(), text: None });
    }

    /// Lists the vaults of this account that copies go to and that are not in the spec: the copies stay in it, and whoever reads it would
    /// take the vaults for guarded. `why` tells it for a region.
    pub fn list_destinations(&mut self, why: impl Fn(&str) -> &'static str) {
        let Desired { account, vaults, plans, .. } = &self.desired;
        let known: HashSet<&str> = vaults.iter().map(|vault| vault.arn.as_str()).collect();
        let told: HashSet<&str> = self.left_out.iter().map(|left| left.what.as_str()).collect();
        let mut missing: BTreeMap<String, (&'static str, BTreeSet<&str>)> = BTreeMap::new();
        for plan in plans {
            for copy in plan.document.rules.iter().flat_map(|rule| &rule.copies) {
                let own = copy.destination.split(':').nth(4) == Some(account);
                let Some((region, name)) = place_in(&copy.destination).filter(|_| own) else { continue };
                let what = ResourceId::regional(Kind::Vault, region, name).to_string();
                if !known.contains(copy.destination.as_str()) && !told.contains(what.as_str()) {
                    let users = &mut missing.entry(what).or_insert_with(|| (why(region), BTreeSet::new())).1;
                    users.insert(&plan.document.name);
                }
            }
        }
        let left = missing.into_iter().map(|(what, (why, users))| {
            let users: Vec<&str> = users.into_iter().collect();
            LeftOut { what, why: format!("copies of {} go to it, and {why}", users.join(", ")), text: None }
        });
        let left: Vec<LeftOut> = left.collect();
        self.left_out.extend(left);
    }

    /// Brings everything into the order in which it is written, the role of most selections first.
    pub fn in_order(&mut self) {
        let Desired { roles, keys, vaults, plans, region_settings, .. } = &mut self.desired;
        let primary = &self.primary;
        let place = |region: &str, name: &str| (region != primary, region.to_owned(), name.to_owned());
        keys.sort_by_key(|key: &DesiredKey| place(&key.region, &key.alias));
        vaults.sort_by_key(|vault: &DesiredVault| place(&vault.region, &vault.name));
        plans.sort_by_key(|plan: &DesiredPlan| place(&plan.region, &plan.document.name));
        region_settings.sort_by_key(|settings: &DesiredRegionSettings| place(&settings.region, ""));
        let uses = |role: &DesiredRole| {
            let selections = plans.iter().flat_map(|plan| &plan.selections);
            selections.filter(|selection| selection.role_arn == role.arn).count()
        };
        let policies = keys.iter().map(|key| &key.policy).chain(vaults.iter().map(|vault| &vault.policy));
        let policies: Vec<&String> = policies.flatten().collect();
        let named = |role: &DesiredRole| policies.iter().filter(|policy| policy.contains(&role.arn)).count();
        roles.sort_by_cached_key(|role| (std::cmp::Reverse((uses(role), named(role))), role.name.clone()));
    }
}

/// How a resource of the spec is named in notes.
pub(crate) fn key_id(key: &DesiredKey) -> ResourceId {
    ResourceId::regional(Kind::Key, &key.region, &key.alias)
}

pub(crate) fn vault_id(vault: &DesiredVault) -> ResourceId {
    ResourceId::regional(Kind::Vault, &vault.region, &vault.name)
}

pub(crate) fn plan_id(plan: &DesiredPlan) -> ResourceId {
    ResourceId::regional(Kind::Plan, &plan.region, &plan.document.name)
}

/// The partition of a region, where no ARN tells it.
pub(crate) fn partition(region: &str) -> &'static str {
    match region {
        china if china.starts_with("cn-") => "aws-cn",
        government if government.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

/// The trust policy of a role that AWS Backup assumes and nobody else.
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"backup.amazonaws.com"},"Action":"sts:AssumeRole"}}"#;

/// A role as AWS Backup makes it for itself where nobody made one ("Default service roles").
pub(crate) fn usual_role(partition: &str, account: &str, path: &str, name: &str) -> DesiredRole {
    let managed = |policy: &str| format!("arn:{partition}:iam::aws:policy/service-role/{policy}");
    DesiredRole {
        name: name.to_owned(),
        path: path.to_owned(),
        arn: role_arn(partition, account, path, name),
        trust: TRUST.to_owned(),
        managed_policies: ["AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForRestores"]
            .map(managed)
            .into(),
        boundary: None,
        inline_policies: BTreeMap::new(),
        tags: BTreeMap::new(),
    }
}

/// The role that AWS Backup makes for itself, under the name that it gives it.
pub(crate) fn default_role(partition: &str, account: &str) -> DesiredRole {
    usual_role(partition, account, "/service-role/", "AWSBackupDefaultServiceRole")
}

/// Why a vault of another stack or state is not in the spec.
pub(crate) const NOT_HERE: &str = "it is not in this file; import the account to have it in the spec";

/// Why a role of another stack or state is written as usual.
pub(crate) const MADE_ELSEWHERE: &str = "is made elsewhere";

/// Takes in a role of which the source has no more than the ARN: without it the plans that use it could not be said.
pub(crate) fn elsewhere(arn: &str, why: &str, imported: &mut Imported) {
    let name = arn.rsplit('/').next().unwrap_or(arn);
    let path = crate::account::path_of(arn, name);
    let (partition, account) = (imported.desired.partition.clone(), imported.desired.account.clone());
    let role = DesiredRole { arn: arn.to_owned(), ..usual_role(&partition, &account, &path, name) };
    let why =
        format!("{why}, so that its policies are not known here; the usual ones are written, to be checked");
    let id = ResourceId::role(name);
    imported.note(id.clone(), format!("This role {why}."));
    imported.leave_out(&id, why);
    imported.desired.roles.push(role);
}

/// The ARN of a vault.
pub(crate) fn vault_arn(partition: &str, account: &str, region: &str, name: &str) -> String {
    format!("arn:{partition}:backup:{region}:{account}:backup-vault:{name}")
}

/// The ARN of a role.
pub(crate) fn role_arn(partition: &str, account: &str, path: &str, name: &str) -> String {
    format!("arn:{partition}:iam::{account}:role{path}{name}")
}
