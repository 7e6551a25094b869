//! Reads everything that the spec names: independent reads at once, three round trips deep.

mod backup;
mod former_plans;
mod iam;
mod key;
mod kms;
mod lock_puts;
mod makers;
mod plans;
mod region_settings;
mod says;
mod unaliased;
mod unknown_members;

use std::collections::BTreeMap;

use futures_util::future::{join, join_all, join3};
use reconcile::desired::Desired;
use reconcile::identity::{keys_in_question, plans_in_question};
use reconcile::read::Refusal;
use reconcile::state::{Observation, Observed, Place, PlanCandidate, RegionSettings, Vault, place};
use time::OffsetDateTime;

use crate::Clients;
use crate::memory::Memory;

pub(crate) use backup::moment;
pub(crate) use iam::{NO_SUCH_ENTITY, told_role};

/// What a look goes by.
pub(crate) struct Look<'a> {
    clients: &'a Clients,
    memory: &'a Memory,
    desired: &'a Desired,
    clock: &'a (dyn Fn() -> OffsetDateTime + Send + Sync),
}

/// The account as it is now.
pub(crate) async fn observe(
    clients: &Clients,
    memory: &Memory,
    desired: &Desired,
    clock: &(dyn Fn() -> OffsetDateTime + Send + Sync),
) -> Observed {
    let look = Look { clients, memory, desired, clock };
    let regions = desired.regions();
    let in_regions = join_all(regions.into_iter().map(|region| observe_region(&look, region)));
    let roles = join_all(desired.roles.iter().map(|role| {
        let look = &look;
        async move { (role.name.clone(), iam::observe_role(look, role).await) }
    }));
    let (roles, in_regions) = join(roles, in_regions).await;
    let mut observed = Observed {
        // After the reads, so that a lock date that passed while they ran counts as passed.
        at: clock(),
        cut_short: false,
        roles: roles.into_iter().collect(),
        aliases: BTreeMap::new(),
        keys: BTreeMap::new(),
        unaliased: BTreeMap::new(),
        made_by_us: BTreeMap::new(),
        vaults: BTreeMap::new(),
        plans: BTreeMap::new(),
        former_plans: BTreeMap::new(),
        region_settings: BTreeMap::new(),
    };
    for seen in in_regions {
        observed.region_settings.extend(seen.settings);
        observed.aliases.extend(seen.keys.aliases);
        observed.keys.extend(seen.keys.keys);
        observed.unaliased.extend(seen.keys.unaliased);
        observed.made_by_us.extend(seen.keys.made_by_us);
        observed.vaults.extend(seen.vaults);
        observed.plans.extend(seen.plans);
    }
    let asked = plans_in_question(desired, &observed);
    let former = Box::pin(join_all(asked.into_iter().map(|(region, name, before)| async move {
        let seen = former_plans::observe(&clients.region(region), name, before).await;
        (place(region, name), seen)
    })))
    .await;
    for (place, seen) in former {
        let so_far = observed.former_plans.remove(&place);
        observed.former_plans.insert(place, former_plans::both(so_far, seen));
    }
    let asked = keys_in_question(desired, &observed);
    let asked: Vec<_> = asked.into_iter().filter(|(_, arn)| !observed.made_by_us.contains_key(arn)).collect();
    // Hardly ever is there such a key, so that nobody waits for this. Boxed, because futures within futures are slow to compile.
    let made: Vec<_> = Box::pin(join_all(asked.into_iter().map(|(key, arn)| {
        let keys = &observed.keys;
        let look = &look;
        async move { makers::observe(look, &key.region, [arn].into(), keys).await }
    })))
    .await;
    observed.made_by_us.extend(made.into_iter().flatten());
    observed
}

/// What is said of an account when the time was over before everything was read.
pub(crate) fn cut_short(desired: &Desired, at: OffsetDateTime) -> Observed {
    let keys = desired.keys.iter().map(|key| place(&key.region, &key.alias));
    let vaults = desired.vaults.iter().map(|vault| place(&vault.region, &vault.name));
    let plans = desired.plans.iter().map(|plan| place(&plan.region, &plan.document.name));
    let roles = desired.roles.iter().map(|role| role.name.clone());
    let settings = desired.region_settings.iter().map(|settings| settings.region.clone());
    Observed {
        at,
        cut_short: true,
        roles: roles.map(|role| (role, Observation::Unreadable(Refusal::out_of_time()))).collect(),
        aliases: keys.map(|key| (key, Observation::Unreadable(Refusal::out_of_time()))).collect(),
        keys: BTreeMap::new(),
        unaliased: BTreeMap::new(),
        made_by_us: BTreeMap::new(),
        vaults: vaults.map(|vault| (vault, Observation::Unreadable(Refusal::out_of_time()))).collect(),
        plans: plans.map(|plan| (plan, Observation::Unreadable(Refusal::out_of_time()))).collect(),
        former_plans: BTreeMap::new(),
        region_settings: settings
            .map(|region| (region, Observation::Unreadable(Refusal::out_of_time())))
            .collect(),
    }
}

/// A part of what is there: that it is not found contradicts that, and proves nothing.
fn a_part<T>(seen: Observation<T>) -> Observation<T> {
    match seen {
        Observation::Absent => Observation::Unreadable(Refusal::contradicted()),
        Observation::Present(_) | Observation::Unreadable(_) => seen,
    }
}

struct RegionSeen {
    keys: kms::KeysSeen,
    vaults: BTreeMap<Place, Observation<Vault>>,
    plans: BTreeMap<Place, Observation<Vec<PlanCandidate>>>,
    settings: Option<(String, Observation<RegionSettings>)>,
}

async fn observe_region(look: &Look<'_>, region: &str) -> RegionSeen {
    let desired = look.desired;
    let client = look.clients.region(region);
    let keys_and_vaults = async {
        let (listed, aliases) = join(
            backup::list_vaults(&client, region, desired),
            kms::observe_aliases(&client, region, desired),
        )
        .await;
        join(
            backup::observe_vaults(look, &client, region, &listed),
            kms::observe_keys(look, &client, region, &listed, aliases),
        )
        .await
    };
    let plans = plans::observe_plans(&client, region, desired);
    let settings = region_settings::observe(&client, region, desired);
    let ((vaults, keys), plans, settings) = join3(keys_and_vaults, plans, settings).await;
    let settings = settings.map(|seen| (region.to_owned(), seen));
    let vaults = vaults.into_iter().map(|(name, seen)| (place(region, &name), seen)).collect();
    let plans = plans.into_iter().map(|(name, seen)| (place(region, &name), seen)).collect();
    RegionSeen { keys, vaults, plans, settings }
}
