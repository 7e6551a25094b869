//! Lists what there is of AWS Backup, whether a spec names it or not.

use aws_smithy_types::DateTime;
use futures_util::future::{join, join_all};
use reconcile::read::Read;
use reconcile::state::Observation;
use time::OffsetDateTime;

use crate::Clients;
use crate::clients::Regional;
use crate::error::{failed, refusal};

/// Vaults and plans of some regions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// The vaults.
    pub vaults: Vec<ListedVault>,
    /// The plans.
    pub plans: Vec<ListedPlan>,
    /// What could not be listed, and why.
    pub unread: Vec<String>,
}

/// A vault of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedVault {
    /// The region's name.
    pub region: String,
    /// The vault's name.
    pub name: String,
    /// Whether it has a Vault Lock.
    pub locked: bool,
    /// When a compliance lock becomes immutable.
    pub lock_date: Option<OffsetDateTime>,
    /// Whether it has an access policy.
    pub policy: Observation<()>,
    /// How many recovery points it holds.
    pub recovery_points: Option<i64>,
}

/// A plan of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPlan {
    /// The region's name.
    pub region: String,
    /// The plan's name.
    pub name: String,
    /// The names of its selections.
    pub selections: Vec<String>,
}

impl Clients {
    /// Everything that there is in these regions, by name.
    pub async fn inventory(&self, regions: &[&str]) -> Inventory {
        let of_region = |region: &str| {
            let region = region.to_owned();
            async move {
                let client = self.region(&region);
                join(vaults(&client, &region), plans(&client, &region)).await
            }
        };
        let mut inventory = Inventory::default();
        for (vaults, plans) in join_all(regions.iter().map(|region| of_region(region))).await {
            for unread in [
                vaults.map(|found| inventory.vaults.extend(found)),
                plans.map(|found| inventory.plans.extend(found)),
            ] {
                inventory.unread.extend(unread.err());
            }
        }
        inventory.vaults.sort_by(|a, b| (&a.region, &a.name).cmp(&(&b.region, &b.name)));
        inventory.plans.sort_by(|a, b| (&a.region, &a.name).cmp(&(&b.region, &b.name)));
        inventory
    }
}

async fn vaults(client: &Regional, region: &str) -> Result<Vec<ListedVault>, String> {
    let mut found = Vec::new();
    {
        let (backup, _permit) = client.backup.acquire().await;
        let mut pages = backup.list_backup_vaults().into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| format!("vaults of {region}: {}", refusal(&error)))?;
            found.extend_from_slice(page.backup_vault_list());
        }
    }
    let listed = found.into_iter().map(|vault| async move {
        let name = vault.backup_vault_name().unwrap_or_default().to_owned();
        ListedVault {
            policy: policy(client, &name).await,
            region: region.to_owned(),
            locked: vault.locked().unwrap_or_default(),
            lock_date: vault.lock_date().and_then(moment),
            recovery_points: Some(vault.number_of_recovery_points()),
            name,
        }
    });
    Ok(join_all(listed).await)
}

async fn policy(client: &Regional, vault: &str) -> Observation<()> {
    let (backup, _permit) = client.backup.acquire().await;
    match backup.get_backup_vault_access_policy().backup_vault_name(vault).send().await {
        Err(error) => failed(Read::GetBackupVaultAccessPolicy, &error, &["ResourceNotFoundException"]),
        Ok(answer) if answer.policy().is_none_or(str::is_empty) => Observation::Absent,
        Ok(_) => Observation::Present(()),
    }
}

async fn plans(client: &Regional, region: &str) -> Result<Vec<ListedPlan>, String> {
    let mut found = Vec::new();
    {
        let (backup, _permit) = client.backup.acquire().await;
        let mut pages = backup.list_backup_plans().into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| format!("plans of {region}: {}", refusal(&error)))?;
            found.extend_from_slice(page.backup_plans_list());
        }
    }
    let listed = found.into_iter().map(|plan| async move {
        let name = plan.backup_plan_name().unwrap_or_default().to_owned();
        let id = plan.backup_plan_id().unwrap_or_default();
        let selections = selections(client, id)
            .await
            .map_err(|why| format!("selections of plan {region}/{name}: {why}"))?;
        Ok(ListedPlan { region: region.to_owned(), name, selections })
    });
    join_all(listed).await.into_iter().collect()
}

async fn selections(client: &Regional, plan: &str) -> Result<Vec<String>, String> {
    let (backup, _permit) = client.backup.acquire().await;
    let mut pages = backup.list_backup_selections().backup_plan_id(plan).into_paginator().send();
    let mut names = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| refusal(&error).to_string())?;
        let selections = page.backup_selections_list().iter();
        names.extend(selections.filter_map(|selection| selection.selection_name().map(str::to_owned)));
    }
    Ok(names)
}

fn moment(at: &DateTime) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(at.secs()).ok()
}
