//! A command that a report prints works as it stands, with the options with which the report was asked for.

use sandbox_reference::{TOPIC_ARN, drift};
use serde_json::Value;

use crate::process::{Ran, Scene};

/// Another profile than the default one, and an endpoint that only the command line names.
fn drift_of(scene: &Scene, arguments: &[&str]) -> std::process::Command {
    std::fs::create_dir_all(scene.folder.join(".aws")).unwrap();
    let keys = "[other]\naws_access_key_id = 123456789012\naws_secret_access_key = x\n";
    std::fs::write(scene.folder.join(".aws/credentials"), keys).unwrap();
    let mut command = scene.drift(arguments);
    for name in ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        command.env_remove(name);
    }
    let endpoint = scene.sandbox.endpoint();
    command.args(["--profile", "other", "--endpoint-url", &endpoint, "--spec", "reference", "--quiet"]);
    command
}

#[test]
fn the_command_of_a_consent_is_the_same_in_every_output_and_works() {
    let scene = Scene::with(&["vault-lock-deleted"]);
    let outputs = ["--output", "text", "--output", "markdown=a.md", "--output", "html=a.html"];
    let outputs = [&outputs[..], &["--output", "json=a.json", "--output", "junit=a.xml"]].concat();
    let mut check = drift_of(&scene, &[&["check", "--publish"][..], &outputs[..]].concat());
    let ran = Ran::of(&check.env("TOPIC_ARN", TOPIC_ARN).output().unwrap());
    let command = ran.out.lines().map(str::trim).find(|line| line.starts_with("drift repair ")).unwrap();
    for part in ["--spec reference", "--profile other", "--endpoint-url http", "--allow-compliance-locks"] {
        assert!(command.contains(part), "{part} in {command}");
    }
    for file in ["a.md", "a.html", "a.json", "a.xml"] {
        let text = std::fs::read_to_string(scene.folder.join(file)).unwrap().replace("&#x2f;", "/");
        assert!(text.contains(command), "{command} in {file}:\n{text}");
        assert!(!text.contains("infra/deploy"), "{file} has two ways:\n{text}");
    }
    // The mail goes to whoever looks after the function.
    let mail: Value = serde_json::from_str(&scene.sandbox.messages()[0].message).unwrap();
    let mail = mail["email"].as_str().unwrap();
    assert!(mail.contains("  infra/deploy --mode repair --compliance-locks start"), "{mail}");
    assert!(!mail.contains("drift repair"), "{mail}");

    let mut pasted = std::process::Command::new("sh");
    let folder = std::path::Path::new(crate::process::DRIFT).parent().unwrap().display().to_string();
    pasted
        .args(["-c", &format!("{command} --quiet --yes 123456789012")])
        .current_dir(&scene.folder)
        .env_clear();
    pasted.env("HOME", &scene.folder).env("AWS_EC2_METADATA_DISABLED", "true");
    pasted.env("PATH", format!("{folder}:{}", std::env::var("PATH").unwrap_or_default()));
    let ran = Ran::of(&pasted.output().unwrap());
    assert_eq!(ran.code, Some(0), "{command}\n{}{}", ran.out, ran.err);
}

#[test]
fn a_command_of_the_aws_cli_has_the_options_too_and_a_line_of_its_own() {
    let scene = Scene::with(&["selection-added", "rule-retention-cut"]);
    let ran = Ran::of(&drift_of(&scene, &["check"]).output().unwrap());
    let commands: Vec<&str> = ran.out.lines().filter(|line| line.trim_start().starts_with("aws ")).collect();
    assert_eq!(commands.len(), 2, "{}", ran.out);
    for command in commands {
        let end = format!("--profile other --endpoint-url {}", scene.sandbox.endpoint());
        assert!(command.ends_with(&end) && command.contains("--region us-east-1"), "{command}");
    }
}

#[test]
fn the_command_of_a_repair_keeps_what_was_asked_for() {
    let scene = Scene::with(&["vault-lock-deleted"]);
    drift(&scene.sandbox, "rule-retention-cut").unwrap();
    let only = ["repair", "--only", "vault-lock us-east-1/vault_prod_daily", "--max-calls", "7"];
    let ran = Ran::of(&drift_of(&scene, &only).output().unwrap());
    let command = ran.out.lines().map(str::trim).find(|line| line.starts_with("drift repair ")).unwrap();
    let end = "--only 'vault-lock us-east-1/vault_prod_daily' --max-calls 7 --allow-compliance-locks";
    assert!(command.ends_with(end), "{command}");
}
