//! A bad environment ends the process before the first event, with an error that says which variable and what it may hold.

use std::process::{Command, Output};

use serde_json::Value;

use super::stage::BINARY;

/// Variable, a bad value, and words of what it may hold.
const BAD: [(&str, &str, &str); 6] = [
    ("MODE", "heal", "report or repair"),
    ("TOPIC_ARN", "arn:aws:sqs:us-east-1:123456789012:queue", "arn:aws:sns:REGION:ACCOUNT:NAME"),
    ("PRIMARY_REGION", "us-east", "such as us-east-1"),
    ("DR_REGION", "US-WEST-2", "such as us-east-1"),
    ("MAX_CALLS", "0", "1 to 1000"),
    ("BOOTSTRAP", "yes", "true or false"),
];

/// Starts the function where no Runtime API listens: one that got as far as to ask for an event would not end with `start failed`.
fn start(environment: &[(&str, &str)]) -> Output {
    Command::new(BINARY)
        .env_clear()
        .env("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:1")
        .env("AWS_LAMBDA_FUNCTION_NAME", "drift-healer")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_LOG_FORMAT", "JSON")
        .env("AWS_REGION", "us-east-1")
        .envs(environment.iter().copied())
        .output()
        .expect("the function's binary starts")
}

fn refusal(environment: &[(&str, &str)]) -> (String, String) {
    let output = start(environment);
    let log = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{environment:?}: {log}");
    let last = log.lines().last().unwrap_or_else(|| panic!("{environment:?} ends without a word"));
    let line: Value = serde_json::from_str(last).expect("a line of JSON");
    assert_eq!((&line["level"], &line["message"]), (&"ERROR".into(), &"start failed".into()), "{last}");
    let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
    (text("error_type"), text("error"))
}

#[test]
fn each_bad_value_is_named_with_what_is_allowed() {
    for (variable, value, allowed) in BAD {
        let (kind, error) = refusal(&[(variable, value)]);
        assert_eq!(kind, "SettingsInvalid", "{variable}");
        assert!(error.contains(&format!("{variable} is {value:?}")) && error.contains(allowed), "{error}");
        for (other, ..) in BAD.iter().filter(|(other, ..)| *other != variable) {
            assert!(!error.contains(&format!("{other} is ")), "{error}");
        }
    }
}

#[test]
fn several_bad_values_are_named_at_once() {
    let (_, error) = refusal(&BAD.map(|(variable, value, _)| (variable, value)));
    for (variable, value, allowed) in BAD {
        assert!(error.contains(&format!("{variable} is {value:?}")) && error.contains(allowed), "{error}");
    }
}

#[test]
fn regions_that_the_spec_cannot_be_used_with_are_refused_before_the_first_event() {
    let (kind, error) = refusal(&[("PRIMARY_REGION", "us-west-2")]);
    assert_eq!(kind, "SetupInvalid");
    assert!(error.contains("us-west-2"), "{error}");
}

#[test]
fn outside_of_lambda_the_binary_says_what_it_is_and_how_to_run_it() {
    let output = Command::new(BINARY).env_clear().output().expect("the function's binary starts");
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr);
    for told in ["AWS Lambda function", "AWS_LAMBDA_RUNTIME_API", "cargo lambda watch", "cargo run"] {
        assert!(text.contains(told), "{text}");
    }
}
