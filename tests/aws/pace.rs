//! How an account spends the time of a run: looks and calls that end in time, pauses no longer than they are good for.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use aws_account::{AwsAccount, Inquiry, Pace};
use drift_tests::model::{NOW, SPEC, resolve};
use reconcile::call::{Call, OUT_OF_TIME, TIMEOUT};
use reconcile::desired::{Desired, SelectionDocument};
use reconcile::history::Question;
use reconcile::read::Refusal;
use reconcile::run::Account;
use reconcile::state::Observation;
use tokio::time::{Instant, advance};

use crate::scripted::{Asked, Reply, Script, refused};

const LIST: &str = "GET /backup-vaults";
const RESERVE: Duration = seconds(5.0);

const fn seconds(seconds: f64) -> Duration {
    Duration::from_millis((seconds * 1000.0) as u64)
}

fn pace(time: f64) -> Pace {
    Pace {
        clock: Arc::new(|| NOW),
        deadline: Instant::now() + RESERVE + seconds(time),
        reserve: RESERVE,
        settle: seconds(1.0),
        agree: seconds(2.0),
    }
}

/// One vault, so that a look is one question: which vaults there are.
fn one_vault() -> Desired {
    let desired = resolve(SPEC);
    let vault = desired.vaults[0].clone();
    Desired {
        roles: Vec::new(),
        keys: Vec::new(),
        vaults: vec![vault],
        plans: Vec::new(),
        region_settings: Vec::new(),
        ..desired
    }
}

