//! Whatever two policy documents say: they are read or refused, and the judgements about them agree with each other.
//!
//! The input is a file as in `tests/core/policies`.

use std::collections::BTreeSet;

use reconcile::policy::{Caller, Policy, is_default, no_longer_allowed, no_longer_denied, with_denials_of};

const ACCOUNT: &str = "123456789012";
const VAULT: &str = "arn:aws:backup:us-east-1:123456789012:backup-vault:vault_prod_daily";
const HEALER: &str = "arn:aws:iam::123456789012:role/ops/drift_healer";
const ACTIONS: [&str; 3] =
    ["backup:DeleteBackupVault", "backup:DeleteRecoveryPoint", "backup:PutBackupVaultAccessPolicy"];

pub(crate) fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let documents = text.split_once("--- left\n").map_or(text, |(_, documents)| documents);
    let (left, right) = documents.split_once("--- right\n").unwrap_or((documents, documents));
    let desired = alone(left);
    let observed = alone(right);
    if let (Some(desired), Some(observed)) = (desired, observed) {
        together((left, &desired), (right, &observed));
    }
}

fn alone(text: &str) -> Option<Policy> {
    let policy = Policy::parse(text).ok()?;
    let again = Policy::parse(&policy.to_canonical_json());
    assert!(again.is_ok_and(|again| again == policy), "the canonical form says something else");
    assert!(policy.same_labels(&policy));
    assert!(policy.lets_in_beyond(&policy, ACCOUNT, VAULT).is_empty());
    for caller in
        [Caller::role(HEALER), Caller::some_role_of("aws", ACCOUNT), Caller::service("backup.amazonaws.com")]
    {
        for action in ACTIONS {
            // Who is denied as everybody is denied as one of them.
            let denied = policy.denies_to(&caller, action, VAULT);
            assert!(
                !policy.denies_everyone(action, VAULT) || denied != Some(false),
                "{action} for one of everybody"
            );
            assert!(policy.denies_as_far_as(&policy, action, VAULT) || policy.mentions(action, VAULT));
        }
    }
    let _ = is_default(text, ACCOUNT, "aws");
    Some(policy)
}

fn together((left, desired): (&str, &Policy), (right, observed): (&str, &Policy)) {
    let (forth, back) = (desired == observed, observed == desired);
    assert_eq!(forth, back, "equality has a direction");
    if forth {
        assert_eq!(desired.to_canonical_json(), observed.to_canonical_json());
        assert_eq!(no_longer_denied(desired, observed, VAULT), no_longer_denied(desired, desired, VAULT));
        assert_eq!(no_longer_allowed(desired, observed, VAULT), no_longer_allowed(desired, desired, VAULT));
    }
    let Some(both) = with_denials_of(left, right, VAULT, |_| BTreeSet::new()) else { return };
    let put = Policy::parse(&both);
    assert!(put.is_ok(), "what would be put cannot be read: {both}");
    // Nothing of the desired policy may be lost by what is carried.
    let lost = put.map(|put| no_longer_denied(desired, &put, VAULT)).unwrap_or_default();
    let unsure = no_longer_denied(desired, desired, VAULT);
    assert!(lost.is_subset(&unsure), "{lost:?} is lost in {both}");
}
