//! AWS Backup in one region: vaults with their policy and lock, plans with their versions and selections, and which
//! services it backs up at all.

mod plan;
mod preferences;
mod region;
mod vault;

pub use plan::{Plan, PlanVersion, Selection};
pub use preferences::Preferences;
pub use region::Backup;
pub use vault::{Lock, Notifications, RecoveryPoint, Vault, VaultState};
