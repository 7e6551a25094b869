//! Everything that fuzzing found and keeps, once more: what failed once does not fail again.
#![allow(clippy::print_stdout, clippy::expect_used)] // a test's output is shown where it fails, and the last file named is the one

use std::fs;
use std::path::Path;

#[path = "checks/answers.rs"]
mod answers;
#[path = "checks/payload.rs"]
mod payload;
#[path = "checks/policy.rs"]
mod policy;
#[path = "checks/spec.rs"]
mod spec;

fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files: Vec<_> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.path()).collect();
    assert!(files.len() > 1, "nothing to replay for {target}");
    for file in files {
        println!("{}", file.display());
        check(&fs::read(file).unwrap_or_default());
    }
}

#[test]
fn what_aws_answered() {
    replay("answers", |data| {
        answers::check(data);
    });
}

/// Or what is started from would lead nowhere.
#[test]
fn the_corpus_starts_from_an_account_in_sync_and_from_one_that_is_repaired() {
    let answered = |file: &str| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/answers").join(file);
        answers::check(&fs::read(file).expect("a file of the corpus")).expect("an answer")
    };
    let in_sync = answered("in_sync");
    assert_eq!(in_sync["verdict"], "in_sync", "{in_sync:#}");
    let nothing_there = answered("nothing_there");
    let calls = nothing_there["calls"].as_array().map_or(0, Vec::len);
    assert!(calls > 2, "{nothing_there:#}");
    assert_eq!(answered("denied")["calls"], serde_json::json!([]));
}

#[test]
fn what_the_function_was_given() {
    replay("payload", payload::check);
}

#[test]
fn what_policies_said() {
    replay("policy", policy::check);
}

#[test]
fn what_specs_said() {
    replay("spec", spec::check);
}
