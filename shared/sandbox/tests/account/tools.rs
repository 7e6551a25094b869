//! The tools over HTTP: the sandbox's own, and those that somebody adds.

use sandbox::state::Account;
use sandbox::{AwsError, Options, Sandbox, Tool};
use serde_json::{Value, json};

use crate::client::{backup, found, names, records, tool};
use crate::{REGION, empty, options};

#[tokio::test(flavor = "multi_thread")]
async fn they_do_the_same_as_the_methods() {
    let sandbox = empty();
    let mut actor = json!({ "arn": "arn:aws:iam::123456789012:user/ada" });
    actor["access_key"] = json!("AKIDEXAMPLE");
    assert_eq!(tool(&sandbox, "POST /_sandbox/actor", actor).0, 200);
    assert_eq!(tool(&sandbox, "POST /_sandbox/actor", json!({})).0, 400);
    assert_eq!(backup(&sandbox, REGION, "PUT /backup-vaults/v1", json!({})).0, 200);
    let given = json!({ "eventName": "Told", "eventID": "1", "eventTime": "2026-11-01T00:00:00Z" });
    assert_eq!(tool(&sandbox, "POST /_sandbox/trail", given).0, 200);
    assert_eq!(tool(&sandbox, "POST /_sandbox/trail", json!([])).0, 400);

    let told = records(&sandbox);
    assert_eq!(names(&told), ["Told", "CreateBackupVault"]);
    assert_eq!(told[1]["userIdentity"]["userName"], "ada");
    assert_eq!(told[1]["sourceIPAddress"], "127.0.0.1");
    let other = tool(&sandbox, "GET /_sandbox/trail?account=210987654321", json!(null));
    assert_eq!(other, (200, json!([])));

    let (_, options) = tool(&sandbox, "POST /_sandbox/options", json!({ "trail_lag_seconds": 60 }));
    assert_eq!(options["trail_lag_seconds"], 60.0);
    let events = found(&sandbox, REGION, json!({}));
    assert_eq!(events.iter().map(|event| &event["EventName"]).collect::<Vec<_>>(), ["Told"]);
    assert_eq!(tool(&sandbox, "POST /_sandbox/options", json!({ "trail_lag_seconds": -1 })).0, 400);
}

/// Deletes the role that the path names, of the account that is asked for.
const ROLELESS: Tool = Tool {
    method: "POST",
    path: "roleless/",
    answer: |world, request| {
        let delete = |account: &mut Account| account.delete_role(&request.rest).ok_or((404, "none".into()));
        world.change(request.account(), |change| delete(change.account))?;
        Ok(json!({ "by": request.query("by") }))
    },
};
const MADE: Tool = Tool {
    method: "POST",
    path: "make",
    answer: |world, request| {
        let role = json!({
            "RoleName": "r",
            "AssumeRolePolicyDocument": r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"*"}}"#,
        });
        let made: Result<Value, AwsError> = world.replace(request.account(), |change| {
            change.call(sandbox::Service::Iam, REGION, "CreateRole", role)
        });
        made.map_err(|error| (500, error.to_string()))
    },
};

#[tokio::test(flavor = "multi_thread")]
async fn added_ones_get_what_follows_their_path() {
    let sandbox = Sandbox::start(Options { tools: &[MADE, ROLELESS], ..options() }).unwrap();
    let eve = json!({ "arn": "arn:aws:iam::123456789012:user/eve" });
    assert_eq!(tool(&sandbox, "POST /_sandbox/actor", eve).0, 200);
    assert_eq!(tool(&sandbox, "POST /_sandbox/make", json!(null)).0, 200);
    assert!(records(&sandbox).is_empty());
    let (status, answer) = tool(&sandbox, "POST /_sandbox/roleless/%72?by=me", json!(null));
    assert_eq!((status, &answer["by"]), (200, &json!("me")));
    let told = records(&sandbox);
    assert_eq!((names(&told), &told[0]["userIdentity"]["userName"]), (vec!["DeleteRole"], &json!("eve")));
    for (status, wrong) in [
        (404, "POST /_sandbox/roleless/r?account=210987654321"),
        (404, "GET /_sandbox/roleless/r"),
        (404, "POST /_sandbox/roleless"),
        (404, "POST /_sandbox/make/more"),
    ] {
        assert_eq!(tool(&sandbox, wrong, json!(null)).0, status, "{wrong}");
    }
}
