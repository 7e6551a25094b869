//! Differences that no named drift makes: most of them are the way back from one.

use time::{Duration, OffsetDateTime};

use super::*;
use crate::drifts::{self, DRIFTS};
use crate::reference::{PRIMARY_REGION, deploy};
use crate::state::Tags;

const NOW: OffsetDateTime = time::macros::datetime!(2026-11-02 08:00 UTC);

fn reference() -> Account {
    let mut account = Account::new("123456789012");
    deploy(&mut account, NOW);
    account
}

fn drifted(drift: &str) -> Account {
    let mut account = reference();
    drifts::apply(&mut account, drift, NOW).unwrap();
    account
}

fn names(deeds: &[Deed]) -> Vec<&str> {
    deeds.iter().map(|deed| deed.operation.as_str()).collect()
}

#[test]
fn the_same_account_took_no_call() {
    assert_eq!(names(&between(&reference(), &reference(), NOW)), [""; 0]);
}

#[test]
fn the_way_back_from_a_drift_is_told_as_well() {
    for (drift, calls) in [
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
        assert_eq!(names(&between(&drifted(drift), &reference(), NOW)), calls, "{drift}");
    }
    let empty = Account::new("123456789012");
    let all = between(&empty, &reference(), NOW);
    assert_eq!(
        names(&all)[..5],
        ["CreateRole", "AttachRolePolicy", "AttachRolePolicy", "CreateKey", "EnableKeyRotation"]
    );
    assert_eq!(names(&all).last(), Some(&"PutBackupVaultLockConfiguration"), "of the last region");
}

#[test]
fn every_drift_is_a_difference() {
    let silent = |drift: &str| {
        let (before, after) = (reference(), drifted(drift));
        // The end of a key is KMS's own to tell, and so is what AWS makes for itself.
        between(&before, &after, NOW).is_empty()
    };
    let silent: Vec<&str> = DRIFTS.iter().map(|drift| drift.name).filter(|drift| silent(drift)).collect();
    assert_eq!(silent, [""; 0]);
}

#[test]
fn a_lock_whose_date_stays_is_put_without_days() {
    let lock = |account: &mut Account, min| {
        let date = Some(NOW + Duration::hours(90));
        let vaults = &mut account.region(PRIMARY_REGION).backup.vaults;
        let vault = vaults.get_mut("vault_prod_daily").unwrap();
        vault.lock = Some(crate::state::Lock { min, max: None, date });
    };
    let (mut before, mut after) = (reference(), reference());
    lock(&mut before, None);
    lock(&mut after, Some(7));
    let deeds = between(&before, &after, NOW);
    assert_eq!(names(&deeds), ["PutBackupVaultLockConfiguration"]);
    let params = serde_json::json!({ "BackupVaultName": "vault_prod_daily", "MinRetentionDays": 7 });
    assert_eq!(deeds[0].params, params);
}

#[test]
fn what_a_new_key_can_only_get_later_is_told_after_it() {
    let mut after = reference();
    let region = after.region(PRIMARY_REGION);
    let id = crate::kms::new_key(region, NOW, "another", Tags::new());
    let key = region.kms.keys.get_mut(&id).unwrap();
    key.enabled = false;
    key.pending = Some(crate::state::Pending { date: NOW + Duration::days(30), days: 30 });
    let deeds = between(&reference(), &after, NOW);
    assert_eq!(names(&deeds), ["CreateKey", "DisableKey", "ScheduleKeyDeletion"]);
}
