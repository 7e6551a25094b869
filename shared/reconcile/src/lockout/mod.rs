//! Whom a policy shuts out who needs what it is about: the healer, AWS Backup and its roles, the account itself.

mod keys;
mod vaults;

pub use keys::{KeyUser, ShutOut};
pub(crate) use keys::{harm_on_key, lets_in_as_many, perhaps_shut_out_of_key, shut_out_of_key};
pub(crate) use vaults::{Harm, could_shut_out, denied_by, needed_on};
pub use vaults::{NEEDED_BY_BACKUPS, NEEDED_ON_VAULTS, denied_action, depends_on_role};

use crate::desired::Desired;
use crate::policy::Caller;

const AWS_BACKUP: &str = "backup.amazonaws.com";

/// A role of the account where the healer's own is not known: then no Deny for a role is sure to be for another one.
fn healer(desired: &Desired) -> Caller {
    let known = desired.healer_role.as_deref().map(Caller::role);
    known.unwrap_or_else(|| Caller::some_role_of(&desired.partition, &desired.account))
}
