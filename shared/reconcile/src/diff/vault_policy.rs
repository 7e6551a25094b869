//! The access policies of vaults: what the observed one no longer says of the spec's, and what it says beyond it.

use super::found::Found;
use crate::desired::{Desired, DesiredVault};
use crate::drift::{Part, VaultPolicyDrift};
use crate::lockout::Harm;
use crate::policy::{Policy, no_longer_allowed, no_longer_denied};
use crate::resource::ResourceId;
use crate::state::{Observation, Vault};

pub(super) fn diff(
    desired: &Desired,
    expected: &str,
    want: &DesiredVault,
    seen: &Vault,
    id: &ResourceId,
    found: &mut Found,
) {
    let expected = expected.to_owned();
    match &seen.policy {
        // The vault is in the list, so this is not the answer for one that does not exist.
        Observation::Unreadable(refusal) if refusal.is_by_the_resource() => {
            found.add(id, VaultPolicyDrift::Hidden { expected, said: refusal.to_string() });
        }
        Observation::Unreadable(refusal) => found.unreadable(id, Part::Whole, refusal),
        Observation::Absent => found.add(id, VaultPolicyDrift::Missing { expected }),
        Observation::Present(observed) => {
            if let Some(drift) = compare(desired, expected, want, observed.clone()) {
                found.add(id, drift);
            }
        }
    }
}

/// The worst that can be said of it: one put answers all of it.
fn compare(
    desired: &Desired,
    expected: String,
    vault: &DesiredVault,
    observed: String,
) -> Option<VaultPolicyDrift> {
    if expected == observed {
        return None;
    }
    let want = Policy::parse(&expected).ok()?;
    let Ok(have) = Policy::parse(&observed) else {
        // What we cannot parse we cannot trust to deny anything: AWS Backup stores only policies it could parse, so
        // this is an element that is newer than we are, and the finding shows the text.
        return Some(VaultPolicyDrift::Weakened { no_longer_denied: Default::default(), expected, observed });
    };
    if want == have {
        let labels = !want.same_labels(&have);
        return labels.then_some(VaultPolicyDrift::LabelsDiffer { expected, observed });
    }
    let lost = no_longer_denied(&want, &have, &vault.arn);
    if !lost.is_empty() {
        return Some(VaultPolicyDrift::Weakened { no_longer_denied: lost, expected, observed });
    }
    let harm = Harm::of(desired, vault, &want, &have);
    if !harm.to_backups.is_empty() {
        let denied = harm.to_backups;
        return Some(VaultPolicyDrift::BlocksBackups { denied, certainly: true, expected, observed });
    }
    let blocks_repairs = |certainly, expected, observed| {
        let denied = harm.to_repairs.clone();
        Some(VaultPolicyDrift::BlocksRepairs { denied, certainly, expected, observed })
    };
    if harm.surely_to_repairs {
        return blocks_repairs(true, expected, observed);
    }
    let who = have.lets_in_beyond(&want, &desired.account, &vault.arn);
    if !who.is_empty() {
        return Some(VaultPolicyDrift::LetsIn { who, expected, observed });
    }
    // What only may be is left to people, and so comes after what is sure.
    if !harm.perhaps_to_backups.is_empty() {
        let denied = harm.perhaps_to_backups;
        return Some(VaultPolicyDrift::BlocksBackups { denied, certainly: false, expected, observed });
    }
    if !harm.to_repairs.is_empty() {
        return blocks_repairs(false, expected, observed);
    }
    let no_longer_allowed = no_longer_allowed(&want, &have, &vault.arn);
    let also_denied = no_longer_denied(&have, &want, &vault.arn);
    let allows_the_same =
        no_longer_allowed.is_empty() && crate::policy::no_longer_allowed(&have, &want, &vault.arn).is_empty();
    if !also_denied.is_empty() && allows_the_same && want.is_of_same_version(&have) {
        Some(VaultPolicyDrift::Stronger { also_denied, expected, observed })
    } else {
        Some(VaultPolicyDrift::Differs { no_longer_allowed, expected, observed })
    }
}
