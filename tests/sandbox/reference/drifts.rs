//! Named drifts: each one can be seen, and only by its own name.

use std::collections::BTreeMap;

use sandbox::Sandbox;
use sandbox_reference::{DR_REGION, DRIFTS, PRIMARY_REGION, drift};
use serde_json::{Value, json};

use crate::client::{backup, iam, kms};
use crate::reference;

/// Everything that a client can read of the reference deployment, in one text.
fn everything(sandbox: &Sandbox) -> String {
    let mut seen = Vec::new();
    for region in [PRIMARY_REGION, DR_REGION] {
        let read = |path: &str| backup(sandbox, region, &format!("GET {path}"), Value::Null).1;
        let vaults = read("/backup-vaults/");
        for vault in vaults["BackupVaultList"].as_array().unwrap() {
            let (name, arn) =
                (vault["BackupVaultName"].as_str().unwrap(), vault["BackupVaultArn"].as_str().unwrap());
            seen.push(read(&format!("/backup-vaults/{name}/access-policy")));
            seen.push(read(&format!("/backup-vaults/{name}/notification-configuration")));
            seen.push(read(&format!("/tags/{arn}/")));
        }
        let plans = read("/backup/plans/");
        for plan in plans["BackupPlansList"].as_array().unwrap() {
            let (id, arn) = (plan["BackupPlanId"].as_str().unwrap(), plan["BackupPlanArn"].as_str().unwrap());
            seen.push(read(&format!("/backup/plans/{id}/")));
            seen.push(read(&format!("/tags/{arn}/")));
            let selections = read(&format!("/backup/plans/{id}/selections/"));
            for selection in selections["BackupSelectionsList"].as_array().unwrap() {
                let selection = selection["SelectionId"].as_str().unwrap();
                seen.push(read(&format!("/backup/plans/{id}/selections/{selection}")));
            }
        }
        let keys = kms(sandbox, region, "ListKeys", json!({})).1;
        for key in keys["Keys"].as_array().unwrap() {
            for operation in
                ["DescribeKey", "GetKeyRotationStatus", "GetKeyPolicy", "ListResourceTags", "ListGrants"]
            {
                seen.push(kms(sandbox, region, operation, json!({ "KeyId": key["KeyId"] })).1);
            }
        }
        seen.push(read("/account-settings"));
        seen.extend([vaults, plans, keys, kms(sandbox, region, "ListAliases", json!({})).1]);
    }
    let role = ["GetRole", "ListAttachedRolePolicies", "ListRolePolicies", "ListRoleTags"]
        .map(|operation| iam(sandbox, &format!("Action={operation}&RoleName=aws_backup_role")).1)
        .map(|xml| xml.split("<RequestId>").next().unwrap().to_owned());
    format!("{seen:?}{role:?}")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_reads_the_same_every_time() {
    assert_eq!(everything(&reference()), everything(&reference()));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_drift_shows_in_what_clients_read() {
    // A minute later, so that what is put again as it is has another date.
    let reference = || {
        let sandbox = reference();
        sandbox.advance(time::Duration::minutes(1));
        sandbox
    };
    let mut seen = BTreeMap::from([(everything(&reference()), "no drift")]);
    for each in DRIFTS {
        let sandbox = reference();
        drift(&sandbox, each.name).unwrap();
        let other = seen.insert(everything(&sandbox), each.name);
        assert_eq!(other, None, "{} reads like it", each.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_a_lock_after_its_date() {
    let sandbox = reference();
    sandbox.advance(time::Duration::days(3));
    assert!(drift(&sandbox, "vault-lock-deleted").is_err());
    assert!(drift(&sandbox, "vault-lock-governance:vault_disaster_recovery").is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drift_that_aws_refuses_on_its_way_leaves_nothing_behind() {
    let sandbox = reference();
    drift(&sandbox, "alias-deleted").unwrap();
    let before = everything(&sandbox);
    let refused = drift(&sandbox, "alias-repointed").unwrap_err().to_string();
    assert!(refused.contains("NotFoundException"), "{refused}");
    assert_eq!(everything(&sandbox), before, "the fresh key is not there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_can_be_told_by_another_alias() {
    let sandbox = reference();
    drift(&sandbox, "foreign-clutter").unwrap();
    drift(&sandbox, "alias-deleted:us-west-2/alias/team_backup_key").unwrap();
    let (_, aliases) = kms(&sandbox, DR_REGION, "ListAliases", json!({}));
    let names: Vec<_> =
        aliases["Aliases"].as_array().unwrap().iter().map(|alias| &alias["AliasName"]).collect();
    assert_eq!(names, ["alias/aws/backup", "alias/aws_backup_key"]);
}
