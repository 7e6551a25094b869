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
}

/// Every command by its words, as the manual page has them.
pub(crate) fn commands() -> Vec<String> {
    let page = Scene::empty().run(&["man"]).out;
    let headings = page.lines().filter_map(|line| line.strip_prefix(".SS \"drift "));
    headings.filter_map(|rest| rest.strip_suffix('"')).map(str::to_owned).collect()
}

#[test]
fn every_command_has_examples_and_exit_codes() {
    let scene = Scene::empty();
    let commands = commands();
    assert!(commands.len() > 14, "{commands:?}");
    for command in &commands {
        let help = scene.run(&command.split(' ').chain(["--help"]).collect::<Vec<_>>());
        for part in ["Examples:", "Exit codes:"] {
            assert!(help.out.contains(part), "{part} of {command}\n{}", help.out);
        }
        let needs_none = ["completions", "man"].contains(&command.as_str());
        assert_eq!(help.out.contains("Environment:"), !needs_none, "{command}\n{}", help.out);
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
fn the_manual_page_has_every_command_and_says_nothing_twice() {
    let page = Scene::empty().run(&["man"]).out;
    let listed = Scene::empty().run(&["--help"]).out;
    let listed = listed.split_once("Commands:").unwrap().1.split_once("\n\n").unwrap().0.to_owned();
    // What is wrapped stands further in.
    let listed =
        listed.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    let known = commands();
    for command in listed.filter_map(|line| line.split_whitespace().next()) {
        assert!(command == "help" || known.iter().any(|one| one == command), "{command}");
    }
    for option in ["\\-\\-endpoint\\-url", "\\-\\-color"] {
        let headings = page.lines().filter(|line| line.starts_with(&format!("\\fB{option}")));
        assert!(headings.count() <= 1, "{option}");
    }
    assert!(!page.contains("EXTRA"), "{page}");
    // A page of another name is one that is not there.
    assert!(!page.contains("(1)"), "{page}");
    for section in ["EXAMPLES", "ENVIRONMENT", "EXIT STATUS"] {
        assert!(page.contains(&format!(".SH \"{section}\"")), "{section}\n{page}");
    }
}

#[test]
fn the_sandbox_tools_that_help_names_are_there() {
    let help = Scene::empty().run(&["sandbox", "--help"]).out;
    let scene = Scene::with(&[]);
    for line in help.lines().filter(|line| line.contains("/_sandbox/")) {
        let mut words = line.split_whitespace();
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let address = scene.sandbox.endpoint();
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
