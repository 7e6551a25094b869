//! Key states and the waiting period.

use serde_json::json;
use time::Duration;

use crate::client::{kms, reference};

const ALIAS: &str = "alias/aws_backup_key";

#[tokio::test(flavor = "multi_thread")]
async fn a_rescued_key_comes_back_disabled_with_its_rotation() {
    let sandbox = reference();
    sandbox.drift("key-rotation-period").unwrap();
    let describe =
        || kms(&sandbox, "us-east-1", "DescribeKey", json!({ "KeyId": ALIAS })).1["KeyMetadata"].clone();
    let key = json!({ "KeyId": describe()["KeyId"] });
    let call = |operation| kms(&sandbox, "us-east-1", operation, key.clone());

    assert_eq!(call("CancelKeyDeletion").1["__type"], "KMSInvalidStateException");
    assert_eq!(call("ScheduleKeyDeletion").1["KeyState"], "PendingDeletion");
    for refused in ["EnableKey", "DisableKey", "EnableKeyRotation", "DisableKeyRotation", "TagResource"] {
        assert_eq!(call(refused).1["__type"], "KMSInvalidStateException", "{refused}");
    }
    assert_eq!(call("GetKeyRotationStatus").1["KeyRotationEnabled"], false);

    assert_eq!(call("CancelKeyDeletion").0, 200);
    assert_eq!(describe()["KeyState"], "Disabled");
    assert_eq!(call("EnableKeyRotation").1["__type"], "DisabledException");
    assert_eq!(call("GetKeyRotationStatus").1["RotationPeriodInDays"], 2560);
    call("EnableKey");
    assert_eq!(describe()["KeyState"], "Enabled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_and_its_alias_are_gone_when_the_waiting_period_is_over() {
    let sandbox = reference();
    sandbox.drift("key-pending-deletion").unwrap();
    let describe = || kms(&sandbox, "us-east-1", "DescribeKey", json!({ "KeyId": ALIAS }));
    sandbox.advance(Duration::days(7) - Duration::seconds(1));
    let arn = describe().1["KeyMetadata"]["Arn"].clone();
    sandbox.advance(Duration::seconds(1));
    assert_eq!(describe().1["__type"], "NotFoundException");
    let (status, body) = kms(&sandbox, "us-east-1", "DescribeKey", json!({ "KeyId": arn }));
    assert_eq!(
        (status, body["message"].as_str()),
        (400, Some(format!("Key '{}' does not exist", arn.as_str().unwrap()).as_str()))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_describing_takes_an_alias() {
    let sandbox = reference();
    for operation in
        ["GetKeyPolicy", "EnableKey", "GetKeyRotationStatus", "ListResourceTags", "CancelKeyDeletion"]
    {
        let (_, body) = kms(&sandbox, "us-east-1", operation, json!({ "KeyId": ALIAS }));
        assert_eq!(body["__type"], "NotFoundException", "{operation}");
    }
}
