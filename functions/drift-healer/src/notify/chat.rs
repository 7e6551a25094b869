//! The chat message: the custom notification of Amazon Q Developer in chat applications. What does not conform to its schema
//! vanishes without an error, so every limit is kept in bytes, which is the strictest way to count characters.

use std::collections::BTreeSet;

use reconcile::history::Write;
use reconcile::report::{Outcome, Reported};
use reconcile::resource::ResourceId;
use serde_json::{Map, Value, json};

use super::email::{aim, history_of};
use super::severity;
use super::subject::headline;
use crate::answer::Answer;
use crate::words::{call, clip, contested, count, done, fight, meaning, title, who, wrong};

const LONGEST_TITLE: usize = 250;
const LONGEST_DESCRIPTION: usize = 8_000;
const LONGEST_STEP: usize = 350;
const LONGEST_KEYWORD: usize = 75;
/// More steps, or more resources, than these are a list for the mail.
const MOST_STEPS: usize = 5;
const MOST_RESOURCES: usize = 10;

/// The notification.
pub(super) fn notification(answer: &Answer, shown: &[&Reported]) -> Value {
    let verdict = if answer.attempt.is_some() { "attempt" } else { answer.report.verdict().as_str() };
    let severity = severity(answer);
    let keywords = ["drift-healer", verdict, severity, &answer.spec_name];
    let keywords: Vec<String> =
        keywords.iter().filter(|word| !word.is_empty()).map(|word| clip(word, LONGEST_KEYWORD)).collect();
    let resources: BTreeSet<String> = shown.iter().map(|one| one.finding.resource.to_string()).collect();
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
    clip(&headline(answer).replace('@', "@\u{200b}").replace(['<', '>'], "'"), LONGEST_TITLE)
}

/// As many findings as fit, and then what started the run.
fn description(answer: &Answer, shown: &[&Reported]) -> String {
    let all = answer.report.findings.len();
    let origin = origin(answer);
    // Room for the origin, and for the lines that say how many are left out and what is not known.
    let room = LONGEST_DESCRIPTION - origin.len() - 800;
    let mut text = String::new();
    let mut told = 0;
    for one in shown {
        let part = finding(one);
        if text.len() + part.len() > room {
            break;
        }
        text.push_str(&part);
        told += 1;
    }
    if told < all {
        let more = count(all - told, "more finding");
        text.push_str(&clip(&format!("{more} left out here; all of them are in {}.\n", answer.place()), 300));
    }
    if let Some(gap) = answer.gap.as_ref().filter(|_| all > 0) {
        text.push_str(&format!("Not all of who did it is known: {}\n", code(&clip(gap, 300))));
    }
    text.push_str(&origin);
    text
}

/// What AWS or an operator wrote is shown as code, so that nobody is paged by a tag that says "@channel".
fn code(text: &str) -> String {
    format!("`{}`", text.replace(['`', '\n', '\r'], "'"))
}

fn finding(one: &Reported) -> String {
    let severity = one.severity().as_str().to_uppercase();
    // Its command stands among the next steps.
    let told = done(one);
    let told = told.strip_suffix(':').map_or(told.clone(), |text| format!("{text}."));
    let done = match &one.outcome {
        Outcome::Failed(_) => code(&told),
        Outcome::Repaired | Outcome::Planned | Outcome::Blocked(_) => told,
    };
    let mut lines = vec![
        format!("*{severity}* {}", code(&title(one))),
        code(&wrong(one)),
        format!("{} {done}", meaning(one)),
    ];
    lines.extend(contested(one).map(|contested| code(&contested)));
    if let Some(attribution) = &one.attribution {
        lines.push(format!("By {}", code(&who(attribution))));
        lines.extend(fight(attribution));
    }
    lines.join("\n") + "\n\n"
}

/// An attempt is its own story; everything else was started by something.
fn origin(answer: &Answer) -> String {
    if let Some(attempt) = &answer.attempt {
        let target = attempt.write.target().unwrap_or_else(|| "no name".to_owned());
        return clip(
            &format!(
                "By {}, aimed at {} in {}. AWS refused it, and nothing changed. {} Further attempts by the same actor within this hour are only logged.",
                code(&call(&attempt.write)),
                code(&target),
                attempt.write.region,
                aim(&attempt.write)
            ),
            3_000,
        );
    }
    let trigger = &answer.trigger;
    let told: Vec<String> = [
        ("Started by", Some(trigger.kind.as_str())),
        ("event", trigger.event.as_deref()),
        ("by", trigger.actor.as_deref()),
        ("at", trigger.time.as_deref()),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some(format!("{label} {}", code(value?))))
    .collect();
    clip(&told.join(", "), 3_000)
}

fn next_steps(answer: &Answer, shown: &[&Reported]) -> Vec<String> {
    if let Some(attempt) = &answer.attempt {
        let step = "If you do not know why this was tried, find out what else these credentials did, and revoke them:";
        let whole = format!("{step} {}", code(&history_of(&attempt.write)));
        return vec![if whole.len() <= LONGEST_STEP { whole } else { step.to_owned() }];
    }
    let mut steps: Vec<String> = Vec::new();
    for one in shown {
        let step = one.next_step().filter(|_| !one.outcome.is_excepted());
        if let Some(step) = step {
            let command = one
                .command(answer.iam_region)
                .map(|command| format!(" {}", code(&command)))
                .unwrap_or_default();
            let whole = format!("{}: {step}{command}", one.finding.resource);
            // A command that is cut off is a wrong one.
            let fits = whole.len() <= LONGEST_STEP;
            let step =
                if fits { whole } else { clip(&format!("{}: {step}", one.finding.resource), LONGEST_STEP) };
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

/// The same for the same trouble in each run, so that "drifted" and "healed" stand in one thread: that of the resource which is told
/// first. What needs a person comes first, and stays first until it is healed.
fn thread(answer: &Answer, shown: &[&Reported]) -> String {
    let account = answer.account.as_deref().unwrap_or("unknown");
    if let Some(attempt) = &answer.attempt {
        let Write { region, .. } = &attempt.write;
        return clip(&format!("drift-healer/{account}/{region}/attempt"), LONGEST_TITLE);
    }
    match shown.first() {
        Some(first) => {
            let ResourceId { kind, region, name } = &first.finding.resource;
            clip(
                &format!("drift-healer/{account}/{}/{kind}/{name}", region.as_deref().unwrap_or("global")),
                LONGEST_TITLE,
            )
        }
        None => clip(&format!("drift-healer/{account}/{}", answer.spec_name), LONGEST_TITLE),
    }
}

/// Custom actions take five variables at most.
fn context(answer: &Answer, shown: &[&Reported], verdict: &str, severity: &str) -> Map<String, Value> {
    let write = match &answer.attempt {
        Some(attempt) => Some(&attempt.write),
        None => shown.first().and_then(|one| Some(&one.attribution.as_ref()?.write)),
    };
    let members = [
        ("verdict", Some(verdict)),
        ("severity", Some(severity)),
        ("account", answer.account.as_deref()),
        ("event", write.map(|write| write.event.as_str()).or(answer.trigger.event.as_deref())),
        ("actor", write.and_then(|write| write.actor.as_deref()).or(answer.trigger.actor.as_deref())),
    ];
    members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value?)))).collect()
}
