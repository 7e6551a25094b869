//! The chat message: the custom notification of Amazon Q Developer in chat applications. What does not conform to its schema
//! vanishes without an error, so every limit is kept in bytes, which is the strictest way to count characters.

use std::collections::BTreeSet;

use reconcile::report::{Outcome, Reported};
use serde_json::{Map, Value, json};

use super::subject::headline;
use super::words::{clip, difference, outcome, title};
use crate::answer::Answer;

const LONGEST_TITLE: usize = 250;
const LONGEST_DESCRIPTION: usize = 8_000;
const LONGEST_STEP: usize = 350;
const LONGEST_KEYWORD: usize = 75;
/// More steps, or more resources, than these are a list for the mail.
const MOST_STEPS: usize = 5;
const MOST_RESOURCES: usize = 10;

/// The notification.
pub(super) fn notification(answer: &Answer, shown: &[&Reported]) -> Value {
    let tally = answer.tally();
    let severity = tally.worst.map_or("none", |worst| worst.as_str());
    let verdict = answer.report.verdict().as_str();
    let keywords = ["drift-healer", verdict, severity, &answer.spec_name];
    let keywords: Vec<String> = keywords.iter().map(|word| clip(word, LONGEST_KEYWORD)).collect();
    let resources: BTreeSet<String> = shown.iter().map(|one| one.finding.resource.to_string()).collect();
    json!({
        "version": "1.0",
        "source": "custom",
        "content": {
            "textType": "client-markdown",
            "title": clip(&headline(answer), LONGEST_TITLE),
            "description": description(answer, shown),
            "nextSteps": next_steps(shown),
            "keywords": keywords,
        },
        "metadata": {
            "threadId": thread(answer),
            "summary": clip(&headline(answer), LONGEST_TITLE),
            "eventType": format!("drift-healer.{verdict}"),
            "relatedResources": resources.into_iter().take(MOST_RESOURCES).collect::<Vec<_>>(),
            "additionalContext": context(answer, verdict, severity),
        },
    })
}

/// As many findings as fit, each a line, and then who did it.
fn description(answer: &Answer, shown: &[&Reported]) -> String {
    let all = answer.report.findings.len();
    let origin = origin(answer);
    // Room for the origin and for the line that says how many are left out.
    let room = LONGEST_DESCRIPTION - origin.len() - 100;
    let mut text = String::new();
    let mut told = 0;
    for one in shown {
        let line = finding(one);
        if text.len() + line.len() > room {
            break;
        }
        text.push_str(&line);
        told += 1;
    }
    if told < all {
        text.push_str(&format!(
            "{} more findings are left out; the function's log names all of them.\n",
            all - told
        ));
    }
    text.push_str(&origin);
    text
}

fn finding(one: &Reported) -> String {
    let facts = one.finding.drift.facts();
    let severity = facts.severity.as_str().to_uppercase();
    let title = code(&title(one, &facts));
    format!("*{severity}* {title}\n{}\n{}\n\n", code(&difference(&facts)), outcome_line(one))
}

/// What AWS or an operator wrote is shown as code, so that nobody is paged by a tag that says "@channel".
fn code(text: &str) -> String {
    format!("`{}`", text.replace(['`', '\n', '\r'], "'"))
}

fn outcome_line(one: &Reported) -> String {
    match &one.outcome {
        Outcome::Failed(_) => code(&outcome(one)),
        Outcome::Repaired | Outcome::Planned | Outcome::Blocked(_) => outcome(one),
    }
}

fn origin(answer: &Answer) -> String {
    let trigger = &answer.trigger;
    let told: Vec<String> = [
        ("started by", Some(trigger.kind.as_str())),
        ("event", trigger.event.as_deref()),
        ("by", trigger.actor.as_deref()),
        ("from", trigger.source_ip.as_deref()),
        ("at", trigger.time.as_deref()),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some(format!("{label} {}", code(value?))))
    .collect();
    clip(&told.join(", "), 3_000)
}

fn next_steps(shown: &[&Reported]) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    for one in shown {
        let open = matches!(one.outcome, Outcome::Blocked(_) | Outcome::Failed(_));
        if let Some(step) = one.next_step().filter(|_| open) {
            let step = clip(&format!("{}: {step}", one.finding.resource), LONGEST_STEP);
            if !steps.contains(&step) {
                steps.push(step);
            }
        }
        if steps.len() == MOST_STEPS {
            break;
        }
    }
    steps
}

/// The same for the same trouble in each run, so that "drifted" and "healed" stand in one thread.
fn thread(answer: &Answer) -> String {
    let account = answer.account.as_deref().unwrap_or("unknown");
    let resources: BTreeSet<_> = answer.report.findings.iter().map(|one| &one.finding.resource).collect();
    let mut resources = resources.into_iter();
    match (resources.next(), resources.next()) {
        (Some(only), None) => {
            let region = only.region.as_deref().unwrap_or("global");
            format!("drift-healer/{account}/{region}/{}/{}", only.kind, only.name)
        }
        _ => format!("drift-healer/{account}/{}", answer.spec_name),
    }
}

/// Custom actions take five variables at most.
fn context(answer: &Answer, verdict: &str, severity: &str) -> Map<String, Value> {
    let members = [
        ("verdict", Some(verdict)),
        ("severity", Some(severity)),
        ("account", answer.account.as_deref()),
        ("event", answer.trigger.event.as_deref()),
        ("actor", answer.trigger.actor.as_deref()),
    ];
    members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value?)))).collect()
}
