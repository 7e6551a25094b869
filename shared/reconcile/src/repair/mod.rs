//! Answers each finding with a call or with the reason why not.

mod context;
mod decide;
mod exceptions;
mod key;
mod key_access;
mod only;
mod plan;
mod planner;
mod reason;
mod region_settings;
mod repairs;
mod role;
mod selection;
mod vault;
mod vault_lock;
mod vault_policy;

pub use exceptions::{covering, notes};
pub use only::{NoSuchPart, Only};
pub use planner::plan_repairs;
pub use reason::{BlockReason, Consent, REASONS, Reason, Review};
pub use repairs::{CallMade, Limits, RepairPlan, Step};
