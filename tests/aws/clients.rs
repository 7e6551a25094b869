//! What all requests have in common: one end for all of them, one count, and one clock.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_account::{AwsAccount, Clients, Pace};
use aws_types::sdk_config::{SharedTimeSource, TimeSource};
use drift_tests::model::{SPEC, resolve};
use reconcile::call::{Call, TIMEOUT};
use reconcile::run::Account;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use time::macros::datetime;
use tokio::time::Instant;

use crate::scripted::{Reply, Script};

const IDENTITY: &str = "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/x</Arn>\
    <UserId>x</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";

/// How many whole seconds a request lives that nobody answers.
async fn lives(clients: &Clients) -> u64 {
    let began = Instant::now();
    assert_eq!(clients.caller().await.unwrap_err().code, TIMEOUT);
    began.elapsed().as_secs()
}

#[tokio::test(start_paused = true)]
async fn no_request_outlives_what_it_is_asked_for() {
    let script = Script::new(|_, _| Reply::Never);
    let clients = &script.clients;
    // Four tries of six seconds.
    assert_eq!(lives(clients).await, 24);
    {
        let _outer = clients.allow(Duration::from_secs(20));
        {
            let _inner = clients.allow(Duration::from_secs(5));
            assert_eq!(lives(clients).await, 5);
            assert_eq!(lives(clients).await, 0, "it is over");
        }
        assert_eq!(lives(clients).await, 15, "what is left of the outer one");
    }
    assert_eq!(lives(clients).await, 24);
    let _long = clients.allow(Duration::from_secs(3600));
    assert_eq!(lives(clients).await, 24, "an allowance gives nobody more");
}

