//! The answers about vaults' access policies.

use super::context::{Context, Decision};
use super::reason::{BlockReason, Review};
use super::vault::on_vault;
use crate::call::Call;
use crate::drift::VaultPolicyDrift;
use crate::lockout::denied_action;
use crate::resource::ResourceId;
use BlockReason::NeedsReview;
use Decision::Blocked;

pub(super) fn decide(context: &Context<'_>, id: &ResourceId, drift: &VaultPolicyDrift) -> Decision {
    let (VaultPolicyDrift::Missing { expected }
    | VaultPolicyDrift::Weakened { expected, .. }
    | VaultPolicyDrift::Differs { expected, .. }
    | VaultPolicyDrift::LabelsDiffer { expected, .. }) = drift;
    // An explicit deny binds us as well, and what we put we could not take back.
    if context.desired_vault(id).is_some_and(|vault| denied_action(context.desired, vault).is_some()) {
        return Blocked(NeedsReview(Review::ShutsOutTheHealer));
    }
    on_vault(context, id, || Call::PutBackupVaultAccessPolicy {
        region: id.region.clone().unwrap_or_default(),
        vault: id.name.clone(),
        policy: expected.clone(),
    })
}
