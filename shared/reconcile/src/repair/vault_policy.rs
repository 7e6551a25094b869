//! The answers about vaults' access policies.

use super::context::{Context, Decision};
use super::reason::{BlockReason, Review};
use super::repairs::RepairPlan;
use super::vault::on_vault;
use crate::call::Call;
use crate::desired::DesiredVault;
use crate::drift::{Drift, VaultPolicyDrift};
use crate::lockout::{Harm, could_shut_out, denied_by};
use crate::policy::{Policy, with_denials_of};
use crate::resource::{Kind, ResourceId};
use BlockReason::{NeedsReview, WaitingOn};
use Decision::Blocked;

pub(super) fn decide(
    context: &Context<'_>,
    repairs: &RepairPlan,
    id: &ResourceId,
    drift: &VaultPolicyDrift,
) -> Decision {
    let Some(vault) = context.desired_vault(id) else { return Blocked(NeedsReview(Review::ItsKind)) };
    let (expected, found) = match drift {
        VaultPolicyDrift::Missing { expected } => (expected, None),
        VaultPolicyDrift::Weakened { expected, observed, .. }
        | VaultPolicyDrift::BlocksBackups { expected, observed, certainly: true, .. }
        | VaultPolicyDrift::BlocksRepairs { expected, observed, certainly: true, .. }
        | VaultPolicyDrift::LetsIn { expected, observed, .. }
        | VaultPolicyDrift::Differs { expected, observed, .. }
        | VaultPolicyDrift::LabelsDiffer { expected, observed } => (expected, Some(observed)),
        VaultPolicyDrift::Hidden { .. }
        | VaultPolicyDrift::BlocksBackups { certainly: false, .. }
        | VaultPolicyDrift::BlocksRepairs { certainly: false, .. }
        | VaultPolicyDrift::Stronger { .. } => return Blocked(NeedsReview(Review::ItsKind)),
    };
    let put = |policy: String| Call::PutBackupVaultAccessPolicy {
        region: vault.region.clone(),
        vault: vault.name.clone(),
        policy,
    };
    let mut policy =
        found.and_then(|found| with_all(context, vault, expected, found)).unwrap_or(expected.clone());
    // What is lost comes back even if AWS does not take it together with what else was found.
    if matches!(drift, VaultPolicyDrift::Weakened { .. } | VaultPolicyDrift::BlocksBackups { .. })
        && context.was_refused(&put(policy.clone()))
    {
        policy.clone_from(expected);
    }
    // An explicit deny binds us as well, and what we put we could not take back.
    if denied_by(context.desired, vault, &policy).is_some() {
        return Blocked(NeedsReview(Review::ShutsOutTheHealer));
    }
    if let Some(first) = goes_first(context, repairs, vault, &policy) {
        return Blocked(WaitingOn(first));
    }
    on_vault(context, id, || put(policy))
}

/// The spec's policy with the denials that were found beside it, but for what they take from those who need the vault.
fn with_all(context: &Context<'_>, vault: &DesiredVault, expected: &str, found: &str) -> Option<String> {
    let want = Policy::parse(expected).ok()?;
    with_denials_of(expected, found, &vault.arn, |denial| {
        Harm::of(context.desired, vault, &want, denial).actions()
    })
}

/// A policy that denies what the healer needs, if only to others, goes on one vault first: what it really does is seen when it is read
/// back. The policy of the vault that the others wait for, if they have to.
fn goes_first(
    context: &Context<'_>,
    repairs: &RepairPlan,
    vault: &DesiredVault,
    policy: &str,
) -> Option<ResourceId> {
    if !could_shut_out(vault, policy) {
        return None;
    }
    let of_same_policy = |other: &&DesiredVault| other.arn != vault.arn && template(other) == template(vault);
    let others = || context.desired.vaults.iter().filter(of_same_policy);
    let its_policy =
        |other: &DesiredVault| ResourceId::regional(Kind::VaultPolicy, &other.region, &other.name);
    let is_right = |other: &DesiredVault| is_read_back(context, other, &its_policy(other));
    let was_put = |other: &DesiredVault| {
        context.tried.iter().any(|made| {
            matches!(made.call, Call::PutBackupVaultAccessPolicy { .. }) && made.resource == its_policy(other)
        })
    };
    let in_doubt = others().find(|other| was_put(other) && !is_right(other));
    if in_doubt.is_none() && others().any(is_right) {
        return None;
    }
    let now = || others().find(|other| repairs.steps.iter().any(|step| step.resource == its_policy(other)));
    in_doubt.or_else(now).map(its_policy)
}

/// What the policies of several vaults have in common: all but where they are.
fn template(vault: &DesiredVault) -> Option<String> {
    let policy = vault.policy.as_deref()?;
    Some(policy.replace(&vault.arn, "").replace(&vault.region, ""))
}

/// Whether a vault's policy was read, and denies what the spec's denies.
fn is_read_back(context: &Context<'_>, vault: &DesiredVault, id: &ResourceId) -> bool {
    let seen = context.observed.vault(&vault.region, &vault.name);
    let is_read = seen.is_some_and(|seen| seen.policy.present().is_some());
    let is_right = |drift: &Drift| {
        matches!(
            drift,
            Drift::VaultPolicy(VaultPolicyDrift::Stronger { .. } | VaultPolicyDrift::LabelsDiffer { .. })
        )
    };
    is_read && context.findings_of(id).all(|found| is_right(&found.drift))
}
