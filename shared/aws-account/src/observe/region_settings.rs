//! Reads what AWS Backup does in a region at all.

use std::collections::{BTreeMap, HashMap};

use reconcile::desired::Desired;
use reconcile::read::Read;
use reconcile::state::{Observation, RegionSettings};

use crate::clients::Regional;
use crate::error::{failed, whole};

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
        Ok(answer) => {
            let management = sorted(answer.resource_type_management_preference());
            match whole(Read::DescribeRegionSettings, answer.resource_type_opt_in_preference()) {
                Err(why) => Observation::Unreadable(why),
                Ok(opt_in) => {
                    Observation::Present(RegionSettings { opt_in: sorted(Some(opt_in)), management })
                }
            }
        }
    })
}

fn sorted(map: Option<&HashMap<String, bool>>) -> BTreeMap<String, bool> {
    map.into_iter().flatten().map(|(name, is_on)| (name.clone(), *is_on)).collect()
}
