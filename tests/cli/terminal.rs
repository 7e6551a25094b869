//! What only a terminal shows: colour, progress, the question, and Ctrl-C.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use pty_process::blocking::{Command, Pty, open};

use crate::process::{DRIFT, Scene};
use crate::repairs::{called, journal};

/// Longer than anything here takes, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// `drift` at a terminal of its own.
pub(crate) struct AtTerminal {
    child: std::process::Child,
    pty: Pty,
    heard: Receiver<u8>,
    screen: String,
}

impl AtTerminal {
    pub(crate) fn start(scene: &Scene, arguments: &[&str], variables: &[(&str, &str)]) -> AtTerminal {
        let (pty, pts) = open().unwrap();
        pty.resize(pty_process::Size::new(50, 100)).unwrap();
        let mut command = Command::new(DRIFT).args(arguments).current_dir(&scene.folder).env_clear();
        for (name, value) in scene.environment().iter().filter(|(name, _)| *name != "COLUMNS") {
            command = command.env(name, value);
        }
        command = command.env("TERM", "xterm-256color");
        for (name, value) in variables {
            command = command.env(name, value);
        }
        let child = command.spawn(pts).unwrap();
        let (tell, heard) = channel();
        let mut reader = std::fs::File::from(std::os::fd::AsFd::as_fd(&pty).try_clone_to_owned().unwrap());
        std::thread::spawn(move || {
            let mut byte = [0];
            // The end of the process is an error here, and no end of file.
            while let Ok(1) = reader.read(&mut byte) {
                if tell.send(byte[0]).is_err() {
                    break;
                }
            }
        });
        AtTerminal { child, pty, heard, screen: String::new() }
    }

    /// Waits until the screen shows a text.
    pub(crate) fn wait_for(&mut self, text: &str) {
        let until = Instant::now() + PATIENCE;
        let mut bytes = Vec::new();
        while !self.screen.contains(text) {
            let left = until.saturating_duration_since(Instant::now());
            let byte = self.heard.recv_timeout(left);
            bytes.push(byte.unwrap_or_else(|_| panic!("{text:?} never came:\n{}", self.screen)));
            if let Ok(text) = std::str::from_utf8(&bytes) {
                self.screen.push_str(text);
                bytes.clear();
            }
        }
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.pty.write_all(keys.as_bytes()).unwrap();
    }

    /// All that is shown until it ends, and how it ends.
    pub(crate) fn end(mut self) -> (String, Option<i32>) {
        let mut rest = Vec::new();
        loop {
            match self.heard.recv_timeout(PATIENCE) {
                Ok(byte) => rest.push(byte),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    self.child.kill().unwrap();
                    panic!("it does not end:\n{}{}", self.screen, String::from_utf8_lossy(&rest));
                }
            }
        }
        self.screen.push_str(&String::from_utf8_lossy(&rest));
        (self.screen, self.child.wait().unwrap().code())
    }
}

const DRIFTED: [&str; 3] = ["vault-policy-deleted", "rule-retention-cut", "selection-emptied"];

#[test]
fn colours_are_for_terminals_unless_somebody_says_otherwise() {
    let scene = Scene::with(&["vault-policy-deleted"]);
    let shown = |arguments: &[&str], variables: &[(&str, &str)]| {
        AtTerminal::start(&scene, arguments, variables).end().0.contains("\u{1b}[1m\u{1b}[31m")
    };
    let check = ["check", "--spec", "reference", "--quiet"];
    assert!(shown(&check, &[]));
    assert!(!shown(&check, &[("NO_COLOR", "1")]));
    assert!(!shown(&[&check[..], &["--color", "never"]].concat(), &[]));
    assert!(shown(&[&check[..], &["--color", "always"]].concat(), &[("NO_COLOR", "1")]));
    assert!(!scene.run(&check).out.contains('\u{1b}'));
    assert!(scene.run(&[&check[..], &["--color", "always"]].concat()).out.contains('\u{1b}'));
}

