//! Accounts that are changed behind their backs, and the calls that the trail tells of it.

use std::convert::Infallible;

use sandbox::state::{Account, Lock, Notifications, Origin, Parameter, ParameterVersion, Pending};
use sandbox::{Actor, AwsError, Change, DEFAULT_ACCOUNT, Sandbox, Service};
use serde_json::{Value, json};
use time::Duration;

use crate::client::{backup, found, kms, names, records};
use crate::{ALIAS, REGION, TOPIC, empty, furnish, furnished};

/// Changes the default account by hand.
fn by_hand(sandbox: &Sandbox, edit: impl FnOnce(&mut Change<'_>)) {
    let Ok(()) = sandbox.change(DEFAULT_ACCOUNT, |change| {
        edit(change);
        Ok::<_, Infallible>(())
    });
}

fn lock(account: &mut Account, lock: Lock) {
    account.region(REGION).backup.vaults.get_mut("v0").unwrap().lock = Some(lock);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_changes_nothing_is_not_told() {
    let sandbox = furnished();
    by_hand(&sandbox, |_| {});
    assert!(records(&sandbox).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_by_hand_is_told_like_one_by_calls() {
    let (left, right) = (furnished(), furnished());
    by_hand(&left, |change| {
        let keys = &mut change.account.region(REGION).kms.keys;
        keys.values_mut().for_each(|key| key.enabled = false);
    });
    let key = kms(&right, REGION, "DescribeKey", json!({ "KeyId": ALIAS })).1["KeyMetadata"]["KeyId"].clone();
    let disable =
        |change: &mut Change<'_>| change.call(Service::Kms, REGION, "DisableKey", json!({ "KeyId": key }));
    right.change(DEFAULT_ACCOUNT, disable).unwrap();
    assert_eq!(records(&left), records(&right));
    assert_eq!(names(&records(&left)), ["DisableKey"]);
    assert_eq!(right.calls().len(), 1, "only the client's own is in the log of calls");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_fails_leaves_the_account_as_it_was() {
    let sandbox = furnished();
    let attempt = |change: &mut Change<'_>| -> Result<Value, AwsError> {
        change.account.delete_role("r");
        change.call(
            Service::Backup,
            REGION,
            "PutBackupVaultLockConfiguration",
            json!({ "BackupVaultName": "x" }),
        )
    };
    let refused = sandbox.change(DEFAULT_ACCOUNT, attempt).unwrap_err();
    assert_eq!((refused.status, refused.code.as_str()), (403, "AccessDeniedException"));
    assert_eq!(sandbox.replace(DEFAULT_ACCOUNT, attempt), Err(refused));
    assert!(records(&sandbox).is_empty());
    by_hand(&sandbox, |change| assert!(change.account.iam.role("R").is_some(), "in whatever case"));
    assert_eq!(backup(&sandbox, REGION, "GET /backup-vaults/v0", Value::Null).0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_that_there_is_not_is_refused() {
    let call = |change: &mut Change<'_>| change.call(Service::Iam, REGION, "MakeTea", json!({}));
    assert_eq!(empty().change(DEFAULT_ACCOUNT, call).unwrap_err().code, "InvalidAction");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_whose_date_stays_is_put_without_days() {
    let sandbox = furnished();
    let date = Some(sandbox.now() + Duration::hours(90));
    by_hand(&sandbox, |change| lock(change.account, Lock { min: None, max: None, date }));
    by_hand(&sandbox, |change| lock(change.account, Lock { min: Some(7), max: None, date }));
    let told = records(&sandbox);
    assert_eq!(names(&told), ["PutBackupVaultLockConfiguration"; 2]);
    let params = json!({ "backupVaultName": "v0", "minRetentionDays": 7 });
    assert_eq!(told[1]["requestParameters"], params);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_new_key_can_only_get_later_is_told_after_it() {
    let sandbox = furnished();
    by_hand(&sandbox, |change| {
        let date = change.now + Duration::days(30);
        let made = change.call(Service::Kms, REGION, "CreateKey", json!({})).unwrap();
        let id = made["KeyMetadata"]["KeyId"].as_str().unwrap();
        let key = change.account.region(REGION).kms.keys.get_mut(id).unwrap();
        key.enabled = false;
        key.pending = Some(Pending { date, days: 30 });
    });
    assert_eq!(names(&records(&sandbox)), ["CreateKey", "DisableKey", "ScheduleKeyDeletion"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_made_anew_and_a_reset_begin_a_new_trail() {
    let sandbox = furnished();
    let count = || found(&sandbox, REGION, json!({})).len();
    let make_vault = || backup(&sandbox, REGION, "PUT /backup-vaults/v1", json!({})).0;
    assert_eq!((make_vault(), count()), (200, 1));
    furnish(&sandbox);
    assert_eq!(count(), 0);
    assert_eq!((make_vault(), count()), (200, 1), "the vault went with the account");
    let somebody = Actor {
        arn: "arn:aws:iam::123456789012:root".to_owned(),
        user_agent: None,
        source_ip: "203.0.113.1".to_owned(),
    };
    sandbox.change_as(somebody);
    sandbox.reset();
    assert_eq!(count(), 0);
    furnish(&sandbox);
    by_hand(&sandbox, |change| change.account.region(REGION).kms.aliases.clear());
    let told = found(&sandbox, REGION, json!({})).remove(0);
    assert_eq!(told["Username"], "maria.lopez@example.com", "a reset forgets who changes accounts");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_switched_off_by_hand_is_told_alone() {
    let sandbox = furnished();
    by_hand(&sandbox, |change| {
        let preferences = &mut change.account.region(REGION).backup.preferences;
        preferences.opt_in.insert("EBS".to_owned(), false);
        preferences.unsupported.insert("Timestream".to_owned());
    });
    let told = records(&sandbox);
    assert_eq!(names(&told), ["UpdateRegionSettings"]);
    assert_eq!(told[0]["requestParameters"], json!({ "resourceTypeOptInPreference": { "EBS": false } }));
    let (_, settings) = backup(&sandbox, REGION, "GET /account-settings", Value::Null);
    let opt_in = &settings["ResourceTypeOptInPreference"];
    assert_eq!((&opt_in["EBS"], &opt_in["RDS"]), (&json!(false), &json!(true)));
    assert_eq!(opt_in.get("Timestream"), None, "AWS takes a service away, and nobody calls for that");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_to_a_key_by_hand_is_told_and_what_kms_does_is_not() {
    let sandbox = furnished();
    by_hand(&sandbox, |change| {
        let params = json!({ "MultiRegion": true, "Origin": "EXTERNAL" });
        let made = change.call(Service::Kms, REGION, "CreateKey", params).unwrap();
        let id = made["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
        let import = json!({ "KeyId": id, "ImportToken": "t", "EncryptedKeyMaterial": "m",
            "ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE" });
        change.call(Service::Kms, REGION, "ImportKeyMaterial", import).unwrap();
        let replica = json!({ "KeyId": id, "ReplicaRegion": "us-west-2" });
        change.call(Service::Kms, REGION, "ReplicateKey", replica).unwrap();
        let grant = json!({ "KeyId": id, "GranteePrincipal": "999988887777", "Operations": ["Decrypt"] });
        change.call(Service::Kms, REGION, "CreateGrant", grant).unwrap();
    });
    let told = records(&sandbox);
    let created = ["CreateKey", "ImportKeyMaterial", "CreateGrant", "ReplicateKey", "CreateKey"];
    assert_eq!(names(&told), created);
    assert_eq!([&told[3], &told[4]].map(|record| record["awsRegion"].clone()), ["us-east-1", "us-west-2"]);
    by_hand(&sandbox, |change| {
        let keys = change.account.region(REGION).kms.keys.values_mut();
        let key = keys.into_iter().find(|key| key.replication.is_some()).unwrap();
        key.origin = Origin::External { imported: false, valid_to: None };
        key.grants.clear();
        key.ram_policy = Some("{}".to_owned());
    });
    assert_eq!(names(&records(&sandbox)[5..]), ["DeleteImportedKeyMaterial", "RevokeGrant"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_and_notifications_by_hand_are_told() {
    let sandbox = furnished();
    by_hand(&sandbox, |change| {
        let modified = change.now;
        let version = |value: &str| ParameterVersion { value: value.to_owned(), modified };
        let region = change.account.region(REGION);
        let parameter = Parameter {
            name: "/hold".to_owned(),
            kind: "String".to_owned(),
            versions: vec![version("one"), version("two")],
        };
        region.ssm.parameters.insert("/hold".to_owned(), parameter);
        let notifications =
            Notifications { topic: TOPIC.to_owned(), events: vec!["COPY_JOB_FAILED".to_owned()] };
        region.backup.vaults.get_mut("v0").unwrap().notifications = Some(notifications);
    });
    let told = records(&sandbox);
    assert_eq!(names(&told), ["PutBackupVaultNotifications", "PutParameter", "PutParameter"]);
    assert_eq!(told[2]["requestParameters"]["overwrite"], true);
    by_hand(&sandbox, |change| {
        let region = change.account.region(REGION);
        region.ssm.parameters.clear();
        region.backup.vaults.get_mut("v0").unwrap().notifications = None;
    });
    assert_eq!(names(&records(&sandbox)[3..]), ["DeleteBackupVaultNotifications", "DeleteParameter"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_planted_was_always_so() {
    let sandbox = furnished();
    let long_ago = sandbox.now() - Duration::days(400);
    let Ok(()) = sandbox.plant(DEFAULT_ACCOUNT, |change| {
        let region = change.account.region(REGION);
        region.backup.vaults.get_mut("v0").unwrap().created = long_ago;
        region.kms.keys.values_mut().for_each(|key| key.created = long_ago);
        Ok::<_, Infallible>(())
    });
    assert!(records(&sandbox).is_empty());
    by_hand(&sandbox, |change| {
        change
            .account
            .region(REGION)
            .backup
            .vaults
            .get_mut("v0")
            .unwrap()
            .tags
            .insert("a".into(), "b".into());
    });
    assert_eq!(names(&records(&sandbox)), ["TagResource"], "the vault is the same one");
}
