//! The mail: plain text that is read on a phone, the most pressing finding first.

use reconcile::report::Reported;

use super::subject::headline;
use super::words::{difference, outcome, title};
use crate::answer::Answer;
use crate::trigger::TriggerKind;

/// Nobody reads further on a phone.
const MOST_FINDINGS: usize = 50;

/// The whole text.
pub(super) fn text(answer: &Answer, shown: &[&Reported]) -> String {
    let mut paragraphs = vec![format!("{}.", headline(answer))];
    paragraphs.extend(shown.iter().take(MOST_FINDINGS).map(|one| finding(one)));
    let left_out = answer.report.findings.len() - shown.len().min(MOST_FINDINGS);
    if left_out > 0 {
        paragraphs
            .push(format!("{left_out} more findings are left out; the function's log names all of them."));
    }
    paragraphs.push(origin(answer));
    paragraphs.extend(answer.notes.iter().cloned());
    paragraphs.push(format!(
        "Desired spec {} (SHA-256 {:.12}), mode {}, passes {}, calls {}.",
        answer.spec_name,
        answer.spec_sha256,
        answer.mode.as_str(),
        answer.report.passes,
        answer.report.calls.len(),
    ));
    paragraphs.join("\n\n")
}

fn finding(one: &Reported) -> String {
    let facts = one.finding.drift.facts();
    let severity = facts.severity.as_str().to_uppercase();
    format!("{severity} {}\n{}\n{}", title(one, &facts), difference(&facts), outcome(one))
}

/// Who did it, or at least what made us look.
fn origin(answer: &Answer) -> String {
    let trigger = &answer.trigger;
    let known =
        |label: &str, value: &Option<String>| value.as_ref().map(|value| format!("\n{label}: {value}"));
    let unknown_actor = "CloudTrail's event history says who changed what.";
    match trigger.kind {
        TriggerKind::Cloudtrail => {
            let lines = [
                known("Event", &trigger.event),
                known("By", &trigger.actor),
                known("From", &trigger.source_ip),
                known("At", &trigger.time),
                known("Event id", &trigger.id),
            ];
            format!("The change that led here:{}", lines.into_iter().flatten().collect::<String>())
        }
        TriggerKind::Backup => {
            let lines = [known("Event", &trigger.event), known("At", &trigger.time)];
            let told: String = lines.into_iter().flatten().collect();
            format!("AWS Backup told of a change:{told}\n{unknown_actor}")
        }
        TriggerKind::Schedule => format!("Found by the schedule. {unknown_actor}"),
        TriggerKind::Manual => format!("Found by a run that was started by hand. {unknown_actor}"),
    }
}
