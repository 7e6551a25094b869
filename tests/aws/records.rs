//! What our own records say: who put a lock, and who made a key. They are asked only where that matters, and once a run.

use std::sync::Arc;
use std::time::Duration;

use aws_account::{AwsAccount, Pace};
use drift_tests::model::{SPEC, resolve};
use reconcile::call::Call;
use reconcile::desired::{Desired, DesiredLock, LockMode};
use reconcile::run::Account;
use reconcile::state::{LockPut, Observation, Observed};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;
use tokio::time::Instant;

use crate::scripted::{Asked, Reply, Script, refused};

const NOW: OffsetDateTime = datetime!(2026-11-23 03:00 UTC);
const OURSELVES: &str = "arn:aws:iam::123456789012:role/healers/drift-healer";
const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/1";

pub(crate) fn account(script: &Script) -> AwsAccount<'_> {
    let minutes = Duration::from_secs(300);
    let (clock, deadline) = (Arc::new(|| NOW), Instant::now() + minutes);
    let (reserve, none) = (Duration::from_secs(5), Duration::ZERO);
    AwsAccount::new(&script.clients, Pace { clock, deadline, reserve, settle: none, agree: none })
}

/// The spec's first vault, or its first key, and nothing else.
fn only(vault: bool) -> Desired {
    let mut desired = resolve(SPEC);
    desired.healer_role = Some(OURSELVES.to_owned());
    desired.vaults.truncate(usize::from(vault));
    desired.keys.truncate(usize::from(!vault));
    (desired.roles, desired.plans, desired.region_settings) = Default::default();
    desired
}

/// What a call's record holds beside its name: whose role, an error, and what it was about.
fn record(name: &str, before: i64, issuer: Option<&str>, more: Value) -> Value {
    let at = NOW - time::Duration::seconds(before);
    let mut record = json!({ "eventName": name, "eventTime": at.format(&Rfc3339).unwrap() });
    if let Some(arn) = issuer {
        record["userIdentity"] = json!({ "arn": "a", "sessionContext": { "sessionIssuer": { "arn": arn } } });
    }
    for (member, value) in more.as_object().unwrap() {
        record[member] = value.clone();
    }
    json!({ "EventTime": at.unix_timestamp(), "CloudTrailEvent": record.to_string() })
}

/// The answer of the history to a question, out of all that it has.
fn told(asked: &Asked, events: &[Value]) -> Reply {
    let body: Value = serde_json::from_str(&asked.body).unwrap();
    let name = body["LookupAttributes"][0]["AttributeValue"].as_str().unwrap().to_owned();
    let is_it = |event: &&Value| event["CloudTrailEvent"].as_str().unwrap().contains(&format!("\"{name}\""));
    let found: Vec<&Value> = events.iter().filter(is_it).collect();
    Reply::Now(200, json!({ "Events": found }).to_string())
}

/// What was asked of the history, by name.
fn questions(script: &Script) -> Vec<String> {
    let asked = script.asked().into_iter().filter(|one| one.what == "LookupEvents");
    let bodies = asked.map(|one| serde_json::from_str::<Value>(&one.body).unwrap());
    bodies.map(|body| body["LookupAttributes"][0]["AttributeValue"].as_str().unwrap().to_owned()).collect()
}

const PUT: &str = "PutBackupVaultLockConfiguration";
const DELETE: &str = "DeleteBackupVaultLockConfiguration";

/// An account with one vault that has such a lock, and with these records.
fn with_lock(lock: Value, created: Option<i64>, events: Vec<Value>) -> Script {
    let want = only(true).vaults.remove(0);
    let mut vault = json!({ "BackupVaultName": want.name, "BackupVaultArn": want.arn });
    for (member, value) in lock.as_object().unwrap() {
        vault[member] = value.clone();
    }
    if let Some(days) = created {
        vault["CreationDate"] = json!((NOW - time::Duration::days(days)).unix_timestamp());
    }
    Script::new(move |asked, _| match asked.what.as_str() {
        "GET /backup-vaults" => Reply::Now(200, json!({ "BackupVaultList": [vault] }).to_string()),
        "LookupEvents" => told(asked, &events),
        _ => refused("AccessDeniedException", "no"),
    })
}

fn puts(seen: &Observed) -> Observation<Vec<LockPut>> {
    seen.vaults.values().next().unwrap().present().unwrap().lock_puts.clone()
}

