//! The SDK adapters against the sandbox: every way to drift, paging, throttling, denied reads, lost connections.

use drift_tests::stage::Stage;
use reconcile::report::{Outcome, Verdict};

#[tokio::test]
async fn the_reference_deployment_is_in_sync() {
    let stage = Stage::deployed();
    for _ in 0..2 {
        let report = stage.heal().await;
        assert_eq!(report.findings, vec![]);
        assert_eq!((report.verdict(), report.passes), (Verdict::InSync, 1));
    }
    assert_eq!(stage.sandbox.writes().len(), 0);
}

#[tokio::test]
async fn every_named_drift_settles() {
    for drift in sandbox::DRIFTS {
        let stage = Stage::deployed();
        stage.drift(&[drift.name]);
        let preview = stage.preview().await;
        assert_eq!(stage.sandbox.writes().len(), 0, "{}: a preview writes nothing", drift.name);
        let report = stage.heal().await;
        println!("{}: {:?} in {} passes", drift.name, report.verdict(), report.passes);
        for one in &report.findings {
            let facts = one.finding.drift.facts();
            println!("    {} {} {:?} {}", one.finding.resource, facts.code, one.outcome, facts.attribute);
        }
        if report.verdict() == Verdict::Healed {
            let planned = preview.findings.iter().all(|one| one.outcome == Outcome::Planned);
            assert!(planned, "{}: {:?}", drift.name, preview.findings);
        }
        let again = stage.heal().await;
        assert_eq!(again.calls, vec![], "{}: a second run writes nothing", drift.name);
    }
}
