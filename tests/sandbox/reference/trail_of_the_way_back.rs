//! What is recorded of changes that no named drift makes: most of them are the way back from one.

use std::convert::Infallible;

use sandbox::state::Account;
use sandbox::{DEFAULT_ACCOUNT, Sandbox};
use sandbox_reference::drift;

use crate::client::{names, records};
use crate::{empty, reference};

/// What the default account holds.
fn held(sandbox: &Sandbox) -> Account {
    let Ok(account) = sandbox.change(DEFAULT_ACCOUNT, |change| Ok::<_, Infallible>(change.account.clone()));
    account
}

/// Takes the default account to another state, of which its trail then tells and of nothing else.
fn put(sandbox: &Sandbox, account: &Account) {
    let Ok(()) = sandbox.change(DEFAULT_ACCOUNT, |change| {
        *change.account = account.clone();
        Ok::<_, Infallible>(())
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_from_a_drift_is_told_as_well() {
    for (name, calls) in [
        ("role-deleted", vec!["CreateRole", "AttachRolePolicy", "AttachRolePolicy"]),
        ("role-policy-added", vec!["DetachRolePolicy"]),
        ("role-inline-policy-added", vec!["DeleteRolePolicy"]),
        ("role-boundary-set", vec!["DeleteRolePermissionsBoundary"]),
        ("role-untagged", vec!["TagRole"]),
        ("key-pending-deletion", vec!["CancelKeyDeletion", "EnableKey"]),
        ("key-disabled", vec!["EnableKey"]),
        ("key-rotation-off", vec!["EnableKeyRotation"]),
        ("key-untagged", vec!["TagResource"]),
        ("key-unavailable", vec!["ConnectCustomKeyStore"]),
        ("alias-deleted", vec!["CreateAlias"]),
        ("vault-policy-deleted", vec!["PutBackupVaultAccessPolicy"]),
        ("vault-lock-deleted", vec!["PutBackupVaultLockConfiguration"]),
        ("vault-untagged", vec!["TagResource"]),
        ("plan-untagged", vec!["TagResource"]),
        ("plan-duplicated", vec!["DeleteBackupPlan"]),
        ("selection-added", vec!["DeleteBackupSelection"]),
    ] {
        let sandbox = reference();
        let before = held(&sandbox);
        drift(&sandbox, name).unwrap();
        put(&sandbox, &before);
        assert_eq!(names(&records(&sandbox)), calls, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_deployment_is_told_in_an_order_that_aws_would_take() {
    let sandbox = empty();
    put(&sandbox, &held(&reference()));
    let all = records(&sandbox);
    assert_eq!(
        names(&all)[..5],
        ["CreateRole", "AttachRolePolicy", "AttachRolePolicy", "CreateKey", "EnableKeyRotation"]
    );
    assert_eq!(names(&all).last(), Some(&"PutBackupVaultLockConfiguration"), "of the last region");
}
