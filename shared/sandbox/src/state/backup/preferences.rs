//! Which services AWS Backup backs up in a region, and which of them it manages in full.

use std::collections::{BTreeMap, BTreeSet};

/// The services of the model and of the guide's examples, as their keys are spelt.
const SERVICES: [&str; 18] = [
    "Aurora",
    "CloudFormation",
    "DocumentDB",
    "DynamoDB",
    "EBS",
    "EC2",
    "EFS",
    "EKS",
    "FSx",
    "Neptune",
    "RDS",
    "Redshift",
    "Redshift Serverless",
    "S3",
    "SAP HANA on Amazon EC2",
    "Storage Gateway",
    "Timestream",
    "VirtualMachine",
];

/// The services that can be managed in full or not.
const MANAGED: [&str; 2] = ["DynamoDB", "EFS"];

/// The settings of a region, as far as they are not AWS's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preferences {
    /// Whether a vault or a plan has been made here: with the first of them all services that there are come to be
    /// backed up.
    pub in_use: bool,
    /// Services that somebody has switched on or off. One that AWS offers only since then stands here as off.
    pub opt_in: BTreeMap<String, bool>,
    /// The same for the management in full, which is on if nobody said otherwise.
    pub management: BTreeMap<String, bool>,
    /// Services that the region does not have.
    pub unsupported: BTreeSet<String>,
}

impl Preferences {
    pub(crate) const NONE: Preferences = Preferences {
        in_use: false,
        opt_in: BTreeMap::new(),
        management: BTreeMap::new(),
        unsupported: BTreeSet::new(),
    };

    /// `ResourceTypeOptInPreference`: every service that the region has.
    pub fn opted_in(&self) -> BTreeMap<String, bool> {
        self.effective(&SERVICES, &self.opt_in, self.in_use)
    }

    /// `ResourceTypeManagementPreference`.
    pub fn managed(&self) -> BTreeMap<String, bool> {
        self.effective(&MANAGED, &self.management, true)
    }

    fn effective(
        &self,
        known: &[&str],
        set: &BTreeMap<String, bool>,
        default: bool,
    ) -> BTreeMap<String, bool> {
        let mut all: BTreeMap<String, bool> =
            known.iter().map(|name| ((*name).to_owned(), default)).collect();
        all.extend(set.clone());
        all.retain(|name, _| !self.unsupported.contains(name));
        all
    }
}
