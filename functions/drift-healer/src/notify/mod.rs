//! Turns an answer into one SNS message that reads well wherever it arrives: in a mailbox, a chat, a queue, on a phone.

mod chat;
mod email;
mod publisher;
mod subject;

use std::collections::BTreeSet;

use reconcile::drift::Severity;
use serde_json::json;

use crate::answer::Answer;

pub use publisher::Publisher;

/// A message for SNS, within all its limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Printable ASCII, under 100 characters, starting with a letter.
    pub subject: String,
    /// A JSON object with a text for each protocol, for `MessageStructure=json`.
    pub message: String,
    /// Attributes for filter policies: name, data type and value.
    pub attributes: [(&'static str, &'static str, String); 5],
}

/// The most bytes of a message. SNS takes 262,144 and counts the attributes among them: the rest is room for these.
pub const MOST_BYTES: usize = 262_144 - 2_048;

impl Notice {
    /// The message about an answer. Where not everything fits it names the most pressing findings, and how many it leaves out.
    pub fn new(answer: &Answer) -> Self {
        Self {
            subject: subject::subject(answer),
            message: message(answer),
            attributes: [
                ("verdict", STRING, answer.report.verdict().as_str().to_owned()),
                ("severity", STRING, severity(answer).to_owned()),
                ("open_severity", STRING, open_severity(answer).to_owned()),
                ("account", STRING, answer.account.clone().unwrap_or_else(|| "unknown".to_owned())),
                ("kind", "String.Array", json!(kinds(answer)).to_string()),
            ],
        }
    }
}

const STRING: &str = "String";

/// The worst of what is told. An attempt that was denied did no harm, and somebody meant some.
fn severity(answer: &Answer) -> &'static str {
    if answer.attempt.is_some() {
        return Severity::High.as_str();
    }
    answer.tally().worst.map_or("none", Severity::as_str)
}

/// The worst of what a person still has to do: what to page somebody for.
fn open_severity(answer: &Answer) -> &'static str {
    if answer.attempt.is_some() {
        return Severity::High.as_str();
    }
    let findings = &answer.report.findings;
    let needed = findings.iter().filter(|one| one.ask().is_some() || answer.story(one).contention.is_some());
    needed.map(|one| answer.story(one).severity(one)).max().map_or("none", Severity::as_str)
}

/// What the message is about, so that each team may subscribe to its own: the kinds of the resources that differ, else `attempt` or
/// `in-sync`.
fn kinds(answer: &Answer) -> BTreeSet<&'static str> {
    let differ: BTreeSet<&'static str> =
        answer.report.findings.iter().map(|one| one.finding.resource.kind.as_str()).collect();
    match (&answer.attempt, differ.is_empty()) {
        (Some(_), _) => BTreeSet::from(["attempt"]),
        (None, true) => BTreeSet::from(["in-sync"]),
        (None, false) => differ,
    }
}

fn message(answer: &Answer) -> String {
    let all = answer.report.findings.len().max(answer.report.calls.len());
    let whole = bodies(answer, all);
    if whole.len() <= MOST_BYTES {
        return whole;
    }
    // How many fit: `fits` always does, `too_many` never.
    let (mut fits, mut too_many, mut message) = (0, all, bodies(answer, 0));
    while too_many - fits > 1 {
        let middle = fits + (too_many - fits) / 2;
        let candidate = bodies(answer, middle);
        if candidate.len() <= MOST_BYTES {
            (fits, message) = (middle, candidate);
        } else {
            too_many = middle;
        }
    }
    message
}

/// The texts of all protocols, each with no more than so many findings.
fn bodies(answer: &Answer, most: usize) -> String {
    let shown: Vec<_> =
        answer.by_urgency().into_iter().take(most).map(|index| &answer.report.findings[index]).collect();
    let machine = answer.to_short_json(most).to_string();
    let person = String::from(email::text(answer, &shown));
    json!({
        "default": machine,
        "sqs": machine,
        "lambda": machine,
        "email": person,
        "email-json": person,
        "https": chat::notification(answer, &shown).to_string(),
        "sms": subject::sms(answer),
    })
    .to_string()
}
