//! Help, completions and the manual page.

use crate::process::Scene;

#[test]
fn help_has_examples_variables_and_exit_codes() {
    let scene = Scene::empty();
    let help = scene.run(&["--help"]);
    assert_eq!(help.code, Some(0));
    for part in
        ["Examples:", "Environment:", "Exit codes:", "DRIFT_SPEC", "AWS_PROFILE", "130", "--spec <FILE>"]
    {
        assert!(help.out.contains(part), "{part} in\n{}", help.out);
    }
    for command in ["check", "repair", "replay", "sandbox"] {
        let help = scene.run(&[command, "--help"]);
        assert!(help.out.contains("Examples:"), "{command}\n{}", help.out);
    }
}

#[test]
fn completions_come_for_every_shell() {
    let scene = Scene::empty();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = scene.run(&["completions", shell]);
        assert!(script.code == Some(0) && script.out.contains("allow-compliance-locks"), "{shell}");
    }
}

#[test]
fn the_manual_page_has_every_command() {
    let page = Scene::empty().run(&["man"]).out;
    for command in ["CHECK", "REPAIR", "WATCH", "REPLAY", "SANDBOX", "EXPLAIN", "SPEC", "COMPLETIONS"] {
        assert!(page.contains(&format!(".SH \"DRIFT {command}\"")), "{command}");
    }
}

#[test]
fn the_sandbox_tools_that_help_names_are_there() {
    let help = Scene::empty().run(&["sandbox", "--help"]).out;
    let endpoint = Scene::empty();
    for line in help.lines().filter(|line| line.contains("/_sandbox/")) {
        let mut words = line.split_whitespace();
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let address = endpoint.sandbox.endpoint();
        let answer = ask(&address, method, &path.replace("NAME", "vault-policy-deleted"));
        assert!(!answer.contains("404"), "{method} {path}: {answer}");
    }
}

/// The status line of an answer; no client is needed for as little as this.
fn ask(endpoint: &str, method: &str, path: &str) -> String {
    use std::io::{BufRead, BufReader, Write};
    let mut stream = std::net::TcpStream::connect(endpoint.strip_prefix("http://").unwrap()).unwrap();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}"
    )
    .unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    line
}
