//! The command as people and scripts call it.

use std::path::PathBuf;
use std::process::{Command, Output};

/// What a command said and how it ended.
pub(crate) struct Said {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

/// Runs `drift` with nothing of this machine's own settings.
pub(crate) fn drift(arguments: &[&str], variables: &[(&str, &str)]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_drift"));
    for (name, _) in
        std::env::vars().filter(|(name, _)| name.starts_with("AWS_") || name.starts_with("DRIFT_"))
    {
        command.env_remove(name);
    }
    let Output { status, stdout, stderr } =
        command.args(arguments).envs(variables.iter().copied()).output().expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Said { stdout: text(stdout), stderr: text(stderr), code: status.code().expect("it ended by itself") }
}

/// A file name that is free, in a folder of this test's own.
pub(crate) fn file(test: &str, name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("spec").join(test);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

fn path(path: &PathBuf) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_spec_to_start_from_is_written_once_and_is_valid() {
    let out = file("init", "desired.toml");
    let made = drift(&["spec", "init", "--out", path(&out)], &[]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let valid = drift(&["spec", "validate", path(&out)], &[]);
    assert_eq!(valid.code, 0, "{}", valid.stderr);
    assert!(valid.stdout.starts_with("valid "), "{}", valid.stdout);
    assert!(valid.stderr.is_empty(), "{}", valid.stderr);
    let before = std::fs::read_to_string(&out).unwrap();
    std::fs::write(&out, "mine").unwrap();
    let again = drift(&["spec", "init", "--out", path(&out)], &[]);
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("is there already, and is not written over"), "{}", again.stderr);
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "mine");
    assert_eq!(drift(&["spec", "init"], &[]).stdout, before);
}

#[test]
fn a_broken_spec_is_refused_with_every_line() {
    let broken = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/core/specs/broken.toml");
    let said = drift(&["spec", "validate", broken], &[]);
    assert_eq!(said.code, 1);
    for part in ["broken.toml:23:53", "vaults[0].lock.changeable_for_days", "^", "2 mistakes"] {
        assert!(said.stderr.contains(part), "{part}\n{}", said.stderr);
    }
    assert!(said.stdout.is_empty());
    assert_eq!(drift(&["spec", "validate", "/nowhere/desired.toml"], &[]).code, 1);
    assert_eq!(drift(&["spec", "validate"], &[]).code, 2);
    assert_eq!(drift(&["spec", "import", "--terraform", "a", "--cloudformation", "b"], &[]).code, 2);
}

#[test]
fn the_schema_is_json_and_tells_how_an_editor_finds_it() {
    let said = drift(&["spec", "schema"], &[]);
    assert_eq!(said.code, 0);
    let schema: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(schema["properties"]["plans"]["type"], "array");
    assert!(said.stderr.contains("#:schema ./desired.schema.json"), "{}", said.stderr);
}

#[test]
fn a_spec_is_shown_and_two_are_compared() {
    let acme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/core/specs/acme.toml");
    let shown = drift(&["spec", "show", acme], &[]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(shown.stdout.contains("eu-west-1/acme-${account}-eu-west-1"), "{}", shown.stdout);
    let changed = file("diff", "changed.toml");
    let text =
        std::fs::read_to_string(acme).unwrap().replace("delete_after_days = 8", "delete_after_days = 9");
    std::fs::write(&changed, text).unwrap();
    let said = drift(&["spec", "diff", acme, path(&changed)], &[]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert_eq!(said.stdout, "plan eu-west-1/acme-daily: backups of noon are kept 9 instead of 8 days\n");
    assert_eq!(drift(&["spec", "diff", acme, acme], &[]).stdout, "no difference: both specs want the same\n");
}
