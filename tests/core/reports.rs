//! What a report says as a whole: its verdict, its worst, whether anything is known to differ, and what tells it from the one before.

use reconcile::call::CallError;
use reconcile::desired::Exception;
use reconcile::drift::{Drift, Finding, Part, PlanDrift, Severity, VaultPolicyDrift, unreadable};
use reconcile::read::{Read, Refusal};
use reconcile::repair::{BlockReason, Consent, Review};
use reconcile::report::{Outcome, Report, Reported, Verdict};
use reconcile::resource::{Kind, ResourceId};
use time::OffsetDateTime;
use time::macros::date;

fn reported(drift: impl Into<Drift>, outcome: Outcome) -> Reported {
    Reported {
        finding: Finding {
            resource: ResourceId::regional(Kind::Plan, "us-east-1", "plan"),
            drift: drift.into(),
        },
        outcome,
        calls: Vec::new(),
        immutable_at: None,
        seen_at: OffsetDateTime::UNIX_EPOCH,
        repaired_at: Some(OffsetDateTime::UNIX_EPOCH),
    }
}

fn report(findings: Vec<Reported>) -> Report {
    Report { findings, ..Report::default() }
}

fn unread(words: &str) -> Reported {
    let resource = ResourceId::regional(Kind::Plan, "us-east-1", "plan");
    let error = CallError { code: "AccessDeniedException".to_owned(), message: words.to_owned() };
    let drift = unreadable(&resource, Part::Whole, &Refusal::of(Read::GetBackupPlan, error));
    reported(drift, Outcome::Blocked(BlockReason::Unreadable))
}

fn excepted() -> Outcome {
    Outcome::Blocked(BlockReason::Excepted(Box::new(Exception {
        resource: ResourceId::regional(Kind::Plan, "us-east-1", "plan"),
        code: "missing".to_owned(),
        attribute: None,
        owner: "ana".to_owned(),
        reason: "agreed".to_owned(),
        until: date!(2026 - 12 - 01),
    })))
}

fn refused(code: &str) -> Outcome {
    Outcome::Failed(CallError { code: code.to_owned(), message: "no".to_owned() })
}

fn missing(outcome: Outcome) -> Reported {
    reported(PlanDrift::Missing, outcome)
}

fn tried() -> Reported {
    missing(Outcome::Blocked(BlockReason::Tried))
}

#[test]
fn the_verdict_is_of_all_that_nobody_agreed_to() {
    for (findings, verdict) in [
        (vec![], Verdict::InSync),
        (vec![missing(excepted())], Verdict::InSync),
        (vec![missing(Outcome::Repaired)], Verdict::Healed),
        (vec![missing(Outcome::Repaired), missing(excepted())], Verdict::Healed),
        (vec![missing(Outcome::Repaired), tried()], Verdict::Drifted),
        (vec![tried(), missing(Outcome::Repaired)], Verdict::Drifted),
        (vec![missing(Outcome::Planned)], Verdict::Drifted),
        (vec![missing(refused("x"))], Verdict::Drifted),
    ] {
        assert_eq!(report(findings.clone()).verdict(), verdict, "{findings:#?}");
    }
}

#[test]
fn nothing_is_known_to_differ_where_all_that_is_open_could_not_be_read() {
    for (findings, expected) in [
        (vec![], false),
        (vec![unread("a")], true),
        (vec![unread("a"), missing(Outcome::Repaired)], true),
        (vec![unread("a"), missing(excepted())], true),
        (vec![unread("a"), missing(Outcome::Blocked(BlockReason::Unreadable))], true),
        (vec![unread("a"), tried()], false),
        (vec![tried(), unread("a")], false),
        (vec![missing(Outcome::Repaired)], false),
    ] {
        assert_eq!(report(findings.clone()).is_only_unread(), expected, "{findings:#?}");
    }
}

#[test]
fn the_worst_is_of_all_and_a_preview_calls_nothing_repaired() {
    let labels = VaultPolicyDrift::LabelsDiffer { expected: String::new(), observed: String::new() };
    let all = report(vec![reported(labels, Outcome::Repaired), missing(refused("x"))]);
    assert_eq!(all.worst(), Some(Severity::Critical));
    assert_eq!(report(vec![]).worst(), None);
    let preview = all.into_preview();
    let outcomes: Vec<&Outcome> = preview.findings.iter().map(|one| &one.outcome).collect();
    assert_eq!(outcomes, [&Outcome::Planned, &refused("x")]);
    assert!(preview.findings.iter().all(|one| one.repaired_at.is_none()));
}

#[test]
fn a_report_is_told_apart_by_what_is_open_and_why_and_not_by_words_of_aws() {
    let print = |findings: Vec<Reported>| report(findings).fingerprint();
    assert_eq!(print(vec![]).len(), 32);
    assert_eq!(print(vec![missing(Outcome::Repaired), missing(excepted())]), print(vec![]));
    assert_eq!(print(vec![unread("request 1")]), print(vec![unread("request 2")]));
    let elsewhere = {
        let mut one = tried();
        one.finding.resource.name.push('2');
        one
    };
    let different = [
        print(vec![]),
        print(vec![tried()]),
        print(vec![tried(), tried()]),
        print(vec![elsewhere]),
        print(vec![missing(Outcome::Planned)]),
        print(vec![missing(refused("x"))]),
        print(vec![missing(refused("y"))]),
        print(vec![missing(Outcome::Blocked(BlockReason::OverLimit))]),
        print(vec![reported(PlanDrift::Duplicate { plan_id: "1".to_owned() }, Outcome::Planned)]),
        print(vec![reported(PlanDrift::Duplicate { plan_id: "2".to_owned() }, Outcome::Planned)]),
        print(vec![unread("a")]),
    ];
    for (index, one) in different.iter().enumerate() {
        assert!(!different[index + 1..].contains(one), "{index}");
    }
}

#[test]
fn one_sentence_answers_all_that_a_reason_beside_the_drift_blocks() {
    let Outcome::Blocked(agreed) = excepted() else { return };
    let beside = [
        BlockReason::NeedsConsent(Consent::ComplianceLocks),
        BlockReason::OverLimit,
        BlockReason::OutOfTime,
        BlockReason::Interrupted,
        BlockReason::NotAsked,
        BlockReason::EmptyAccount,
        agreed,
    ];
    for reason in beside {
        assert!(reason.is_beside_the_drift(), "{reason:?}");
        let next = |drift: Drift| reported(drift, Outcome::Blocked(reason.clone())).next_step();
        assert_eq!(
            next(PlanDrift::Missing.into()),
            next(PlanDrift::Duplicate { plan_id: "1".to_owned() }.into())
        );
    }
    for reason in [
        BlockReason::Unreadable,
        BlockReason::WaitingOn(ResourceId::role("role")),
        BlockReason::Immutable,
        BlockReason::Ambiguous,
        BlockReason::NeedsReview(Review::ItsKind),
        BlockReason::Tried,
    ] {
        assert!(!reason.is_beside_the_drift(), "{reason:?}");
    }
}
