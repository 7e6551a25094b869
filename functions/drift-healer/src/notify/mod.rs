//! Turns an answer into one SNS message that reads well wherever it arrives: in a mailbox, a chat, a queue, on a phone.

mod chat;
mod email;
mod publisher;
mod subject;
mod words;

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
    /// Attributes for filter policies, all strings.
    pub attributes: [(&'static str, String); 3],
}

/// The most bytes of a message. SNS takes 262,144 and counts the attributes among them: the rest is room for these.
pub const MOST_BYTES: usize = 262_144 - 2_048;

impl Notice {
    /// The message about an answer. Where not everything fits it names the most pressing findings, and how many it leaves out.
    pub fn new(answer: &Answer) -> Self {
        let text = |value: Option<&str>| value.unwrap_or("unknown").to_owned();
        Self {
            subject: subject::subject(answer),
            message: message(answer),
            attributes: [
                ("verdict", answer.report.verdict().as_str().to_owned()),
                ("severity", text(answer.tally().worst.map(|worst| worst.as_str()))),
                ("account", text(answer.account.as_deref())),
            ],
        }
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
    let person = email::text(answer, &shown);
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
