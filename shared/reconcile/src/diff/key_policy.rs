//! The policies of keys: against the spec's, where it has one; else whom the observed one shuts out or lets in.

use super::found::Found;
use crate::desired::{Desired, DesiredKey};
use crate::drift::{KeyAccessDrift, Part};
use crate::lockout::{KeyUser, ShutOut, lets_in_as_many, perhaps_shut_out_of_key, shut_out_of_key};
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
    let who = beyond_design(shut_out_of_key, desired, key, &seen.arn, [&want, &have]);
    if who.is_empty() && is_as_narrow(desired, &seen.arn, &want, &have) {
        return Some(KeyAccessDrift::PolicyStronger {
            perhaps: beyond_design(perhaps_shut_out_of_key, desired, key, &seen.arn, [&want, &have]),
            also_denied: no_longer_denied(&have, &want, &seen.arn),
            no_longer_allowed: no_longer_allowed(&want, &have, &seen.arn),
            key_arn,
            expected: expected.to_owned(),
            observed: observed.to_owned(),
        });
    }
    Some(differs(who))
}

type ShutsOut = fn(&Desired, &DesiredKey, &str, &Policy) -> Vec<ShutOut>;

/// Whom a policy shuts out whom the spec's does not.
fn beyond_design(
    shuts_out: ShutsOut,
    desired: &Desired,
    key: &DesiredKey,
    key_arn: &str,
    [want, have]: [&Policy; 2],
) -> Vec<ShutOut> {
    let by_design = shuts_out(desired, key, key_arn, want);
    shuts_out(desired, key, key_arn, have).into_iter().filter(|one| !by_design.contains(one)).collect()
}

/// Whether a policy denies all that the spec's denies, and allows nothing beyond it and as much as is needed.
fn is_as_narrow(desired: &Desired, key_arn: &str, want: &Policy, have: &Policy) -> bool {
    no_longer_denied(want, have, key_arn).is_empty()
        && no_longer_allowed(have, want, key_arn).is_empty()
        && want.is_of_same_version(have)
        && lets_in_as_many(desired, key_arn, want, have)
}

/// Whether a policy would be left as it is if it were found.
pub(crate) fn would_be_left(
    desired: &Desired,
    key: &DesiredKey,
    key_arn: &str,
    expected: &str,
    policy: &str,
) -> bool {
    let (Ok(want), Ok(have)) = (Policy::parse(expected), Policy::parse(policy)) else { return false };
    beyond_design(shut_out_of_key, desired, key, key_arn, [&want, &have]).is_empty()
        && is_as_narrow(desired, key_arn, &want, &have)
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
    let mut who = shut_out_of_key(desired, want, &seen.arn, &policy);
    // Beside roles that are shut out for sure, what only may be is no news.
    let is_sure = |one: &ShutOut| one.certainly && matches!(one.user, KeyUser::Role(_));
    if !who.iter().any(is_sure) {
        let perhaps = perhaps_shut_out_of_key(desired, want, &seen.arn, &policy);
        let is_told = |one: &ShutOut| who.iter().any(|told| told.user == one.user);
        let untold: Vec<ShutOut> = perhaps.into_iter().filter(|one| !is_told(one)).collect();
        who.extend(untold);
    }
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
