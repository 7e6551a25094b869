//! Pages of the AWS console: what a person opens on a phone, where a command wants a shell.

use std::collections::BTreeMap;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::drift::{Drift, Finding, PlanDrift};
use crate::region::{PARTITIONS, is_region, partition_of};
use crate::resource::{Kind, ResourceId};

/// A page of the console. It holds names of ours and of AWS only: what somebody else wrote is percent-encoded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link(String);

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What may stand in a fragment as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

impl Link {
    /// A page of a service in a region; `None` where the region's partition has no console that is known.
    fn new(service: &str, region: &str, page: &[&str]) -> Option<Link> {
        let partition = partition_of(region).filter(|_| is_region(region))?;
        let console = PARTITIONS.iter().find(|one| one.name == partition)?.console?;
        let page = page.iter().map(|part| format!("/{}", utf8_percent_encode(part, PLAIN)));
        let page = page.collect::<String>();
        let page = if page.is_empty() { page } else { format!("#{page}") };
        Some(Link(format!("https://{console}/{service}/home?region={region}{page}")))
    }

    /// The resource that a finding is about. `plans` names the plans by their ids; what has no page of its own leads to that of its
    /// service.
    pub fn to(finding: &Finding, iam_region: &str, plans: &BTreeMap<String, ResourceId>) -> Option<Link> {
        let resource = &finding.resource;
        let region = resource.region.as_deref().unwrap_or(iam_region);
        match resource.kind {
            Kind::Role => Link::new("iam", region, &["roles", "details", &resource.name]),
            Kind::Key | Kind::Alias => {
                let key = finding.drift.key_arn().and_then(|arn| arn.rsplit('/').next());
                Link::new("kms", region, &[&["kms", "keys"][..], key.as_slice()].concat())
            }
            Kind::Vault | Kind::VaultPolicy | Kind::VaultLock => {
                Link::new("backup", region, &["backupvaults", "details", &resource.name])
            }
            Kind::Plan | Kind::Selection => {
                let plan = resource.its_plan().unwrap_or_else(|| resource.clone());
                let ours = plans.iter().find(|(_, named)| **named == plan).map(|(id, _)| id);
                let id = if let Drift::Plan(PlanDrift::Duplicate { plan_id }) = &finding.drift {
                    Some(plan_id)
                } else if matches!(&finding.drift, Drift::Plan(PlanDrift::Ambiguous { .. })) {
                    None
                } else {
                    ours
                };
                match id {
                    Some(id) => Link::new("backup", region, &["backupplan", "details", id]),
                    None => Link::new("backup", region, &[]),
                }
            }
            Kind::RegionSettings => Link::new("backup", region, &["settings"]),
        }
    }

    /// An event of CloudTrail's history.
    pub fn to_event(region: &str, id: &str) -> Option<Link> {
        Link::new("cloudtrailv2", region, &["events", id])
    }
}
