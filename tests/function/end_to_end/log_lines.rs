//! What Lambda and its reader ask of the log: JSON lines with a time and a level, and nothing in them that is somebody's secret.

use drift_tests::runtime_api::REQUEST_ID;
use sandbox::{Fault, FaultKind};
use serde_json::Value;

use super::stage::{SCHEDULE, Stage};

/// Said before there is an invocation.
const BEFORE: [&str; 2] = ["no topic set, reports go to the log only", "start failed"];

/// What only a whole event or a whole policy holds.
const TOO_MUCH: [&str; 6] =
    ["\"Statement", "Statement\\\"", "userIdentity", "requestParameters", "accessKeyId", "sessionContext"];

/// All lines of a function's log, if each is as it should be. What CloudWatch makes metrics of is not among them.
pub(crate) fn checked(output: &str) -> Vec<Value> {
    output.lines().filter(|text| !is_metrics(text)).map(line).collect()
}

/// The lines of metrics.
pub(crate) fn metrics(output: &str) -> Vec<Value> {
    output.lines().filter(|text| is_metrics(text)).map(|text| serde_json::from_str(text).unwrap()).collect()
}

fn is_metrics(text: &str) -> bool {
    text.contains("\"_aws\":")
}

fn line(text: &str) -> Value {
    let line: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert!(line.is_object(), "{text}");
    let timestamp = line["timestamp"].as_str().unwrap_or_default();
    let shape: String = timestamp.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    assert!(shape.starts_with("0000-00-00T00:00:00") && shape.ends_with('Z'), "no RFC 3339 in UTC: {text}");
    let levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];
    assert!(line["level"].as_str().is_some_and(|level| levels.contains(&level)), "{text}");
    let message = line["message"].as_str().unwrap_or_default();
    // Fixed texts can be searched for and counted; what differs is in fields.
    let fixed = message.chars().all(|c| c.is_ascii_lowercase() || c == ' ' || c == ',');
    assert!(!message.is_empty() && fixed, "{text}");
    if BEFORE.contains(&message) {
        assert_eq!(line.get("requestId"), None, "{text}");
    } else {
        assert_eq!(line["requestId"], REQUEST_ID, "{text}");
    }
    for part in TOO_MUCH {
        assert!(!text.contains(part), "{part} in {text}");
    }
    line
}

/// The lines with that message.
pub(crate) fn named<'a>(log: &'a [Value], message: &str) -> Vec<&'a Value> {
    log.iter().filter(|line| line["message"] == message).collect()
}

#[tokio::test]
async fn a_run_logs_each_finding_each_call_and_the_verdict_with_the_facts_beside_it() {
    let mut stage = Stage::deployed(&[]).await;
    stage.drift(&["vault-policy-weakened", "rule-retention-cut", "role-inline-policy-added"]);
    let answer = stage.invoke(include_str!("../../../events/put-backup-vault-access-policy.json")).await;
    let log = stage.stop().await;
    assert_eq!(named(&log, "finding").len(), answer["findings"].as_array().unwrap().len(), "{log:#?}");
    assert_eq!(named(&log, "call").len(), answer["calls"].as_array().unwrap().len(), "{log:#?}");
    let weakened = named(&log, "finding").into_iter().find(|line| line["code"] == "weakened").unwrap();
    assert_eq!(weakened["resource"], "vault-policy us-east-1/vault_prod_daily");
    assert_eq!((&weakened["outcome"], &weakened["severity"]), (&"repaired".into(), &"critical".into()));
    let [verdict] = named(&log, "run finished")[..] else { panic!("{log:#?}") };
    assert_eq!((&verdict["verdict"], &verdict["open"]), (&"drifted".into(), &2.into()));
    assert_eq!(verdict["event"], "PutBackupVaultAccessPolicy");
    assert_eq!(verdict["spec_sha256"], answer["spec"]["sha256"]);
    assert_eq!(named(&log, "report published").len(), 1);
    assert!(log.iter().all(|line| line["function"] == "drift-healer"), "{log:#?}");
}

#[tokio::test]
async fn a_warm_invocation_is_no_cold_start() {
    let mut stage = Stage::deployed(&[]).await;
    stage.invoke(SCHEDULE).await;
    stage.invoke(SCHEDULE).await;
    let log = stage.stop().await;
    let starts: Vec<_> = named(&log, "run finished").iter().map(|line| line["coldStart"].clone()).collect();
    assert_eq!(starts, [true, false]);
}

#[tokio::test]
async fn at_the_level_warn_a_quiet_run_says_nothing_and_a_refused_read_is_still_told() {
    let mut stage = Stage::deployed(&[("AWS_LAMBDA_LOG_LEVEL", "WARN")]).await;
    stage.invoke(SCHEDULE).await;
    let denied = FaultKind::Error {
        code: "AccessDeniedException".to_owned(),
        status: 403,
        message: "not for you".to_owned(),
    };
    stage.sandbox.inject(Fault::on("backup", "ListBackupPlans", denied));
    stage.invoke(SCHEDULE).await;
    let log = stage.stop().await;
    assert!(log.iter().all(|line| line["level"] == "WARN"), "{log:#?}");
    assert_eq!(named(&log, "read failed").len(), 1, "{log:#?}");
    assert!(!named(&log, "resource unreadable").is_empty(), "{log:#?}");
}
