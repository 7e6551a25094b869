//! How a run ends: when its time is over, when somebody stops it, when nothing more comes of looking, and when another writer never rests.

use reconcile::call::{Call, OUT_OF_TIME, TIMEOUT};
use reconcile::drift::Drift;
use reconcile::read::Read;

use super::memory::{apply, drifted, outcomes};
use super::*;

const TAGS: &str = "vault/tags-differ (tags)";
const TEXT: &str = "key/description-differs (description)";
const CUT: &str = "plan/retention-differs (rules.*.delete_after_days)";

fn out_of_time() -> Outcome {
    Outcome::Blocked(BlockReason::OutOfTime)
}

fn three_drifts(desired: &Desired) -> Observed {
    let mut observed = drifted(desired, TAGS);
    apply(&mut observed, desired, TEXT);
    apply(&mut observed, desired, CUT);
    observed
}

/// What came of each of the three, in the order of their repairs.
fn of_three(report: &Report) -> Vec<Outcome> {
    [TEXT, TAGS, CUT].iter().flat_map(|code| outcomes(report, code)).collect()
}

#[test]
fn what_there_is_no_time_for_is_not_begun_and_what_was_not_looked_at_again_is_not_called_repaired() {
    let desired = desired();
    let tried = || Outcome::Blocked(BlockReason::Tried);
    for (most, looks, expected) in [
        (0, 1, [out_of_time(), out_of_time(), out_of_time()]),
        (1, 1, [tried(), out_of_time(), out_of_time()]),
        (2, 1, [tried(), tried(), out_of_time()]),
        // With all calls made there is one more look.
        (3, 2, [Outcome::Repaired, Outcome::Repaired, Outcome::Repaired]),
    ] {
        let account = Changing::new(&desired, three_drifts(&desired), |_, _| {}).with_time_for(most);
        let report = now(run(&account, &desired, &NO_LIMITS));
        assert_eq!((report.calls.len(), account.looks()), (most, looks), "time for {most}");
        assert_eq!(of_three(&report), expected, "time for {most}");
    }
}

#[test]
fn who_stops_a_run_sees_what_was_made_until_then() {
    let desired = desired();
    let interrupted = || Outcome::Blocked(BlockReason::Interrupted);
    for (most, looks, expected) in [
        (0, 1, [interrupted(), interrupted(), interrupted()]),
        (1, 2, [Outcome::Repaired, interrupted(), interrupted()]),
        (2, 2, [Outcome::Repaired, Outcome::Repaired, interrupted()]),
        (3, 2, [Outcome::Repaired, Outcome::Repaired, Outcome::Repaired]),
    ] {
        let account = Changing::new(&desired, three_drifts(&desired), |_, _| {}).stopped_after(most);
        let report = now(run(&account, &desired, &NO_LIMITS));
        assert_eq!((report.calls.len(), account.looks()), (most, looks), "stopped after {most}");
        assert_eq!(of_three(&report), expected, "stopped after {most}");
    }
}

#[test]
fn a_call_that_was_given_up_because_the_time_was_over_is_no_refusal() {
    let desired = desired();
    for (code, is_over) in [(OUT_OF_TIME, true), (TIMEOUT, false)] {
        let account = Changing::new(&desired, drifted(&desired, CUT), |_, _| {})
            .that_refuses(move |_, before| before.is_empty().then_some(code));
        let report = now(run(&account.with_time_for(1), &desired, &NO_LIMITS));
        let [outcome] = &outcomes(&report, CUT)[..] else { panic!("{report:#?}") };
        assert_eq!(*outcome == out_of_time(), is_over, "{outcome:?}");
        assert_eq!(matches!(outcome, Outcome::Failed(_)), !is_over, "{outcome:?}");
    }
}

#[test]
fn a_look_that_was_cut_short_proves_nothing() {
    let desired = desired();
    let account = Changing::new(&desired, three_drifts(&desired), |look, observed| {
        observed.cut_short = look > 0;
    });
    let report = now(run(&account, &desired, &NO_LIMITS));
    assert_eq!((report.passes, account.looks()), (1, 2));
    assert!(of_three(&report).iter().all(|one| *one == Outcome::Blocked(BlockReason::Tried)), "{report:#?}");
    // The first one is all that there is.
    let account = Changing::new(&desired, three_drifts(&desired), |_, observed| observed.cut_short = true);
    let report = now(run(&account, &desired, &NO_LIMITS));
    assert_eq!((report.passes, report.findings.len()), (1, 3));
}

#[test]
fn what_was_accepted_and_is_not_seen_is_looked_for_three_times_more() {
    let desired = desired();
    let account = Changing::new(&desired, drifted(&desired, CUT), |_, _| {}).where_only(|_| false);
    let report = now(run(&account, &desired, &NO_LIMITS));
    assert_eq!((report.calls.len(), report.passes), (1, 5));
    assert_eq!(outcomes(&report, CUT), [Outcome::Blocked(BlockReason::Tried)]);
    // What was refused is not looked for.
    let account = Changing::new(&desired, drifted(&desired, CUT), |_, _| {})
        .that_refuses(|_, _| Some("AccessDeniedException"));
    let report = now(run(&account, &desired, &NO_LIMITS));
    assert_eq!((report.calls.len(), report.passes), (1, 2));
}

