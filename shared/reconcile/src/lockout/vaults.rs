//! What a vault's policy does to those who need the vault: the role that has to restore the policy, since an explicit deny binds
//! administrators as well and nobody but AWS could help; and AWS Backup itself.

use std::collections::BTreeSet;

use super::{AWS_BACKUP, healer};
use crate::desired::{Desired, DesiredVault};
use crate::policy::{Caller, Policy};

/// What the healer reads of a vault, and what it repairs on it.
pub const NEEDED_ON_VAULTS: [&str; 6] = [
    "backup:DescribeBackupVault",
    "backup:GetBackupVaultAccessPolicy",
    "backup:ListTags",
    "backup:PutBackupVaultAccessPolicy",
    "backup:PutBackupVaultLockConfiguration",
    "backup:TagResource",
];

/// What it reads and repairs beside that where the spec says who is notified.
const NEEDED_FOR_NOTIFICATIONS: [&str; 2] =
    ["backup:GetBackupVaultNotifications", "backup:PutBackupVaultNotifications"];

/// All that the healer needs on a vault.
pub(crate) fn needed_on(notifies: bool) -> impl Iterator<Item = &'static str> {
    NEEDED_ON_VAULTS.into_iter().chain(NEEDED_FOR_NOTIFICATIONS.into_iter().filter(move |_| notifies))
}

fn needed(vault: &DesiredVault) -> impl Iterator<Item = &'static str> {
    needed_on(vault.notifications.is_some())
}

/// What backup, copy and restore jobs need of a vault ("AWS managed policies for AWS Backup", and the operations that start them).
pub const NEEDED_BY_BACKUPS: [&str; 7] = [
    "backup:CopyFromBackupVault",
    "backup:CopyIntoBackupVault",
    "backup:DescribeBackupVault",
    "backup:GetRecoveryPointRestoreMetadata",
    "backup:StartBackupJob",
    "backup:StartCopyJob",
    "backup:StartRestoreJob",
];

/// The first action that a vault's policy in the spec is not sure to leave to the healer.
pub fn denied_action(desired: &Desired, vault: &DesiredVault) -> Option<&'static str> {
    denied_by(desired, vault, vault.policy.as_deref()?)
}

/// The same of any policy for the vault.
pub(crate) fn denied_by(desired: &Desired, vault: &DesiredVault, policy: &str) -> Option<&'static str> {
    let policy = Policy::parse(policy).ok()?;
    let healer = healer(desired);
    needed(vault).find(|action| policy.denies_on(&healer, action, &vault.arn) != Some(false))
}

/// Whether it matters who the healer is: whether a policy of the spec denies what it needs to anybody who may be the healer.
pub fn depends_on_role(desired: &Desired) -> bool {
    desired.vaults.iter().any(|vault| denied_action(desired, vault).is_some())
}

/// Whether a policy denies anybody what the healer needs, so that a mistake in it could shut the healer out.
pub(crate) fn could_shut_out(vault: &DesiredVault, policy: &str) -> bool {
    Policy::parse(policy).is_ok_and(|policy| needed(vault).any(|action| policy.mentions(action, &vault.arn)))
}

/// What a vault's policy denies beyond the spec's, to those who need it.
#[derive(Debug, Default)]
pub(crate) struct Harm {
    /// Of what jobs need: of the roles that they run as, and of those whom the spec lets in.
    pub(crate) to_backups: BTreeSet<&'static str>,
    /// Of what jobs need, where every role of the spec is spared for sure: whether the service itself is bound, AWS does not say.
    pub(crate) perhaps_to_backups: BTreeSet<&'static str>,
    /// Of what the healer needs.
    pub(crate) to_repairs: BTreeSet<&'static str>,
    /// Whether any of that is sure to bind the healer.
    pub(crate) surely_to_repairs: bool,
}

impl Harm {
    pub(crate) fn of(desired: &Desired, vault: &DesiredVault, want: &Policy, have: &Policy) -> Self {
        let arn = vault.arn.as_str();
        let roles: Vec<Caller> = desired.roles.iter().map(|role| Caller::role(&role.arn)).collect();
        let service = Caller::service(AWS_BACKUP);
        let healer = healer(desired);
        let mut harm = Self::default();
        for denial in have.each_denial() {
            let is_added = |action: &&str| !want.denies_as_far_as(&denial, action, arn);
            for action in NEEDED_BY_BACKUPS.into_iter().filter(is_added) {
                let binds = |caller: &Caller| denial.denies_to(caller, action, arn);
                // Whoever the spec lets in for it needs it too.
                let let_in = want.allows_somebody(action) && denial.mentions(action, arn);
                let of_service = binds(&service);
                if let_in || of_service == Some(true) || roles.iter().any(|role| binds(role) != Some(false)) {
                    harm.to_backups.insert(action);
                } else if of_service.is_none() {
                    harm.perhaps_to_backups.insert(action);
                }
            }
            for action in needed(vault).filter(is_added) {
                let binds = denial.denies_on(&healer, action, arn);
                if binds != Some(false) {
                    harm.to_repairs.insert(action);
                    harm.surely_to_repairs |= binds == Some(true);
                }
            }
        }
        harm
    }

    /// All that is denied.
    pub(crate) fn actions(self) -> BTreeSet<&'static str> {
        self.to_backups.into_iter().chain(self.to_repairs).collect()
    }
}