#[test]
fn progress_counts_and_is_gone_afterwards() {
    let scene = Scene::with(&["vault-policy-deleted"]);
    scene.sandbox.set_latency(Duration::from_millis(200));
    let mut drift = AtTerminal::start(&scene, &["check", "--spec", "reference"], &[]);
    drift.wait_for("reading the account: ");
    drift.wait_for("asking CloudTrail who did it, ");
    let (screen, code) = drift.end();
    assert_eq!(code, Some(3));
    let after = screen.rsplit("\r\u{1b}[K").next().unwrap();
    assert!(after.contains("account 123456789012"), "{screen}");
}

#[test]
fn a_line_is_as_wide_as_the_terminal() {
    let scene = Scene::with(&DRIFTED);
    let (screen, _) =
        AtTerminal::start(&scene, &["check", "--spec", "reference", "--quiet", "--color", "never"], &[])
            .end();
    let prose = screen.lines().filter(|line| !line.contains("aws "));
    let widest = prose.map(|line| line.trim_end().chars().count()).max().unwrap();
    assert!(widest <= 100, "{widest}\n{screen}");
}

#[test]
fn the_account_has_to_be_typed() {
    let scene = Scene::with(&DRIFTED);
    let mut drift = AtTerminal::start(&scene, &["repair", "--spec", "reference"], &[]);
    drift.wait_for("Type the account's id (123456789012)");
    assert!(
        drift
            .screen
            .contains("backup:PutBackupVaultAccessPolicy for vault-policy us-east-1/vault_prod_daily")
    );
    drift.press("yes\n");
    let (screen, code) = drift.end();
    assert!(code == Some(1) && screen.contains("nothing was written"), "{code:?}\n{screen}");
    assert_eq!(scene.sandbox.writes().len(), 0);

    let mut drift = AtTerminal::start(&scene, &["repair", "--spec", "reference"], &[]);
    drift.wait_for("Type the account's id");
    drift.press("\u{3}");
    let (screen, code) = drift.end();
    assert!(code == Some(130) && screen.contains("nothing was written"), "{code:?}\n{screen}");
    assert_eq!(scene.sandbox.writes().len(), 0);

    let mut drift = AtTerminal::start(&scene, &["repair", "--spec", "reference"], &[]);
    drift.wait_for("Type the account's id");
    drift.press("123456789012\n");
    let (screen, code) = drift.end();
    assert!(code == Some(0) && screen.contains("healed"), "{code:?}\n{screen}");
}

#[test]
fn ctrl_c_lets_the_call_end_looks_again_and_reports() {
    let scene = Scene::with(&DRIFTED);
    scene.sandbox.set_latency(Duration::from_millis(400));
    let mut drift =
        AtTerminal::start(&scene, &["repair", "--spec", "reference", "--yes", "123456789012"], &[]);
    drift.wait_for("calling backup:PutBackupVaultAccessPolicy");
    drift.press("\u{3}");
    drift.wait_for("Stopping:");
    let (screen, code) = drift.end();
    assert_eq!(code, Some(130), "{screen}");
    for part in ["reading the account again", "drifted", "repaired", "interrupted"] {
        assert!(screen.contains(part), "{part} in\n{screen}");
    }
    let journal = journal(&scene);
    assert_eq!(called(&journal), ["backup:PutBackupVaultAccessPolicy"]);
    assert_eq!(scene.sandbox.writes().len(), 1);
    assert_eq!(journal.last().unwrap()["what"], "ended");
}

#[test]
fn a_check_that_is_interrupted_ends_at_once() {
    let scene = Scene::with(&DRIFTED);
    scene.sandbox.set_latency(Duration::from_millis(400));
    let mut drift = AtTerminal::start(&scene, &["check", "--spec", "reference"], &[]);
    drift.wait_for("reading the account");
    drift.press("\u{3}");
    let (screen, code) = drift.end();
    assert_eq!(code, Some(130), "{screen}");
}

