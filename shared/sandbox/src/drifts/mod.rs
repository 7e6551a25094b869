//! Named drifts: each is something that a person, a script or an attacker can really do to an account.

mod account;
mod key;
mod plan;
mod role;
mod rule;
mod selection;
mod table;
mod vault;

use time::OffsetDateTime;

use crate::reference::deploy_service_role;
use crate::state::{Account, RecoveryPoint, Region, Tags};

pub use table::DRIFTS;

/// One way to drift, applied by its name.
#[derive(Debug, Clone, Copy)]
pub struct NamedDrift {
    /// The name, in kebab case.
    pub name: &'static str,
    /// What happens, in one line.
    pub description: &'static str,
    /// What it happens to unless the caller says otherwise.
    pub target: &'static str,
    apply: Apply,
}

/// Account, target and time; what stands in the way, if something does.
type Apply = fn(&mut Account, &str, OffsetDateTime) -> Result<(), &'static str>;

/// A drift that could not be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownDrift {
    /// No drift has this name.
    #[error("there is no drift {name}; there are: {known}")]
    Name {
        /// The name that was given.
        name: String,
        /// All names, those most like it first.
        known: String,
    },
    /// The account holds nothing that the drift could change.
    #[error("{name} cannot happen to {target}: {why}")]
    Target {
        /// The drift.
        name: String,
        /// What it was to change.
        target: String,
        /// What stands in the way.
        why: String,
    },
}

/// Applies `name` or `name:target`.
pub(crate) fn apply(account: &mut Account, given: &str, now: OffsetDateTime) -> Result<(), UnknownDrift> {
    let (name, target) = match given.split_once(':') {
        Some((name, target)) => (name, Some(target)),
        None => (given, None),
    };
    let drift = DRIFTS.iter().find(|drift| drift.name == name).ok_or_else(|| unknown(name))?;
    let target = target.unwrap_or(drift.target);
    (drift.apply)(account, target, now).map_err(|why| UnknownDrift::Target {
        name: name.to_owned(),
        target: target.to_owned(),
        why: why.to_owned(),
    })
}

fn unknown(name: &str) -> UnknownDrift {
    let mut known: Vec<&str> = DRIFTS.iter().map(|drift| drift.name).collect();
    let shared_start =
        |other: &str| name.bytes().zip(other.bytes()).take_while(|(left, right)| left == right).count();
    known.sort_by_key(|other| std::cmp::Reverse(shared_start(other)));
    UnknownDrift::Name { name: name.to_owned(), known: known.join(", ") }
}

/// A recovery point, as a backup job would leave it.
pub(crate) fn add_recovery_point(
    account: &mut Account,
    region: &str,
    vault: &str,
    now: OffsetDateTime,
) -> Result<String, UnknownDrift> {
    let region = account.region(region);
    let arn = region.arn("backup", &format!("recovery-point:{}", region.ids.clone().uuid()));
    let stored = region.backup.vaults.get_mut(vault).ok_or_else(|| UnknownDrift::Target {
        name: "a recovery point".to_owned(),
        target: vault.to_owned(),
        why: "there is no such vault".to_owned(),
    })?;
    let point = RecoveryPoint { arn: arn.clone(), created: now, lifecycle: Default::default() };
    stored.recovery_points.insert(arn.clone(), point);
    // The id above was only looked at, so that a vault that does not exist uses none up.
    region.ids.uuid();
    Ok(arn)
}

/// The region that satisfies a condition; names of vaults and plans do not say where they are.
fn region_with(account: &mut Account, holds: impl Fn(&Region) -> bool) -> Option<&mut Region> {
    account.regions.values_mut().find(|region| holds(region))
}

/// Another role that AWS Backup can use, as its console makes one; its ARN.
fn role_of_service(account: &mut Account, name: &str, now: OffsetDateTime) -> String {
    deploy_service_role(account, "/service-role/", name, Tags::new(), now)
}
