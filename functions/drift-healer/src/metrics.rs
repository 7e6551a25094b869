//! The run as one line of CloudWatch's embedded metric format ("Specification: Embedded metric format"), written by hand: CloudWatch
//! Logs makes metrics of it, without a call.

use std::time::Duration;

use reconcile::drift::Severity;
use reconcile::history::Stories;
use reconcile::liveness::Liveness;
use reconcile::repair::BlockReason;
use reconcile::report::{Outcome, Reported, Verdict};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use crate::answer::Answer;

/// The namespace of all metrics.
pub const NAMESPACE: &str = "DriftHealer";

/// What the answer itself does not tell.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// The function's region.
    pub region: &'a str,
    /// When the run ended.
    pub at: OffsetDateTime,
    /// How long the invocation took.
    pub took: Duration,
    /// How many requests it sent to AWS.
    pub calls: usize,
    /// Whether it was the first of its process.
    pub cold: bool,
    /// Whether it came to its end: what is to be told was delivered.
    pub completed: bool,
}

/// The line. `None` for an event that was no reason to look.
pub fn line(answer: &Answer, run: &Run<'_>) -> Option<String> {
    if answer.skipped.is_some() {
        return None;
    }
    let metrics = metrics(answer, run);
    let names: Vec<Value> =
        metrics.iter().map(|(name, unit, _)| json!({ "Name": name, "Unit": unit })).collect();
    let mut line = Map::new();
    line.insert(
        "_aws".to_owned(),
        json!({
            "Timestamp": run.at.unix_timestamp_nanos() / 1_000_000,
            "CloudWatchMetrics": [{ "Namespace": NAMESPACE, "Dimensions": [["account", "region"]], "Metrics": names }],
        }),
    );
    line.insert("account".to_owned(), json!(answer.account));
    line.insert("region".to_owned(), json!(run.region));
    line.extend(metrics.into_iter().map(|(name, _, value)| (name.to_owned(), value)));
    Some(Value::Object(line).to_string())
}

/// A metric costs by the hour in which it has a value: those about findings are written by runs that found something.
fn metrics(answer: &Answer, run: &Run<'_>) -> Vec<(&'static str, &'static str, Value)> {
    let count = |name, number: usize| (name, "Count", json!(number));
    let mut metrics = vec![
        count("RunCompleted", run.completed.into()),
        count("Drifted", (answer.report.verdict() == Verdict::Drifted).into()),
        count("ApiCalls", run.calls),
        count("ColdStart", run.cold.into()),
        ("DurationMs", "Milliseconds", json!(run.took.as_secs_f64() * 1000.0)),
    ];
    let Liveness { idle_plans, empty_vaults, unused_roles, next_runs: _ } = &answer.report.liveness;
    let lifeless = [
        ("IdlePlans", idle_plans.len()),
        ("EmptyVaults", empty_vaults.len()),
        ("UnusedRoles", unused_roles.len()),
    ];
    metrics.extend(
        lifeless.into_iter().filter(|(_, number)| *number > 0).map(|(name, number)| count(name, number)),
    );
    let findings: Vec<&Reported> =
        answer.report.findings.iter().filter(|one| !one.outcome.is_excepted()).collect();
    if findings.is_empty() {
        return metrics;
    }
    let those = |holds: &dyn Fn(&Reported) -> bool| findings.iter().filter(|one| holds(one)).count();
    let stories = &answer.stories;
    let severity = |severity: Severity| those(&move |one| stories.of(one).severity(one) == severity);
    metrics.extend([
        count("FindingsCritical", severity(Severity::Critical)),
        count("FindingsHigh", severity(Severity::High)),
        count("FindingsMedium", severity(Severity::Medium)),
        count("FindingsLow", severity(Severity::Low)),
        count("Repaired", those(&|one| one.outcome == Outcome::Repaired)),
        count("Blocked", those(&|one| matches!(one.outcome, Outcome::Blocked(_)))),
        count("Failed", those(&|one| matches!(one.outcome, Outcome::Failed(_)))),
        count("Unreadable", those(&|one| one.outcome == Outcome::Blocked(BlockReason::Unreadable))),
        count("Contested", those(&|one| stories.of(one).contention.is_some())),
    ]);
    let healed = to_healed(&findings, stories);
    metrics.extend(healed.map(|seconds| ("SecondsFromChangeToHealed", "Seconds", json!(seconds))));
    metrics
}

/// The longest time from a change to the moment when it was seen repaired.
fn to_healed(findings: &[&Reported], stories: &Stories) -> Option<f64> {
    let times = findings.iter().filter_map(|one| {
        let changed = stories.of(one).attribution.as_ref()?.call.time?;
        Some((one.repaired_at? - changed).as_seconds_f64().max(0.0))
    });
    times.max_by(f64::total_cmp)
}
