//! What a report says as a whole: its verdict, its worst, whether anything is known to differ, and what tells it from the one before.

use reconcile::call::{CONNECTION_FAILED, Call, CallError, TIMEOUT};
use reconcile::desired::{Exception, SelectionDocument};
use reconcile::drift::{
    Drift, Finding, KeyDrift, LookAlike, Part, PlanDrift, RuleDrift, Severity, VaultPolicyDrift, unreadable,
};
use reconcile::read::{Read, Refusal};
use reconcile::repair::{BlockReason, Consent, Review};
use reconcile::report::{Outcome, Report, Reported, Verdict};
use reconcile::resource::{Kind, ResourceId};
use reconcile::state::KeyState;
use time::OffsetDateTime;
use time::macros::{date, datetime};

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

#[test]
fn outcomes_and_verdicts_have_the_names_of_the_contract() {
    let outcomes = [Outcome::Repaired, Outcome::Planned, refused("x"), excepted()];
    assert_eq!(outcomes.map(|one| one.as_str()), ["repaired", "planned", "failed", "blocked"]);
    let verdicts = [Verdict::InSync, Verdict::Healed, Verdict::Drifted];
    assert_eq!(verdicts.map(|one| one.as_str()), ["in_sync", "healed", "drifted"]);
}

#[test]
fn nobody_is_asked_about_what_the_next_run_goes_on_with() {
    let ask = |outcome: Outcome| missing(outcome).ask().map(|ask| ask.to_string());
    for outcome in [
        Outcome::Repaired,
        refused(TIMEOUT),
        refused(CONNECTION_FAILED),
        excepted(),
        Outcome::Blocked(BlockReason::Tried),
        Outcome::Blocked(BlockReason::OverLimit),
    ] {
        assert_eq!(ask(outcome.clone()), None, "{outcome:?}");
    }
    let refused = ask(refused("AccessDeniedException")).unwrap();
    assert_eq!(refused, "see why AWS refused the repair of plan us-east-1/plan (missing)");
    let planned = ask(Outcome::Planned).unwrap();
    assert!(planned.starts_with("nothing was repaired, because the mode is report"), "{planned}");
}

#[test]
fn a_refused_call_is_told_in_the_words_of_aws_with_what_to_do() {
    let failed = |code: &str, message: &str, call: Call| {
        let error = CallError { code: code.to_owned(), message: message.to_owned() };
        Reported { calls: vec![call], ..missing(Outcome::Failed(error)) }
    };
    let tag = || Call::TagRole { role: "r".to_owned(), tags: Default::default() };
    let one = failed("AccessDeniedException", "no.", tag());
    assert_eq!(
        one.what_was_done().to_string(),
        "Not repaired: AWS refused iam:TagRole. AWS's words: AccessDeniedException: no."
    );
    let command = one.command("us-east-1").unwrap().to_string();
    assert!(command.contains("TagRole --start-time 1970-01-01T00:00:00Z"), "{command}");
    let one = failed(TIMEOUT, "nothing", tag());
    assert_eq!(
        one.what_was_done().to_string(),
        "Not repaired: iam:TagRole got no answer from AWS (Timeout: nothing)."
    );
    assert!(one.next_step().unwrap().as_str().starts_with("The next run tries again."));
    // What AWS says of a selection's role is looked at where the role is.
    let document =
        SelectionDocument { role_arn: "arn:aws:iam::123456789012:role/ops/backup".to_owned(), ..selection() };
    let select =
        Call::CreateBackupSelection { region: "us-east-1".to_owned(), plan_id: "1".to_owned(), document };
    let role = failed(
        "InvalidParameterValueException",
        "IAM Role x cannot be assumed by AWS Backup",
        select.clone(),
    );
    assert_eq!(role.command("us-east-1").unwrap().to_string(), "aws iam get-role --role-name backup");
    let other = failed("InvalidParameterValueException", "something else", select);
    assert!(other.command("us-east-1").unwrap().to_string().contains("CreateBackupSelection"));
    // What another call fixed.
    let beside = |outcome| missing(outcome).what_was_done().to_string();
    assert_eq!(
        beside(Outcome::Planned),
        "Nothing was done: the mode is report. The other repairs would fix it."
    );
    assert_eq!(
        beside(Outcome::Repaired),
        "Fixed by the other repairs, seen repaired at 1970-01-01 00:00:00 UTC."
    );
}

fn selection() -> SelectionDocument {
    SelectionDocument {
        name: "all".to_owned(),
        role_arn: String::new(),
        resources: Default::default(),
        not_resources: Default::default(),
        tags: Default::default(),
        conditions: Default::default(),
    }
}

#[test]
fn what_may_only_be_another_region_is_not_told_as_a_loss_unless_a_key_is_dying() {
    let key = |state: KeyState| {
        let look_alikes = vec![LookAlike { key_arn: "arn:key".to_owned(), state }];
        let drift = KeyDrift::Missing { pinned_by: Vec::new(), key_arn: None, look_alikes };
        reported(drift, Outcome::Blocked(BlockReason::EmptyAccount))
    };
    let perhaps = "Perhaps this is the wrong account or region, and nothing is lost.";
    let deletion_at = Some(datetime!(2026-12-01 00:00 UTC));
    for (state, told) in [
        (KeyState::Enabled, None),
        (KeyState::Disabled, None),
        (
            KeyState::PendingDeletion { deletion_at },
            Some("arn:key (pending deletion, until 2026-12-01 00:00:00 UTC)"),
        ),
        (KeyState::PendingDeletion { deletion_at: None }, Some("arn:key (pending deletion)")),
        (KeyState::PendingReplicaDeletion, Some("arn:key (PendingReplicaDeletion)")),
    ] {
        let one = key(state);
        assert_eq!(one.may_be_elsewhere(), told.is_none(), "{one:?}");
        assert_eq!(one.impact().to_string() == perhaps, told.is_none(), "{one:?}");
        let ask = one.ask().unwrap().to_string();
        let expected = told.map_or_else(
            || "say whether this is the right account and region".to_owned(),
            |told| format!("check whether the backups are encrypted with this key, and keep it: {told}"),
        );
        assert_eq!(ask, expected);
    }
    assert_eq!(missing(Outcome::Blocked(BlockReason::EmptyAccount)).impact().to_string(), perhaps);
    assert_ne!(tried().impact().to_string(), perhaps);
}

#[test]
fn what_is_kept_otherwise_is_told_as_less_or_as_more() {
    let impact = |expected: Option<i64>, observed: Option<i64>| {
        let drift = RuleDrift::RetentionDiffers { rule: "daily".to_owned(), expected, observed };
        let one = reported(drift, Outcome::Blocked(BlockReason::OverLimit));
        (one.impact().to_string(), one.finding.drift.severity())
    };
    assert_eq!(
        impact(Some(30), Some(29)),
        ("New recovery points expire sooner than designed.".to_owned(), Severity::High)
    );
    assert_eq!(impact(None, Some(3000)).0, "New recovery points expire sooner than designed.");
    let (longer, severity) = impact(Some(30), Some(31));
    assert_eq!(longer, "Recovery points are kept, and paid for, longer than designed.");
    assert!(severity < Severity::High);
    assert_eq!(impact(Some(30), None).0, "Recovery points are kept, and paid for, for ever.");
}
