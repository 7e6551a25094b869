//! The chat message: the custom notification of Amazon Q Developer in chat applications. What does not conform to its schema
//! vanishes without an error, so every limit is kept in bytes, which is the strictest way to count characters.

use std::collections::BTreeSet;

use reconcile::history::{RecordedCall, call_in_words};
use reconcile::report::{Outcome, Reported};
use reconcile::resource::ResourceId;
use reconcile::say;
use reconcile::words::{Command, Prose, clean, clip, count};
use serde_json::{Map, Value, json};

use super::in_a_word;
use super::incidents::{history_of, total_in_words, what_happened};
use super::subject::line;
use crate::answer::Answer;

const LONGEST_TITLE: usize = 250;
const LONGEST_DESCRIPTION: usize = 8_000;
/// Three of them leave room for findings.
const LONGEST_INCIDENT: usize = 1_500;
const LONGEST_STEP: usize = 350;
const LONGEST_KEYWORD: usize = 75;
/// More steps, or more resources, than these are a list for the mail.
const MOST_STEPS: usize = 5;
const MOST_RESOURCES: usize = 10;

/// The notification.
pub(super) fn notification(answer: &Answer, shown: &[&Reported]) -> Value {
    let verdict = match (answer.told().next(), answer.report.findings.is_empty()) {
        (Some(incident), true) => incident.kind.as_str(),
        (_, _) => answer.report.verdict().as_str(),
    };
    let severity = in_a_word(answer.severity());
    let keywords = ["drift-healer", verdict, severity, &answer.spec_name];
    let keywords: Vec<String> = keywords
        .iter()
        .filter(|word| !word.is_empty())
        .map(|word| clip(&clean(word), LONGEST_KEYWORD))
        .collect();
    let resources: BTreeSet<String> =
        shown.iter().map(|one| clean(&one.finding.resource.to_string())).collect();
    json!({
        "version": "1.0",
        "source": "custom",
        "content": {
            "textType": "client-markdown",
            "title": title_of(answer),
            "description": description(answer, shown),
            "nextSteps": next_steps(answer, shown),
            "keywords": keywords,
        },
        "metadata": {
            "threadId": thread(answer, shown),
            "summary": title_of(answer),
            "eventType": format!("drift-healer.{verdict}"),
            "relatedResources": resources.into_iter().take(MOST_RESOURCES).collect::<Vec<_>>(),
            "additionalContext": context(answer, shown, verdict, severity),
        },
    })
}

/// Nothing in it can be shown as code, so what would be a link or a call to everybody is taken apart.
fn title_of(answer: &Answer) -> String {
    clip(&line(answer, LONGEST_TITLE).replace('@', "(at)").replace(['<', '>', '`'], "'"), LONGEST_TITLE)
}

/// As many findings as fit, and then what started the run.
fn description(answer: &Answer, shown: &[&Reported]) -> String {
    let all = answer.report.findings.len();
    let origin = origin(answer);
    // Room for the origin, and for the lines that say how many are left out and what is not known.
    let room = LONGEST_DESCRIPTION - origin.len() - 800;
    let mut text = format!("{}\n\n", code(&answer.decision().clipped(600)));
    text.push_str(&incidents(answer));
    let mut told = 0;
    for one in shown {
        let part = finding(answer, one);
        if text.len() + part.len() > room {
            break;
        }
        text.push_str(&part);
        told += 1;
    }
    if told < all {
        let more = count(all - told, "more finding");
        let more = say!("{} left out here; all of them are in {}.", more, answer.place()).clipped(300);
        text.push_str(&format!("{more}\n"));
    }
    if let Some(gap) = answer.gap.as_ref().filter(|_| all > 0) {
        text.push_str(&format!("Not all of who did it is known: {}\n", code(&gap.clone().clipped(300))));
    }
    text.push_str(&origin);
    text
}

/// What AWS or an operator wrote is shown as code, so that nobody is paged by a tag that says "@channel".
fn code(text: &Prose) -> String {
    span(text.as_str())
}

fn span(text: &str) -> String {
    format!("`{}`", clean(text).replace('`', "'"))
}

/// A command that a code span would change is left to the mail.
fn command_span(command: &Command) -> Option<String> {
    command.fits_code_span().then(|| format!("`{command}`"))
}

