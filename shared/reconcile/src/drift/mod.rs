//! The ways to differ, a room for each kind of resource. In it stands all that is said about each: code, severity, attribute, what brings it
//! about, what answers it, and the sentences that people read.
//!
//! Critical: backups can be destroyed or no longer happen. High: less is kept, copied or covered than designed, or we
//! cannot see. Medium: it differs, and nothing is less protected now. Low: cosmetic.

mod aftermath;
mod alias;
mod attribute;
mod finding;
mod key;
mod key_access;
mod less;
mod lifecycle;
pub(crate) mod look;
mod mend;
mod plan;
mod plan_copy;
mod plan_rule;
mod plan_settings;
mod region_settings;
mod registry;
mod role;
mod selection;
mod severity;
mod tags;
mod unreadable;
mod vault;
mod vault_lock;
mod vault_policy;

pub use aftermath::Aftermath;
pub use alias::AliasDrift;
pub use attribute::{Attribute, Of, Segment};
pub use finding::{Drift, Finding, FindingId, codes};
pub use key::{KeyDrift, LookAlike};
pub use key_access::KeyAccessDrift;
pub use plan::PlanDrift;
pub use plan_copy::CopyDrift;
pub use plan_rule::RuleDrift;
pub use plan_settings::SettingsDrift;
pub use region_settings::RegionSettingsDrift;
pub use registry::{Answer, Code};
pub use role::RoleDrift;
pub use selection::SelectionDrift;
pub use severity::Severity;
pub use unreadable::{Part, Unreadable, unreadable};
pub use vault::{RightKey, VaultDrift};
pub use vault_lock::VaultLockDrift;
pub use vault_policy::VaultPolicyDrift;

use less::Less;

/// A policy as JSON where it is JSON, so that reports do not show a string in a string.
fn document(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|_| serde_json::json!(text))
}
