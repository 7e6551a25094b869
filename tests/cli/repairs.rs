//! A repair that is cut short in one way or another leaves a record of every call.

use serde_json::Value;

use crate::process::Scene;

const DRIFTED: [&str; 3] = ["vault-policy-deleted", "rule-retention-cut", "selection-emptied"];

/// The lines of the one journal in the folder.
pub(crate) fn journal(scene: &Scene) -> Vec<Value> {
    let mut files = std::fs::read_dir(&scene.folder).unwrap().map(|entry| entry.unwrap().path());
    let path = files.find(|path| path.extension().is_some_and(|end| end == "jsonl")).expect("a journal");
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The calls that a journal says were answered.
pub(crate) fn called(journal: &[Value]) -> Vec<&str> {
    journal
        .iter()
        .filter(|line| line["what"] == "called")
        .map(|line| line["call"].as_str().unwrap())
        .collect()
}

#[test]
fn a_report_that_cannot_be_written_is_in_the_journal() {
    let scene = Scene::with(&DRIFTED);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let arguments = ["repair", "--spec", "reference", "--yes", "123456789012"];
    let output = scene.drift(&arguments).stdout(full).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(err.contains(".jsonl as well") && !err.contains("panicked"), "{err}");
    let journal = journal(&scene);
    assert_eq!(called(&journal).len(), scene.sandbox.writes().len());
    let last = journal.last().unwrap();
    assert_eq!((&last["what"], &last["report"]["verdict"]), (&"ended".into(), &"healed".into()));
}

#[test]
fn nothing_is_written_where_no_journal_can_be() {
    let scene = Scene::with(&DRIFTED);
    let ran = scene.run(&[
        "repair",
        "--spec",
        "reference",
        "--yes",
        "123456789012",
        "--journal",
        "no/such/folder.jsonl",
    ]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("nothing was written"), "{}", ran.err);
    assert_eq!(scene.sandbox.writes().len(), 0);
    // A journal that fills up in the middle stops the run.
    let ran =
        scene.run(&["repair", "--spec", "reference", "--yes", "123456789012", "--journal", "/dev/full"]);
    assert_ne!(ran.code, Some(0));
    assert_eq!(scene.sandbox.writes().len(), 0);
}

#[test]
fn an_older_journal_is_kept() {
    let scene = Scene::with(&DRIFTED);
    std::fs::write(scene.folder.join("mine.jsonl"), "old").unwrap();
    let ran =
        scene.run(&["repair", "--spec", "reference", "--yes", "123456789012", "--journal", "mine.jsonl"]);
    assert_eq!((ran.code, scene.sandbox.writes().len()), (Some(1), 0), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(scene.folder.join("mine.jsonl")).unwrap(), "old");
}

#[test]
fn the_environment_agrees_to_nothing() {
    let scene = Scene::with(&["vault-lock-deleted"]);
    let mut command = scene.drift(&["repair", "--spec", "reference", "--yes", "123456789012", "--quiet"]);
    command.env("COMPLIANCE_LOCKS", "start").env("BOOTSTRAP", "true").env("MODE", "repair");
    assert_eq!(command.output().unwrap().status.code(), Some(3));
    assert_eq!(scene.sandbox.writes().len(), 0);
}
