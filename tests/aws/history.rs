//! The event history: at the rate that AWS allows, as far back as it matters, and what it did not tell is told.

use std::collections::BTreeSet;
use std::time::Duration;

use aws_account::{History, Inquiry, LOOKUP_PAUSE};
use reconcile::history::Question;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::time::Instant;

use crate::scripted::{Asked, Reply, Script, refused};

const LONG: Duration = Duration::from_secs(3600);
const SINCE: OffsetDateTime = datetime!(2026-11-23 03:00 UTC);

fn questions(all: &[(&str, &'static str)]) -> BTreeSet<Question> {
    all.iter().map(|(region, event)| Question { region: (*region).to_owned(), event }).collect()
}

async fn ask(script: &Script, all: &[(&str, &'static str)], since: Option<OffsetDateTime>) -> History {
    let questions = questions(all);
    let inquiry = Inquiry { questions: &questions, since, interval: LOOKUP_PAUSE, time: LONG };
    script.clients.history(&inquiry).await
}

/// What was asked for, by name.
fn event(asked: &Asked) -> String {
    let body: Value = serde_json::from_str(&asked.body).unwrap();
    assert_eq!(body["LookupAttributes"][0]["AttributeKey"], "EventName");
    body["LookupAttributes"][0]["AttributeValue"].as_str().unwrap().to_owned()
}

/// An answer with one call, so many seconds before the moment that matters, and with more to come or not.
fn page(id: &str, before: i64, more: Option<&str>) -> Reply {
    let at = SINCE.unix_timestamp() - before;
    let record = json!({ "eventID": id, "eventName": "CreateKey" }).to_string();
    answer(json!([{ "EventTime": at, "CloudTrailEvent": record }]), more)
}

fn answer(events: Value, more: Option<&str>) -> Reply {
    let mut answer = json!({ "Events": events });
    if let Some(token) = more {
        answer["NextToken"] = json!(token);
    }
    Reply::Now(200, answer.to_string())
}

fn ids(history: &History) -> Vec<&str> {
    history.calls.iter().map(|call| call.id.as_deref().unwrap()).collect()
}

#[tokio::test(start_paused = true)]
async fn each_region_is_asked_by_itself_and_no_faster_than_aws_allows() {
    let script = Script::new(|_, _| answer(json!([]), None));
    let (here, there) = ("us-east-1", "us-west-2");
    let told = ask(&script, &[(here, "A"), (here, "B"), (here, "C"), (there, "A")], None).await;
    assert_eq!(told, History::default());
    let of = |region: &str| {
        let asked = script.asked().into_iter().filter(|one| one.region == region);
        asked.map(|one| (event(&one), one.at.as_millis())).collect::<Vec<_>>()
    };
    let [a, b, c] = ["A", "B", "C"].map(str::to_owned);
    assert_eq!(of(here), [(a.clone(), 0), (b.clone(), 550), (c.clone(), 1100)]);
    assert_eq!(of(there), [(a.clone(), 0)]);
    // Whoever asks next waits as well, but not for a turn that is long past.
    ask(&script, &[(here, "A")], None).await;
    assert_eq!(of(here)[3..], [(a.clone(), 1650)]);
    tokio::time::advance(LONG).await;
    let began = Instant::now();
    ask(&script, &[(here, "A")], None).await;
    assert_eq!(began.elapsed(), Duration::ZERO);
    ask(&script, &[(here, "A")], None).await;
    assert_eq!(began.elapsed(), LOOKUP_PAUSE);
}

#[tokio::test(start_paused = true)]
async fn pages_are_read_to_the_last_or_to_the_moment_that_matters_and_no_more_than_three() {
    // How old the pages are, from when it matters, what is read, and whether something is missing.
    type Case = (&'static [i64], Option<OffsetDateTime>, usize, bool);
    const CASES: [Case; 9] = [
        (&[0], None, 1, false),
        (&[-9, -8], None, 2, false),
        (&[-9, -8, -7], None, 3, false),
        (&[-9, -8, -7, -6], None, 3, true),
        (&[99, 98, 97, 96], None, 3, true),
        (&[1, 2, 3], Some(SINCE), 1, false),
        (&[0, 1, 2], Some(SINCE), 2, false),
        (&[-1, -1, 1, 9], Some(SINCE), 3, false),
        (&[-1, -1, 0, 9], Some(SINCE), 3, true),
    ];
    for (ages, since, read, misses) in CASES {
        let script = Script::new(move |_, before| {
            let token = format!("after {before}");
            page(&before.to_string(), ages[before], (before + 1 < ages.len()).then_some(&*token))
        });
        let told = ask(&script, &[("us-east-1", "CreateKey")], since).await;
        assert_eq!(ids(&told), ["0", "1", "2"][..read], "{ages:?} {since:?}");
        assert_eq!((told.gap.is_some(), told.ended), (misses, false), "{ages:?} {since:?}");
        let tokens: Vec<Value> = script
            .asked()
            .iter()
            .map(|one| serde_json::from_str::<Value>(&one.body).unwrap()["NextToken"].clone())
            .collect();
        assert_eq!(tokens, [json!(null), json!("after 0"), json!("after 1")][..read], "{ages:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_empty_page_is_followed_only_if_all_matters() {
    for (since, read) in [(None, 2), (Some(SINCE), 1)] {
        let script = Script::new(|_, before| match before {
            0 => answer(json!([]), Some("more")),
            _ => page("1", 0, None),
        });
        ask(&script, &[("us-east-1", "CreateKey")], since).await;
        assert_eq!(script.asked().len(), read, "{since:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_oldest_call_of_a_page_tells_how_far_back_it_goes() {
    let at = |before: i64| json!({ "EventTime": SINCE.unix_timestamp() - before, "CloudTrailEvent": "{}" });
    let script = Script::new(move |_, _| answer(json!([at(-5), at(5), at(-5)]), Some("more")));
    let told = ask(&script, &[("us-east-1", "CreateKey")], Some(SINCE)).await;
    assert_eq!((script.asked().len(), told.calls.len(), told.gap), (1, 3, None));
}

#[tokio::test(start_paused = true)]
async fn what_is_too_much_at_once_is_asked_again_and_what_is_denied_is_not() {
    for (code, refusals, requests, is_told) in [
        ("ThrottlingException", 1, 2, true),
        ("ThrottlingException", 2, 3, true),
        ("Throttling", 2, 3, true),
        ("TooManyRequestsException", 2, 3, true),
        ("ThrottlingException", 3, 3, false),
        ("AccessDeniedException", 1, 1, false),
        ("InternalError", 1, 1, false),
    ] {
        let script = Script::new(move |asked, before| match before < refusals && event(asked) == "A" {
            true => refused(code, "not now"),
            false => page("1", 0, None),
        });
        // The other region's answer counts whatever becomes of the first's.
        let all = [("us-east-1", "A"), ("us-east-1", "B"), ("us-west-2", "C")];
        let told = ask(&script, &all, None).await;
        let here: Vec<Asked> = script.asked().into_iter().filter(|one| one.region == "us-east-1").collect();
        let of_a: Vec<u128> =
            here.iter().filter(|one| event(one) == "A").map(|one| one.at.as_millis()).collect();
        let paced: Vec<u128> = (0..requests).map(|nth| nth * 550).collect();
        assert_eq!(of_a, paced, "{code} {refusals}");
        // After a refusal that stands nothing else is asked there.
        assert_eq!(here.len() > of_a.len(), is_told, "{code} {refusals}");
        assert_eq!((told.gap.is_none(), told.ended), (is_told, !is_told), "{code} {refusals}");
        assert_eq!(told.calls.len(), if is_told { 3 } else { 1 }, "{code} {refusals}");
        if let Some(gap) = told.gap {
            assert_eq!(gap, format!("cloudtrail:LookupEvents: {code}: not now"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_fault_is_not_asked_about_again_by_the_sdk_itself() {
    let script = Script::new(|_, _| Reply::Now(500, "{}".to_owned()));
    assert!(ask(&script, &[("us-east-1", "A")], None).await.ended);
    assert_eq!(script.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_events_is_no_empty_one() {
    let script = Script::new(|_, _| Reply::Now(200, "{}".to_owned()));
    let told = ask(&script, &[("us-east-1", "A")], None).await;
    assert_eq!(told.gap.as_deref(), Some("cloudtrail:LookupEvents: the answer holds no events"));
    assert!(told.ended);
}

#[tokio::test(start_paused = true)]
async fn what_was_told_before_the_time_was_over_counts() {
    let script = Script::new(|asked, _| match event(asked).as_str() {
        "A" => page("1", 0, None),
        _ => Reply::Never,
    });
    let questions = questions(&[("us-east-1", "A"), ("us-east-1", "B"), ("us-east-1", "C")]);
    let time = Duration::from_secs(2);
    let inquiry = Inquiry { questions: &questions, since: None, interval: LOOKUP_PAUSE, time };
    let began = Instant::now();
    let told = script.clients.history(&inquiry).await;
    assert_eq!((began.elapsed(), ids(&told)), (time, vec!["1"]));
    assert_eq!((told.gap.as_deref(), told.ended), (Some("the invocation's time was over"), true));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_where_there_is_no_question() {
    let script = Script::new(|_, _| Reply::Never);
    assert_eq!(ask(&script, &[], None).await, History::default());
    assert!(script.asked().is_empty());
}
