//! The findings, each with all that a reader asks of it.

use serde::Serialize;
use serde_json::Value;

use crate::answer::{Attribution, Finding, Outcome};

#[derive(Debug, Serialize)]
pub(super) struct Row<'a> {
    severity: &'static str,
    state: &'static str,
    resource: String,
    code: String,
    attribute: Option<&'a str>,
    summary: &'a str,
    impact: &'a str,
    done: String,
    next_step: Option<&'a str>,
    command: Option<&'a str>,
    link: Option<&'a str>,
    expected: String,
    observed: String,
    who: Option<String>,
}

pub(super) fn all(findings: &[Finding]) -> Vec<Row<'_>> {
    findings.iter().map(row).collect()
}

fn row(one: &Finding) -> Row<'_> {
    Row {
        severity: one.severity.as_str(),
        state: one.state().as_str(),
        resource: one.resource.in_words(),
        code: one.code_in_words(),
        attribute: one.attribute.as_deref(),
        summary: &one.summary,
        impact: &one.impact,
        done: done(one),
        next_step: one.next_step.as_deref(),
        command: one.command.as_deref(),
        // Whatever else an answer holds there, nothing but a page on the web is a link.
        link: one.link.as_deref().filter(|link| link.starts_with("https://")),
        expected: pretty(&one.expected),
        observed: pretty(&one.observed),
        who: one.attribution.as_ref().map(who),
    }
}

fn done(one: &Finding) -> String {
    // Again and again the same call is one.
    let mut calls: Vec<&str> = one.calls.iter().map(String::as_str).collect();
    calls.dedup();
    let call = if calls.is_empty() { String::new() } else { format!(" with {}", calls.join(" and ")) };
    let reason = one.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
    match one.outcome {
        Outcome::Repaired => {
            let seen =
                one.repaired_at.as_deref().map(|at| format!(", seen repaired at {at}")).unwrap_or_default();
            format!("Repaired{call}{seen}.")
        }
        Outcome::Planned => format!("Not repaired: the mode is report. It would be repaired{call}."),
        Outcome::Blocked => format!("Not repaired{reason}."),
        Outcome::Failed => format!("AWS refused the repair{call}{reason}."),
    }
}

fn who(by: &Attribution) -> String {
    let probably = if by.certain { "" } else { "probably " };
    let actor = by.actor.as_deref().unwrap_or("somebody");
    let from = by.source_ip.as_deref().map(|source| format!(" from {source}")).unwrap_or_default();
    let at = by.time.as_deref().map(|time| format!(" at {time}")).unwrap_or_default();
    format!("{probably}{actor}{from}: {}{at}", by.event)
}

/// The values of the spec and of the account, as JSON.
fn pretty(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            format!("{other:#}")
        }
    }
}

/// The calls that brought findings about, each once.
pub(super) fn events(findings: &[Finding]) -> Vec<&Attribution> {
    let mut events: Vec<&Attribution> = Vec::new();
    for by in findings.iter().filter_map(|one| one.attribution.as_ref()) {
        let is_new = |known: &&Attribution| {
            (&known.event_id, &known.event, &known.time) != (&by.event_id, &by.event, &by.time)
        };
        if events.iter().all(is_new) {
            events.push(by);
        }
    }
    events
}