fn finding(answer: &Answer, one: &Reported) -> String {
    let story = answer.story(one);
    let severity = story.severity(one).as_str().to_uppercase();
    // Its command stands among the next steps.
    let done = one.what_was_done().and(answer.next_step(one).unwrap_or_default());
    let done = if done.as_str().ends_with(':') { say!("{}.", done.without_end(':')) } else { done };
    let done = match &one.outcome {
        Outcome::Failed(_) => code(&done),
        Outcome::Repaired | Outcome::Planned | Outcome::Blocked(_) => done.to_string(),
    };
    let mut lines = vec![
        format!("*{severity}* {}", code(&one.title())),
        code(&one.summary()),
        format!("{} {done}", one.impact()),
    ];
    lines.extend(answer.link(one).map(|link| link.to_string()));
    lines.extend(story.contested(one).map(|contested| code(&contested)));
    if let Some(attribution) = &story.attribution {
        lines.push(format!("By {}", code(&attribution.who())));
        lines.extend(attribution.fight().map(String::from));
    }
    lines.join("\n") + "\n\n"
}

/// Attempts and losses, of which there are never many.
fn incidents(answer: &Answer) -> String {
    let told = answer.told().map(|incident| {
        let call = &incident.call;
        let target = call.target().unwrap_or_else(|| "no name".to_owned());
        let severity = incident.severity().as_str().to_uppercase();
        let part = format!(
            "*{severity}* By {}{}, aimed at {} in {}. {}\n\n",
            code(&call_in_words(call)),
            if incident.confirmed { "" } else { " (told by the event alone)" },
            span(&target),
            span(&call.region),
            code(&what_happened(incident)),
        );
        clip(&part, LONGEST_INCIDENT)
    });
    let total = answer.total.iter().map(|total| format!("{}\n\n", code(&total_in_words(total).clipped(900))));
    told.chain(total).collect()
}

/// What started the run.
fn origin(answer: &Answer) -> String {
    let trigger = &answer.trigger;
    let told: Vec<String> = [
        ("Started by", Some(trigger.kind.as_str())),
        ("event", trigger.event.as_deref()),
        ("by", trigger.actor.as_deref()),
        ("at", trigger.time.as_deref()),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some(format!("{label} {}", span(value?))))
    .collect();
    clip(&told.join(", "), 3_000)
}

fn next_steps(answer: &Answer, shown: &[&Reported]) -> Vec<String> {
    let mut steps: Vec<String> = answer
        .told()
        .take(1)
        .map(|incident| {
            let step = "If you do not know why this was done, find out what else these credentials did, and revoke them:";
            let whole = command_span(&history_of(&incident.call)).map(|command| format!("{step} {command}"));
            whole.filter(|whole| whole.len() <= LONGEST_STEP).unwrap_or_else(|| step.to_owned())
        })
        .collect();
    for one in shown {
        let step = answer.next_step(one).filter(|_| !one.outcome.is_excepted());
        if let Some(step) = step {
            let step = String::from(say!("{}: {}", one.finding.resource, step));
            let command = answer.command(one).as_ref().and_then(command_span);
            let whole = command.map(|command| format!("{step} {command}"));
            // A command that is cut off is a wrong one.
            let step = whole
                .filter(|whole| whole.len() <= LONGEST_STEP)
                .unwrap_or_else(|| clip(&step, LONGEST_STEP));
            if !steps.contains(&step) {
                steps.push(step);
            }
        }
        if steps.len() >= MOST_STEPS {
            break;
        }
    }
    steps
}

/// The same for the same trouble in each run, so that "drifted" and "healed" stand in one thread: that of the resource which is told
/// first. What needs a person comes first, and stays first until it is healed.
fn thread(answer: &Answer, shown: &[&Reported]) -> String {
    let account = answer.account.as_deref().unwrap_or("unknown");
    if let (Some(incident), true) = (answer.told().next(), shown.is_empty()) {
        let RecordedCall { region, .. } = &incident.call;
        let kind = incident.kind.as_str();
        return clip(&clean(&format!("drift-healer/{account}/{region}/{kind}")), LONGEST_TITLE);
    }
    match shown.first() {
        Some(first) => {
            let resource @ ResourceId { kind, region, .. } = &first.finding.resource;
            let region = region.as_deref().unwrap_or("global");
            let thread = format!("drift-healer/{account}/{region}/{kind}/{}", resource.full_name());
            clip(&clean(&thread), LONGEST_TITLE)
        }
        None => clip(&clean(&format!("drift-healer/{account}/{}", answer.spec_name)), LONGEST_TITLE),
    }
}

/// Custom actions take five variables at most.
fn context(answer: &Answer, shown: &[&Reported], verdict: &str, severity: &str) -> Map<String, Value> {
    let call = match answer.told().next() {
        Some(incident) => Some(&incident.call),
        None => shown.first().and_then(|one| Some(&answer.story(one).attribution.as_ref()?.call)),
    };
    let members = [
        ("verdict", Some(verdict)),
        ("severity", Some(severity)),
        ("account", answer.account.as_deref()),
        ("event", call.map(|call| call.event.as_str()).or(answer.trigger.event.as_deref())),
        ("actor", call.and_then(|call| call.actor.as_deref()).or(answer.trigger.actor.as_deref())),
    ];
    members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(clean(value?))))).collect()
}
