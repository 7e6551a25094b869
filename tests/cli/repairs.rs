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
    assert!(ran.err.contains("mine.jsonl is there already") && ran.err.contains("help:"), "{}", ran.err);
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

#[test]
fn a_journal_has_the_requests_as_aws_takes_them() {
    let scene = Scene::with(&DRIFTED);
    let ran = scene.run(&["repair", "--spec", "reference", "--yes", "123456789012", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    // Who wants no progress still hears where the record is.
    assert!(ran.err.contains("every call is recorded in drift-repair-123456789012-"), "{}", ran.err);
    let journal = journal(&scene);
    let calling: Vec<&Value> = journal.iter().filter(|line| line["what"] == "calling").collect();
    let then = calling.iter().map(|line| &line["then"]).filter(|then| !then.is_null());
    let told: Vec<&Value> = calling.iter().map(|line| &line["request"]).collect();
    let sent = scene.sandbox.writes();
    assert_eq!(told.len() + then.count(), sent.len());
    let policy = sent.iter().find(|call| call.operation == "PutBackupVaultAccessPolicy").unwrap();
    assert!(told.contains(&&policy.params), "{told:#?}\n{:#}", policy.params);
    let put = calling.iter().find(|line| line["call"] == "backup:PutBackupVaultAccessPolicy").unwrap();
    assert_eq!(put["region"], "us-east-1");
}

#[test]
fn two_repairs_in_one_second_are_two_journals() {
    let scene = Scene::with(&["vault-policy-deleted"]);
    let now = time::OffsetDateTime::now_utc();
    for second in 0..300 {
        let at = now + time::Duration::seconds(second);
        let (date, time) = (at.date(), at.time());
        let name = format!(
            "drift-repair-123456789012-{date}T{:02}{:02}{:02}Z.jsonl",
            time.hour(),
            time.minute(),
            time.second()
        );
        std::fs::write(scene.folder.join(name), "old").unwrap();
    }
    let ran = scene.run(&["repair", "--spec", "reference", "--yes", "123456789012", "--quiet"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains("Z-2.jsonl"), "{}", ran.err);
}

#[test]
fn no_two_things_are_written_to_one_file() {
    let scene = Scene::with(&["vault-policy-deleted"]);
    std::fs::write(scene.folder.join("spec.toml"), drift_cli::spec::REFERENCE).unwrap();
    std::fs::write(scene.folder.join("event.json"), "{}").unwrap();
    let repair = ["repair", "--yes", "123456789012", "--spec", "reference"];
    for (arguments, what) in [
        (
            &["check", "--spec", "reference", "--output", "json=a", "--output", "html=./a"][..],
            "--output json",
        ),
        (&["check", "--spec", "spec.toml", "--output", "json=../x/../spec.toml"], "the spec"),
        (&["watch", "--spec", "spec.toml", "--output", "json=spec.toml"], "the spec"),
        (&["replay", "event.json", "--sandbox", "--output", "json=event.json"], "the event"),
        (&[&repair[..], &["--journal", "j", "--output", "json=j"]].concat(), "the journal"),
    ] {
        let arguments: Vec<String> =
            arguments.iter().map(|one| one.replace("../x/..", &scene.folder.display().to_string())).collect();
        let ran = scene.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(ran.code, Some(2), "{arguments:?}\n{}", ran.err);
        assert!(ran.err.contains(&format!("would write over {what}")), "{arguments:?}\n{}", ran.err);
    }
    assert!(scene.sandbox.calls().is_empty());
    assert_eq!(std::fs::read_to_string(scene.folder.join("spec.toml")).unwrap(), drift_cli::spec::REFERENCE);
    let both = [
        "check",
        "--spec",
        "reference",
        "--quiet",
        "--output",
        "json=/dev/null",
        "--output",
        "html=/dev/null",
    ];
    assert_eq!(scene.run(&both).code, Some(3));
}
