//! What a region's lists have, whether a spec names it or not.

use std::collections::BTreeMap;

use crate::state::Observation;

/// Plans that AWS Organizations and Amazon EFS keep show up in the list and cannot be edited.
const KEPT_BY_OTHERS: [&str; 2] = ["orgs/", "aws/efs/"];

/// The vaults, plans and aliases of a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lists {
    /// The region's name.
    pub region: String,
    /// Every vault, those of other accounts that are shared with this one too.
    pub vaults: Vec<ListedVault>,
    /// Every plan that is not deleted.
    pub plans: Vec<ListedPlan>,
    /// By alias: the id of its key.
    pub aliases: Observation<BTreeMap<String, String>>,
}

/// A vault as the list has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedVault {
    /// The vault's name.
    pub name: String,
    /// The vault's ARN.
    pub arn: String,
    /// ARN of the key that encrypts it.
    pub key_arn: String,
    /// Such as [`BACKUP_VAULT`](crate::state::BACKUP_VAULT).
    pub vault_type: String,
}

/// A plan as the list has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPlan {
    /// The plan's id.
    pub id: String,
    /// The plan's name, which others may have as well.
    pub name: String,
}

impl ListedPlan {
    /// Whether AWS Organizations or Amazon EFS keeps it, so that nobody in the account can change it.
    pub fn is_kept_by_others(&self) -> bool {
        is_kept_by_others(&self.id)
    }
}

/// The same of a plan's id.
pub fn is_kept_by_others(id: &str) -> bool {
    KEPT_BY_OTHERS.iter().any(|prefix| id.starts_with(prefix))
}
