//! The sandbox's own rules, looked at through its wire protocols. Real clients drive it elsewhere.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod change;
#[path = "../client.rs"]
mod client;
mod faults;
mod pages;
mod policies;
mod tools;
mod trail;
mod trail_of_calls;

use sandbox::{AwsError, Change, DEFAULT_ACCOUNT, Options, Sandbox, Service};
use serde_json::json;
use time::macros::datetime;

const REGION: &str = "us-east-1";
const ALIAS: &str = "alias/k";
const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:t";

fn options() -> Options {
    Options { now: Some(datetime!(2026-11-02 08:00 UTC)), ..Options::default() }
}

fn empty() -> Sandbox {
    Sandbox::start(options()).unwrap()
}

/// One of each, of which the trail tells nothing: the key behind [`ALIAS`], the role `r`, the topic [`TOPIC`], and the
/// vault `v0`, locked and with a policy that keeps it.
fn furnished() -> Sandbox {
    let sandbox = empty();
    furnish(&sandbox);
    sandbox
}

fn furnish(sandbox: &Sandbox) {
    sandbox.replace(DEFAULT_ACCOUNT, make_one_of_each).unwrap();
}

fn make_one_of_each(change: &mut Change<'_>) -> Result<(), AwsError> {
    let mut call = |service, operation, params| change.call(service, REGION, operation, params);
    let trust = r#"{"Statement":{"Effect":"Allow","Principal":{"Service":"x"},"Action":"sts:AssumeRole"}}"#;
    call(Service::Iam, "CreateRole", json!({ "RoleName": "r", "AssumeRolePolicyDocument": trust }))?;
    let key = call(Service::Kms, "CreateKey", json!({}))?["KeyMetadata"]["Arn"].clone();
    call(Service::Kms, "CreateAlias", json!({ "AliasName": ALIAS, "TargetKeyId": key }))?;
    call(Service::Sns, "CreateTopic", json!({ "Name": "t" }))?;
    let vault = json!({ "BackupVaultName": "v0", "EncryptionKeyArn": key });
    call(Service::Backup, "CreateBackupVault", vault)?;
    let denial = r#"{"Statement":{"Effect":"Deny","Principal":"*","Action":"backup:DeleteBackupVault","Resource":"*"}}"#;
    let policy = json!({ "BackupVaultName": "v0", "Policy": denial });
    call(Service::Backup, "PutBackupVaultAccessPolicy", policy)?;
    let lock = json!({ "BackupVaultName": "v0", "ChangeableForDays": 3 });
    call(Service::Backup, "PutBackupVaultLockConfiguration", lock)?;
    Ok(())
}