#[tokio::test(start_paused = true)]
async fn the_history_of_a_lock_is_asked_only_where_it_matters() {
    let compliance = LockMode::Compliance { changeable_for_days: 3 };
    let in_days = |days: i64| json!((NOW + time::Duration::days(days)).unix_timestamp());
    let none = json!({});
    let governance = json!({ "Locked": true });
    let grace = json!({ "Locked": true, "LockDate": in_days(2) });
    let shorter = json!({ "Locked": true, "LockDate": in_days(2), "MaxRetentionDays": 9 });
    let at_least = json!({ "Locked": true, "MinRetentionDays": 9 });
    let immutable = json!({ "Locked": true, "LockDate": in_days(0) });
    let (never, put, both): (&[&str], &[&str], &[&str]) = (&[], &[PUT], &[PUT, DELETE]);
    for (mode, lock, created, expected) in [
        (Some(compliance), &none, None, put),
        (Some(compliance), &governance, None, put),
        // While the clock runs it matters as well who took an earlier one away.
        (Some(compliance), &grace, Some(4), both),
        (Some(compliance), &grace, Some(3), never),
        (Some(compliance), &grace, None, never),
        (Some(compliance), &shorter, Some(1), both),
        (Some(compliance), &immutable, Some(9), never),
        (Some(LockMode::Governance), &none, None, put),
        (Some(LockMode::Governance), &governance, None, never),
        (Some(LockMode::Governance), &at_least, None, put),
        (Some(LockMode::Governance), &shorter, Some(9), never),
        (Some(LockMode::Governance), &immutable, Some(9), never),
        (None, &none, None, never),
    ] {
        let mut desired = only(true);
        desired.vaults[0].lock =
            mode.map(|mode| DesiredLock { mode, min_retention_days: None, max_retention_days: None });
        let script = with_lock(lock.clone(), created, Vec::new());
        let seen = account(&script).observe(&desired).await;
        assert_eq!(questions(&script), expected, "{mode:?} {lock} {created:?}");
        let puts = puts(&seen);
        let told = if expected.is_empty() { Observation::Absent } else { Observation::Present(Vec::new()) };
        assert_eq!(puts, told, "{mode:?} {lock} {created:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lock_is_put_by_whom_the_history_names() {
    let desired = only(true);
    let (name, arn) = (desired.vaults[0].name.clone(), desired.vaults[0].arn.clone());
    let of = |vault: &str, days: i64| json!({ "requestParameters": { "backupVaultName": vault, "changeableForDays": days, "minRetentionDays": 7 } });
    let refused_put =
        json!({ "requestParameters": { "backupVaultName": name }, "errorCode": "AccessDenied" });
    let put = |before: i64, ours: bool, grace: i64| LockPut {
        at: NOW - time::Duration::seconds(before),
        ours,
        grace_days: Some(grace),
        limits: (Some(7), None),
        removal: false,
    };
    let removed = LockPut { grace_days: None, limits: (None, None), removal: true, ..put(5, false, 0) };
    let gone = json!({ "requestParameters": { "backupVaultName": name } });
    let theirs = record(PUT, 20, Some("arn:aws:iam::123456789012:role/other"), of(&name, 4));
    let nobodys = record(PUT, 30, None, of(&arn, 5));
    let ours = record(PUT, 10, Some("arn:aws:iam::123456789012:role/drift-healer"), of(&name, 3));
    let elsewhere = record(PUT, 40, Some(OURSELVES), of("another", 3));
    let failed = record(PUT, 50, Some(OURSELVES), refused_put);
    let removal = record(DELETE, 5, None, gone);
    for (events, told, asked) in [
        (vec![], vec![], 1),
        (
            vec![&theirs, &nobodys, &elsewhere, &failed, &removal],
            vec![put(20, false, 4), put(30, false, 5)],
            1,
        ),
        // Who took it away matters once we have put it.
        (vec![&theirs, &ours, &removal], vec![put(20, false, 4), put(10, true, 3), removed.clone()], 2),
    ] {
        let script = with_lock(json!({}), None, events.into_iter().cloned().collect());
        let account = account(&script);
        for _ in 0..2 {
            assert_eq!(puts(&account.observe(&desired).await), Observation::Present(told.clone()));
        }
        assert_eq!(questions(&script).len(), asked, "once a run");
    }
    // Where it is not known as whom we run, nothing is ours.
    let unnamed = Desired { healer_role: None, ..desired.clone() };
    for events in [vec![ours.clone()], vec![nobodys.clone()]] {
        let script = with_lock(json!({}), None, events);
        let Observation::Present(told) = puts(&account(&script).observe(&unnamed).await) else { panic!() };
        assert!(!told.iter().any(|put| put.ours));
        assert_eq!(told.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_history_that_is_not_whole_proves_nothing() {
    let desired = only(true);
    let grace = json!((NOW + time::Duration::days(2)).unix_timestamp());
    let vault = json!({ "BackupVaultName": desired.vaults[0].name, "Locked": true, "LockDate": grace, "MaxRetentionDays": 9 });
    for denied in [PUT, DELETE] {
        let list = json!({ "BackupVaultList": [vault] }).to_string();
        let script = Script::new(move |asked, _| match asked.what.as_str() {
            "GET /backup-vaults" => Reply::Now(200, list.clone()),
            "LookupEvents" if !asked.body.contains(denied) => told(asked, &[]),
            _ => refused("AccessDeniedException", "no"),
        });
        let account = account(&script);
        for _ in 0..2 {
            let Observation::Unreadable(why) = puts(&account.observe(&desired).await) else {
                panic!("{denied}")
            };
            assert_eq!((why.error.code.as_str(), why.read), ("HistoryIncomplete", None));
            assert_eq!(why.error.message, "cloudtrail:LookupEvents: AccessDeniedException: no");
        }
        assert_eq!(questions(&script).iter().filter(|name| *name == denied).count(), 1, "once a run");
    }
}

/// An account in which the alias leads to a key that was made so many seconds ago, and with these records.
fn with_key(age: Option<i64>, events: Vec<Value>) -> Script {
    let mut key = json!({ "KeyId": "1", "Arn": KEY, "KeyManager": "CUSTOMER", "KeyState": "Enabled" });
    if let Some(age) = age {
        key["CreationDate"] = json!((NOW - time::Duration::seconds(age)).unix_timestamp());
    }
    let made = json!({ "KeyMetadata": key }).to_string();
    Script::new(move |asked, _| match asked.what.as_str() {
        "DescribeKey" | "CreateKey" => Reply::Now(200, made.clone()),
        "ListAliases" => Reply::Now(200, json!({ "Aliases": [{ "TargetKeyId": "1" }] }).to_string()),
        "ListKeys" => Reply::Now(200, json!({ "Keys": [{ "KeyId": "1", "KeyArn": KEY }] }).to_string()),
        "LookupEvents" => told(asked, &events),
        _ => refused("AccessDeniedException", "no"),
    })
}

#[tokio::test(start_paused = true)]
async fn a_key_is_made_by_whom_the_history_names() {
    let about = |arn: &str| json!({ "resources": [{ "ARN": arn }] });
    let ours = record("CreateKey", 10, Some(OURSELVES), about(KEY));
    let theirs = record("CreateKey", 10, Some("arn:aws:iam::123456789012:role/other"), about(KEY));
    let another = record("CreateKey", 10, Some(OURSELVES), about("arn:aws:kms:us-east-1:123456789012:key/2"));
    let mut failed = about(KEY);
    failed["errorCode"] = json!("AccessDenied");
    let failed = record("CreateKey", 10, Some(OURSELVES), failed);
    let (made, not_made, unknown) = (Some(true), Some(false), None);
    let half_an_hour = 1800;
    for (age, events, expected) in [
        (Some(9000), vec![&ours], made),
        (Some(10), vec![&ours], made),
        (None, vec![&ours], made),
        (Some(9000), vec![&theirs], not_made),
        (Some(10), vec![&theirs], not_made),
        (Some(9000), vec![&another, &failed], not_made),
        (Some(half_an_hour), vec![], not_made),
        // The history may not have it yet.
        (Some(half_an_hour - 1), vec![], unknown),
        (Some(10), vec![&another, &failed], unknown),
        (None, vec![], unknown),
    ] {
        let script = with_key(age, events.iter().map(|event| (*event).clone()).collect());
        let account = account(&script);
        for _ in 0..2 {
            let seen = account.observe(&only(false)).await.made_by_us;
            assert_eq!(seen.keys().collect::<Vec<_>>(), [KEY]);
            match (&seen[KEY], expected) {
                (Observation::Present(ours), Some(expected)) => {
                    assert_eq!(*ours, expected, "{age:?} {events:?}")
                }
                (Observation::Unreadable(why), None) => assert_eq!(why.error.code, "UnknownMaker"),
                (seen, _) => panic!("{age:?} {events:?} {seen:?}"),
            }
        }
        assert_eq!(questions(&script), ["CreateKey"], "once a run");
    }
}

#[tokio::test(start_paused = true)]
async fn what_this_run_made_is_known_without_the_history() {
    let script = with_key(Some(10), Vec::new());
    let desired = Desired { healer_role: None, ..only(false) };
    let unknown = account(&script).observe(&desired).await;
    let Observation::Unreadable(why) = &unknown.made_by_us[KEY] else { panic!("{unknown:?}") };
    assert!(why.error.message.contains("HEALER_ROLE_ARN"), "{why}");
    let account = account(&script);
    let (region, description) = ("us-east-1".to_owned(), "d".to_owned());
    account
        .apply(&Call::CreateKey { region, description, policy: None, tags: Default::default() })
        .await
        .unwrap();
    assert_eq!(account.observe(&desired).await.made_by_us[KEY], Observation::Present(true));
    assert!(questions(&script).is_empty());
}
