//! The resource that an exception names, as reports write it: `kind region/name`, found in the spec.

use super::arns::Scope;
use super::raw::{Document, Plan};
use crate::resource::{Kind, ResourceId};
use crate::suggest::or_else_all;

/// A resource by the spec's own names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) kind: Kind,
    /// The region by the spec's name for it; `None` for the role.
    pub(super) region: Option<String>,
    /// The plan of a selection.
    pub(super) plan: Option<String>,
    pub(super) name: String,
    /// Whether the spec has it; selections that nobody designed are named as well.
    pub(super) in_spec: bool,
}

impl Place {
    /// Finds what is written in the spec, or says what is wrong with it and what was probably meant.
    pub(super) fn read(written: &str, document: &Document) -> Result<Self, String> {
        let kind = Self::kind_of(written)?;
        let rest = written.split_once(' ').map_or("", |(_, rest)| rest);
        if kind == Kind::Role {
            let roles: Vec<&str> = document.roles().map(|role| role.name.value.as_str()).collect();
            known(rest, &roles, "a role of the spec")?;
            return Ok(Self { kind, region: None, plan: None, name: rest.to_owned(), in_spec: true });
        }
        let (region, name) =
            rest.split_once('/').ok_or_else(|| format!("{rest:?} names no region; {HOW}"))?;
        let region = named_region(region, document)?;
        let plans = || document.plans.iter().filter(|plan| plan.region.value == region);
        let here = |all: Vec<&'_ str>| -> Result<Self, String> {
            known(name, &all, &format!("a {kind} of the spec in this region"))?;
            Ok(Self { kind, region: Some(region.clone()), plan: None, name: name.to_owned(), in_spec: true })
        };
        match kind {
            Kind::Role => Err(HOW.to_owned()),
            Kind::Key | Kind::Alias => {
                let keys = document.keys.iter().filter(|key| key.region.value == region);
                let aliases = keys.map(|key| key.alias.value.as_str());
                let vaults = document.vaults.iter().filter(|vault| vault.region.value == region);
                let by_arn = vaults.filter_map(|vault| Some(vault.key.as_ref()?.value.as_str()));
                let by_arn = by_arn.filter(|key| kind == Kind::Key && key.starts_with("arn:"));
                here(aliases.chain(by_arn).collect())
            }
            Kind::Vault | Kind::VaultPolicy | Kind::VaultLock => {
                let has = |vault: &&super::raw::Vault| {
                    (kind != Kind::VaultPolicy || vault.policy.is_some())
                        && (kind != Kind::VaultLock || vault.lock.is_some())
                };
                let vaults = document.vaults.iter().filter(|vault| vault.region.value == region);
                here(vaults.filter(has).map(|vault| vault.name.value.as_str()).collect())
            }
            Kind::Plan => here(plans().map(|plan| plan.name.value.as_str()).collect()),
            Kind::Selection => selection(name, &region, &plans().collect::<Vec<_>>()),
            Kind::RegionSettings => here(vec![ResourceId::NAME_OF_SETTINGS]),
        }
    }

    /// The kind of what is written.
    pub(super) fn kind_of(written: &str) -> Result<Kind, String> {
        let (kind, _) =
            written.split_once(' ').ok_or_else(|| format!("{written:?} names no resource; {HOW}"))?;
        let kinds = Kind::ALL.iter().map(|kind| kind.as_str());
        Kind::named(kind).ok_or_else(|| format!("{kind:?} is of no known kind; {}", or_else_all(kind, kinds)))
    }

    /// The resource in an account and its regions.
    pub(super) fn resource(self, scope: &Scope) -> ResourceId {
        let region = self.region.map(|region| scope.region(&region).to_owned());
        // Names may hold the account and the region.
        let filled = |name: String| match &region {
            Some(region) => scope.fill_regional(&name, region),
            None => scope.fill_global(&name),
        };
        let (plan, name) = (self.plan.map(filled), filled(self.name));
        ResourceId { kind: self.kind, region: region.clone(), plan, name }
    }
}

const HOW: &str =
    "write it as reports do, \"vault us-east-1/NAME\", \"selection us-east-1/PLAN/NAME\" or \"role NAME\"";

/// The spec's name for a region that is written by that name or by AWS's.
fn named_region(written: &str, document: &Document) -> Result<String, String> {
    let found = document.regions.iter().find(|(name, region)| *name == written || region.value == written);
    found.map(|(name, _)| name.clone()).ok_or_else(|| {
        let regions = document.regions.values().map(|region| region.value.as_str());
        format!("{written:?} is no region of the spec; {}", or_else_all(written, regions.collect::<Vec<_>>()))
    })
}

fn selection(written: &str, region: &str, plans: &[&Plan]) -> Result<Place, String> {
    let (plan, name) =
        written.split_once('/').ok_or_else(|| format!("{written:?} names no plan and selection; {HOW}"))?;
    let names: Vec<&str> = plans.iter().map(|plan| plan.name.value.as_str()).collect();
    known(plan, &names, "a plan of the spec in this region")?;
    let of_plan = plans.iter().filter(|one| one.name.value == plan).flat_map(|one| &one.selections);
    let in_spec = of_plan.map(|selection| selection.name.value.as_str()).any(|one| one == name);
    Ok(Place {
        kind: Kind::Selection,
        region: Some(region.to_owned()),
        plan: Some(plan.to_owned()),
        name: name.to_owned(),
        in_spec,
    })
}

fn known(written: &str, all: &[&str], what: &str) -> Result<(), String> {
    if all.contains(&written) {
        return Ok(());
    }
    Err(format!("{written:?} is not {what}; {}", or_else_all(written, all.iter().copied())))
}
