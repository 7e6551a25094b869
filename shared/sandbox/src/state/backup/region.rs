//! What AWS Backup keeps in one region.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::plan::Plan;
use super::preferences::Preferences;
use super::vault::Vault;

/// What AWS Backup keeps in one region.
#[derive(Debug, Clone, Default)]
pub struct Backup {
    /// By name.
    pub vaults: BTreeMap<String, Vault>,
    /// By id. Deleted plans stay, because their versions can still be read.
    pub plans: BTreeMap<String, Plan>,
    /// Vaults of other accounts that are shared with this one. A name may be an own vault's as well.
    pub shared: Vec<Vault>,
    /// Which services are backed up.
    pub preferences: Preferences,
}

impl Backup {
    /// Ends the making of vaults whose time has come.
    pub(in crate::state) fn settle(&mut self, now: OffsetDateTime) {
        self.vaults.values_mut().for_each(|vault| vault.state = vault.state.at(now));
    }

    /// The plans that are not deleted, in the order of their ids.
    pub fn live_plans(&self) -> impl Iterator<Item = &Plan> {
        self.plans.values().filter(|plan| plan.deleted.is_none())
    }

    /// The plan with this id, unless it is deleted.
    pub fn live_plan(&mut self, id: &str) -> Option<&mut Plan> {
        self.plans.get_mut(id).filter(|plan| plan.deleted.is_none())
    }
}
