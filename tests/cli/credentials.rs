//! Who cannot sign in is told in three lines: what failed, for which profile, and the command that helps.

use std::fs;

use crate::process::{Ran, Scene};

/// Runs a check with this configuration, and no credentials in the environment.
fn check(scene: &Scene, config: &str, profile: Option<&str>) -> Ran {
    fs::create_dir_all(scene.folder.join(".aws")).unwrap();
    fs::write(scene.folder.join(".aws/config"), config).unwrap();
    let mut command = scene.drift(&["check", "--spec", "reference", "--quiet"]);
    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    if let Some(profile) = profile {
        command.args(["--profile", profile]);
    }
    Ran::of(&command.output().unwrap())
}

fn three_lines(ran: &Ran, what: &str, whom: &str, help: &str) {
    let lines: Vec<&str> = ran.err.lines().collect();
    assert_eq!((ran.code, lines.len()), (Some(1), 3), "{}", ran.err);
    let parts = [(lines[0], "error: ", what), (lines[1], "  for:  ", whom), (lines[2], "  help: ", help)];
    for (line, start, part) in parts {
        assert!(line.starts_with(start) && line.contains(part), "{part:?} in\n{}", ran.err);
    }
}

#[test]
fn no_credentials_at_all() {
    let ran = check(&Scene::with(&[]), "", None);
    three_lines(&ran, "there are no AWS credentials", "profile default", "aws configure sso");
}

#[test]
fn a_profile_that_is_not_there() {
    let ran = check(&Scene::with(&[]), "[profile acme-prod]\nregion = eu-west-1\n", Some("acme-prd"));
    three_lines(&ran, "no such AWS profile", "profile acme-prd, from --profile", "--profile acme-prod");
}

#[test]
fn a_sign_in_that_is_over() {
    let config = "[sso-session acme]\nsso_region = eu-west-1\nsso_start_url = https://acme.example/start\n\
        [profile prod]\nsso_session = acme\nsso_account_id = 123456789012\nsso_role_name = Admin\nregion = eu-west-1\n";
    let ran = check(&Scene::with(&[]), config, Some("prod"));
    three_lines(&ran, "nobody is signed in", "profile prod", "aws sso login --profile prod");
}

#[test]
fn a_program_gives_credentials_or_fails() {
    let scene = Scene::with(&[]);
    let keys = r#"{"Version": 1, "AccessKeyId": "123456789012", "SecretAccessKey": "x"}"#;
    fs::write(scene.folder.join("keys.json"), keys).unwrap();
    let path = scene.folder.join("keys.json").display().to_string();
    let config = format!(
        "[profile tool]\ncredential_process = cat {path}\n[profile broken]\ncredential_process = false\n"
    );
    let ran = check(&scene, &config, Some("tool"));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let ran = check(&scene, &config, Some("broken"));
    three_lines(&ran, "the program that gives the credentials failed", "profile broken", "--profile broken");
}

#[test]
fn a_profile_that_is_asked_for_comes_before_variables() {
    let scene = Scene::with(&[]);
    fs::create_dir_all(scene.folder.join(".aws")).unwrap();
    let credentials = "[other]\naws_access_key_id = 210987654321\naws_secret_access_key = x\n";
    fs::write(scene.folder.join(".aws/credentials"), credentials).unwrap();
    let ran = scene.run(&["check", "--spec", "reference", "--quiet", "--profile", "other"]);
    assert!(ran.out.starts_with("account 210987654321"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_code_is_asked_for_only_at_a_terminal() {
    let scene = Scene::with(&[]);
    let config = "[profile base]\naws_access_key_id = 123456789012\naws_secret_access_key = x\n\
        [profile careful]\nrole_arn = arn:aws:iam::123456789012:role/Admin\nsource_profile = base\n\
        mfa_serial = arn:aws:iam::123456789012:mfa/ana\n";
    let ran = check(&scene, config, Some("careful"));
    three_lines(&ran, "the code of the MFA device is missing", "profile careful", "at a terminal");
}

#[test]
fn credentials_that_have_expired_and_an_account_out_of_reach() {
    let scene = Scene::with(&[]);
    let expired = sandbox::FaultKind::Error {
        code: "ExpiredToken".to_owned(),
        status: 403,
        message: "The security token included in the request is expired".to_owned(),
    };
    scene.sandbox.inject(sandbox::Fault::on("sts", "GetCallerIdentity", expired).times(9));
    let ran = scene.run(&["check", "--spec", "reference", "--quiet"]);
    three_lines(&ran, "have expired", "AWS_ACCESS_KEY_ID", "unset AWS_ACCESS_KEY_ID");
    let ran = scene.run(&["check", "--spec", "reference", "--quiet", "--endpoint-url", "http://127.0.0.1:1"]);
    three_lines(&ran, "AWS cannot be reached", "AWS_ACCESS_KEY_ID", "aws sts get-caller-identity");
}
