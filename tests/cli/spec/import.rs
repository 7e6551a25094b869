//! `drift spec import` against an account in a process: what is written is what `drift` itself then finds in sync.

use std::path::Path;

use sandbox::{Fault, FaultKind, Sandbox};
use sandbox_reference::{ACME_REGION, Deployment, deploy, options};

use crate::process::{Said, drift, file};

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/import/");

fn account(deployment: Deployment) -> Sandbox {
    let sandbox = Sandbox::start(options()).unwrap();
    deploy(&sandbox, deployment).unwrap();
    sandbox
}

async fn import(sandbox: &Sandbox, region: &str, arguments: &[&str]) -> Said {
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
        drift(&[&["spec", "import"], arguments.as_slice()].concat(), &variables)
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_imported_and_found_in_sync_without_a_write() {
    for (deployment, region, lines) in
        [(Deployment::Reference, "us-east-1", 0), (Deployment::Acme, ACME_REGION, 2)]
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
        assert!(sandbox.writes().is_empty());
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
    assert!(!out.exists());
}

#[test]
fn files_are_imported_without_an_account() {
    for (option, source) in [
        ("--terraform", "terraform/reference-state.json"),
        ("--terraform", "terraform/acme-plan.json"),
        ("--cloudformation", "cloudformation/reference.json"),
        ("--cloudformation", "cloudformation/acme.yaml"),
    ] {
        let said =
            drift(&["spec", "import", option, &format!("{SOURCES}{source}"), "--regions", "eu-west-1"], &[]);
        assert_eq!(said.code, 0, "{source}: {}", said.stderr);
        assert!(said.stdout.contains("[[plans]]"), "{source}: {}", said.stdout);
    }
    let said = drift(&["spec", "import", "--terraform", "/nowhere.json"], &[]);
    assert_eq!((said.code, said.stdout.as_str()), (1, ""));
    assert!(said.stderr.contains("/nowhere.json cannot be read"), "{}", said.stderr);
}
