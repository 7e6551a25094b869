//! An account, read: its regions' lists, then everything in them, then the roles of its selections.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use anstream::eprintln;
use anyhow::anyhow;
use aws_account::{AwsAccount, Clients, Pace};
use reconcile::desired::Desired;
use reconcile::diff::diff;
use reconcile::lists::Lists;
use reconcile::run::Account;
use reconcile::spec::Target;
use reconcile::state::Observed;
use reconcile::words::{Reader, Scene, Tense, clean};
use spec_import::account::{
    everything, further_regions, imported, role_arns, with_inline_policies, with_roles,
};
use spec_import::{Imported, Written};
use time::OffsetDateTime;
use tokio::time::Instant;

use crate::paint;

/// A look at an account has as long as it takes.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

type Clock = fn() -> OffsetDateTime;

/// The account of the clients' credentials: in the chosen regions, or in the one of the profile and those that copies go to.
///
/// # Errors
///
/// When nobody knows whose account it is, or vaults and plans cannot be listed.
pub async fn from_account(
    clients: &Clients,
    chosen: &[String],
    home: &str,
    clock: impl Fn() -> OffsetDateTime + Send + Sync + 'static,
) -> anyhow::Result<Imported> {
    let caller = clients.caller().await?;
    let (partition, account) = (caller.identity.partition, caller.identity.account);
    let primary = chosen.first().map_or(home, String::as_str);
    let reader = reader(clients, clock);
    let mut base = Imported::new("", "", &partition, &account, primary);
    let mut looked_at: BTreeSet<String> = BTreeSet::new();
    let mut regions: BTreeSet<String> =
        if chosen.is_empty() { [home.to_owned()].into() } else { chosen.iter().cloned().collect() };
    let mut named = base.desired.clone();
    let mut observed: Option<Observed> = None;
    while !regions.is_empty() {
        let lists = lists(clients, &account, &regions).await?;
        looked_at.append(&mut regions);
        let found = everything(&mut base, &lists);
        let seen = reader.observe(&found).await;
        if chosen.is_empty() {
            regions = further_regions(&found, &seen, &looked_at);
        }
        named = both(named, found);
        observed = Some(match observed {
            Some(before) => before.and(seen),
            None => seen,
        });
    }
    let seen = observed.ok_or_else(|| anyhow!("no region was looked at"))?;
    if named.vaults.is_empty() && named.plans.is_empty() {
        let regions: Vec<String> = looked_at.into_iter().collect();
        return Err(anyhow!(
            "account {account} has no vault and no plan in {}; name other regions with --regions",
            regions.join(", ")
        ));
    }
    let named = with_roles(&named, &role_arns(&named, &seen));
    let roles = Desired { roles: named.roles.clone(), ..base.desired.clone() };
    let first = reader.observe(&roles).await;
    // The texts of inline policies are read by their names, which are known now.
    let roles = with_inline_policies(&roles, &first);
    let has_inline = roles.roles.iter().any(|role| !role.inline_policies.is_empty());
    let in_full = if has_inline { reader.observe(&roles).await } else { first };
    let seen = seen.and(in_full);
    let origin = format!("account {account} on {}", seen.at.date());
    let mut imported = imported(&named, &seen, &origin, primary);
    imported.left_out.splice(0..0, base.left_out);
    imported.list_destinations(|region| {
        if looked_at.contains(region) {
            "it is not there: each of them fails until somebody makes it"
        } else {
            "its region was not looked at; name it with --regions to have it in the spec"
        }
    });
    Ok(imported)
}

fn reader(clients: &Clients, clock: impl Fn() -> OffsetDateTime + Send + Sync + 'static) -> AwsAccount<'_> {
    let deadline = Instant::now() + PATIENCE;
    let pace = Pace {
        clock: Arc::new(clock),
        deadline,
        reserve: Duration::ZERO,
        settle: Duration::ZERO,
        agree: Duration::ZERO,
    };
    AwsAccount::new(clients, pace)
}

async fn lists(clients: &Clients, account: &str, regions: &BTreeSet<String>) -> anyhow::Result<Vec<Lists>> {
    let mut all = Vec::new();
    for region in regions {
        let listed = clients.lists(region).await;
        all.push(listed.map_err(|refusal| {
            anyhow!(
                "vaults and plans cannot be listed\n  why:  {region}: {}\n  for:  account {account}, in {region}\n  help: \
                 drift check --rights   (prints the permissions that reading needs; other regions: --regions)",
                clean(&refusal.to_string())
            )
        })?);
    }
    Ok(all)
}

fn both(mut one: Desired, other: Desired) -> Desired {
    one.keys.extend(other.keys);
    one.vaults.extend(other.vaults);
    one.plans.extend(other.plans);
    one.region_settings.extend(other.region_settings);
    one
}

/// The account that a spec is for.
pub(super) fn target(imported: &Imported) -> Target {
    Target {
        partition: imported.desired.partition.clone(),
        account: imported.desired.account.clone(),
        primary_region: None,
        dr_region: None,
    }
}

/// Looks again, at what the spec names, and tells whether the account is in sync with it.
pub(super) async fn verify(clients: &Clients, written: &Written, target: &Target) -> anyhow::Result<()> {
    let desired = written.spec.resolve(target)?;
    let clock: Clock = OffsetDateTime::now_utc;
    let observed = reader(clients, clock).observe(&desired).await;
    let findings = diff(&desired, &observed);
    if findings.is_empty() {
        eprintln!("{} `drift check` with this spec finds nothing.", paint::good("in sync"));
        return Ok(());
    }
    eprintln!(
        "{}",
        paint::doubtful(
            "What `drift check` with this spec will find, since no spec can say that it is right:"
        )
    );
    for finding in &findings {
        let scene = Scene { resource: &finding.resource, tense: Tense::Now, reader: &Reader::Deployer };
        let said = finding.drift.summary(&scene);
        eprintln!("  {} {}: {said}", clean(&finding.resource.to_string()), finding.drift.code().code);
    }
    Ok(())
}
