//! Deploying and drifting over HTTP.

use sandbox_reference::DRIFTS;
use serde_json::{Value, json};

use crate::client::{names, records, tool};
use crate::empty;

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_deployed_and_drifts_by_its_id() {
    let sandbox = empty();
    let post = |path: &str| tool(&sandbox, &format!("POST /_sandbox/{path}"), json!(null));
    let elsewhere = "account=210987654321";
    assert_eq!(post("deploy"), (200, json!({ "deployed": "123456789012" })));
    assert_eq!(
        post(&format!("deploy?{elsewhere}&deployment=reference")),
        (200, json!({ "deployed": "210987654321" }))
    );
    assert_eq!(post("deploy?deployment=other").0, 404);
    assert_eq!(
        post(&format!("drift/key-disabled%3Aus-west-2?{elsewhere}")),
        (200, json!({ "drifted": "key-disabled:us-west-2" }))
    );
    assert_eq!(post("drift/vault-policy-gone").0, 404);
    assert!(records(&sandbox).is_empty(), "the default account is another one");
    let (_, told) = tool(&sandbox, &format!("GET /_sandbox/trail?{elsewhere}"), json!(null));
    assert_eq!(names(told.as_array().unwrap()), ["DisableKey"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_has_them_all_by_name_and_description() {
    let (_, list) = tool(&empty(), "GET /_sandbox/drifts", json!(null));
    let expected = DRIFTS.iter().map(|drift| json!({ "name": drift.name, "description": drift.description }));
    assert_eq!(list, expected.collect::<Value>());
}
