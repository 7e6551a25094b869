//! Faults and hooks, as only a test in Rust can set them.

use std::io::{Read, Write};
use std::net::TcpStream;

use sandbox::{Fault, FaultKind, Service};
use serde_json::{Value, json};
use time::Duration;

use crate::client::{backup, kms, names, records};
use crate::{ALIAS, REGION, empty, furnished};

#[tokio::test(flavor = "multi_thread")]
async fn a_change_waits_for_the_call_that_it_is_to_come_before() {
    let sandbox = furnished();
    sandbox.before_call("DescribeKey", 2, |change| {
        let key = json!({ "KeyId": change.account.region(REGION).kms.aliases[ALIAS].target });
        change.call(Service::Kms, REGION, "DisableKey", key).unwrap();
    });
    let state = || {
        kms(&sandbox, REGION, "DescribeKey", json!({ "KeyId": ALIAS })).1["KeyMetadata"]["KeyState"].clone()
    };
    assert_eq!([state(), state(), state()], ["Enabled", "Disabled", "Disabled"]);
    assert_eq!(names(&records(&sandbox)), ["DisableKey"]);
    assert_eq!(sandbox.calls().len(), 3, "the change is nobody's call");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truncated_answer_says_its_whole_length_and_ends_early() {
    let sandbox = empty();
    sandbox.adjust(|settings| settings.dates_by_clock = true);
    sandbox.inject(Fault::on("backup", "ListBackupVaults", FaultKind::Truncated));
    let endpoint = sandbox.endpoint();
    let mut stream = TcpStream::connect(endpoint.strip_prefix("http://").unwrap()).unwrap();
    let scope = "AKIDEXAMPLE/20261102/us-east-1/backup/aws4_request";
    write!(
        stream,
        "GET /backup-vaults/ HTTP/1.1\r\nHost: sandbox\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential={scope}, Signature=00\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let whole = r#"{"BackupVaultList":[]}"#;
    assert!(head.contains(&format!("content-length: {}", whole.len())), "{head}");
    assert_eq!(body, &whole[..whole.len() / 2]);
    assert!(head.contains("date: Mon, 02 Nov 2026 08:00:00 GMT"), "the sandbox's own time: {head}");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_clock_stands_a_read_stays_behind() {
    let sandbox = empty();
    let stale = FaultKind::Stale { seconds: 5 };
    sandbox.inject(Fault::on("backup", "ListBackupVaults", stale).always().in_account("123456789012"));
    let count = || {
        let (_, list) = backup(&sandbox, REGION, "GET /backup-vaults/", Value::Null);
        list["BackupVaultList"].as_array().unwrap().len()
    };
    for name in ["v1", "v2"] {
        backup(&sandbox, REGION, &format!("PUT /backup-vaults/{name}"), json!({}));
        assert_eq!(count(), 0);
    }
    sandbox.advance(Duration::seconds(5));
    assert_eq!(count(), 2);
}
