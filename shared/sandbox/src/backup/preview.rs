//! The next runs of a plan, as GetBackupPlan previews them.

use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::schedule::Cron;
use crate::clock::epoch;
use crate::error::AwsError;
use crate::request::Request;
use crate::state::PlanVersion;

const MOST: i64 = 10;
/// How many runs of a rule are looked at: enough for ten that no other rule's run takes the place of.
const LOOKED_AT: usize = 500;

/// A run of a rule before any other rule is looked at.
struct Run<'a> {
    rule: usize,
    id: &'a str,
    start: OffsetDateTime,
    /// The end of its start window.
    end: OffsetDateTime,
    /// How long its recovery points are kept.
    days: i64,
    continuous: bool,
}

/// `ScheduledRunsPreview`, if the call asks for one.
pub(super) fn asked_for(version: &PlanVersion, request: &Request) -> Result<Option<Vec<Value>>, AwsError> {
    let most = request.integer("MaxScheduledRunsPreview")?.unwrap_or(0);
    if !(0..=MOST).contains(&most) {
        return Err(request.invalid(format!("MaxScheduledRunsPreview is {most}; it must be 0 to {MOST}")));
    }
    let most = usize::try_from(most).unwrap_or_default();
    Ok((most > 0).then(|| next(version, request.now, most)))
}

fn next(version: &PlanVersion, now: OffsetDateTime, most: usize) -> Vec<Value> {
    let mut runs: Vec<Run<'_>> =
        (0..version.rules().len()).flat_map(|rule| runs_of(version, rule, now)).collect();
    runs.sort_by_key(|run| (run.start, run.rule));
    let made = runs.iter().filter(|run| run.start >= now && !runs.iter().any(|other| other.beats(run)));
    let member = |run: &Run<'_>| {
        let kind = if run.continuous { "CONTINUOUS_AND_SNAPSHOTS" } else { "SNAPSHOTS" };
        json!({ "ExecutionTime": epoch(run.start), "RuleId": run.id, "RuleExecutionType": kind })
    };
    made.take(most).map(member).collect()
}

impl Run<'_> {
    /// Where start windows overlap, the rule that keeps longer makes the backup. An hour that only begins where another
    /// window ends is its own, by the guide's example. Of two rules that keep as long AWS is said to choose one: the first
    /// one here, if they start together.
    fn beats(&self, other: &Run<'_>) -> bool {
        let overlap = self.start < other.end && other.start < self.end;
        let first = self.start == other.start && self.days == other.days && self.rule < other.rule;
        self.rule != other.rule && overlap && (self.days > other.days || first)
    }
}

/// The runs of one rule, those before among them whose windows still last. There is no table of time zones here: a rule
/// in another zone than UTC has none.
fn runs_of(version: &PlanVersion, rule: usize, now: OffsetDateTime) -> Vec<Run<'_>> {
    let Some(document) = version.rules().get(rule) else { return Vec::new() };
    let text = |member: &str| document.get(member).and_then(Value::as_str);
    let is_utc = text("ScheduleExpressionTimezone").is_none_or(|zone| ["Etc/UTC", "UTC"].contains(&zone));
    let cron = text("ScheduleExpression").filter(|_| is_utc).and_then(Cron::parse);
    let window = document.get("StartWindowMinutes").and_then(Value::as_i64).unwrap_or(480);
    let window = Duration::minutes(window.clamp(0, 366 * 24 * 60));
    let days = document.pointer("/Lifecycle/DeleteAfterDays").and_then(Value::as_i64).unwrap_or(i64::MAX);
    let continuous = document.get("EnableContinuousBackup").and_then(Value::as_bool).unwrap_or(false);
    let id = version.rule_ids.get(rule).map_or("", String::as_str);
    let starts = cron.map(|cron| cron.runs(now - window, LOOKED_AT)).unwrap_or_default();
    let run = |start| Run { rule, id, start, end: start + window, days, continuous };
    starts.into_iter().map(run).collect()
}
