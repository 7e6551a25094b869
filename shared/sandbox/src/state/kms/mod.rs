//! KMS in one region: keys, their state and their grants, and the aliases that point to them.

mod alias;
mod grant;
mod key;
mod origin;
mod region;
mod replication;

pub use alias::Alias;
pub use grant::Grant;
pub use key::{Key, KeyState, Pending, Rotation, Transition};
pub use origin::Origin;
pub(super) use region::Gone;
pub use region::Kms;
pub use replication::Replication;
