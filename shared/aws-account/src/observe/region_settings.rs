//! Reads what AWS Backup does in a region at all.

use std::collections::{BTreeMap, HashMap};

use reconcile::desired::Desired;
use reconcile::read::Read;
use reconcile::state::{Observation, RegionSettings};

use crate::clients::Regional;
use crate::error::failed;

/// `None` where the spec selects nothing and asks for nothing.
pub(super) async fn observe(
    client: &Regional,
    region: &str,
    desired: &Desired,
) -> Option<Observation<RegionSettings>> {
    desired.region_settings.iter().find(|settings| settings.region == region)?;
    let (backup, _permit) = client.backup.acquire().await;
    Some(match backup.describe_region_settings().send().await {
        Err(error) => failed(Read::DescribeRegionSettings, &error, &[]),
        Ok(answer) => Observation::Present(RegionSettings {
            opt_in: sorted(answer.resource_type_opt_in_preference()),
            management: sorted(answer.resource_type_management_preference()),
        }),
    })
}

fn sorted(map: Option<&HashMap<String, bool>>) -> BTreeMap<String, bool> {
    map.into_iter().flatten().map(|(name, is_on)| (name.clone(), *is_on)).collect()
}
