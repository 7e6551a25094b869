//! Reads what a plan said before a moment: its versions, and those of plans of its name that were deleted. Nobody can date them back.

use futures_util::future::join_all;
use reconcile::read::{Read, Refusal};
use reconcile::state::{FormerPlan, Observation};
use time::OffsetDateTime;

use super::backup::moment;
use super::plans::document;
use crate::clients::Regional;
use crate::error::{failed, unreadable, whole};

/// Of each plan of the name the last version that was written before the moment.
pub(super) async fn observe(
    client: &Regional,
    name: &str,
    before: OffsetDateTime,
) -> Observation<Vec<FormerPlan>> {
    let ids = match ids(client, name).await {
        Ok(ids) => ids,
        Err(why) => return Observation::Unreadable(why),
    };
    let each = join_all(ids.iter().map(|id| last_before(client, id, before))).await;
    let found: Result<Vec<Option<FormerPlan>>, Refusal> = each.into_iter().collect();
    match found {
        Ok(found) => Observation::Present(found.into_iter().flatten().collect()),
        Err(why) => Observation::Unreadable(why),
    }
}

/// What several moments asked for.
pub(super) fn both(
    one: Option<Observation<Vec<FormerPlan>>>,
    other: Observation<Vec<FormerPlan>>,
) -> Observation<Vec<FormerPlan>> {
    match (one, other) {
        (Some(Observation::Present(one)), Observation::Present(other)) => {
            Observation::Present([one, other].concat())
        }
        (Some(why @ Observation::Unreadable(_)), _) => why,
        (_, other) => other,
    }
}

/// The plans of a name, with those that were deleted.
async fn ids(client: &Regional, name: &str) -> Result<Vec<String>, Refusal> {
    let (backup, _permit) = client.backup.acquire().await;
    let mut pages = backup.list_backup_plans().include_deleted(true).into_paginator().send();
    let mut ids = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| unreadable(Read::ListBackupPlans, &error))?;
        let plans = whole(Read::ListBackupPlans, page.backup_plans_list)?;
        let named = plans.iter().filter(|plan| plan.backup_plan_name() == Some(name));
        ids.extend(named.filter_map(|plan| plan.backup_plan_id().map(str::to_owned)));
    }
    Ok(ids)
}

async fn last_before(
    client: &Regional,
    id: &str,
    before: OffsetDateTime,
) -> Result<Option<FormerPlan>, Refusal> {
    let (backup, _permit) = client.backup.acquire().await;
    let pages = backup.list_backup_plan_versions().backup_plan_id(id).into_paginator().items().send();
    // Whether AWS tells the versions of a plan that was deleted, it does not say: what it does not tell proves nothing.
    let versions = match pages.collect::<Result<Vec<_>, _>>().await {
        Ok(versions) => versions,
        Err(error) => return absent_or(failed(Read::ListBackupPlanVersions, &error, NOT_FOUND)),
    };
    let dated =
        versions.iter().filter_map(|one| Some((one.creation_date().and_then(moment)?, one.version_id()?)));
    let Some((written, version)) = dated.filter(|(written, _)| *written < before).max() else {
        return Ok(None);
    };
    match backup.get_backup_plan().backup_plan_id(id).version_id(version).send().await {
        Err(error) => absent_or(failed(Read::GetBackupPlan, &error, NOT_FOUND)),
        Ok(answer) => match answer.backup_plan() {
            Some(plan) => Ok(Some(FormerPlan { written, document: document(plan, Vec::new()) })),
            None => Err(Refusal::incomplete(Read::GetBackupPlan, "the answer holds no plan")),
        },
    }
}

const NOT_FOUND: &[&str] = &["ResourceNotFoundException"];

fn absent_or(seen: Observation<()>) -> Result<Option<FormerPlan>, Refusal> {
    match seen {
        Observation::Unreadable(why) => Err(why),
        Observation::Absent | Observation::Present(()) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use reconcile::desired::PlanDocument;

    use super::*;

    #[test]
    fn what_two_moments_asked_for_is_told_together_and_unread_if_one_of_them_is() {
        use Observation::{Absent, Present, Unreadable};
        let document = || PlanDocument {
            name: String::new(),
            rules: Vec::new(),
            advanced_settings: Vec::new(),
            scan_settings: None,
        };
        let at = |seconds| {
            let written = OffsetDateTime::UNIX_EPOCH + time::Duration::seconds(seconds);
            FormerPlan { written, document: document() }
        };
        let unread = || Unreadable(Refusal::contradicted());
        for (one, other, expected) in [
            (None, Present(vec![at(1)]), Present(vec![at(1)])),
            (None, unread(), unread()),
            (Some(Present(vec![at(1)])), Present(vec![at(2)]), Present(vec![at(1), at(2)])),
            (Some(Present(vec![at(1)])), unread(), unread()),
            (Some(unread()), Present(vec![at(2)]), unread()),
            (Some(Absent), Present(vec![at(2)]), Present(vec![at(2)])),
        ] {
            assert_eq!(both(one, other), expected);
        }
    }
}
