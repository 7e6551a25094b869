//! The repair policy: each kind of resource answers for its own drifts, with a call or a reason.

use super::context::{Context, Decision};
use super::reason::BlockReason;
use super::repairs::RepairPlan;
use super::{key, key_access, plan, region_settings, role, selection, vault, vault_lock, vault_policy};
use crate::drift::{Drift, Finding};

/// The answer to one finding. `repairs` holds the answers to the findings before it, which include all that it depends on.
pub(super) fn decide(context: &Context<'_>, repairs: &RepairPlan, finding: &Finding) -> Decision {
    let id = &finding.resource;
    match &finding.drift {
        Drift::Unreadable(_) => Decision::Blocked(BlockReason::Unreadable),
        Drift::Role(drift) => role::decide(context, id, drift),
        Drift::Key(drift) => key::decide(context, id, drift),
        Drift::KeyAccess(drift) => key_access::decide(context, id, drift),
        Drift::Alias(drift) => key::decide_alias(context, id, drift),
        Drift::Vault(drift) => vault::decide(context, id, drift),
        Drift::VaultPolicy(drift) => vault_policy::decide(context, repairs, id, drift),
        Drift::VaultLock(drift) => vault_lock::decide(context, id, drift),
        Drift::Plan(drift) => plan::decide(context, repairs, id, drift),
        // Whatever differs in the document, the update that mends all of it is the answer.
        drift @ (Drift::Rule(_) | Drift::Copy(_) | Drift::Settings(_)) => {
            plan::update(context, repairs, id, drift)
        }
        Drift::Selection(drift) => selection::decide(context, id, drift),
        Drift::RegionSettings(drift) => region_settings::decide(context, id, drift),
    }
}
