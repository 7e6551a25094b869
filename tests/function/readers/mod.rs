//! Whatever somebody calls a thing or answers to a call: no reader of any channel gets it in the raw. A mail keeps its paragraphs, a log its
//! lines, a terminal its colours.

mod case;
mod channels;
mod hostility;

use std::collections::BTreeSet;

use drift_tests::model::{DRIFTS, error_texts};
use proptest::prelude::*;

use case::{ACCOUNTS, Aws, Case, EVENTS, answer, any_case, refusal};
use channels::{Channel, channels};
use hostility::{EVERYTHING, Hostility, any_hostility, is_raw};

/// What keeps its number, whatever texts say: paragraphs, lines and colours.
fn shape(text: &str) -> [usize; 3] {
    ["\n\n", "\n", "\u{1b}"].map(|what| text.matches(what).count())
}

/// The channels whose readers get everything, unless there is no room: text that is written out is longer.
fn whole(channels: &[Channel]) -> Vec<&Channel> {
    let whole = |name: &str| ["email", "log", "log, JSON"].contains(&name);
    channels.iter().filter(|channel| whole(&channel.name)).collect()
}

/// Fails if a channel lets something through. The names of the channels that show what was put in, written out; otherwise nothing is tried.
fn check(case: &Case, hostility: &Hostility) -> BTreeSet<String> {
    let error = |hostility: &Hostility| {
        let mut error = refusal();
        error_texts(&mut error, &|text: &mut String| hostility.change(text));
        error
    };
    let hostile = channels(&answer(case, hostility), error(hostility));
    let disarmed = hostility.disarmed();
    let plain = channels(&answer(case, &disarmed), error(&disarmed));
    for channel in &hostile {
        let raw = channel.text.chars().find(|&c| is_raw(c) && !channel.own.contains(c));
        assert!(raw.is_none(), "{}: {raw:?} in {:?}", channel.name, channel.text);
    }
    for (one, other) in whole(&hostile).into_iter().zip(whole(&plain)) {
        let same = shape(&one.text) == shape(&other.text);
        assert!(
            same || one.text.contains("left out here"),
            "{}:\n{}\n---\n{}",
            one.name,
            one.text,
            other.text
        );
    }
    let shows = |text: &str| text.contains("\\u{");
    let mut shown: BTreeSet<String> =
        hostile.iter().filter(|one| shows(&one.text)).map(|one| one.name.clone()).collect();
    let mail = hostile.iter().find(|one| one.name == "email").map_or("", |mail| &mail.text);
    if mail.lines().any(|line| line.starts_with("By: ") && shows(line)) {
        shown.insert(WHO_DID_IT.to_owned());
    }
    shown
}

const WHO_DID_IT: &str = "who did it, in the mail";

const EVERYWHERE: Hostility =
    Hostility { marks: String::new(), at: 0, share: 100, seed: 0, inside_json: true };

#[test]
fn everything_in_every_text_reaches_no_reader_raw() {
    let mut shown = BTreeSet::new();
    for index in 0..DRIFTS.len() {
        let aws = [Aws::TakesThem, Aws::RefusesThem, Aws::IsOnlyRead][index % 3];
        let (spec, event, excepted) = (index % ACCOUNTS.len(), index % EVENTS.len(), index % 5 == 0);
        let case = Case { spec, drifts: vec![index], aws, event, excepted, denied: false };
        let marks = EVERYTHING[index % EVERYTHING.len()].to_owned();
        // Who did it is found by names, so some have to stay what they are.
        let share = [100, 40][index / 2 % 2];
        shown.extend(check(&case, &Hostility { marks, at: index % 40, share, ..EVERYWHERE }));
    }
    let shows = ["email", "chat", "answer", "default", "log", "log, JSON, decoded", WHO_DID_IT];
    for name in shows.into_iter().chain(["terminal, text", "terminal, markdown", "terminal, junit"]) {
        assert!(shown.contains(name), "{name} showed nothing of it");
    }
}

#[test]
fn a_denied_attempt_is_told_without_anything_raw() {
    for event in 0..EVENTS.len() {
        let case =
            Case { spec: 0, drifts: Vec::new(), aws: Aws::TakesThem, event, excepted: false, denied: true };
        let at = [0, 7, 1000][event % 3];
        check(&case, &Hostility { marks: EVERYTHING.concat(), at, ..EVERYWHERE });
    }
}

#[test]
fn what_is_asked_for_at_the_terminal_comes_back_written_out() {
    for marks in EVERYTHING {
        let error = drift_cli::explain::explain(Some(&format!("rotation-off{marks}"))).unwrap_err();
        let text = format!("{error:#}");
        assert!(!text.contains(is_raw) && text.contains("did you mean"), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn whatever_is_written_where_ever_reaches_no_reader_raw(case in any_case(), hostility in any_hostility()) {
        check(&case, &hostility);
    }
}
