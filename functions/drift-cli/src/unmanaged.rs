//! What of AWS Backup is there and is not in the spec: the first question of whoever adopts it.

use aws_account::inventory::{Inventory, ListedPlan, ListedVault};
use reconcile::desired::Desired;
use reconcile::state::Observation;
use reconcile::words::clean;
use serde_json::{Value, json};

/// Vaults and plans that the spec does not name, in its regions.
#[derive(Debug, Clone, Default)]
pub struct Unmanaged {
    vaults: Vec<ListedVault>,
    plans: Vec<ListedPlan>,
    unread: Vec<String>,
}

impl Unmanaged {
    /// What of an inventory a spec does not name.
    pub fn of(inventory: Inventory, desired: &Desired) -> Self {
        let Inventory { vaults, plans, unread } = inventory;
        let named_vault = |one: &ListedVault| {
            desired.vaults.iter().any(|want| want.region == one.region && want.name == one.name)
        };
        let wanted = |one: &ListedPlan| {
            let mut plans = desired.plans.iter();
            plans.find(|want| want.region == one.region && want.document.name == one.name)
        };
        // Of a plan that the spec names, only the selections that it does not.
        let rest = |mut one: ListedPlan| match wanted(&one) {
            None => Some(one),
            Some(want) => {
                one.selections.retain(|name| want.selections.iter().all(|selection| selection.name != *name));
                (!one.selections.is_empty()).then_some(one)
            }
        };
        let vaults = vaults.into_iter().filter(|one| !named_vault(one)).collect();
        Self { vaults, plans: plans.into_iter().filter_map(rest).collect(), unread }
    }

    /// A line for each.
    pub fn lines(&self) -> Vec<String> {
        let vault = |one: &ListedVault| {
            let points =
                one.recovery_points.map(|count| format!(", {count} recovery points")).unwrap_or_default();
            format!("vault {}/{}: {}, {}{points}", one.region, one.name, lock(one), policy(one))
        };
        let plan = |one: &ListedPlan| {
            let selections = match one.selections.as_slice() {
                [] => "no selections".to_owned(),
                names => format!("selections {}", names.join(", ")),
            };
            format!("plan {}/{}: {selections}", one.region, one.name)
        };
        let unread = self.unread.iter().map(|why| format!("not listed: {why}"));
        let lines = self.vaults.iter().map(vault).chain(self.plans.iter().map(plan)).chain(unread);
        lines.map(|line| clean(&line)).collect()
    }

    /// The same for machines.
    pub fn to_json(&self) -> Value {
        let vaults = self.vaults.iter().map(|one| {
            json!({
                "region": one.region, "name": clean(&one.name), "lock": lock(one), "policy": policy(one),
                "recovery_points": one.recovery_points,
            })
        });
        let plans = self.plans.iter().map(|one| {
            let selections: Vec<String> = one.selections.iter().map(|name| clean(name)).collect();
            json!({ "region": one.region, "name": clean(&one.name), "selections": selections })
        });
        let unread: Vec<String> = self.unread.iter().map(|why| clean(why)).collect();
        json!({ "vaults": vaults.collect::<Vec<_>>(), "plans": plans.collect::<Vec<_>>(), "unread": unread })
    }
}

fn lock(vault: &ListedVault) -> String {
    match (vault.locked, vault.lock_date) {
        (false, _) => "no lock".to_owned(),
        (true, None) => "governance lock".to_owned(),
        (true, Some(date)) => format!("compliance lock, immutable from {}", date.date()),
    }
}

fn policy(vault: &ListedVault) -> &'static str {
    match &vault.policy {
        Observation::Present(()) => "an access policy",
        Observation::Absent => "no access policy",
        Observation::Unreadable(_) => "an access policy that could not be read",
    }
}
