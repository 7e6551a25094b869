//! Injected faults and the log of calls.

use sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::client::{backup, reference, try_backup};

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_hits_the_calls_that_it_was_set_for() {
    let sandbox = reference();
    let kind = FaultKind::Error {
        code: "ThrottlingException".to_owned(),
        status: 400,
        message: "Rate exceeded".to_owned(),
    };
    sandbox
        .inject(Fault::on("backup", "ListBackupVaults", kind).in_region("us-west-2").from_call(2).times(2));
    let statuses =
        |region: &str| [0; 4].map(|_| backup(&sandbox, region, "GET /backup-vaults/", Value::Null).0);
    assert_eq!(statuses("us-east-1"), [200; 4]);
    assert_eq!(statuses("us-west-2"), [200, 400, 400, 200]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_has_still_done_its_work() {
    let sandbox = reference();
    sandbox.inject(Fault::on("backup", "CreateBackupVault", FaultKind::Reset));
    sandbox.inject(Fault::on("backup", "CreateBackupVault", FaultKind::LostAnswer).from_call(2));
    let create =
        || try_backup(&sandbox, "us-east-1", "PUT /backup-vaults/v1", json!({})).map(|(status, _)| status);
    let exists = || backup(&sandbox, "us-east-1", "GET /backup-vaults/v1", Value::Null).0 == 200;
    assert_eq!((create(), exists()), (None, false));
    assert_eq!((create(), exists()), (None, true));
    assert_eq!(create(), Some(400), "the vault exists already");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_tells_writes_from_reads() {
    let sandbox = reference();
    backup(&sandbox, "us-east-1", "GET /backup-vaults/?maxResults=2", Value::Null);
    backup(&sandbox, "us-west-2", "DELETE /backup-vaults/vault_disaster_recovery", Value::Null);
    let calls = sandbox.calls();
    assert_eq!(calls[0].params, json!({ "MaxResults": "2" }));
    let writes = sandbox.writes();
    assert_eq!(writes.len(), 1);
    assert_eq!((writes[0].operation.as_str(), writes[0].status), ("DeleteBackupVault", 403));
    assert_eq!(writes[0].error.as_deref(), Some("AccessDeniedException"));
}
