//! Names for the things that are compared: the kinds, in the order in which they depend on each other, and one resource.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use strum::{EnumMessage, VariantArray};

/// The kinds of resources, in dependency order; this order is the order of findings and of repairs.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema, VariantArray, EnumMessage,
)]
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
    /// What AWS Backup does in a region at all.
    RegionSettings,
}

impl Kind {
    /// All kinds, in dependency order.
    pub const ALL: &'static [Kind] = Kind::VARIANTS;

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
            Kind::RegionSettings => "region-settings",
        }
    }

    /// What it is, in a sentence.
    pub fn explanation(self) -> &'static str {
        self.get_documentation().unwrap_or_default()
    }

    /// The kind that reports write so.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }

    /// The AWS service whose calls change it, as IAM and CloudTrail name it.
    pub fn service(self) -> &'static str {
        match self {
            Kind::Role => "iam",
            Kind::Key | Kind::Alias => "kms",
            Kind::Vault
            | Kind::VaultPolicy
            | Kind::VaultLock
            | Kind::Plan
            | Kind::Selection
            | Kind::RegionSettings => "backup",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One resource of the spec. Ordered by kind, region and name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId {
    /// What it is.
    pub kind: Kind,
    /// The region's name; `None` for the role, which is global.
    pub region: Option<String>,
    /// The plan of a selection.
    pub plan: Option<String>,
    /// The name within the region, or within the plan; a key's is that of its alias.
    pub name: String,
}

impl ResourceId {
    /// What reports call the settings of a region.
    pub const NAME_OF_SETTINGS: &'static str = "backup";

    /// A resource in a region.
    pub fn regional(kind: Kind, region: &str, name: &str) -> Self {
        Self { kind, region: Some(region.to_owned()), plan: None, name: name.to_owned() }
    }

    /// The role, which has no region.
    pub fn role(name: &str) -> Self {
        Self { kind: Kind::Role, region: None, plan: None, name: name.to_owned() }
    }

    /// A selection of a plan.
    pub fn selection(region: &str, plan: &str, selection: &str) -> Self {
        Self { plan: Some(plan.to_owned()), ..Self::regional(Kind::Selection, region, selection) }
    }

    /// The settings of AWS Backup in a region, which have no name of their own.
    pub fn region_settings(region: &str) -> Self {
        Self::regional(Kind::RegionSettings, region, Self::NAME_OF_SETTINGS)
    }

    /// What has the same place and name and is of another kind, such as the vault of a vault's policy.
    pub fn of_kind(&self, kind: Kind) -> Self {
        Self { kind, ..self.clone() }
    }

    /// The plan that a selection belongs to.
    pub fn its_plan(&self) -> Option<Self> {
        let name = self.plan.clone()?;
        Some(Self { kind: Kind::Plan, region: self.region.clone(), plan: None, name })
    }

    /// The name as reports write it; a selection's is `plan/selection`.
    pub fn full_name(&self) -> Cow<'_, str> {
        match &self.plan {
            Some(plan) => format!("{plan}/{}", self.name).into(),
            None => self.name.as_str().into(),
        }
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.region {
            Some(region) => write!(f, "{} {region}/{}", self.kind, self.full_name()),
            None => write!(f, "{} {}", self.kind, self.full_name()),
        }
    }
}

/// One resource of the spec, in the answer.
#[derive(Serialize, JsonSchema)]
struct Written<'a> {
    /// What it is.
    kind: Kind,
    /// The region's name; `null` for the role, which is global.
    region: Option<&'a str>,
    /// The name within the region; a selection's is `plan/selection`, a key's is that of its alias.
    name: Cow<'a, str>,
}

impl Serialize for ResourceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = Written { kind: self.kind, region: self.region.as_deref(), name: self.full_name() };
        written.serialize(serializer)
    }
}

impl JsonSchema for ResourceId {
    fn schema_name() -> Cow<'static, str> {
        "ResourceId".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Written::json_schema(generator)
    }
}