#[test]
fn watch_tells_once_and_stops_with_ctrl_c() {
    let scene = Scene::with(&["vault-policy-deleted"]);
    let mut drift =
        AtTerminal::start(&scene, &["watch", "--every", "1", "--spec", "reference", "--quiet"], &[]);
    drift.wait_for("looked at");
    drift.press("\u{3}");
    let (screen, code) = drift.end();
    assert_eq!(code, Some(130), "{screen}");
}

#[test]
fn what_is_explained_and_said_of_specs_is_in_colour_at_a_terminal_only() {
    let scene = Scene::empty();
    let changed = drift_cli::spec::REFERENCE.replace("delete_after_days = 3\n", "delete_after_days = 4\n");
    std::fs::write(scene.folder.join("changed.toml"), changed).unwrap();
    for (arguments, shown, colour) in [
        (&["explain", "retention-differs"][..], "plan/retention-differs", "\u{1b}[1m"),
        (&["explain", "needs-consent"], "needs-consent", "\u{1b}[1m"),
        (&["explain"], "Drift codes: what differs", "\u{1b}[1m"),
        (&["spec", "show", "reference"], "spec thinkstack-prod", "\u{1b}[1m"),
        (&["spec", "diff", "reference", "reference"], "no difference", "\u{1b}[32m"),
        (&["spec", "validate", "reference"], "valid", "\u{1b}[32m"),
        (&["sandbox", "--list"], "(aws_backup_role)", "\u{1b}[2m"),
    ] {
        let (screen, code) = AtTerminal::start(&scene, arguments, &[]).end();
        assert!(code == Some(0) && screen.contains(shown), "{arguments:?} {code:?}\n{screen}");
        assert!(screen.contains(colour), "{arguments:?} has no colour\n{screen:?}");
        let (screen, _) = AtTerminal::start(&scene, arguments, &[("NO_COLOR", "1")]).end();
        assert!(!screen.contains('\u{1b}'), "{arguments:?}\n{screen:?}");
        assert!(!scene.run(arguments).out.contains('\u{1b}'), "{arguments:?}");
    }
    let (screen, code) = AtTerminal::start(&scene, &["spec", "diff", "reference", "changed.toml"], &[]).end();
    assert!(code == Some(0) && screen.contains("4 instead of 3 days"), "{screen}");
    let (screen, code) = AtTerminal::start(&scene, &["explain", "no-such-thing"], &[]).end();
    assert!(code == Some(1) && screen.contains("\u{1b}[1m\u{1b}[31merror"), "{screen:?}");
}

#[test]
fn ctrl_c_stops_a_watch_while_it_looks() {
    let scene = Scene::with(&["vault-policy-deleted"]);
    scene.sandbox.set_latency(Duration::from_millis(400));
    let mut drift = AtTerminal::start(&scene, &["watch", "--spec", "reference"], &[]);
    drift.wait_for("reading the account");
    drift.press("\u{3}");
    let (screen, code) = drift.end();
    assert_eq!(code, Some(130), "{screen}");
    assert_eq!(scene.sandbox.writes().len(), 0);
}

#[test]
fn a_sandbox_at_a_terminal_can_be_pasted_and_stops_with_ctrl_c() {
    let scene = Scene::empty();
    let mut drift = AtTerminal::start(&scene, &["sandbox", "--port", "0"], &[]);
    drift.wait_for("_sandbox/messages");
    for line in drift.screen.lines().filter(|line| !line.trim().is_empty()) {
        let plain = line.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
        assert!(plain.starts_with("# ") || plain.starts_with("export "), "{line:?} is neither");
    }
    drift.press("\u{3}");
    let (screen, code) = drift.end();
    assert_eq!(code, Some(0), "{screen}");
}
