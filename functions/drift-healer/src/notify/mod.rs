//! Turns an answer into one SNS message that reads well wherever it arrives: in a mailbox, a chat, a queue, on a phone.

mod chat;
mod email;
pub(crate) mod incidents;
mod publisher;
mod subject;

use std::collections::BTreeSet;

use reconcile::drift::Severity;
use serde_json::json;

use crate::answer::Answer;
use crate::incident::IncidentKind;

pub use publisher::Publisher;

/// A message for SNS, within all its limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Printable ASCII, under 100 characters, starting with a letter.
    pub subject: String,
    /// A JSON object with a text for each protocol, for `MessageStructure=json`.
    pub message: String,
    /// Attributes for filter policies: name, data type and value.
    pub attributes: [(&'static str, &'static str, String); 6],
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
                ("severity", STRING, in_a_word(answer.severity()).to_owned()),
                ("open_severity", STRING, in_a_word(answer.open_severity()).to_owned()),
                ("fingerprint", STRING, answer.report.fingerprint()),
                ("account", STRING, answer.account.clone().unwrap_or_else(|| "unknown".to_owned())),
                ("kind", "String.Array", json!(kinds(answer)).to_string()),
            ],
        }
    }
}

const STRING: &str = "String";

fn in_a_word(severity: Option<Severity>) -> &'static str {
    severity.map_or("none", Severity::as_str)
}

/// What the message is about, so that each team may subscribe to its own: the kinds of the resources that differ, `attempt` and `loss`,
/// else `in-sync`.
fn kinds(answer: &Answer) -> BTreeSet<&'static str> {
    let differ = answer.report.findings.iter().map(|one| one.finding.resource.kind.as_str());
    let counted = answer.total.iter().flat_map(|total| total.counts.keys().map(|(kind, _)| *kind));
    let incidents = answer.told().map(|one| one.kind).chain(counted).map(IncidentKind::as_str);
    let kinds: BTreeSet<&'static str> = differ.chain(incidents).collect();
    if kinds.is_empty() { BTreeSet::from(["in-sync"]) } else { kinds }
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
