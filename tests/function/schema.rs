//! The answer's schema that is checked in is the one that the types make. `UPDATE=1 cargo test` rewrites it.

use drift_tests::schema::Schema;
use serde_json::{Value, json};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/answer.schema.json");

fn checked_in() -> Value {
    let text = std::fs::read_to_string(FILE).unwrap_or_else(|error| panic!("{FILE}: {error}"));
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn the_schema_that_is_checked_in_is_the_types() {
    let made = drift_healer::answer::schema();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(FILE, format!("{made:#}\n")).expect("the file can be written");
    }
    assert!(made == checked_in(), "{FILE} is not what the types say; UPDATE=1 rewrites it");
}

#[test]
fn it_names_every_key_of_the_contract() {
    let schema = checked_in();
    let required: Vec<&str> =
        schema["required"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    for key in
        ["verdict", "mode", "spec", "trigger", "findings", "calls", "passes", "open_severity", "fingerprint"]
    {
        assert!(required.contains(&key), "{key} is not among {required:?}");
    }
    for key in ["account", "skipped", "attempt", "loss", "incidents_before", "sent_before", "notes"] {
        assert!(!schema["properties"][key].is_null(), "{key}");
    }
}

#[test]
fn what_breaks_it_is_told_with_its_place() {
    let schema = Schema::of_the_answer();
    let finding = json!({
        "resource": { "kind": "vault", "region": "us-east-1", "name": "v" },
        "code": "missing", "severity": "high", "attribute": null, "expected": null, "observed": null, "summary": "s",
        "impact": "i", "outcome": "blocked", "reason": "tried", "next_step": null, "command": null, "link": null, "call": null,
        "attribution": null,
    });
    let answer = json!({
        "verdict": "drifted", "mode": "report", "account": null, "decision": "d", "spec": { "name": "n", "sha256": "0" },
        "trigger": { "kind": "manual", "id": null, "event": null, "actor": null, "source_ip": null, "time": null, "user_agent": null },
        "findings": [finding], "calls": [], "passes": 1, "notes": ["n"],
        "open_severity": "high", "fingerprint": "0123456789abcdef0123456789abcdef",
    });
    assert_eq!(schema.misfits(&answer), Vec::<String>::new());
    for (at, breaks) in [
        ("/verdict", json!("in-sync")),
        ("/passes", json!(-1)),
        ("/passes", json!("1")),
        ("/skipped", json!("bored")),
        ("/findings/0/resource/kind", json!("volt")),
        ("/findings/0/code", json!("mising")),
        ("/findings/0/reason", json!("AWS said no")),
        ("/findings/0/call", json!(1)),
        ("/notes/0", json!(null)),
    ] {
        let mut broken = answer.clone();
        match broken.pointer_mut(at) {
            Some(member) => *member = breaks,
            None => broken[&at[1..]] = breaks,
        }
        let misfits = schema.misfits(&broken);
        assert!(!misfits.is_empty(), "{at}");
    }
    let mut failed = answer.clone();
    failed["findings"][0]["outcome"] = json!("failed");
    failed["findings"][0]["reason"] = json!("AWS said no");
    assert_eq!(schema.misfits(&failed), Vec::<String>::new());
    failed["findings"][0].as_object_mut().expect("an object").remove("code");
    assert!(schema.misfits(&failed)[0].starts_with("$.findings[0]: "), "{:?}", schema.misfits(&failed));
}
