//! The line that CloudWatch makes metrics of, through the binary: what it must hold, and that it says what happened.

use sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use super::stage::{SCHEDULE, Stage};

const ALWAYS: [&str; 5] = ["RunCompleted", "Drifted", "ApiCalls", "ColdStart", "DurationMs"];
const OF_FINDINGS: [&str; 9] = [
    "FindingsCritical",
    "FindingsHigh",
    "FindingsMedium",
    "FindingsLow",
    "Repaired",
    "Blocked",
    "Failed",
    "Unreadable",
    "Contested",
];

/// The values of a line that keeps the embedded metric format, of a run that found something or of one that did not.
fn checked(line: &Value, found: bool) -> &Value {
    let aws = &line["_aws"];
    assert!(aws["Timestamp"].as_u64().is_some_and(|time| time > 1_700_000_000_000), "milliseconds: {line}");
    let [directive] = aws["CloudWatchMetrics"].as_array().unwrap().as_slice() else { panic!("{line}") };
    assert_eq!(
        (&directive["Namespace"], &directive["Dimensions"]),
        (&json!("DriftHealer"), &json!([["account", "region"]]))
    );
    assert_eq!((&line["account"], &line["region"]), (&json!("123456789012"), &json!("us-east-1")));
    let names: Vec<&str> =
        directive["Metrics"].as_array().unwrap().iter().map(|one| one["Name"].as_str().unwrap()).collect();
    for name in ALWAYS {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
    for name in OF_FINDINGS {
        assert_eq!(names.contains(&name), found, "{name} in {names:?}");
    }
    for name in &names {
        assert!(line[*name].is_number(), "{name} has no value in {line}");
    }
    // Whatever is a number is a metric that is named, and the other way round.
    let numbers = line.as_object().unwrap().values().filter(|value| value.is_number()).count();
    assert_eq!(numbers, names.len(), "{line}");
    line
}

fn number(line: &Value, name: &str) -> f64 {
    line[name].as_f64().unwrap_or_else(|| panic!("{name} in {line}"))
}

#[tokio::test]
async fn each_look_writes_one_line_that_says_what_came_of_it() {
    let mut stage = Stage::deployed(&[]).await;
    stage.invoke(SCHEDULE).await;
    stage.drift(&["vault-policy-deleted", "role-inline-policy-added", "key-rotation-off", "vault-untagged"]);
    stage.invoke(SCHEDULE).await;
    let denied =
        FaultKind::Error { code: "AccessDeniedException".to_owned(), status: 403, message: "no".to_owned() };
    stage.sandbox.inject(Fault::on("backup", "ListBackupPlans", denied));
    stage.invoke(SCHEDULE).await;
    let own = include_str!("../../../events/put-backup-vault-access-policy-by-drift-healer.json");
    stage.invoke(own).await;
    let lines = stage.stop_for_metrics().await;
    let [clean, healed, blind] = lines.as_slice() else { panic!("an own call is no look: {lines:#?}") };

    for (line, cold) in [(clean, 1.0), (healed, 0.0), (blind, 0.0)] {
        checked(line, cold == 0.0);
        assert_eq!((number(line, "RunCompleted"), number(line, "ColdStart")), (1.0, cold));
        assert!(number(line, "DurationMs") > 0.0);
    }
    assert_eq!((number(clean, "ApiCalls"), number(clean, "Drifted")), (37.0, 0.0));
    assert!(clean.get("SecondsFromChangeToHealed").is_none(), "{clean}");

    let found = OF_FINDINGS.map(|name| number(healed, name));
    assert_eq!(found, [2.0, 1.0, 1.0, 1.0, 3.0, 2.0, 0.0, 0.0, 0.0]);
    assert_eq!(number(healed, "Drifted"), 1.0);
    let seconds = number(healed, "SecondsFromChangeToHealed");
    assert!((0.0..60.0).contains(&seconds), "{seconds}");
    assert_eq!(number(blind, "Unreadable"), 4.0);
}

#[tokio::test]
async fn a_run_whose_report_is_lost_is_not_completed() {
    let mut stage = Stage::deployed(&[]).await;
    stage.drift(&["vault-policy-deleted"]);
    let refused =
        FaultKind::Error { code: "AuthorizationError".to_owned(), status: 403, message: "no".to_owned() };
    stage.sandbox.inject(Fault::on("sns", "Publish", refused).times(100));
    stage.fail(SCHEDULE).await;
    let lines = stage.stop_for_metrics().await;
    assert_eq!(number(checked(&lines[0], true), "RunCompleted"), 0.0);
    assert_eq!(number(&lines[0], "Repaired"), 1.0);
}
