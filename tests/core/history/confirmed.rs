//! Whom we blame: what only the invocation tells is never certain, and what another account's records tell is about that account.

use super::*;
use reconcile::history::{Attribution, Doubt};

const INNOCENT: &str = "arn:aws:iam::123456789012:user/innocent";

fn blamed(told: &Told) -> &Attribution {
    told.story().attribution.as_ref().expect("somebody")
}

#[test]
fn what_the_history_does_not_know_is_told_by_the_invocation_and_not_confirmed() {
    let invoked = [by(INNOCENT, THEIRS, Duration::MINUTE, "made-up")];
    let told = explained_with(&[], &invoked, Some(&own()), policy_gone());
    let attribution = blamed(&told);
    assert_eq!(attribution.doubts, BTreeSet::from([Doubt::Unconfirmed]));
    assert!(!attribution.is_certain() && !attribution.is_confirmed());
    let who = attribution.who().to_string();
    assert!(who.starts_with("probably ") && who.contains("told by the invocation, not confirmed"), "{who}");
}

#[test]
fn what_the_history_knows_under_the_events_id_is_certain() {
    let known = [by(INNOCENT, THEIRS, Duration::MINUTE, "a")];
    let told = explained_with(&known, &known, Some(&own()), policy_gone());
    assert!(blamed(&told).is_certain());
}

/// A real event's id in a record that somebody has changed: about another vault, it was made by another one.
#[test]
fn of_a_known_event_only_the_historys_words_count() {
    let mut record = event(THEIRS);
    record["eventID"] = json!("a");
    record["eventTime"] = json!(written(NOW - Duration::MINUTE));
    record["requestParameters"]["backupVaultName"] = json!("somebody_elses");
    let real = [RecordedCall::parse(&record).unwrap()];
    let changed = [by(INNOCENT, THEIRS, Duration::MINUTE, "a")];
    let told = explained_with(&real, &changed, Some(&own()), policy_gone());
    assert_eq!(told.story().attribution, None);
}

#[test]
fn who_is_made_up_comes_after_who_is_known() {
    let real = [at(THEIRS, Duration::minutes(2), "real")];
    let made_up = [by(INNOCENT, THEIRS, Duration::MINUTE, "made-up")];
    let told = explained_with(&real, &made_up, Some(&own()), policy_gone());
    let attribution = blamed(&told);
    assert_eq!(attribution.call, real[0]);
    assert!(!attribution.is_certain(), "there was another call, if it was one");
    assert_eq!(attribution.others, BTreeSet::from([INNOCENT.to_owned()]));
}

#[test]
fn a_newer_event_goes_before_what_happened_long_before() {
    let old = [at(THEIRS, Duration::minutes(90), "old")];
    let invoked = [by(INNOCENT, THEIRS, Duration::MINUTE, "new")];
    let told = explained_with(&old, &invoked, Some(&own()), policy_gone());
    assert_eq!(blamed(&told).call, invoked[0]);
}

#[test]
fn a_record_of_another_account_explains_nothing() {
    let mut record = event(THEIRS);
    record["eventTime"] = json!(written(NOW - Duration::MINUTE));
    record["recipientAccountId"] = json!("999988887777");
    let theirs = [RecordedCall::parse(&record).unwrap()];
    for (history, invoked) in [(&theirs[..], &[][..]), (&[], &theirs), (&theirs, &theirs)] {
        let told = explained_with(history, invoked, Some(&own()), policy_gone());
        assert_eq!(told.story().attribution, None);
    }
}

#[test]
fn what_the_invocation_tells_is_no_repair_of_our_own() {
    let made_up: Vec<RecordedCall> =
        (1..=5).map(|n| at(OURS, Duration::minutes(n), &n.to_string())).collect();
    assert!(explained(&made_up, Some(&own()), policy_gone()).story().contention.is_some());
    let told = explained_with(&[], &made_up, Some(&own()), policy_gone());
    assert_eq!(told.story(), &Story::default());
}
