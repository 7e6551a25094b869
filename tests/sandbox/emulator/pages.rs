//! Paging, with pages forced small.

use serde_json::{Value, json};

use crate::client::backup;
use crate::{REGION, empty};

#[tokio::test(flavor = "multi_thread")]
async fn every_page_follows_the_last_item_of_the_one_before() {
    let sandbox = empty();
    for name in ["v1", "v2", "v3"] {
        backup(&sandbox, REGION, &format!("PUT /backup-vaults/{name}"), json!({}));
    }
    sandbox.set_page_size(Some(1));
    let mut names = Vec::new();
    let mut path = "GET /backup-vaults/".to_owned();
    // A fourth page would be one too many, and a token that leads nowhere new must not turn for ever.
    for _ in 0..4 {
        let (_, page) = backup(&sandbox, REGION, &path, Value::Null);
        let vaults = page["BackupVaultList"].as_array().unwrap();
        names.extend(vaults.iter().map(|vault| vault["BackupVaultName"].clone()));
        let Some(token) = page["NextToken"].as_str() else { break };
        path = format!("GET /backup-vaults/?nextToken={token}");
        // A vault that goes between two pages must not hide the next one.
        backup(&sandbox, REGION, "DELETE /backup-vaults/v1", Value::Null);
    }
    assert_eq!(names, ["v1", "v2", "v3"]);
}