fn no_vaults(after: f64) -> Reply {
    Reply::After(seconds(after), 200, r#"{"BackupVaultList":[]}"#.to_owned())
}

/// How long something takes.
async fn time_of<T>(what: impl Future<Output = T>) -> (f64, T) {
    let began = Instant::now();
    let result = what.await;
    (began.elapsed().as_secs_f64(), result)
}

fn tag() -> Call {
    let (region, arn, tags) = ("us-east-1".to_owned(), "arn:v".to_owned(), [("a".into(), "b".into())].into());
    Call::TagBackupResource { region, arn, tags }
}

fn attach() -> Call {
    Call::AttachRolePolicy { role: "r".to_owned(), policy_arn: "arn:p".to_owned() }
}

fn select() -> Call {
    let document = SelectionDocument {
        name: "s".to_owned(),
        role_arn: "arn:r".to_owned(),
        resources: ["*".to_owned()].into(),
        not_resources: Default::default(),
        tags: Default::default(),
        conditions: Default::default(),
    };
    Call::CreateBackupSelection { region: "us-east-1".to_owned(), plan_id: "p".to_owned(), document }
}

fn not_assumed() -> Reply {
    refused("InvalidParameterValueException", "IAM Role arn:r cannot be assumed by AWS Backup")
}

fn done() -> Reply {
    Reply::Now(200, "{}".to_owned())
}

fn attached() -> Reply {
    Reply::Now(200, "<AttachRolePolicyResponse/>".to_owned())
}

#[tokio::test(start_paused = true)]
async fn the_report_has_its_own_part_of_the_time() {
    for (time, reserve, left, to_report) in [
        (20.0, 5.0, 15.0, 19.5),
        (20.0, 1.0, 19.0, 19.8),
        (4.0, 5.0, 0.0, 3.5),
        (0.1, 5.0, 0.0, 0.0),
        (-1.0, 5.0, 0.0, 0.0),
    ] {
        let now = Instant::now();
        let deadline = if time < 0.0 { now } else { now + seconds(time) };
        let pace = Pace { deadline, reserve: seconds(reserve), ..pace(0.0) };
        let told = (pace.time_left(), pace.time_to_report());
        assert_eq!(told, (seconds(left), seconds(to_report)), "{time} {reserve}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_written_to_iam_is_waited_for_longer_and_longer_and_what_else_was_written_is_not() {
    let script = Script::new(|asked, _| match asked.what.as_str() {
        "AttachRolePolicy" if asked.body.contains("refused") => Reply::Now(
            404,
            "<ErrorResponse><Error><Code>NoSuchEntity</Code></Error></ErrorResponse>".to_owned(),
        ),
        "AttachRolePolicy" => attached(),
        _ => done(),
    });
    let refused = || Call::AttachRolePolicy { role: "r".to_owned(), policy_arn: "refused".to_owned() };
    let account = AwsAccount::new(&script.clients, pace(1000.0));
    let pause = async |calls: Vec<Call>| {
        for call in calls {
            let _ = account.apply(&call).await;
        }
        time_of(account.settle()).await.0
    };
    for (calls, expected) in [
        (vec![], 1.0),
        (vec![], 2.0),
        (vec![], 4.0),
        (vec![], 4.0),
        // Its own write is seen at once, and what is not seen then is waited for anew.
        (vec![tag()], 0.0),
        (vec![], 1.0),
        (vec![attach()], 1.0),
        (vec![], 2.0),
        // IAM's is the slower of two.
        (vec![attach(), tag()], 1.0),
        (vec![tag()], 0.0),
        (vec![], 1.0),
        // Nothing was written.
        (vec![refused()], 2.0),
        (vec![], 4.0),
    ] {
        assert_eq!(pause(calls.clone()).await, expected, "{calls:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_without_an_answer_counts_as_written() {
    let script = Script::new(|_, _| Reply::Never);
    let account = AwsAccount::new(&script.clients, pace(100.0));
    account.settle().await;
    assert_eq!(account.apply(&attach()).await.unwrap_err().code, TIMEOUT);
    assert_eq!(time_of(account.settle()).await.0, 1.0, "from the start");
}

#[tokio::test(start_paused = true)]
async fn a_pause_leaves_the_time_of_another_look() {
    let script = Script::new(|_, _| no_vaults(3.0));
    let account = AwsAccount::new(&script.clients, Pace { settle: seconds(60.0), ..pace(20.0) });
    account.observe(&one_vault()).await;
    assert_eq!(time_of(account.settle()).await.0, 14.0, "20 s, less the look, and less the one to come");
    assert_eq!(time_of(account.settle()).await.0, 0.0);
}

#[tokio::test(start_paused = true)]
async fn the_first_look_leaves_a_third_of_the_time_and_the_last_takes_of_the_reports() {
    let script = Script::new(|_, _| Reply::Never);
    let account = AwsAccount::new(&script.clients, pace(15.0));
    for (expected, what) in [(10.0, "two thirds"), (5.0, "the rest"), (2.5, "half of what is kept")] {
        let (took, seen) = time_of(account.observe(&one_vault())).await;
        assert_eq!(took, expected, "{what}");
        // The request ended, and not the look.
        assert!(!seen.cut_short, "{what}");
        let vault = seen.vaults.into_values().next();
        let Some(Observation::Unreadable(why)) = vault else { panic!("{what}: {vault:?}") };
        assert_eq!(why.error.code, TIMEOUT, "{what}");
    }
}

/// Of how many it is said that the time was over.
fn out_of_time<K, T>(seen: &BTreeMap<K, Observation<T>>) -> usize {
    let over = Refusal::out_of_time();
    seen.values().filter(|one| matches!(one, Observation::Unreadable(why) if *why == over)).count()
}

#[tokio::test(start_paused = true)]
async fn a_look_that_waits_for_something_else_than_an_answer_is_cut_short() {
    let mut desired = resolve(SPEC);
    let arn = desired.vaults[0].arn.clone();
    let name = desired.vaults[0].name.clone();
    let region = desired.vaults[0].region.clone();
    // Nobody locked it, so that the history is asked who took the lock away.
    let list = serde_json::json!({ "BackupVaultList": [{ "BackupVaultName": name, "BackupVaultArn": arn }] });
    let script = Script::new(move |asked, _| match asked.what.as_str() {
        LIST => Reply::Now(200, list.to_string()),
        "LookupEvents" => Reply::Now(200, r#"{"Events":[]}"#.to_owned()),
        _ => refused("AccessDeniedException", "no"),
    });
    // Its next turn comes in an hour.
    let questions = ["A", "B"].map(|event| Question { region: region.clone(), event }).into();
    let inquiry =
        Inquiry { questions: &questions, since: None, interval: seconds(3600.0), time: seconds(1.0) };
    assert!(script.clients.history(&inquiry).await.ended);
    let account = AwsAccount::new(&script.clients, pace(15.0));
    desired.vaults.truncate(1);
    let (took, seen) = time_of(account.observe(&desired)).await;
    assert_eq!(took, 10.0 + 1.25, "what the requests have, and a quarter of what is kept for the report");
    assert!(seen.cut_short);
    assert_eq!(out_of_time(&seen.roles), desired.roles.len());
    assert_eq!(out_of_time(&seen.aliases), desired.keys.len());
    assert_eq!(out_of_time(&seen.vaults), 1);
    assert_eq!(out_of_time(&seen.plans), desired.plans.len());
    assert_eq!(out_of_time(&seen.region_settings), desired.region_settings.len());
}

#[tokio::test(start_paused = true)]
async fn a_call_ends_with_the_time_and_says_so() {
    let script = Script::new(|_, _| Reply::Never);
    for time in [3.0, 15.0] {
        let account = AwsAccount::new(&script.clients, pace(time));
        let (took, result) = time_of(account.apply(&tag())).await;
        assert_eq!((took, result.unwrap_err().code.as_str()), (time, OUT_OF_TIME));
    }
    // Four tries of six seconds, with pauses between them that are no more than a second in all.
    let (took, result) = time_of(AwsAccount::new(&script.clients, pace(60.0)).apply(&tag())).await;
    assert_eq!((took.floor(), result.unwrap_err().code.as_str()), (24.0, TIMEOUT));
}

#[tokio::test(start_paused = true)]
async fn calls_fit_where_the_look_after_them_does() {
    let script = Script::new(|_, _| no_vaults(3.0));
    let account = AwsAccount::new(&script.clients, pace(20.0));
    assert!(account.has_time_for(1000), "before the first look nothing is known");
    account.observe(&one_vault()).await;
    // 17 s are left; a call is a third of a look.
    for (calls, fits) in [(0, true), (13, true), (14, false), (15, false), (usize::MAX, false)] {
        assert_eq!(account.has_time_for(calls), fits, "{calls}");
    }
    advance(seconds(14.0)).await;
    assert!(!account.has_time_for(0), "no more than the look");
}

#[tokio::test(start_paused = true)]
async fn without_time_nothing_fits() {
    let script = Script::new(|_, _| no_vaults(0.0));
    assert!(!AwsAccount::new(&script.clients, pace(0.0)).has_time_for(0));
}

#[tokio::test(start_paused = true)]
async fn two_looks_can_agree_where_the_second_a_call_and_a_third_fit() {
    let script = Script::new(|_, _| no_vaults(3.0));
    // A look of 3 s, then 2 s apart: two more looks and a call, 9 s in all.
    for (left, fits) in [(9.0, false), (9.001, true), (4.0, false), (60.0, true)] {
        let account = AwsAccount::new(&script.clients, pace(left + 3.0));
        account.observe(&one_vault()).await;
        let (waited, told) = time_of(account.wait_to_agree()).await;
        assert_eq!((told, waited), (fits, if fits { 2.0 } else { 0.0 }), "{left}");
    }
}

/// When each request for a selection comes, if AWS Backup never sees the role.
async fn tries(time: f64, settle: f64, calls: &[Call]) -> Vec<f64> {
    let script = Script::new(|asked: &Asked, before| match asked.what.as_str() {
        // Who asks for ever would never fail.
        _ if before > 40 => done(),
        "AttachRolePolicy" if asked.body.contains("refused") => Reply::Now(
            404,
            "<ErrorResponse><Error><Code>NoSuchEntity</Code></Error></ErrorResponse>".to_owned(),
        ),
        "AttachRolePolicy" => attached(),
        "PUT /backup/plans/p/selections" => not_assumed(),
        _ => done(),
    });
    let account = AwsAccount::new(&script.clients, Pace { settle: seconds(settle), ..pace(time) });
    for call in calls {
        let _ = account.apply(call).await;
    }
    assert!(account.apply(&select()).await.is_err());
    let asked = script.asked().into_iter().filter(|one| one.what.starts_with("PUT /backup/plans"));
    asked.map(|one| one.at.as_secs_f64()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_selection_waits_two_minutes_for_a_role_that_this_run_repaired() {
    let tens = |from: f64, count: usize| (1..=count).map(move |nth| from + 10.0 * nth as f64);
    let times = tries(1000.0, 1.0, &[attach()]).await;
    assert_eq!(times, [0.0, 1.0, 3.0, 7.0, 15.0].into_iter().chain(tens(15.0, 10)).collect::<Vec<_>>());
    let times = tries(1000.0, 10.0, &[attach()]).await;
    assert_eq!(times, [0.0].into_iter().chain(tens(0.0, 12)).collect::<Vec<_>>(), "to the end of the two");
    let times = tries(1000.0, 0.0, &[attach()]).await;
    assert_eq!(times[..4], [0.0, 0.01, 0.03, 0.07]);
    let times = tries(10.0, 1.0, &[attach()]).await;
    assert_eq!(times, [0.0, 1.0, 3.0, 7.0], "no longer than the run lasts");
    let times = tries(7.0, 1.0, &[attach()]).await;
    assert_eq!(times, [0.0, 1.0, 3.0, 7.0], "to its last moment");
}

#[tokio::test(start_paused = true)]
async fn a_selection_does_not_wait_for_a_role_that_was_not_repaired() {
    let refused = Call::AttachRolePolicy { role: "r".to_owned(), policy_arn: "refused".to_owned() };
    for before in [vec![], vec![refused], vec![tag()]] {
        assert_eq!(tries(1000.0, 1.0, &before).await.len(), 1, "{before:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn only_what_is_about_the_role_is_waited_for_and_only_until_it_is_seen() {
    let attach_first = |asked: &Asked| asked.what == "AttachRolePolicy";
    let other = Script::new(move |asked, _| match attach_first(asked) {
        true => attached(),
        false => refused("LimitExceededException", "too many selections"),
    });
    let account = AwsAccount::new(&other.clients, pace(1000.0));
    account.apply(&attach()).await.unwrap();
    assert_eq!(account.apply(&select()).await.unwrap_err().code, "LimitExceededException");
    assert_eq!(other.asked().len(), 2);
    let late = Script::new(move |asked, before| match before {
        _ if attach_first(asked) => attached(),
        0 => not_assumed(),
        _ => done(),
    });
    let account = AwsAccount::new(&late.clients, pace(1000.0));
    account.apply(&attach()).await.unwrap();
    account.apply(&select()).await.unwrap();
    assert_eq!(late.asked().len(), 3);
    // Another call does not wait, whatever it is answered.
    let never = Script::new(move |asked, _| if attach_first(asked) { attached() } else { not_assumed() });
    let account = AwsAccount::new(&never.clients, pace(1000.0));
    account.apply(&attach()).await.unwrap();
    account.apply(&tag()).await.unwrap_err();
    assert_eq!(never.asked().len(), 2);
}