#[test]
fn what_is_seen_late_is_seen_within_the_three_looks() {
    let desired = desired();
    for (late, is_seen) in [(2, true), (3, true), (4, true), (5, false)] {
        let (whole, cut) = (in_sync(&desired), drifted(&desired, CUT));
        let account = Changing::new(&desired, cut, move |look, observed| {
            if look == late {
                observed.plans.clone_from(&whole.plans);
            }
        });
        let report = now(run(&account.where_only(|_| false), &desired, &NO_LIMITS));
        let expected = if is_seen { Outcome::Repaired } else { Outcome::Blocked(BlockReason::Tried) };
        assert_eq!(outcomes(&report, CUT), [expected], "seen at look {late}");
    }
}

#[test]
fn what_could_not_be_read_for_a_reason_that_passes_is_looked_at_once_more() {
    let desired = desired();
    for (code, looks) in [
        ("ThrottlingException", 2),
        ("ServiceUnavailableException", 2),
        ("AccessDeniedException", 1),
        ("UnknownMaker", 1),
        (OUT_OF_TIME, 1),
    ] {
        let mut observed = in_sync(&desired);
        let vault = observed.vaults.values_mut().find_map(Observation::present_mut).unwrap();
        vault.tags = Observation::Unreadable(refused(Read::ListTags, code));
        let account = Changing::new(&desired, observed, |_, _| {});
        let report = now(run(&account, &desired, &NO_LIMITS));
        assert_eq!((report.passes, report.verdict()), (looks, Verdict::Drifted), "{code}");
    }
}

#[test]
fn what_is_read_at_the_second_look_is_forgotten() {
    let desired = desired();
    let clean = in_sync(&desired);
    let mut observed = clean.clone();
    let (place, _) =
        observed.vaults.first_key_value().map(|(place, vault)| (place.clone(), vault.clone())).unwrap();
    observed
        .vaults
        .insert(place, Observation::Unreadable(refused(Read::ListBackupVaults, "ThrottlingException")));
    let account = Changing::new(&desired, observed, move |look, observed| {
        if look == 1 {
            observed.vaults.clone_from(&clean.vaults);
        }
    });
    let report = now(run(&account, &desired, &NO_LIMITS));
    assert_eq!((report.verdict(), report.passes), (Verdict::InSync, 2), "{:#?}", report.findings);
    assert_eq!(report.findings, []);
}

#[test]
fn two_writers_who_never_rest_are_left_to_the_next_run() {
    let desired = desired();
    let wanted = desired.clone();
    let account = Changing::new(&desired, in_sync(&desired), move |look, observed| {
        let vault = observed.vaults.values_mut().find_map(Observation::present_mut).unwrap();
        vault.tags = Observation::Present([("aws_backup".to_owned(), look.to_string())].into());
        let _ = &wanted;
        apply(observed, &wanted, CUT);
        let plans = observed.plans.values_mut().filter_map(Observation::present_mut).flatten();
        for plan in plans.filter_map(|one| one.plan.present_mut()) {
            plan.version = look.to_string();
        }
    });
    let report = now(run(&account, &desired, &Limits { max_calls: 1000, ..NO_LIMITS }));
    assert_eq!((report.passes, report.verdict()), (16, Verdict::Drifted));
}

#[test]
fn what_aws_would_make_twice_is_made_only_after_a_wait() {
    let desired = desired();
    let mut observed = drifted(&desired, "selection/missing");
    apply(&mut observed, &desired, TAGS);
    let is_create = |call: &Call| matches!(call, Call::CreateBackupSelection { .. });
    let account = Changing::new(&desired, observed.clone(), |_, _| {}).that_cannot_wait();
    let report = now(run(&account, &desired, &NO_LIMITS));
    assert!(!report.calls.iter().any(|made| is_create(&made.call)), "{:#?}", report.calls);
    assert_eq!(outcomes(&report, "selection/missing"), [out_of_time()]);
    assert_eq!(outcomes(&report, TAGS), [Outcome::Repaired], "what is made only once is made");
    // With the wait the second look has to agree.
    let account = Changing::new(&desired, observed.clone(), |_, _| {});
    let report = now(run(&account, &desired, &NO_LIMITS));
    assert_eq!(report.verdict(), Verdict::Healed);
    let made = report.calls.iter().find(|made| is_create(&made.call)).expect("the selection");
    assert_eq!(made.pass, 2);
    // What is there by then is not made a second time.
    let clean = in_sync(&desired);
    let account = Changing::new(&desired, observed, move |look, observed| {
        if look == 1 {
            observed.plans.clone_from(&clean.plans);
        }
    });
    let report = now(run(&account, &desired, &NO_LIMITS));
    assert!(!report.calls.iter().any(|made| is_create(&made.call)), "{:#?}", report.calls);
    assert!(report.findings.iter().all(|one| matches!(one.finding.drift, Drift::Vault(_))), "{report:#?}");
    assert!(
        report.notes.iter().any(|note| note.to_string().contains("a later one did not")),
        "{:?}",
        report.notes
    );
}
