//! The account and the regions that a spec is read for, and the names that follow from them. Validation uses an
//! account of zeros, resolving the real one, so that both build the same ARNs.

use std::collections::BTreeMap;

use super::raw::{CopyAction, Role, Rule, Vault};
use super::template;

/// What the role's policies, which are global, may name.
pub(super) const GLOBAL: [&str; 2] = ["partition", "account"];
/// What the names of things in a region may have in them.
pub(super) const NAMES: [&str; 2] = ["account", "region"];
/// What anything in a region may name.
pub(super) const REGIONAL: [&str; 3] = ["partition", "account", "region"];
/// What a key's policy may name.
pub(super) const KEY_POLICY: [&str; 4] = ["partition", "account", "region", "role"];
/// What a vault's policy may name.
pub(super) const VAULT_POLICY: [&str; 5] = ["partition", "account", "region", "role", "vault"];

/// An account, with the regions by the spec's names for them.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    pub(super) partition: String,
    pub(super) account: String,
    pub(super) regions: BTreeMap<String, String>,
}

impl Scope {
    /// The region of one of the spec's names; a name that it does not have stands for itself.
    pub(super) fn region<'a>(&'a self, name: &'a str) -> &'a str {
        self.regions.get(name).map_or(name, String::as_str)
    }

    pub(super) fn role_arn(&self, role: &Role) -> String {
        let name = self.fill_global(&role.name.value);
        format!("arn:{}:iam::{}:role{}{name}", self.partition, self.account, role.path())
    }

    /// The ARN of a vault in one of the spec's regions.
    pub(super) fn vault_arn(&self, region: &str, vault: &str) -> String {
        let vault = self.fill_regional(vault, region);
        let region = self.region(region);
        format!("arn:{}:backup:{region}:{}:backup-vault:{vault}", self.partition, self.account)
    }

    /// Where a copy goes; `None` if it does not say so.
    pub(super) fn destination(&self, copy: &CopyAction, plan_region: &str) -> Option<String> {
        match (&copy.vault_arn, &copy.vault, &copy.region) {
            (Some(arn), _, _) => Some(self.fill_regional(&arn.value, plan_region)),
            (None, Some(vault), Some(region)) => Some(self.vault_arn(&region.value, &vault.value)),
            (None, _, _) => None,
        }
    }

    /// The vault of the spec that a rule writes to.
    pub(super) fn target<'d>(
        &self,
        vaults: &'d [Vault],
        rule: &Rule,
        plan_region: &str,
    ) -> Option<&'d Vault> {
        self.vault(vaults, &self.vault_arn(plan_region, &rule.vault.value))
    }

    /// The vault of the spec with an ARN.
    pub(super) fn vault<'d>(&self, vaults: &'d [Vault], arn: &str) -> Option<&'d Vault> {
        vaults.iter().find(|vault| self.vault_arn(&vault.region.value, &vault.name.value) == arn)
    }

    /// The air-gapped vault of a rule, by name in the plan's region or by ARN.
    pub(super) fn air_gapped(&self, vault: &str, plan_region: &str) -> String {
        if vault.starts_with("arn:") {
            self.fill_regional(vault, plan_region)
        } else {
            self.vault_arn(plan_region, vault)
        }
    }

    pub(super) fn fill_global(&self, text: &str) -> String {
        template::fill(text, &[("partition", &self.partition), ("account", &self.account)])
    }

    pub(super) fn fill_regional(&self, text: &str, region: &str) -> String {
        template::fill(&self.fill_global(text), &[("region", self.region(region))])
    }

    pub(super) fn key_policy(&self, text: &str, region: &str, role: &Role) -> String {
        template::fill(&self.fill_regional(text.trim(), region), &[("role", &self.role_arn(role))])
    }

    pub(super) fn vault_policy(&self, text: &str, vault: &Vault, role: &Role) -> String {
        let arn = self.vault_arn(&vault.region.value, &vault.name.value);
        template::fill(&self.key_policy(text, &vault.region.value, role), &[("vault", &arn)])
    }
}
