//! Transcripts: `transcripts/*.txt` are both script and expected output. A line that starts with `> ` is a command in a POSIX shell; what
//! follows is what it prints, standard error first, and the code that it ends with if that is not 0. `# account: DRIFT DRIFT` says what the
//! account is: the reference deployment with these drifts, or `empty`; `# denied: SERVICE OPERATION` which read is refused from there on.
//! Other lines that start with `#` are remarks, so no output may.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use regex::Regex;
use sandbox::{Fault, FaultKind};
use snapbox::assert::Action;
use snapbox::{Assert, Data, Redactions};

use crate::help::commands;
use crate::process::{DRIFT, Ran, Scene};

#[test]
fn every_transcript_is_what_the_commands_print() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cli/transcripts");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "txt"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    let action = if std::env::var_os("UPDATE").is_some() { Action::Overwrite } else { Action::Verify };
    let assert = Assert::new().action(action).redact_with(redactions());
    for file in files {
        let script = std::fs::read_to_string(&file).unwrap();
        let really = perform(&script);
        assert.eq(really, Data::read_from(&file, None));
    }
}

#[test]
fn every_command_is_in_a_transcript() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cli/transcripts");
    let scripts: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    let typed: Vec<&str> =
        scripts.iter().flat_map(|script| script.lines()).filter(|line| line.starts_with("> ")).collect();
    let missing: Vec<String> = commands()
        .into_iter()
        .filter(|command| !typed.iter().any(|line| line.contains(&format!("drift {command}"))))
        .collect();
    assert_eq!(missing, Vec::<String>::new(), "no transcript shows them");
}

/// What differs from run to run.
fn redactions() -> Redactions {
    let mut redactions = Redactions::new();
    for (name, pattern) in [
        ("[PORT]", r"127\.0\.0\.1:(?<redacted>[0-9]+)"),
        ("[TIME]", r"(?<redacted>[0-9]{4}-[0-9][0-9]-[0-9][0-9][ \n]+[0-9][0-9]:[0-9][0-9]:[0-9][0-9])"),
        ("[INSTANT]", r"(?<redacted>[0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9]{6}Z)"),
        ("[START]", r"--start-time (?<redacted>[0-9TZ:-]+)"),
        ("[REQUESTS]", r"(?<redacted>[0-9]+) requests"),
        ("[SECONDS]", r"in (?<redacted>[0-9]+\.[0-9]) s"),
        ("[ID]", r"(?<redacted>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"),
        // An imported spec tells its day.
        ("[SPEC]", r"\(mine\.toml\), SHA-256 (?<redacted>[0-9a-f]{64})"),
        ("[DIGEST]", r"spec thinkstack-prod (?<redacted>[0-9a-f]{8}) "),
    ] {
        redactions.insert(name, Regex::new(pattern).unwrap()).unwrap();
    }
    redactions
}

fn perform(script: &str) -> String {
    let account = script.lines().find_map(|line| line.strip_prefix("# account: ")).unwrap_or_default();
    let scene = match account {
        "empty" => Scene::empty(),
        drifts => Scene::with(&drifts.split_whitespace().collect::<Vec<_>>()),
    };
    let mut transcript = String::new();
    for line in script.lines() {
        if let Some((service, operation)) =
            line.strip_prefix("# denied: ").and_then(|rest| rest.split_once(' '))
        {
            let message = format!("not authorized to perform {service}:{operation}");
            let kind = FaultKind::Error { code: "AccessDeniedException".to_owned(), status: 403, message };
            scene.sandbox.inject(Fault::on(service, operation, kind).times(usize::MAX));
        }
        if line.starts_with('#') {
            writeln!(transcript, "{line}").unwrap();
        } else if let Some(command) = line.strip_prefix("> ") {
            writeln!(transcript, "{line}").unwrap();
            let ran = shell(&scene, command);
            transcript.push_str(&ran.err);
            transcript.push_str(&without_next_runs(&ran.out));
            if ran.code != Some(0) {
                writeln!(transcript, "exit {}", ran.code.unwrap()).unwrap();
            }
        }
    }
    transcript
}

/// Which backups come next depends on the hour.
fn without_next_runs(text: &str) -> String {
    let mut skipping = false;
    let kept = text.split_inclusive('\n').filter(|line| {
        skipping = line.starts_with("The next scheduled backups") || (skipping && !line.trim().is_empty());
        !skipping
    });
    kept.collect()
}

fn shell(scene: &Scene, command: &str) -> Ran {
    let mut shell = Command::new("sh");
    let folder = Path::new(DRIFT).parent().unwrap().display().to_string();
    shell.args(["-c", command]).current_dir(&scene.folder).env_clear().envs(scene.environment());
    shell.env("PATH", format!("{folder}:{}", std::env::var("PATH").unwrap_or_default()));
    shell.env("EVENTS", concat!(env!("CARGO_MANIFEST_DIR"), "/../../events"));
    shell.stdin(std::process::Stdio::null());
    Ran::of(&shell.output().unwrap())
}
