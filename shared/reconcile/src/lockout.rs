//! Vault policies that would shut out the role that has to restore them: an explicit deny binds administrators as well,
//! and nobody but AWS could help.

use crate::desired::{Desired, DesiredVault};
use crate::policy::Policy;

/// What the healer reads of a vault, and what it repairs on it.
pub const NEEDED_ON_VAULTS: [&str; 6] = [
    "backup:DescribeBackupVault",
    "backup:GetBackupVaultAccessPolicy",
    "backup:ListTags",
    "backup:PutBackupVaultAccessPolicy",
    "backup:PutBackupVaultLockConfiguration",
    "backup:TagResource",
];

/// Some role of the account, where the healer's own is not known.
pub(crate) const ANY_ROLE: &str = "arn:aws:iam::000000000000:role/some-role-of-the-account";

/// The first action that a vault's policy would deny to the healer's role. A role that is not known is taken for one
/// that nobody exempts.
pub fn denied_action(desired: &Desired, vault: &DesiredVault) -> Option<&'static str> {
    let policy = Policy::parse(vault.policy.as_deref()?).ok()?;
    let role = desired.healer_role.as_deref().unwrap_or(ANY_ROLE);
    NEEDED_ON_VAULTS.into_iter().find(|action| policy.denies(role, action, &vault.arn))
}

/// Whether it matters who the healer is: whether a policy of the spec denies what it needs to anybody at all.
pub fn depends_on_role(desired: &Desired) -> bool {
    desired.vaults.iter().any(|vault| denied_action(desired, vault).is_some())
}
