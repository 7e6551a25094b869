//! The desired spec: what it resolves to, and that every mistake is refused at its line.
//!
//! Each refusal starts from `base.toml`, which is valid and uses every field, and changes one thing in it.

mod account;
mod exceptions;
mod plans;
mod resolving;
mod selections;
mod shape;
mod vaults;
mod warnings;

use reconcile::spec::{Spec, SpecError};

const BASE: &str = include_str!("base.toml");

/// The base with one thing changed, which must be there exactly once.
#[track_caller]
fn changed(from: &str, to: &str) -> String {
    assert_eq!(BASE.matches(from).count(), 1, "{from:?} must be in the base exactly once");
    BASE.replace(from, to)
}

/// The one mistake in a text.
#[track_caller]
fn only_mistake(toml: &str) -> SpecError {
    let errors = Spec::parse(toml).expect_err("the spec is refused");
    assert_eq!(errors.iter().count(), 1, "{errors}");
    errors.iter().next().expect("one").clone()
}

/// Changing one thing in the base is one mistake, at `path`, in the line that contains `line`, and its message contains
/// each of `words`.
#[track_caller]
fn refuses(from: &str, to: &str, path: &str, line: &str, words: &[&str]) {
    let error = only_mistake(&changed(from, to));
    assert_eq!(error.path, path, "{error}");
    assert!(error.source_line().contains(line), "{error}");
    for word in words {
        assert!(error.message.contains(word), "{word:?} is not in: {error}");
    }
}

/// Changing one thing in the base leaves it valid.
#[track_caller]
fn takes(from: &str, to: &str) -> Spec {
    Spec::parse(&changed(from, to)).unwrap_or_else(|errors| panic!("{errors}"))
}

/// `count` entries of an inline list, made from their number.
fn repeated(count: usize, entry: impl Fn(usize) -> String) -> String {
    (0..count).map(entry).collect::<Vec<_>>().join(", ")
}
