//! Whether a key is one that the spec could mean.

use super::account_of;
use crate::desired::{Desired, DesiredKey};
use crate::policy::Policy;
use crate::read::Refusal;
use crate::say;
use crate::state::{Key, MultiRegion, Observation, SYMMETRIC};
use crate::words::{Prose, Word};

/// Whether a key is one that the spec could mean.
#[derive(Debug, Clone, PartialEq)]
pub enum Fit {
    /// It is.
    Fits,
    /// It is not; why.
    DoesNot(Prose),
    /// It cannot be told, because this could not be read.
    Unknown(Refusal),
}

/// Judges what a key is, and who may use it: never what it is called, nor its tags.
pub fn fits(desired: &Desired, want: &DesiredKey, key: &Key) -> Fit {
    let several = key.multi_region != MultiRegion::No;
    if !key.customer_managed {
        return Fit::DoesNot(Prose::own("it is managed by AWS"));
    }
    if key.spec != SYMMETRIC {
        return Fit::DoesNot(say!("it is of the type {}", key.spec));
    }
    if key.origin != want.origin {
        return Fit::DoesNot(say!("its material comes from {}", key.origin));
    }
    if several != want.multi_region {
        let word = Word(if several { "it lives in several regions" } else { "it lives in one region" });
        return Fit::DoesNot(say!("{}", word));
    }
    match &key.grants {
        Observation::Unreadable(refusal) => return Fit::Unknown(refusal.clone()),
        Observation::Absent => {}
        Observation::Present(grants) => {
            let foreign = |grantee: &str| {
                let account = account_of(grantee).unwrap_or(grantee);
                let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
                is_account && account != desired.account
            };
            if let Some(grant) = grants.iter().find(|grant| foreign(&grant.grantee)) {
                return Fit::DoesNot(say!("a grant lets {} use it", grant.grantee));
            }
        }
    }
    match (&key.shared, &key.policy) {
        (Observation::Unreadable(refusal), _) | (_, Observation::Unreadable(refusal)) => {
            Fit::Unknown(refusal.clone())
        }
        (Observation::Present(_), _) => Fit::DoesNot(Prose::own("it is shared with other accounts")),
        (Observation::Absent, Observation::Absent) => Fit::DoesNot(Prose::own("it has no key policy")),
        (Observation::Absent, Observation::Present(policy)) => {
            let default = default_key_policy(&desired.partition, &desired.account);
            let known = want.policy.iter().chain([&default]);
            if known.into_iter().any(|known| same(known, policy)) {
                Fit::Fits
            } else {
                Fit::DoesNot(Prose::own("its key policy is neither the spec's nor the default one"))
            }
        }
    }
}

fn same(a: &str, b: &str) -> bool {
    matches!((Policy::parse(a), Policy::parse(b)), (Ok(a), Ok(b)) if a == b)
}

/// The policy that AWS KMS gives a key that is made without one ("Default key policy").
pub(crate) fn default_key_policy(partition: &str, account: &str) -> String {
    serde_json::json!({
        "Version": "2012-10-17",
        "Id": "key-default-1",
        "Statement": [{
            "Sid": "Enable IAM User Permissions",
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:{partition}:iam::{account}:root") },
            "Action": "kms:*",
            "Resource": "*",
        }],
    })
    .to_string()
}
