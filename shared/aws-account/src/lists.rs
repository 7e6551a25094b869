//! Lists what is in a region, whether a spec names it or not.

use std::collections::BTreeMap;

use futures_util::future::join3;
use reconcile::lists::{ListedPlan, ListedVault, Lists};
use reconcile::read::{Read, Refusal};
use reconcile::state::{BACKUP_VAULT, Observation};

use crate::Clients;
use crate::clients::Regional;
use crate::error::{failed, unreadable};

impl Clients {
    /// The vaults, plans and aliases of a region.
    ///
    /// # Errors
    ///
    /// [`Refusal`] if vaults or plans cannot be listed: a list that failed is never an empty one.
    pub async fn lists(&self, region: &str) -> Result<Lists, Refusal> {
        let client = self.region(region);
        let (vaults, plans, aliases) = join3(vaults(&client), plans(&client), aliases(&client)).await;
        Ok(Lists { region: region.to_owned(), vaults: vaults?, plans: plans?, aliases })
    }
}

async fn vaults(client: &Regional) -> Result<Vec<ListedVault>, Refusal> {
    let (backup, _permit) = client.backup.acquire().await;
    let mut pages = backup.list_backup_vaults().into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| unreadable(Read::ListBackupVaults, &error))?;
        found.extend(page.backup_vault_list().iter().map(|vault| ListedVault {
            name: vault.backup_vault_name().unwrap_or_default().to_owned(),
            arn: vault.backup_vault_arn().unwrap_or_default().to_owned(),
            key_arn: vault.encryption_key_arn().unwrap_or_default().to_owned(),
            // Absent in answers that are older than air-gapped vaults.
            vault_type: vault.vault_type().map_or(BACKUP_VAULT, |kind| kind.as_str()).to_owned(),
        }));
    }
    Ok(found)
}

async fn plans(client: &Regional) -> Result<Vec<ListedPlan>, Refusal> {
    let (backup, _permit) = client.backup.acquire().await;
    let mut pages = backup.list_backup_plans().into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| unreadable(Read::ListBackupPlans, &error))?;
        let there = page.backup_plans_list().iter().filter(|plan| plan.deletion_date().is_none());
        found.extend(there.map(|plan| ListedPlan {
            id: plan.backup_plan_id().unwrap_or_default().to_owned(),
            name: plan.backup_plan_name().unwrap_or_default().to_owned(),
        }));
    }
    Ok(found)
}

/// By alias: the id of its key.
async fn aliases(client: &Regional) -> Observation<BTreeMap<String, String>> {
    let (kms, _permit) = client.kms.acquire().await;
    let mut pages = kms.list_aliases().into_paginator().send();
    let mut found = BTreeMap::new();
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => found.extend(
                page.aliases()
                    .iter()
                    .filter_map(|one| Some((one.alias_name()?.to_owned(), one.target_key_id()?.to_owned()))),
            ),
            Err(error) => return failed(Read::ListAliases, &error, &[]),
        }
    }
    Observation::Present(found)
}
