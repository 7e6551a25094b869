//! Named drifts: each one can be seen, and only by its own name.

use std::collections::BTreeMap;

use sandbox::{DRIFTS, UnknownDrift};

use crate::client::{everything, reference};

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_reads_the_same_every_time() {
    assert_eq!(everything(&reference()), everything(&reference()));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_drift_shows_in_what_clients_read() {
    let mut seen = BTreeMap::from([(everything(&reference()), "no drift")]);
    for drift in DRIFTS {
        let sandbox = reference();
        sandbox.drift(drift.name).unwrap();
        let other = seen.insert(everything(&sandbox), drift.name);
        assert_eq!(other, None, "{} reads like it", drift.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_name_is_answered_with_the_right_ones() {
    let sandbox = reference();
    let Err(UnknownDrift::Name { known, .. }) = sandbox.drift("vault-policy-gone") else {
        panic!("it was applied")
    };
    assert!(known.starts_with("vault-policy-"), "{known}");
    let error = sandbox.drift("vault-deleted:nowhere").unwrap_err().to_string();
    assert_eq!(error, "vault-deleted cannot happen to nowhere: there is no such vault");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_a_lock_after_its_date() {
    let sandbox = reference();
    sandbox.advance(time::Duration::days(3));
    assert!(sandbox.drift("vault-lock-deleted").is_err());
    assert!(sandbox.drift("vault-lock-governance:vault_disaster_recovery").is_err());
}
