//! Names for the things that are compared: the kinds, in the order in which they depend on each other, and one resource.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// The kinds of resources, in dependency order; this order is the order of findings and of repairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The IAM role that AWS Backup assumes.
    Role,
    /// A KMS key that encrypts vaults.
    Key,
    /// The alias by which the spec names a key.
    Alias,
    /// A backup vault.
    Vault,
    /// The access policy of a vault.
    VaultPolicy,
    /// The Vault Lock of a vault.
    VaultLock,
    /// A backup plan, its rules and copy actions.
    Plan,
    /// A resource selection of a plan.
    Selection,
}

impl Kind {
    /// All kinds, in dependency order.
    pub const ALL: [Kind; 8] = [
        Kind::Role,
        Kind::Key,
        Kind::Alias,
        Kind::Vault,
        Kind::VaultPolicy,
        Kind::VaultLock,
        Kind::Plan,
        Kind::Selection,
    ];

    /// The kind as reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Role => "role",
            Kind::Key => "key",
            Kind::Alias => "alias",
            Kind::Vault => "vault",
            Kind::VaultPolicy => "vault-policy",
            Kind::VaultLock => "vault-lock",
            Kind::Plan => "plan",
            Kind::Selection => "selection",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One resource of the spec. Ordered by kind, region and name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
pub struct ResourceId {
    /// What it is.
    pub kind: Kind,
    /// The region's name; `None` for the role, which is global.
    pub region: Option<String>,
    /// The name within the region; a selection's is `plan/selection`, a key's is that of its alias.
    pub name: String,
}

impl ResourceId {
    /// A resource in a region.
    pub fn regional(kind: Kind, region: &str, name: &str) -> Self {
        Self { kind, region: Some(region.to_owned()), name: name.to_owned() }
    }

    /// The role, which has no region.
    pub fn role(name: &str) -> Self {
        Self { kind: Kind::Role, region: None, name: name.to_owned() }
    }

    /// What has the same place and name and is of another kind, such as the vault of a vault's policy.
    pub fn of_kind(&self, kind: Kind) -> Self {
        Self { kind, ..self.clone() }
    }

    /// A selection of a plan.
    pub fn selection(region: &str, plan: &str, selection: &str) -> Self {
        Self::regional(Kind::Selection, region, &format!("{plan}/{selection}"))
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.region {
            Some(region) => write!(f, "{} {region}/{}", self.kind, self.name),
            None => write!(f, "{} {}", self.kind, self.name),
        }
    }
}
