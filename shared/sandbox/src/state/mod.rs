//! What an account holds: IAM once, everything else for each region.
//!
//! [`Sandbox::change`](crate::Sandbox::change) hands this out to be changed as no call of AWS can. What is put here is
//! not checked: an alias may point to no key, a document may be none. Clients then read it as it is.

mod account;
mod backup;
mod iam;
mod kms;
mod region;
mod sns;
mod ssm;
mod tags;

pub use account::Account;
pub use backup::{
    Backup, Lock, Notifications, Plan, PlanVersion, Preferences, RecoveryPoint, Selection, Vault, VaultState,
};
pub use iam::{Iam, LastUsed, Role};
pub use kms::{Alias, Grant, Key, KeyState, Kms, Origin, Pending, Replication, Rotation, Transition};
pub use region::Region;
pub use sns::{Fifo, Sns, Topic};
pub use ssm::{Parameter, ParameterVersion, Ssm};
pub use tags::Tags;
