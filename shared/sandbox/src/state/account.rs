//! One account: IAM once, everything else for each region.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::iam::{Iam, Role};
use super::kms::Gone;
use super::region::Region;
use crate::messages::Message;
use crate::policy;
use crate::trail::Trail;

/// One account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its id, of twelve digits.
    pub id: String,
    /// IAM, which has no regions.
    pub iam: Iam,
    /// By name; those that somebody has named so far.
    pub regions: BTreeMap<String, Region>,
    pub(crate) published: Vec<Message>,
    pub(crate) trail: Trail,
}

impl Account {
    pub(crate) fn new(id: &str) -> Account {
        Account {
            id: id.to_owned(),
            iam: Iam::new(id),
            regions: BTreeMap::new(),
            published: Vec::new(),
            trail: Trail::new(id),
        }
    }

    /// The region of this name, which comes into being when it is first named.
    pub fn region(&mut self, name: &str) -> &mut Region {
        self.with_iam(name).0
    }

    /// A region beside the account's roles, for what is checked against both.
    pub(crate) fn with_iam(&mut self, name: &str) -> (&mut Region, &Iam) {
        let region = self.regions.entry(name.to_owned()).or_insert_with(|| Region::new(&self.id, name));
        (region, &self.iam)
    }

    /// Deletes a role, whatever hangs on it. Policies that named it keep naming it, and not one that is made under its
    /// name later.
    pub fn delete_role(&mut self, name: &str) -> Option<Role> {
        let role = self.iam.roles.remove(&name.to_lowercase())?;
        let trusts = self.iam.roles.values_mut().map(|role| &mut role.trust);
        let others = self.regions.values_mut().flat_map(|region| {
            let vaults = region.backup.vaults.values_mut().filter_map(|vault| vault.policy.as_mut());
            vaults.chain(region.kms.keys.values_mut().map(|key| &mut key.policy))
        });
        for document in trusts.chain(others) {
            if let Some(changed) = policy::without_principal(document, &role.arn, &role.id) {
                *document = changed;
            }
        }
        Some(role)
    }

    /// Brings about what comes with time: vaults are made, and keys whose waiting period is over go, of which KMS tells the
    /// trail.
    pub(crate) fn expire(&mut self, now: OffsetDateTime) {
        for region in self.regions.values_mut() {
            region.backup.settle(now);
            for (arn, date) in region.kms.settle(now) {
                self.trail.tell_material_expired(&region.name, &arn, date);
            }
        }
        // With a replica the waiting period of its primary key may begin, and end as well.
        loop {
            let regions = self.regions.values_mut();
            let gone: Vec<Gone> = regions.flat_map(|region| region.kms.expire(now)).collect();
            if gone.is_empty() {
                break;
            }
            for gone in &gone {
                self.trail.tell_key_deleted(gone.key.region(), &gone.key.arn, gone.date);
                self.regions.values_mut().for_each(|region| region.kms.lose_replica(gone));
            }
        }
    }
}
