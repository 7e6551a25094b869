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

/// Whatever is left of it: nothing is written that the account is not in sync with, but for what is said.
async fn told(stage: &Stage, home: &str) -> (Vec<String>, Vec<String>) {
    let written = import(stage, &[], home).await;
    let desired = crate::resolved(&written.text);
    let findings = reconcile::diff::diff(&desired, &stage.account().observe(&desired).await);
    let codes = findings.iter().map(|one| format!("{} {}", one.resource, one.drift.code().code));
    (codes.collect(), written.left_out.iter().map(ToString::to_string).collect())
}

#[tokio::test]
async fn vaults_alone_are_a_spec_too() {
    let stage = Stage::empty();
    let vault = |name: &str| serde_json::json!({ "BackupVaultName": name });
    stage
        .sandbox
        .change(sandbox::DEFAULT_ACCOUNT, |change| {
            change.call(sandbox::Service::Backup, "eu-west-1", "CreateBackupVault", vault("Default"))
        })
        .unwrap();
    let (findings, left) = told(&stage, "eu-west-1").await;
    assert!(left.is_empty(), "{left:?}");
    assert!(findings.iter().all(|one| one.starts_with("role AWSBackupDefaultServiceRole")), "{findings:?}");
}

#[tokio::test]
async fn a_role_that_is_gone_leaves_the_plans_in_the_spec() {
    let stage = Stage::deployed();
    stage.drift(&["role-deleted"]);
    let (findings, left) = told(&stage, PRIMARY_REGION).await;
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].starts_with("role aws_backup_role: is not there, though selections name it"), "{left:?}");
    assert!(findings.contains(&"role aws_backup_role missing".to_owned()), "{findings:?}");
    assert!(findings.iter().all(|one| one.starts_with("role ")), "{findings:?}");
}

#[tokio::test]
async fn a_key_without_an_alias_is_named_by_its_arn_and_a_lock_by_the_days_that_are_left() {
    let stage = Stage::deployed();
    stage.drift(&["alias-deleted"]);
    stage.sandbox.advance(time::Duration::hours(30));
    let written = import(&stage, &[], PRIMARY_REGION).await;
    in_sync(&stage, &written).await;
    assert!(
        written.text.contains("key = \"arn:${partition}:kms:${region}:${account}:key/"),
        "{}",
        written.text
    );
    assert!(written.text.contains("changeable_for_days = 3 }"), "{}", written.text);
}

#[tokio::test]
async fn a_lock_is_in_sync_on_every_day_of_its_grace_time_and_after_it() {
    for day in [0, 3, 5, 8, 10, 12, 13, 15] {
        let stage = Stage::empty();
        deploy(&stage.sandbox, Deployment::Acme).unwrap();
        stage.sandbox.advance(time::Duration::days(day) + time::Duration::hours(1));
        let written = import(&stage, &[], ACME_REGION).await;
        in_sync(&stage, &written).await;
    }
}
