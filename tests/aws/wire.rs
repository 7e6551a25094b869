//! The SDK adapters against the sandbox: every way to drift, paging, throttling, denied reads, lost connections.

use drift_tests::stage::Stage;
use reconcile::drift::{Drift, Part, Severity};
use reconcile::repair::BlockReason;
use reconcile::report::{Outcome, Verdict};
use sandbox::{Fault, FaultKind};
use sandbox_reference::DRIFTS;

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
    for drift in DRIFTS {
        let stage = Stage::deployed();
        stage.drift(&[drift.name]);
        let preview = stage.preview().await;
        assert_eq!(stage.sandbox.writes(), vec![], "{}: a preview writes nothing", drift.name);
        let report = stage.heal().await;
        assert_eq!(
            preview.findings.len(),
            report.findings.len(),
            "{}: the preview sees every pass",
            drift.name
        );
        for (planned, made) in preview.findings.iter().zip(&report.findings) {
            assert_eq!(planned.finding.resource, made.finding.resource, "{}", drift.name);
            assert_eq!(planned.finding.drift.code().id(), made.finding.drift.code().id(), "{}", drift.name);
            assert_eq!(
                planned.outcome == Outcome::Planned,
                made.outcome == Outcome::Repaired,
                "{}",
                drift.name
            );
        }
        assert_eq!(
            preview.calls.len(),
            report.calls.len(),
            "{}: the preview makes the same calls",
            drift.name
        );
        let again = stage.heal().await;
        assert_eq!(again.calls, vec![], "{}: a second run writes nothing", drift.name);
        if report.verdict() != Verdict::Drifted {
            assert_eq!(again.verdict(), Verdict::InSync, "{}", drift.name);
        }
    }
}

#[tokio::test]
async fn lists_are_read_to_their_last_page() {
    let stage = Stage::deployed();
    stage.drift(&["foreign-clutter"]);
    stage.sandbox.set_page_size(Some(1));
    let report = stage.heal().await;
    assert_eq!(report.findings, vec![]);
    let vault_pages =
        stage.sandbox.calls().iter().filter(|call| call.operation == "ListBackupVaults").count();
    assert!(vault_pages > 4, "{vault_pages} pages of vaults");
}

#[tokio::test]
async fn a_throttled_read_is_tried_again() {
    let stage = Stage::deployed();
    for (service, operation, code, status) in [
        ("backup", "ListBackupPlans", "ThrottlingException", 400),
        ("kms", "DescribeKey", "ThrottlingException", 400),
        ("iam", "GetRole", "Throttling", 400),
        ("backup", "ListTags", "ServiceUnavailableException", 500),
    ] {
        stage.sandbox.inject(Fault::on(service, operation, error(code, status)));
    }
    assert_eq!(stage.heal().await.findings, vec![]);
}

#[tokio::test]
async fn a_lost_connection_is_tried_again() {
    let stage = Stage::deployed();
    stage.sandbox.inject(Fault::on("backup", "ListBackupVaults", FaultKind::Reset));
    stage.sandbox.inject(Fault::on("kms", "GetKeyRotationStatus", FaultKind::Reset));
    assert_eq!(stage.heal().await.findings, vec![]);
}

#[tokio::test]
async fn a_plan_whose_answer_was_lost_is_not_made_twice() {
    let stage = Stage::deployed();
    stage.drift(&["plan-deleted"]);
    stage.sandbox.inject(Fault::on("backup", "CreateBackupPlan", FaultKind::LostAnswer));
    let report = stage.heal().await;
    assert_eq!(report.verdict(), Verdict::Healed, "{:?}", report.findings);
    assert_eq!(stage.heal().await.findings, vec![]);
}

/// Every read, denied for good: the finding that must appear, and nothing may be written to what was not read.
#[tokio::test]
async fn a_denied_read_is_never_taken_for_missing() {
    let reads = [
        ("iam", "GetRole", "role"),
        ("iam", "ListAttachedRolePolicies", "role"),
        ("iam", "ListRolePolicies", "role"),
        ("kms", "DescribeKey", "alias"),
        ("kms", "GetKeyRotationStatus", "key"),
        ("kms", "ListResourceTags", "key"),
        ("backup", "ListBackupVaults", "vault"),
        ("backup", "GetBackupVaultAccessPolicy", "vault-policy"),
        ("backup", "ListTags", "vault"),
        ("backup", "ListBackupPlans", "plan"),
        ("backup", "GetBackupPlan", "plan"),
        ("backup", "ListBackupSelections", "selection"),
        ("backup", "GetBackupSelection", "selection"),
    ];
    for (service, operation, kind) in reads {
        let stage = Stage::deployed();
        let denied = error("AccessDeniedException", 403);
        stage.sandbox.inject(Fault { times: usize::MAX, ..Fault::on(service, operation, denied) });
        let report = stage.heal().await;
        assert_eq!(stage.sandbox.writes(), vec![], "{operation}");
        assert_eq!(report.verdict(), Verdict::Drifted, "{operation}");
        assert!(!report.findings.is_empty(), "{operation}");
        for one in &report.findings {
            assert_eq!(one.finding.drift.code().code, "unreadable", "{operation}: {:?}", one.finding);
            assert_eq!(one.outcome, Outcome::Blocked(BlockReason::Unreadable), "{operation}");
            // How something is protected does not depend on its tags.
            let of_tags =
                matches!(&one.finding.drift, Drift::Unreadable(unreadable) if unreadable.part == Part::Tags);
            assert_eq!(
                one.finding.drift.severity(),
                if of_tags { Severity::Low } else { Severity::High },
                "{operation}"
            );
            assert!(
                one.command("us-east-1").is_some_and(|command| command.to_string().starts_with("aws ")),
                "{operation}"
            );
        }
        let named = report.findings.iter().any(|one| one.finding.resource.kind.as_str() == kind);
        assert!(named, "{operation}: no finding about a {kind}");
    }
}

