//! The access policies of vaults.

use super::found::{Found, same_policy};
use crate::desired::DesiredVault;
use crate::drift::{Part, VaultPolicyDrift};
use crate::policy::{Policy, no_longer_denied};
use crate::resource::ResourceId;
use crate::state::{Observation, Vault};

pub(super) fn diff(expected: &str, want: &DesiredVault, seen: &Vault, id: &ResourceId, found: &mut Found) {
    let observed = match &seen.policy {
        Observation::Unreadable(refusal) => return found.unreadable(id, Part::Whole, refusal),
        Observation::Absent => {
            return found.add(id, VaultPolicyDrift::Missing { expected: expected.to_owned() });
        }
        Observation::Present(observed) => observed.clone(),
    };
    let Ok(policy) = Policy::parse(expected) else { return };
    let expected = expected.to_owned();
    let drift = match Policy::parse(&observed) {
        // What we cannot parse we cannot trust to deny anything: AWS Backup stores only policies it could parse, so
        // this is an element that is newer than we are, and the finding shows the text.
        Err(_) => VaultPolicyDrift::Weakened { no_longer_denied: Default::default(), expected, observed },
        Ok(have) => {
            let lost = no_longer_denied(&policy, &have, &want.arn);
            if !lost.is_empty() {
                VaultPolicyDrift::Weakened { no_longer_denied: lost, expected, observed }
            } else if !same_policy(&expected, &observed) {
                VaultPolicyDrift::Differs { expected, observed }
            } else if !policy.same_labels(&have) {
                VaultPolicyDrift::LabelsDiffer { expected, observed }
            } else {
                return;
            }
        }
    };
    found.add(id, drift);
}
