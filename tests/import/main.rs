//! Import: what is read from an account, from Terraform or from CloudFormation is a spec with which that account is in sync.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // these are tests

mod account;
mod mutations;
mod round_trip;
mod schema;
mod sources;

use reconcile::desired::Desired;
use reconcile::diff::diff;
use reconcile::spec::{Spec, Target};
use reconcile::state::Observed;

/// The account of the examples.
const ACCOUNT: &str = "123456789012";

/// A spec's text, resolved for the account of the examples.
#[track_caller]
fn resolved(text: &str) -> Desired {
    let spec = Spec::parse(text).unwrap_or_else(|errors| panic!("{errors}\n{text}"));
    let target = Target {
        partition: "aws".to_owned(),
        account: ACCOUNT.to_owned(),
        primary_region: None,
        dr_region: None,
    };
    spec.resolve(&target).unwrap()
}

/// With this spec the account is in sync.
#[track_caller]
fn in_sync(text: &str, observed: &Observed) {
    let findings = diff(&resolved(text), observed);
    assert!(findings.is_empty(), "{findings:#?}\n{text}");
}
