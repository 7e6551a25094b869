//! The tools over HTTP: the sandbox's own, and those that somebody adds.

use sandbox::{Options, Sandbox, Tool, ToolAnswer, ToolRequest, World};
use serde_json::json;

use crate::client::{backup, found, names, records, tool};
use crate::{REGION, empty, make_one_of_each, options};

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

const ADDED: &[Tool] = &[
    Tool { method: "POST", path: "furnish", answer: furnish },
    Tool { method: "POST", path: "unrole/", answer: delete_role },
];

fn furnish(world: &mut World, request: &ToolRequest) -> ToolAnswer {
    let made = world.replace(request.account(), make_one_of_each);
    made.map(|()| json!({})).map_err(|error| (500, error.to_string()))
}

fn delete_role(world: &mut World, request: &ToolRequest) -> ToolAnswer {
    world.change(request.account(), |change| {
        let role = change.account.delete_role(&request.rest).ok_or((404, "there is no such role".to_owned()));
        role.map(|role| json!({ "role": role.name, "why": request.query("why") }))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn added_ones_get_what_follows_their_path() {
    let sandbox = Sandbox::start(Options { tools: ADDED, ..options() }).unwrap();
    let eve = json!({ "arn": "arn:aws:iam::123456789012:user/eve" });
    assert_eq!(tool(&sandbox, "POST /_sandbox/actor", eve).0, 200);
    assert_eq!(tool(&sandbox, "POST /_sandbox/furnish", json!(null)).0, 200);
    assert!(records(&sandbox).is_empty());
    let answer = tool(&sandbox, "POST /_sandbox/unrole/%72?why=test", json!(null));
    assert_eq!(answer, (200, json!({ "role": "r", "why": "test" })));
    let told = records(&sandbox);
    assert_eq!((names(&told), &told[0]["userIdentity"]["userName"]), (vec!["DeleteRole"], &json!("eve")));
    for wrong in [
        "POST /_sandbox/unrole/r?account=210987654321",
        "GET /_sandbox/unrole/r",
        "POST /_sandbox/unrole",
        "POST /_sandbox/furnish/more",
    ] {
        assert_eq!(tool(&sandbox, wrong, json!(null)).0, 404, "{wrong}");
    }
}