#[tokio::test(start_paused = true)]
async fn every_try_counts_and_there_are_four() {
    for (status, sent) in [(200, 1), (403, 1), (500, 4), (503, 4)] {
        let script = Script::new(move |_, _| Reply::Now(status, IDENTITY.to_owned()));
        assert_eq!(script.clients.requests(), 0);
        assert_eq!(script.clients.caller().await.is_ok(), status == 200);
        assert_eq!((script.clients.requests(), script.asked().len()), (sent, sent), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_went_wrong_has_a_name_and_is_tried_again_if_it_may_pass() {
    let xml = |code: &str| {
        format!("<ErrorResponse><Error>{code}<Message>who?\tno</Message></Error></ErrorResponse>")
    };
    type Case = (fn(String) -> Reply, &'static str, &'static str, &'static str, usize);
    let cases: [Case; 7] = [
        (|xml| Reply::Now(403, xml), "<Code>AccessDenied</Code>", "AccessDenied", "who? no", 1),
        (|xml| Reply::Now(400, xml), "<Code>Throttling</Code>", "Throttling", "who? no", 4),
        // What AWS did not name is an answer that cannot be read.
        (|xml| Reply::Now(400, xml), "", "UnreadableAnswer", "who? no", 1),
        (|_| Reply::Never, "", "Timeout", "no answer in time", 4),
        (|_| Reply::Fails("no\nroute"), "", "ConnectionFailed", "no route", 4),
        (|_| Reply::CutOff, "", "UnreadableAnswer", "the answer could not be read", 4),
        (|_| Reply::Now(200, "<Get".to_owned()), "", "UnreadableAnswer", "", 1),
    ];
    for (reply, named, code, message, tries) in cases {
        let body = xml(named);
        let script = Script::new(move |_, _| reply(body.clone()));
        let error = script.clients.caller().await.unwrap_err();
        assert_eq!((error.code.as_str(), script.asked().len()), (code, tries), "{error}");
        assert!(error.message.contains(message) && !error.message.is_empty(), "{error}");
    }
    let script = Script::new(|_, _| Reply::Never);
    let (none, second) = (Duration::ZERO, Duration::from_secs(1));
    let pace = Pace {
        clock: Arc::new(|| OURS),
        deadline: Instant::now() + second,
        reserve: none,
        settle: none,
        agree: none,
    };
    let nothing = Call::TagBackupResource {
        region: "us-east-1".to_owned(),
        arn: String::new(),
        tags: Default::default(),
    };
    let error = AwsAccount::new(&script.clients, pace).apply(&nothing).await.unwrap_err();
    assert_eq!((error.code.as_str(), script.asked().len()), ("InvalidRequest", 0), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_bad_hour_does_not_use_up_the_tries_of_the_next() {
    let script = Script::new(|_, _| Reply::Now(500, IDENTITY.to_owned()));
    for asked in 1..=50 {
        script.clients.caller().await.unwrap_err();
        assert_eq!(script.clients.requests(), asked * 4);
    }
}

const OURS: OffsetDateTime = datetime!(2026-11-23 03:00 UTC);

#[derive(Debug)]
struct Standing;

impl TimeSource for Standing {
    fn now(&self) -> SystemTime {
        OURS.into()
    }
}

/// How far AWS is ahead after answers of which each says so.
async fn ahead(seconds: &[i64]) -> i64 {
    ahead_by(seconds.iter().copied().map(date).collect()).await
}

fn date(ahead: i64) -> String {
    (OURS + time::Duration::seconds(ahead)).format(&Rfc2822).unwrap().replace("+0000", "GMT")
}

fn clients_at_our_time(script: &Script) -> Clients {
    Clients::new(&script.config.to_builder().time_source(SharedTimeSource::new(Standing)).build())
}

async fn ahead_by(dates: Vec<String>) -> i64 {
    let asked = dates.len();
    let script = Script::new(move |_, before| Reply::Dated(dates[before].clone(), 200, IDENTITY.to_owned()));
    let clients = clients_at_our_time(&script);
    for _ in 0..asked {
        clients.caller().await.unwrap();
    }
    let ahead = clients.aws_is_ahead();
    assert_eq!(ahead.subsec_nanoseconds(), 0);
    ahead.whole_seconds()
}

#[tokio::test]
async fn awss_clock_is_the_middle_of_what_its_last_answers_say() {
    let late = [vec![0; 15], vec![100; 7]].concat();
    let later = [vec![0; 15], vec![100; 8]].concat();
    for (told, expected) in [
        (vec![], 0),
        (vec![3600], 3600),
        (vec![-7200], -7200),
        // What takes no longer than an answer says nothing.
        (vec![4], 0),
        (vec![-4], 0),
        (vec![5], 5),
        (vec![-5], -5),
        (vec![100, 3600, 200], 200),
        (vec![100, 200, 300, 400, 500], 300),
        // Of fifteen the eighth.
        (late, 0),
        (later, 100),
    ] {
        assert_eq!(ahead(&told).await, expected, "{told:?}");
    }
}

#[tokio::test]
async fn what_was_seen_was_seen_at_awss_time() {
    let dated = || Reply::Dated(date(3600), 200, r#"{"BackupVaultList":[]}"#.to_owned());
    let clients = clients_at_our_time(&Script::new(move |_, _| dated()));
    let (now, second) = (tokio::time::Instant::now(), Duration::from_secs(1));
    let pace = Pace {
        clock: Arc::new(|| OURS),
        deadline: now + second,
        reserve: second / 2,
        settle: second,
        agree: second,
    };
    let mut desired = resolve(SPEC);
    desired.vaults.truncate(1);
    (desired.roles, desired.keys, desired.plans, desired.region_settings) = Default::default();
    let seen = AwsAccount::new(&clients, pace).observe(&desired).await;
    assert_eq!(seen.at, OURS + time::Duration::HOUR);
}

#[tokio::test]
async fn what_is_no_date_says_nothing() {
    assert_eq!(ahead_by(vec!["soon".to_owned(), date(3600), String::new(), "0".to_owned()]).await, 3600);
}
