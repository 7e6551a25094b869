//! What each named drift brings about: exactly the codes that it names, by the real adapter and the real diff.

use std::collections::BTreeSet;

use drift_tests::stage::Stage;
use reconcile::diff::diff;
use reconcile::run::Account;
use sandbox_reference::DRIFTS;

/// `kind/code` of every finding.
async fn found(stage: &Stage) -> BTreeSet<String> {
    let observed = stage.account().observe(&stage.desired).await;
    let findings = diff(&stage.desired, &observed);
    findings.iter().map(|one| format!("{}/{}", one.resource.kind, one.drift.code().code)).collect()
}

#[tokio::test]
async fn every_named_drift_brings_about_the_codes_that_it_names() {
    let mut wrong = Vec::new();
    for drift in DRIFTS {
        let named: BTreeSet<String> = drift.codes.iter().map(|code| (*code).to_owned()).collect();
        assert_eq!(named.len(), drift.codes.len(), "{}: each code once", drift.name);
        let stage = Stage::deployed();
        stage.drift(&[drift.name]);
        let found = found(&stage).await;
        if found != named {
            wrong.push(format!("{} brings about {found:?}", drift.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
