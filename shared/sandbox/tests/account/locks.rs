//! The four states of a vault lock, and what a vault keeps from whom.

use serde_json::{Value, json};
use time::Duration;

use crate::client::{backup, empty, reference};

const VAULT: &str = "/backup-vaults/v1";
const LOCK: &str = "/backup-vaults/v1/vault-lock";
const REGION: &str = "us-east-1";

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_goes_from_none_over_governance_and_grace_to_immutable() {
    let sandbox = empty();
    let put = |body| backup(&sandbox, REGION, &format!("PUT {LOCK}"), body);
    let vault = || backup(&sandbox, REGION, &format!("GET {VAULT}"), Value::Null).1;
    backup(&sandbox, REGION, &format!("PUT {VAULT}"), json!({}));
    assert_eq!(vault()["Locked"], false);

    put(json!({ "MinRetentionDays": 7 }));
    assert_eq!((vault()["Locked"].clone(), vault().get("LockDate").cloned()), (json!(true), None));

    put(json!({ "ChangeableForDays": 3 }));
    let due = sandbox.now() + Duration::days(3);
    assert_eq!(vault()["LockDate"], json!(due.unix_timestamp() as f64));
    assert_eq!(vault().get("MinRetentionDays"), None, "a put replaces both limits");

    sandbox.advance(Duration::days(1));
    put(json!({ "ChangeableForDays": 3 }));
    let moved = due + Duration::days(1);
    assert_eq!(vault()["LockDate"], json!(moved.unix_timestamp() as f64), "a second put moves the date");

    sandbox.advance(Duration::days(3));
    assert_eq!(put(json!({ "ChangeableForDays": 30 })).0, 400);
    assert_eq!(backup(&sandbox, REGION, &format!("DELETE {LOCK}"), Value::Null).0, 400);
    let errors: Vec<_> = sandbox.calls().into_iter().filter_map(|call| call.error).collect();
    assert_eq!(errors, ["InvalidRequestException"; 2]);
    assert_eq!(
        backup(&sandbox, REGION, &format!("DELETE {VAULT}"), Value::Null).0,
        200,
        "an empty vault can go"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_date_is_at_least_three_days_away() {
    let sandbox = reference();
    let path = "PUT /backup-vaults/vault_prod_daily/vault-lock";
    for body in [
        json!({ "ChangeableForDays": 2 }),
        json!({ "ChangeableForDays": 36_501 }),
        json!({ "MinRetentionDays": 0 }),
        json!({ "MaxRetentionDays": 36_501 }),
        json!({ "MinRetentionDays": 9, "MaxRetentionDays": 8 }),
    ] {
        assert_eq!(backup(&sandbox, REGION, path, body.clone()).0, 400, "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_policy_keeps_even_an_empty_vault() {
    let sandbox = reference();
    let delete = "DELETE /backup-vaults/vault_prod_daily";
    assert_eq!(backup(&sandbox, REGION, delete, Value::Null).0, 403);
    sandbox.drift("vault-policy-never-true").unwrap();
    let arn = sandbox.add_recovery_point(REGION, "vault_prod_daily").unwrap();
    let point = format!("DELETE /backup-vaults/vault_prod_daily/recovery-points/{arn}");
    assert_eq!(backup(&sandbox, REGION, &point, Value::Null).0, 400, "the lock keeps it still");
    sandbox.drift("vault-lock-deleted").unwrap();
    assert_eq!(backup(&sandbox, REGION, delete, Value::Null).0, 400, "it is not empty");
    assert_eq!(backup(&sandbox, REGION, &point, Value::Null).0, 200);
    assert_eq!(backup(&sandbox, REGION, delete, Value::Null).0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_vault_answers_like_a_forbidden_one() {
    let sandbox = empty();
    let (status, body) = backup(&sandbox, REGION, "GET /backup-vaults/nowhere", Value::Null);
    assert_eq!((status, &body["message"]), (403, &json!("Insufficient privileges to perform this action.")));
}
