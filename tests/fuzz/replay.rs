//! Everything that fuzzing found and keeps, once more: what failed once does not fail again.
#![allow(clippy::print_stdout, clippy::expect_used)] // a test's output is shown where it fails, and the last file named is the one

use std::fs;
use std::path::Path;

#[path = "checks/answers.rs"]
mod answers;
mod blind;
#[path = "checks/import.rs"]
mod import;
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
fn what_was_imported() {
    replay("import", import::check);
}

#[test]
fn what_policies_said() {
    replay("policy", policy::check);
}

#[test]
fn what_specs_said() {
    replay("spec", spec::check);
}

/// How many changed inputs each check gets; more by `FUZZ_CASES`.
fn cases(usual: usize) -> usize {
    std::env::var("FUZZ_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual)
}

fn texts(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<_> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.path()).collect();
    files.sort();
    files.iter().filter_map(|file| fs::read_to_string(file).ok()).collect()
}

#[test]
fn what_aws_may_answer_instead() {
    blind::blindly(cases(20), &texts("fuzz/corpus/answers"), |data| {
        answers::check(data);
    });
}

#[test]
fn what_the_function_may_be_given_instead() {
    let one_line =
        |text: &String| serde_json::from_str::<serde_json::Value>(text).ok().map(|event| event.to_string());
    let events: Vec<String> = texts("../events").iter().filter_map(one_line).collect();
    blind::blindly(cases(1000), &events, payload::check);
}

#[test]
fn what_may_be_imported_instead() {
    let sources = [texts("import/cloudformation"), texts("import/terraform")].concat();
    blind::blindly(cases(100), &sources, import::check);
}

#[test]
fn what_policies_may_say_instead() {
    blind::blindly(cases(500), &texts("core/policies"), policy::check);
}

#[test]
fn what_specs_may_say_instead() {
    blind::blindly(cases(100), &texts("core/specs"), spec::check);
}
