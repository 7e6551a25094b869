//! What happened: an account of the model with drifts, AWS's answers to calls, and records of calls, with everybody's texts changed.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use drift_healer::Mode;
use drift_healer::answer::Answer;
use drift_healer::hold::{Hold, Standing};
use drift_healer::incident::{Incident, IncidentKind};
use drift_healer::trigger::classify;
use drift_tests::model::{Change, DRIFTS, NO_LIMITS, NOW, each_text, error_texts, in_sync, now, specs};
use proptest::prelude::*;
use proptest::sample::select;
use reconcile::call::{Call, CallError};
use reconcile::desired::{Desired, Exception};
use reconcile::diff::diff;
use reconcile::history::{Principal, RecordedCall, Records};
use reconcile::report::Report;
use reconcile::run::{Account, run};
use reconcile::say;
use reconcile::simulate::Preview;
use reconcile::state::Observed;
use reconcile::words::{Reader, Verbatim};
use serde_json::Value;
use time::macros::date;

use super::hostility::Hostility;

/// What AWS does with calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aws {
    TakesThem,
    RefusesThem,
    IsOnlyRead,
}

/// An account that refuses every call in words of its own.
pub(super) struct Refusing<'a> {
    observed: Observed,
    change: &'a (dyn Fn(&mut String) + Sync),
}

impl Account for Refusing<'_> {
    async fn observe(&self, _desired: &Desired) -> Observed {
        self.observed.clone()
    }

    async fn apply(&self, _call: &Call) -> Result<(), CallError> {
        let mut error = refusal();
        error_texts(&mut error, self.change);
        Err(error)
    }

    async fn settle(&self) {}

    async fn wait_to_agree(&self) -> bool {
        true
    }

    fn has_time_for(&self, _calls: usize) -> bool {
        true
    }
}

pub(super) fn refusal() -> CallError {
    CallError { code: "AccessDeniedException".to_owned(), message: "You may not do this".to_owned() }
}

/// What happened, before anybody wrote anything into it.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) spec: usize,
    pub(super) drifts: Vec<usize>,
    pub(super) aws: Aws,
    /// Which file of `events/` started the run; the history knows its call and those of the next files.
    pub(super) event: usize,
    /// Whether an exception covers the first finding.
    pub(super) excepted: bool,
    /// Whether the event is taken for an attempt that AWS denied.
    pub(super) denied: bool,
}

/// How many calls the history knows.
pub(super) const KNOWN: usize = 8;

/// What is changed: each spec with the account that is in sync with it.
pub(super) static ACCOUNTS: LazyLock<Vec<(Desired, Observed)>> =
    LazyLock::new(|| specs().into_iter().map(|desired| (desired.clone(), in_sync(&desired))).collect());

/// The files of `events/`.
pub(super) static EVENTS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../events");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        files.filter(|file| file.extension().is_some_and(|end| end == "json")).collect();
    files.sort();
    files.iter().map(|file| serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()).collect()
});

/// The answer to a case in which somebody has changed texts.
pub(super) fn answer(case: &Case, hostility: &Hostility) -> Answer {
    let change = |text: &mut String| hostility.change(text);
    let (mut desired, mut observed) = ACCOUNTS[case.spec].clone();
    for &drift in &case.drifts {
        (DRIFTS[drift].apply)(&mut observed, &desired);
    }
    each_text(&mut observed, &change as &Change<'_>);
    if case.excepted {
        desired.exceptions.extend(diff(&desired, &observed).first().map(|finding| {
            let (mut owner, mut reason) = ("ana@example.com".to_owned(), "migration".to_owned());
            [&mut owner, &mut reason].into_iter().for_each(change);
            let code = finding.drift.code().code.to_owned();
            let until = date!(2027 - 01 - 31);
            Exception { resource: finding.resource.clone(), code, attribute: None, owner, reason, until }
        }));
    }
    let report = match case.aws {
        Aws::TakesThem => now(run(&Preview::new(&desired, observed), &desired, &NO_LIMITS)),
        Aws::RefusesThem => now(run(&Refusing { observed, change: &change }, &desired, &NO_LIMITS)),
        Aws::IsOnlyRead => now(run(&Preview::new(&desired, observed), &desired, &NO_LIMITS)).into_preview(),
    };
    let mut events: Vec<Value> = EVENTS.iter().cycle().skip(case.event).take(KNOWN).cloned().collect();
    for event in &mut events {
        let members = event.as_object_mut().into_iter().flatten();
        // By these two it is known for what it is.
        for (_, member) in members.filter(|(name, _)| *name != "source" && *name != "detail-type") {
            hostility.change_json(member);
        }
    }
    let calls: Vec<RecordedCall> =
        events.iter().filter_map(|event| RecordedCall::parse(&event["detail"])).collect();
    let trigger = classify(events.swap_remove(0)).remove(0);
    let own = Principal::of_caller("arn:aws:sts::123456789012:assumed-role/drift-healer/drift-healer");
    // What started the run is told by the invocation alone.
    let (told, known) = calls.split_at(usize::from(trigger.call.is_some()));
    let account = "123456789012";
    let records = Records { calls: known, told, account, own: Some(&own), is_complete: true, started: NOW };
    let attempt = trigger.call.clone().filter(|_| case.denied);
    let mut words = "a text of somebody".to_owned();
    change(&mut words);
    Answer {
        stories: records.stories(&report),
        report: if attempt.is_some() { Report::default() } else { report },
        mode: if case.aws == Aws::IsOnlyRead { Mode::Report } else { Mode::Repair },
        account: Some("123456789012".to_owned()),
        iam_region: "us-east-1".to_owned(),
        spec_name: words.clone(),
        spec_sha256: "0123456789abcdef".repeat(4),
        trigger,
        skipped: None,
        incidents: attempt
            .into_iter()
            .map(|call| Incident { kind: IncidentKind::Attempt, call, confirmed: false, told: true, at: NOW })
            .collect(),
        total: None,
        sent_before: None,
        gap: case.excepted.then(|| say!("{}", Verbatim(&words))),
        log: Some(words.clone()),
        hold: if case.excepted {
            Hold::Standing(Standing { until: NOW, reason: words.clone() })
        } else {
            Hold::None
        },
        notes: vec![say!("{} and {}", words, Verbatim(&words)).into()],
        reader: Reader::Deployer,
    }
}

pub(super) fn any_case() -> impl Strategy<Value = Case> {
    let drifts = proptest::collection::vec(0..DRIFTS.len(), 1..4);
    let aws = select(vec![Aws::TakesThem, Aws::RefusesThem, Aws::IsOnlyRead]);
    (0..ACCOUNTS.len(), drifts, aws, 0..EVENTS.len(), any::<bool>(), proptest::bool::weighted(0.1)).prop_map(
        |(spec, drifts, aws, event, excepted, denied)| Case { spec, drifts, aws, event, excepted, denied },
    )
}
