//! The end of an invocation: a run stops before it, says so, and the next one goes on.

use std::time::{Duration, Instant};

use drift_tests::runtime_api::Deadline;
use sandbox::{Fault, FaultKind};

use super::stage::{SCHEDULE, Stage, calls, outcomes};

const DRIFTS: [&str; 6] = [
    "vault-policy-deleted:vault_prod_hourly",
    "vault-policy-deleted:vault_prod_daily",
    "vault-policy-deleted:vault_prod_monthly",
    "vault-policy-deleted:vault_disaster_recovery",
    "rule-retention-cut",
    "plan-untagged:ec2_prod_backups",
];

/// A function that has answered already, so that the start of its process takes nothing from the time.
async fn warm(time: Duration) -> Stage {
    let mut stage = Stage::with_deadline(&[], Deadline::In(time)).await;
    assert_eq!(stage.invoke(SCHEDULE).await["verdict"], "in_sync");
    stage.forget();
    stage
}

#[tokio::test]
async fn a_deadline_in_1970_is_no_deadline() {
    let mut stage = Stage::with_deadline(&[], Deadline::In1970).await;
    stage.drift(&["vault-policy-deleted"]);
    assert_eq!(stage.invoke(SCHEDULE).await["verdict"], "healed");
}

#[tokio::test]
async fn a_run_that_runs_out_of_time_stops_before_the_next_call_and_the_next_run_goes_on() {
    let time = Duration::from_secs(8);
    let mut stage = warm(time).await;
    stage.drift(&DRIFTS);
    // A quarter of the time is the report's: in the third of these calls the other six seconds are over.
    let slow = FaultKind::Delay { milliseconds: 2_100 };
    stage.sandbox.inject(Fault::on("backup", "PutBackupVaultAccessPolicy", slow).times(100));
    let start = Instant::now();
    let answer = stage.invoke(SCHEDULE).await;
    assert!(start.elapsed() < time, "answered after {:?}", start.elapsed());
    assert_eq!(answer["verdict"], "drifted");
    let told = outcomes(&answer);
    assert_eq!(told.len(), DRIFTS.len(), "{told:#?}");
    let made = calls(&answer);
    assert!((1..=3).contains(&made.len()), "{made:#?}");
    let accepted = answered_with_ok(&answer);
    assert!(accepted < made.len(), "the last call is given up: {made:#?}");
    assert_eq!(stage.written().len(), accepted, "what was given up was not carried out here");
    // What was called was not looked at again, so it is not called repaired.
    let ends = |end: &str| told.iter().filter(|line| line.ends_with(end)).count();
    assert_eq!(
        (ends("blocked tried"), ends("blocked out-of-time")),
        (accepted, told.len() - accepted),
        "{told:#?}"
    );
    assert_eq!(stage.sandbox.messages().len(), 1);

    stage.sandbox.clear_faults();
    stage.forget();
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!(answer["verdict"], "healed", "{:#?}", outcomes(&answer));
    assert_eq!(calls(&answer).len(), DRIFTS.len() - accepted);
    stage.forget();
    assert_eq!(stage.invoke(SCHEDULE).await["verdict"], "in_sync");
    assert_eq!(stage.written(), Vec::<String>::new());
}

#[tokio::test]
async fn a_run_whose_time_is_over_after_its_first_look_reports_what_it_saw() {
    let mut stage = warm(Duration::from_secs(6)).await;
    stage.drift(&DRIFTS);
    stage.sandbox.inject(Fault::on("backup", "ListBackupPlans", FaultKind::Delay { milliseconds: 2_500 }));
    let answer = stage.invoke(SCHEDULE).await;
    assert_eq!(stage.written(), Vec::<String>::new());
    let told = outcomes(&answer);
    assert_eq!(told.len(), DRIFTS.len(), "{told:#?}");
    assert!(told.iter().all(|line| line.ends_with("blocked out-of-time")), "{told:#?}");
    assert_eq!(stage.sandbox.messages().len(), 1);
}

#[tokio::test]
async fn a_call_without_an_answer_does_not_outlive_the_invocation() {
    let time = Duration::from_secs(8);
    let mut stage = warm(time).await;
    stage.drift(&["vault-policy-deleted"]);
    let hanging = FaultKind::Delay { milliseconds: 25_000 };
    stage.sandbox.inject(Fault::on("backup", "PutBackupVaultAccessPolicy", hanging).times(100));
    let start = Instant::now();
    let answer = stage.invoke(SCHEDULE).await;
    assert!(start.elapsed() < time, "answered after {:?}", start.elapsed());
    assert_eq!(answer["verdict"], "drifted");
    let told = outcomes(&answer);
    assert!(told.iter().all(|line| line.ends_with("blocked out-of-time")), "{told:#?}");
    assert_eq!(stage.sandbox.messages().len(), 1);
}

fn answered_with_ok(answer: &serde_json::Value) -> usize {
    let calls = answer["calls"].as_array().expect("a list of calls");
    calls.iter().filter(|call| call["result"] == "ok").count()
}
