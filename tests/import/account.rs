//! Import of an account that is there, read through the SDK.

use drift_cli::spec::from_account;
use drift_tests::stage::Stage;
use reconcile::run::Account;
use sandbox_reference::{ACME_REGION, Deployment, PRIMARY_REGION, deploy};
use spec_import::{Written, write};
use std::sync::Arc;

/// An account with a deployment, and what it is imported as.
async fn imported(deployment: Deployment, regions: &[&str], home: &str) -> (Stage, Written) {
    let stage = Stage::empty();
    deploy(&stage.sandbox, deployment).unwrap();
    let written = import(&stage, regions, home).await;
    (stage, written)
}

async fn import(stage: &Stage, regions: &[&str], home: &str) -> Written {
    let regions: Vec<String> = regions.iter().map(|region| (*region).to_owned()).collect();
    let sandbox = Arc::clone(&stage.sandbox);
    let imported = from_account(&stage.clients, &regions, home, move || sandbox.now()).await.unwrap();
    write(imported).unwrap()
}

async fn in_sync(stage: &Stage, written: &Written) {
    let observed = stage.account().observe(&crate::resolved(&written.text)).await;
    crate::in_sync(&written.text, &observed);
}

#[tokio::test]
async fn the_reference_deployment_is_in_sync_with_its_import() {
    let (stage, written) = imported(Deployment::Reference, &[], PRIMARY_REGION).await;
    assert!(written.left_out.is_empty(), "{:?}", written.left_out);
    in_sync(&stage, &written).await;
    assert!(written.text.contains("dr = \"us-west-2\""), "{}", written.text);
    let policies = written.text.matches("\"deny_all_delete\"").count();
    assert_eq!(policies, 5, "one text, and four vaults that name it");
    assert!(stage.sandbox.writes().is_empty());
}

#[tokio::test]
async fn an_account_of_a_quite_different_shape_is_in_sync_with_its_import() {
    let (stage, written) = imported(Deployment::Acme, &[], ACME_REGION).await;
    in_sync(&stage, &written).await;
    for said in [
        "path = \"/backup/\"",
        "\"aws:SourceAccount\": \"${account}\"",
        "rotation_period_days = 180",
        "\"AWS\": \"${role}\"",
        "mode = \"governance\", min_retention_days = 90",
        "changeable_for_days = 14",
        "name = \"acme-${account}-${region}\"",
        "vault_arn = \"arn:${partition}:backup:eu-north-1:210987654321:backup-vault:acme-vaulted\"",
        "vault = \"acme-copies\", region = \"dr\", delete_after_days = 60",
        "timezone = \"Europe/Berlin\"",
        "air_gapped_vault = \"acme-air-gapped\"",
        "role = \"acme-archive\"",
    ] {
        assert!(written.text.contains(said), "{said} in\n{}", written.text);
    }
    let left: Vec<String> = written.left_out.iter().map(ToString::to_string).collect();
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].starts_with("vault eu-west-1/acme-air-gapped: "), "{left:?}");
}
