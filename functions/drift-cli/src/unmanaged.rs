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
    /// Of the plans that the spec names, with only the selections that it does not.
    selections: Vec<ListedPlan>,
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
        let vaults = vaults.into_iter().filter(|one| !named_vault(one)).collect();
        let (mut selections, plans): (Vec<_>, Vec<_>) =
            plans.into_iter().partition(|one| wanted(one).is_some());
        for one in &mut selections {
            let named = wanted(one).map(|want| want.selections.as_slice()).unwrap_or_default();
            one.selections.retain(|name| named.iter().all(|selection| selection.name != *name));
        }
        Self { vaults, plans, selections, unread }
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
        let selections = self.selections.iter().flat_map(|one| {
            one.selections.iter().map(move |name| {
                format!("selection {}/{}/{name}: its plan is in the spec", one.region, one.name)
            })
        });
        let unread = self.unread.iter().map(|why| format!("not listed: {why}"));
        let plans = self.plans.iter().map(plan);
        let lines = self.vaults.iter().map(vault).chain(plans).chain(selections).chain(unread);
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
        let selections = self.selections.iter().flat_map(|one| {
            one.selections.iter().map(
                move |name| json!({ "region": one.region, "plan": clean(&one.name), "name": clean(name) }),
            )
        });
        let unread: Vec<String> = self.unread.iter().map(|why| clean(why)).collect();
        json!({
            "vaults": vaults.collect::<Vec<_>>(), "plans": plans.collect::<Vec<_>>(),
            "selections": selections.collect::<Vec<_>>(), "unread": unread,
        })
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
