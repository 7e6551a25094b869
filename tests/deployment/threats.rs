//! The table of attacks in the deployment's document names tests that there are.

use std::fs;
use std::path::{Path, PathBuf};

const DOCUMENT: &str = include_str!("../../infra/README.md");
const CHECK: &str = include_str!("../../infra/check");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All of our Rust, as one text.
fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

/// What stands between two marks.
fn between(text: &str, mark: char) -> Vec<&str> {
    text.split(mark).skip(1).step_by(2).collect()
}

#[test]
fn every_attack_is_played_by_a_test_that_exists() {
    let mut text = String::new();
    for folder in ["tests", "shared", "functions"] {
        sources(&root().join(folder), &mut text);
    }
    let rows: Vec<&str> = DOCUMENT.lines().filter(|line| line.starts_with("| S")).collect();
    assert_eq!(rows.len(), 42, "a row for each finding of the review");
    for row in rows.into_iter().chain(DOCUMENT.lines().filter(|line| line.starts_with("| V"))) {
        let (attack, tests) = row[2..].split_once(" | ").unwrap();
        for name in between(tests, '`').into_iter().filter(|name| !name.starts_with("iam:")) {
            let exists = if name.ends_with(".txt") {
                root().join("tests/function/scenarios").join(name).exists()
            } else {
                text.contains(&format!("fn {name}("))
            };
            assert!(exists, "{attack}: there is no {name}");
        }
        for check in between(tests, '"') {
            assert!(CHECK.contains(&format!("\"{check}\"")), "{attack}: infra/check has no {check:?}");
        }
    }
}
