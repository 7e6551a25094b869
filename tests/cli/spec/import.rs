//! `drift spec import` against an account in a process: what is written is what `drift` itself then finds in sync.

use std::path::Path;

use sandbox::{Fault, FaultKind, Sandbox, Service};
use sandbox_reference::{ACME_REGION, Deployment, deploy, options};
use serde_json::{Value, json};

use crate::process::{Said, drift, file};

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/import/");

fn account(deployment: Deployment) -> Sandbox {
    let sandbox = Sandbox::start(options()).unwrap();
    deploy(&sandbox, deployment).unwrap();
    sandbox
}

async fn import(sandbox: &Sandbox, region: &str, arguments: &[&str]) -> Said {
    run(sandbox, region, &[&["spec", "import"], arguments].concat()).await
}

/// A process of its own, as whoever adopts the spec starts it.
async fn in_sync(sandbox: &Sandbox, region: &str, spec: &Path) {
    let said = run(sandbox, region, &["check", "--quiet", "--spec", text(spec)]).await;
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    assert!(said.stdout.lines().any(|line| line.starts_with("in_sync")), "{}", said.stdout);
    assert!(sandbox.writes().is_empty());
}

async fn run(sandbox: &Sandbox, region: &str, arguments: &[&str]) -> Said {
    let endpoint = sandbox.endpoint();
    let (region, arguments) =
        (region.to_owned(), arguments.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
    let run = move || {
        let variables = [
            ("AWS_ENDPOINT_URL", endpoint.as_str()),
            ("AWS_ACCESS_KEY_ID", sandbox::DEFAULT_ACCOUNT),
            ("AWS_SECRET_ACCESS_KEY", "sandbox"),
            ("AWS_REGION", region.as_str()),
        ];
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        drift(&arguments, &variables)
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_imported_and_found_in_sync_without_a_write() {
    for (deployment, region, lines) in
        [(Deployment::Reference, "us-east-1", 1), (Deployment::Acme, ACME_REGION, 2)]
    {
        let sandbox = account(deployment);
        let out = file(deployment.name(), "desired.toml");
        let said = import(&sandbox, region, &["--out", text(&out)]).await;
        assert_eq!(said.code, 0, "{}", said.stderr);
        assert!(
            said.stderr.contains("in sync `drift check` with this spec finds nothing."),
            "{}",
            said.stderr
        );
        assert!(said.stdout.is_empty());
        let told: Vec<&str> = said.stderr.lines().collect();
        assert_eq!(told.len(), 3 + lines, "{told:#?}");
        assert!(told[0].starts_with("account 123456789012 · "), "{told:#?}");
        in_sync(&sandbox, region, &out).await;
        let valid = drift(&["spec", "validate", text(&out)], &[]);
        assert_eq!(valid.code, 0, "{}", valid.stderr);
        let again = import(&sandbox, region, &["--out", text(&out)]).await;
        assert_eq!(again.code, 1);
        assert!(again.stderr.contains("is not written over"), "{}", again.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_chosen_regions_nothing_else_is_read() {
    let sandbox = account(Deployment::Reference);
    let said = import(&sandbox, "eu-north-1", &["--regions", "us-east-1"]).await;
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert!(said.stdout.contains("primary = \"us-east-1\""), "{}", said.stdout);
    assert!(!said.stdout.contains("us-west-2\"\n"), "{}", said.stdout);
    let other =
        "vault_arn = \"arn:${partition}:backup:us-west-2:${account}:backup-vault:vault_disaster_recovery\"";
    assert!(said.stdout.contains(other), "{}", said.stdout);
    assert!(sandbox.calls().iter().all(|call| call.region != "us-west-2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_spec_can_say_is_what_check_will_find() {
    let sandbox = account(Deployment::Reference);
    sandbox_reference::drift(&sandbox, "key-pending-deletion").unwrap();
    let said = import(&sandbox, "us-east-1", &[]).await;
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert!(said.stderr.contains("What `drift check` with this spec will find"), "{}", said.stderr);
    assert!(said.stderr.contains("pending-deletion"), "{}", said.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_rights_there_is_no_spec() {
    let sandbox = account(Deployment::Reference);
    let denied = FaultKind::Error {
        code: "AccessDeniedException".to_owned(),
        status: 403,
        message: "not authorized to perform backup:ListBackupPlans".to_owned(),
    };
    sandbox.inject(Fault { times: usize::MAX, ..Fault::on("backup", "ListBackupPlans", denied) });
    let out = file("denied", "desired.toml");
    let said = import(&sandbox, "us-east-1", &["--out", text(&out)]).await;
    assert_eq!(said.code, 1);
    assert!(said.stderr.contains("us-east-1: backup:ListBackupPlans"), "{}", said.stderr);
    assert!(said.stderr.contains("\n  help: drift check --rights"), "{}", said.stderr);
    assert!(!out.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_is_other_regions_are_asked_for() {
    let sandbox = account(Deployment::Reference);
    let said = import(&sandbox, "eu-north-1", &[]).await;
    assert_eq!((said.code, said.stdout.as_str()), (1, ""));
    assert!(
        said.stderr.contains("no plan in eu-north-1; name other regions with --regions"),
        "{}",
        said.stderr
    );
}

/// A state as the plan that `terraform plan` makes of it when nothing has changed.
fn plan_of(state: &str) -> String {
    let state: Value = serde_json::from_str(state).unwrap();
    let values = &state["values"];
    json!({ "format_version": "1.2", "planned_values": values, "prior_state": state, "resource_changes": [] })
        .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_in_sync_with_each_file_that_made_it() {
    let unchanged = file("plan", "reference-plan.json");
    let state = std::fs::read_to_string(format!("{SOURCES}terraform/reference-state.json")).unwrap();
    std::fs::write(&unchanged, plan_of(&state)).unwrap();
    let source = |name: &str| format!("{SOURCES}{name}");
    for (number, (option, source, deployment, region)) in [
        ("--terraform", source("terraform/reference-state.json"), Deployment::Reference, "us-east-1"),
        ("--terraform", text(&unchanged).to_owned(), Deployment::Reference, "us-east-1"),
        ("--terraform", source("terraform/acme-plan.json"), Deployment::Acme, ACME_REGION),
        ("--terraform", source("terraform/acme-state.json"), Deployment::Acme, ACME_REGION),
        ("--cloudformation", source("cloudformation/reference.json"), Deployment::Reference, "us-east-1"),
        ("--cloudformation", source("cloudformation/acme.yaml"), Deployment::Acme, ACME_REGION),
    ]
    .into_iter()
    .enumerate()
    {
        let out = file(&format!("from-{number}"), "desired.toml");
        // No credentials: the file is all that is read.
        let said =
            drift(&["spec", "import", option, &source, "--out", text(&out)], &[("AWS_REGION", region)]);
        assert_eq!(said.code, 0, "{source}: {}", said.stderr);
        in_sync(&account(deployment), region, &out).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_copies_go_to_and_that_is_gone_is_told() {
    let sandbox = account(Deployment::Reference);
    let vault = json!({ "BackupVaultName": "vault_disaster_recovery" });
    for call in ["DeleteBackupVaultAccessPolicy", "DeleteBackupVault"] {
        let done = sandbox.change(sandbox::DEFAULT_ACCOUNT, |change| {
            change.call(Service::Backup, "us-west-2", call, vault.clone())
        });
        done.unwrap();
    }
    let said = import(&sandbox, "us-east-1", &[]).await;
    assert_eq!(said.code, 0, "{}", said.stderr);
    let told = "vault us-west-2/vault_disaster_recovery: copies of ec2_prod_backups, prod_backups go to it, and it is not there";
    assert!(said.stderr.contains(told), "{}", said.stderr);
    assert!(said.stdout.contains(&format!("# {told}")), "{}", said.stdout);
}

/// What happened, for whom, and what helps.
fn three_lines(said: &Said, parts: [&str; 3]) {
    let lines: Vec<&str> = said.stderr.trim_end().lines().collect();
    assert_eq!((said.code, lines.len()), (1, 3), "{}", said.stderr);
    for (line, part) in lines.iter().zip(parts) {
        assert!(line.contains(part), "{part} in {line}");
    }
    assert!(lines[1].starts_with("  for:  ") && lines[2].starts_with("  help: "), "{}", said.stderr);
}

#[test]
fn out_of_reach_and_without_credentials_it_says_in_three_lines_what_helps() {
    let keys =
        [("AWS_ACCESS_KEY_ID", "123456789012"), ("AWS_SECRET_ACCESS_KEY", "x"), ("AWS_REGION", "us-east-1")];
    let said = drift(&["spec", "import", "--endpoint-url", "http://127.0.0.1:1"], &keys);
    three_lines(&said, ["AWS cannot be reached", "AWS_ACCESS_KEY_ID", "aws sts get-caller-identity"]);
    let nobody = [("HOME", "/nowhere"), ("AWS_EC2_METADATA_DISABLED", "true")];
    let said = drift(&["spec", "import"], &nobody);
    three_lines(&said, ["there are no AWS credentials", "profile default", "aws configure sso"]);
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let said = drift(&["spec", "import", "--terraform", "/nowhere.json"], &[]);
    assert_eq!((said.code, said.stdout.as_str()), (1, ""));
    assert!(said.stderr.contains("/nowhere.json cannot be read"), "{}", said.stderr);
}

#[test]
fn a_file_reads_the_same_whatever_wrote_it() {
    let template = r#"{ "Resources": { "V": { "Type": "AWS::Backup::BackupVault", "Properties": { "BackupVaultName": "vault_é" } } } }"#;
    let units = |bytes: fn(u16) -> [u8; 2]| {
        std::iter::once(0xfeff).chain(template.encode_utf16()).flat_map(bytes).collect::<Vec<u8>>()
    };
    let marked = [b"\xef\xbb\xbf", template.as_bytes()].concat();
    let folder = std::env::temp_dir().join(format!("drift-encodings-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("template.json");
    let read = |bytes: &[u8]| {
        std::fs::write(&file, bytes).expect("a file");
        drift(
            &["spec", "import", "--cloudformation", file.to_str().expect("UTF-8"), "--regions", "us-east-1"],
            &[],
        )
    };
    let plain = read(template.as_bytes());
    assert!(plain.code == 0 && plain.stdout.contains("vault_é"), "{}{}", plain.stdout, plain.stderr);
    for bytes in [marked, units(u16::to_le_bytes), units(u16::to_be_bytes)] {
        let said = read(&bytes);
        assert_eq!(said.stdout, plain.stdout, "{}", said.stderr);
    }
    let broken = read(b"\xff\xfe\x00\xd8\x00");
    assert!(broken.code == 1 && broken.stderr.contains("neither UTF-8 nor UTF-16"), "{}", broken.stderr);
    std::fs::remove_dir_all(folder).expect("gone");
}
