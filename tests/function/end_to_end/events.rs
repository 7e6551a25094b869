//! Every file of `events/` through the running function: each is answered, most by a whole look, some at once.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::{fs, panic};

use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::stage::Stage;

/// Events that are no reason to look, and why.
const ENDS_AT_ONCE: [(&str, &str); 4] = [
    ("delivered-by-own-topic", "own-message"),
    ("put-backup-vault-access-policy-by-drift-healer", "own-call"),
    ("enable-key-rotation-by-drift-healer-with-path", "own-call"),
    ("backup-job-state-change-completed", "job-event"),
];

/// Events that are told by themselves, and after which these processes look, because they never did.
const INCIDENTS: [(&str, &str); 5] = [
    ("delete-backup-vault-denied", "attempt"),
    ("delete-backup-vault-lock-configuration-refused", "attempt"),
    ("delete-recovery-point", "loss"),
    ("update-recovery-point-lifecycle", "loss"),
    ("disassociate-recovery-point", "loss"),
];

/// Processes at once.
const AT_ONCE: usize = 22;

/// Name and text of every file.
pub(crate) fn files() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events");
    let paths =
        fs::read_dir(folder).expect("the folder of events").map(|entry| entry.expect("an entry").path());
    paths
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("an event"))
        })
        .collect()
}

#[tokio::test]
async fn every_file_of_events_is_answered() {
    let files = files();
    for (name, _) in ENDS_AT_ONCE.iter().chain(&INCIDENTS) {
        assert!(files.contains_key(*name), "events/{name}.json is gone");
    }
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for (name, event) in files {
        let places = Arc::clone(&places);
        running.spawn(async move {
            let _place = places.acquire().await.expect("never closed");
            answered(&name, &event).await;
        });
    }
    while let Some(ended) = running.join_next().await {
        if let Err(failure) = ended {
            panic::resume_unwind(failure.into_panic());
        }
    }
}

/// Sends one event to a function of its own, whose account has one drift.
async fn answered(name: &str, event: &str) {
    let mut stage = Stage::deployed(&[]).await;
    stage.drift(&["vault-policy-deleted"]);
    let answer = stage.invoke(event).await;
    let payload: Value = serde_json::from_str(event).expect("a file of JSON");
    if payload.get("Records").is_none() {
        check_trigger(name, &payload, &answer["trigger"]);
    }
    let codes: Vec<_> = answer["findings"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    if let Some((_, why)) = ENDS_AT_ONCE.iter().find(|(other, _)| *other == name) {
        assert_eq!((&answer["skipped"], &answer["verdict"]), (&(*why).into(), &"in_sync".into()), "{name}");
        assert_eq!(answer["passes"], 0, "{name}");
        assert_eq!(stage.looked_at(), Vec::<String>::new(), "{name}");
        assert_eq!(stage.sandbox.messages().len(), 0, "{name}");
    } else if payload["mode"] == "report" {
        assert_eq!((&answer["verdict"], &answer["mode"]), (&"drifted".into(), &"report".into()), "{name}");
        assert_eq!(stage.written(), Vec::<String>::new(), "{name}");
    } else {
        assert_eq!(
            (&answer["verdict"], codes.as_slice()),
            (&"healed".into(), &[&"missing".into()][..]),
            "{name}"
        );
        assert_eq!(stage.written(), ["backup:PutBackupVaultAccessPolicy"], "{name}");
        let messages = stage.sandbox.messages();
        assert_eq!(messages.len(), 1, "{name}");
        let incident = INCIDENTS.iter().find(|(other, _)| *other == name).map(|(_, kind)| *kind);
        for kind in ["attempt", "loss"] {
            assert_eq!(answer.get(kind).is_some(), incident == Some(kind), "{name}");
            let told = messages[0].attributes["kind"].value.contains(kind);
            assert_eq!(told, incident == Some(kind), "{name}");
        }
    }
    // Checks each line, in particular that nothing of the event's secrets is in it.
    stage.stop().await;
}

/// The trigger is the event's own words, whatever the run found.
fn check_trigger(name: &str, payload: &Value, trigger: &Value) {
    let detail_type = payload["detail-type"].as_str().unwrap_or_default();
    let kind = match payload["source"].as_str() {
        _ if detail_type.ends_with("via CloudTrail") => "cloudtrail",
        Some("aws.scheduler" | "aws.events") => "schedule",
        Some("aws.backup") => "backup",
        _ => "manual",
    };
    assert_eq!(trigger["kind"], kind, "{name}");
    assert_eq!(trigger["id"], payload["id"], "{name}");
    if kind == "cloudtrail" {
        let detail = &payload["detail"];
        assert_eq!(trigger["event"], detail["eventName"], "{name}");
        assert_eq!(trigger["source_ip"], detail["sourceIPAddress"], "{name}");
        assert_eq!(trigger["time"], detail["eventTime"], "{name}");
        let who = &detail["userIdentity"];
        let arn = who.get("arn").or_else(|| who.get("invokedBy"));
        assert_eq!(Some(&trigger["actor"]), arn, "{name}");
    }
}
