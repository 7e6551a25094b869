//! Reads everything that the spec names: independent reads at once, three round trips deep.

mod backup;
mod iam;
mod kms;
mod plans;
mod unaliased;

use std::collections::BTreeMap;

use futures_util::future::{join, join_all};
use reconcile::desired::Desired;
use reconcile::state::{Observation, Observed, place};
use time::OffsetDateTime;

use crate::Clients;

/// The account as it is now.
pub(crate) async fn observe(
    clients: &Clients,
    desired: &Desired,
    clock: &(dyn Fn() -> OffsetDateTime + Send + Sync),
) -> Observed {
    let regions = desired.regions();
    let in_regions = join_all(regions.into_iter().map(|region| observe_region(clients, desired, region)));
    let (role, in_regions) = join(iam::observe_role(clients, &desired.role), in_regions).await;
    let mut observed = Observed {
        // After the reads, so that a lock date that passed while they ran counts as passed.
        at: clock(),
        role,
        aliases: BTreeMap::new(),
        keys: BTreeMap::new(),
        unaliased: BTreeMap::new(),
        vaults: BTreeMap::new(),
        plans: BTreeMap::new(),
    };
    for seen in in_regions {
        observed.aliases.extend(seen.keys.aliases);
        observed.keys.extend(seen.keys.keys);
        observed.unaliased.extend(seen.keys.unaliased);
        observed.vaults.extend(seen.vaults);
        observed.plans.extend(seen.plans);
    }
    observed
}

struct RegionSeen {
    keys: kms::KeysSeen,
    vaults: BTreeMap<reconcile::state::Place, Observation<reconcile::state::Vault>>,
    plans: BTreeMap<reconcile::state::Place, Observation<reconcile::state::PlanMatch>>,
}

async fn observe_region(clients: &Clients, desired: &Desired, region: &str) -> RegionSeen {
    let client = clients.region(region);
    let keys_and_vaults = async {
        let (listed, aliases) = join(
            backup::list_vaults(&client, region, desired),
            kms::observe_aliases(&client, region, desired),
        )
        .await;
        join(
            backup::observe_vaults(&client, region, desired, &listed),
            kms::observe_keys(&client, region, desired, &listed, aliases),
        )
        .await
    };
    let plans = plans::observe_plans(&client, region, desired);
    let ((vaults, keys), plans) = join(keys_and_vaults, plans).await;
    let vaults = vaults.into_iter().map(|(name, seen)| (place(region, &name), seen)).collect();
    let plans = plans.into_iter().map(|(name, seen)| (place(region, &name), seen)).collect();
    RegionSeen { keys, vaults, plans }
}
