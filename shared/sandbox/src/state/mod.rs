//! What an account holds: IAM once, everything else for each region.

mod account;
mod backup;
mod iam;
mod kms;
mod region;
mod sns;
mod tags;

pub(crate) use account::Account;
pub(crate) use backup::{Backup, Lock, Plan, PlanVersion, RecoveryPoint, Selection, Vault};
pub(crate) use iam::{Iam, Role};
pub(crate) use kms::{Alias, Key, Kms, Pending, Rotation};
pub(crate) use region::Region;
pub(crate) use sns::Topic;
pub(crate) use tags::Tags;
