//! The policies of keys: against the spec's, where it has one; else whom the observed one shuts out or lets in.

use super::found::Found;
use crate::desired::{Desired, DesiredKey};
use crate::drift::{KeyAccessDrift, Part};
use crate::lockout::{ShutOut, shut_out_of_key};
use crate::policy::{Policy, no_longer_allowed, no_longer_denied};
use crate::read::{Read, Refusal};
use crate::resource::ResourceId;
use crate::state::{Key, Observation};

pub(super) fn diff(desired: &Desired, want: &DesiredKey, seen: &Key, id: &ResourceId, found: &mut Found) {
    let observed = match &seen.policy {
        Observation::Unreadable(refusal) => return found.unreadable(id, Part::KeyPolicy, refusal),
        Observation::Present(observed) => observed.as_str(),
        Observation::Absent => "",
    };
    match &want.policy {
        Some(expected) => {
            if let Some(drift) = compare(desired, want, seen, expected, observed) {
                found.add(id, drift);
            }
        }
        None => judge(desired, want, seen, observed, id, found),
    }
}

fn compare(
    desired: &Desired,
    key: &DesiredKey,
    seen: &Key,
    expected: &str,
    observed: &str,
) -> Option<KeyAccessDrift> {
    let key_arn = seen.arn.clone();
    let differs = |who: Vec<ShutOut>| {
        let (expected, observed) = (expected.to_owned(), observed.to_owned());
        KeyAccessDrift::PolicyDiffers { key_arn: key_arn.clone(), who, expected, observed }
    };
    let (Ok(want), Ok(have)) = (Policy::parse(expected), Policy::parse(observed)) else {
        return (expected != observed).then(|| differs(Vec::new()));
    };
    if want == have {
        return None;
    }
    let by_design = shut_out_of_key(desired, key, &seen.arn, &want);
    let mut who = shut_out_of_key(desired, key, &seen.arn, &have);
    who.retain(|one| !by_design.contains(one));
    let says_the_same = |a: &Policy, b: &Policy| no_longer_allowed(a, b, &seen.arn).is_empty();
    let keeps_all = no_longer_denied(&want, &have, &seen.arn).is_empty()
        && says_the_same(&want, &have)
        && says_the_same(&have, &want)
        && want.is_of_same_version(&have);
    let also_denied = no_longer_denied(&have, &want, &seen.arn);
    if who.is_empty() && keeps_all && !also_denied.is_empty() {
        let (expected, observed) = (expected.to_owned(), observed.to_owned());
        return Some(KeyAccessDrift::PolicyStronger { key_arn, also_denied, expected, observed });
    }
    Some(differs(who))
}

/// The spec leaves the policy to others.
fn judge(
    desired: &Desired,
    want: &DesiredKey,
    seen: &Key,
    observed: &str,
    id: &ResourceId,
    found: &mut Found,
) {
    let policy = match Policy::parse(observed) {
        Ok(policy) => policy,
        Err(error) => {
            let refusal = Refusal::incomplete(Read::GetKeyPolicy, &error.to_string());
            return found.unreadable(id, Part::KeyPolicy, &refusal);
        }
    };
    let key_arn = || seen.arn.clone();
    let who = shut_out_of_key(desired, want, &seen.arn, &policy);
    found.add_if(!who.is_empty(), id, || KeyAccessDrift::PolicyShutsOut {
        key_arn: key_arn(),
        who,
        observed: observed.to_owned(),
    });
    let who = policy.lets_in(&desired.account);
    found.add_if(!who.is_empty(), id, || KeyAccessDrift::PolicyLetsIn {
        key_arn: key_arn(),
        who,
        observed: observed.to_owned(),
    });
}
