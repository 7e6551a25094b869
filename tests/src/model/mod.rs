//! A pure model: the account as a spec describes it, derived from the spec, and every single way to drift from it.

mod changing;
mod drifts;
mod texts;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use reconcile::call::CallError;
use reconcile::desired::{Desired, LockMode};
use reconcile::read::{Read, Refusal};
use reconcile::repair::Limits;
use reconcile::run::{Account, run};
use reconcile::simulate::Preview;
use reconcile::spec::{Spec, Target};
use reconcile::state::{Observation, Observed, RegionSettings};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

pub use changing::Changing;
pub use drifts::{DRIFTS, ModelDrift};
pub use texts::{Change, each_text, error_texts};

/// When the model is observed.
pub const NOW: OffsetDateTime = datetime!(2026-11-23 03:00 UTC);
/// Limits that do not limit.
pub const NO_LIMITS: Limits =
    Limits { max_calls: 1000, bootstrap: false, compliance_locks: true, only: Vec::new() };

/// The embedded spec's text.
pub const SPEC: &str = include_str!("../../../functions/drift-healer/desired.toml");
/// The text of a spec that shares no name and no value with the embedded one.
pub const ACME: &str = include_str!("../../core/specs/acme.toml");

/// A spec, resolved for the account of the examples.
pub fn resolve(spec: &str) -> Desired {
    let target = Target {
        partition: "aws".to_owned(),
        account: "123456789012".to_owned(),
        primary_region: None,
        dr_region: None,
    };
    Spec::parse(spec).unwrap_or_else(|errors| panic!("{errors}")).resolve(&target).unwrap()
}

/// The embedded spec, resolved.
pub fn desired() -> Desired {
    resolve(SPEC)
}

/// Two specs that have nothing in common, resolved: what holds has to hold for any.
pub fn specs() -> [Desired; 2] {
    [resolve(SPEC), resolve(ACME)]
}

/// Drives a future that never waits.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the model never waits"),
    }
}

/// An account in which nothing of the spec exists.
pub fn empty() -> Observed {
    Observed {
        at: NOW,
        cut_short: false,
        roles: BTreeMap::new(),
        aliases: BTreeMap::new(),
        keys: BTreeMap::new(),
        unaliased: BTreeMap::new(),
        made_by_us: BTreeMap::new(),
        former_plans: BTreeMap::new(),
        vaults: BTreeMap::new(),
        plans: BTreeMap::new(),
        region_settings: BTreeMap::new(),
    }
}

/// The settings of a region in which AWS Backup is switched on for everything.
fn all_on() -> RegionSettings {
    let on = |types: &[&str]| types.iter().map(|kind| ((*kind).to_owned(), true)).collect();
    RegionSettings {
        opt_in: on(&["DynamoDB", "EBS", "EC2", "RDS", "S3", "Storage Gateway"]),
        management: on(&["DynamoDB", "EFS"]),
    }
}

/// An account in sync with the spec: what a run makes of an empty one.
pub fn in_sync(desired: &Desired) -> Observed {
    let settings = desired.region_settings.iter();
    let region_settings = settings.map(|one| (one.region.clone(), Observation::Present(all_on()))).collect();
    let account = Preview::new(desired, Observed { region_settings, ..empty() });
    now(run(&account, desired, &Limits { bootstrap: true, ..NO_LIMITS }));
    let mut observed = now(account.observe(desired));
    settle(&mut observed, desired);
    observed
}

/// Makes it an account that was deployed some time ago by other means than ours.
fn settle(observed: &mut Observed, desired: &Desired) {
    observed.made_by_us.clear();
    observed.unaliased.clear();
    let before = |days| Some(NOW - Duration::days(days));
    for key in observed.keys.values_mut().filter_map(Observation::present_mut) {
        key.created = before(400);
    }
    for want in &desired.roles {
        let Some(role) = observed.roles.get_mut(&want.name).and_then(Observation::present_mut) else {
            continue;
        };
        role.created = before(399);
        // Nobody but the tool that makes them puts these.
        let texts = want.inline_policies.iter();
        let texts = texts.map(|(name, text)| {
            (name.clone(), text.clone().map_or(Observation::Absent, Observation::Present))
        });
        role.inline = Observation::Present(texts.collect());
    }
    for plan in observed.plans.values_mut().filter_map(Observation::present_mut).flatten() {
        plan.created = before(398);
    }
    for (place, vault) in &mut observed.vaults {
        // Younger than the grace time of its lock, which still runs.
        let Some(vault) = vault.present_mut() else { continue };
        let mut vaults = desired.vaults.iter();
        let want = vaults.find(|want| (&want.region, &want.name) == (&place.0, &place.1));
        let grace = want.and_then(|want| want.lock).map(|lock| lock.mode);
        vault.created = match grace {
            Some(LockMode::Compliance { changeable_for_days }) => before(changeable_for_days - 1),
            Some(LockMode::Governance) | None => before(1),
        };
    }
}

/// A read that AWS refused.
pub fn refused(read: Read, code: &str) -> Refusal {
    Refusal::of(read, CallError { code: code.to_owned(), message: "no".to_owned() })
}
