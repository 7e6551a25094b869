//! A short campaign of fixed seeds.

use drift_tests::campaign::{Case, play};

/// As many as a few seconds hold; the long campaign is `cargo run --release -p drift-tests --bin campaign`.
const SEEDS: std::ops::Range<u64> = 1..5;

#[test]
fn nothing_that_has_to_hold_breaks_under_fire() {
    let mut broken = Vec::new();
    for seed in SEEDS {
        let tally = play(&Case::of(seed), &|_| ());
        broken.extend(tally.violations.into_iter().map(|(case, what)| format!("seed {}: {what}", case.seed)));
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn a_case_replays_exactly() {
    let told = || {
        let shown = std::cell::RefCell::new(String::new());
        play(&Case::of(5), &|text| shown.borrow_mut().push_str(text));
        shown.into_inner()
    };
    assert_eq!(told(), told());
}