#[tokio::test]
async fn a_refused_call_does_not_stop_independent_ones() {
    let stage = Stage::deployed();
    stage.drift(&["vault-policy-deleted", "rule-retention-cut", "key-rotation-off"]);
    stage.sandbox.inject(Fault {
        times: usize::MAX,
        ..Fault::on("backup", "PutBackupVaultAccessPolicy", error("AccessDeniedException", 403))
    });
    let report = stage.heal().await;
    assert_eq!(report.verdict(), Verdict::Drifted);
    for one in &report.findings {
        let refused = one.finding.resource.kind.as_str() == "vault-policy";
        assert_eq!(matches!(one.outcome, Outcome::Failed(_)), refused, "{one:?}");
        assert_eq!(one.outcome == Outcome::Repaired, !refused, "{one:?}");
    }
}

#[tokio::test]
async fn what_aws_says_stays_on_one_line() {
    let stage = Stage::deployed();
    stage.drift(&["vault-policy-deleted"]);
    let forged = FaultKind::Error {
        code: "AccessDeniedException".to_owned(),
        status: 403,
        message: "no\n{\"_aws\": {}}\r\u{1b}[31m".to_owned(),
    };
    stage
        .sandbox
        .inject(Fault { times: usize::MAX, ..Fault::on("backup", "PutBackupVaultAccessPolicy", forged) });
    let report = stage.heal().await;
    let Outcome::Failed(error) = &report.findings[0].outcome else { panic!("{report:#?}") };
    assert!(error.message.contains("_aws") && !error.message.contains(char::is_control), "{error:?}");
}

#[tokio::test]
async fn everything_is_made_in_one_run_where_that_is_asked_for() {
    let mut stage = Stage::empty();
    let report = stage.heal().await;
    assert_eq!((report.verdict(), stage.sandbox.writes().len()), (Verdict::Drifted, 0));
    stage.limits.bootstrap = true;
    let report = stage.heal().await;
    assert_eq!(report.verdict(), Verdict::Healed, "{:#?}", report.findings);
    assert_eq!(stage.heal().await.findings, vec![]);
}

#[tokio::test]
async fn what_an_attacker_deleted_altogether_comes_back_where_that_is_asked_for() {
    let mut stage = Stage::deployed();
    stage.drift(&["everything-deleted"]);
    let report = stage.heal().await;
    assert_eq!(
        (report.verdict(), stage.sandbox.writes().len()),
        (Verdict::Drifted, 0),
        "nothing shows whose account this is"
    );
    stage.limits.bootstrap = true;
    let report = stage.heal().await;
    assert_eq!(report.verdict(), Verdict::Healed, "{:#?}", report.findings);
    assert_eq!(stage.heal().await.findings, vec![]);
}

fn error(code: &str, status: u16) -> FaultKind {
    FaultKind::Error { code: code.to_owned(), status, message: "injected".to_owned() }
}

#[tokio::test]
async fn what_cannot_be_seen_any_more_is_not_called_repaired() {
    let stage = Stage::deployed();
    stage.drift(&["vault-policy-deleted"]);
    // The first look reads four policies; from then on none can be read.
    let denied = Fault::on("backup", "GetBackupVaultAccessPolicy", error("AccessDeniedException", 403));
    stage.sandbox.inject(Fault { times: usize::MAX, ..denied.from_call(5) });
    let report = stage.heal().await;
    assert_eq!(report.verdict(), Verdict::Drifted);
    let missing: Vec<&Outcome> = report
        .findings
        .iter()
        .filter(|one| one.finding.drift.code().code == "missing")
        .map(|one| &one.outcome)
        .collect();
    assert_eq!(missing, [&Outcome::Blocked(BlockReason::Tried)]);
}
