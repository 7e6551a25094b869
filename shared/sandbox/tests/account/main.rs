//! The sandbox's own rules, looked at through its wire protocols. Real clients drive it elsewhere.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod change;
mod client;
mod pages;
mod policies;
mod tools;
mod trail;
mod trail_of_calls;

use sandbox::{AwsError, Change, DEFAULT_ACCOUNT, Options, Sandbox, Service};
use serde_json::{Value, json};
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
    let statement = |principal: Value, effect: &str, action: &str| json!({ "Statement": { "Effect": effect, "Principal": principal, "Action": action, "Resource": "*" } });
    let policy = statement(json!("*"), "Deny", "backup:DeleteBackupVault").to_string();
    let trust = json!({ "Statement": { "Effect": "Allow", "Principal": { "Service": "backup.amazonaws.com" }, "Action": "sts:AssumeRole" } });
    let make = |change: &mut Change<'_>| -> Result<(), AwsError> {
        let mut call =
            |service, operation: &str, params: Value| change.call(service, REGION, operation, params);
        let role = json!({ "RoleName": "r", "AssumeRolePolicyDocument": trust.to_string() });
        call(Service::Iam, "CreateRole", role)?;
        let key = call(Service::Kms, "CreateKey", json!({}))?["KeyMetadata"]["Arn"].clone();
        call(Service::Kms, "CreateAlias", json!({ "AliasName": ALIAS, "TargetKeyId": key }))?;
        call(
            Service::Backup,
            "CreateBackupVault",
            json!({ "BackupVaultName": "v0", "EncryptionKeyArn": key }),
        )?;
        let policy = json!({ "BackupVaultName": "v0", "Policy": policy });
        call(Service::Backup, "PutBackupVaultAccessPolicy", policy)?;
        let lock = json!({ "BackupVaultName": "v0", "ChangeableForDays": 3 });
        call(Service::Backup, "PutBackupVaultLockConfiguration", lock)?;
        call(Service::Sns, "CreateTopic", json!({ "Name": "t" }))?;
        Ok(())
    };
    sandbox.replace(DEFAULT_ACCOUNT, make).unwrap();
}
