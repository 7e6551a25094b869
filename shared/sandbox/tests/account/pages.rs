//! Paging, with pages forced small.

use serde_json::{Value, json};

use crate::client::{backup, iam, kms, reference};

#[tokio::test(flavor = "multi_thread")]
async fn every_page_follows_the_last_item_of_the_one_before() {
    let sandbox = reference();
    sandbox.set_page_size(Some(1));
    let mut names = Vec::new();
    let mut path = "GET /backup-vaults/".to_owned();
    // A fourth page would be one too many, and a token that leads nowhere new must not turn for ever.
    for _ in 0..4 {
        let (_, page) = backup(&sandbox, "us-east-1", &path, Value::Null);
        let vaults = page["BackupVaultList"].as_array().unwrap();
        names.extend(vaults.iter().map(|vault| vault["BackupVaultName"].clone()));
        let Some(token) = page["NextToken"].as_str() else { break };
        path = format!("GET /backup-vaults/?nextToken={token}");
        // A vault that goes between two pages must not hide the next one.
        let _ = sandbox.drift("vault-deleted:vault_prod_daily");
    }
    assert_eq!(names, ["vault_prod_daily", "vault_prod_hourly", "vault_prod_monthly"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_protocol_says_in_its_own_way_that_there_is_more() {
    let sandbox = reference();
    sandbox.set_page_size(Some(1));
    let (_, xml) = iam(&sandbox, "Action=ListAttachedRolePolicies&RoleName=aws_backup_role");
    assert!(xml.contains("<IsTruncated>true</IsTruncated>") && xml.contains("<Marker>"), "{xml}");
    sandbox.set_page_size(None);
    let (_, tags) = kms(&sandbox, "us-east-1", "ListKeys", json!({ "Limit": 1 }));
    assert_eq!((&tags["Truncated"], tags.get("NextMarker")), (&json!(false), None));
    let (status, _) = backup(&sandbox, "us-east-1", "GET /backup-vaults/?nextToken=zz", Value::Null);
    assert_eq!(status, 400);
    let (status, _) = backup(&sandbox, "us-east-1", "GET /backup-vaults/?maxResults=1001", Value::Null);
    assert_eq!(status, 400);
}
