//! Publish: the checks that a message has to pass before it counts as published.

use serde_json::{Map, Value, json};

use super::refusal::invalid;
use super::{attributes, fifo};
use crate::error::AwsError;
use crate::messages::Message;
use crate::operation::Answer;
use crate::request::Request;
use crate::state::Account;

const LARGEST: usize = 262_144;

pub(super) fn publish(account: &mut Account, request: &Request) -> Answer {
    let topic = request
        .text("TopicArn")
        .or_else(|| request.text("TargetArn"))
        .ok_or_else(|| invalid("TopicArn or TargetArn Reason: no value for required parameter"))?;
    check_topic(account, request, topic)?;
    let message = request.text("Message").filter(|message| !message.is_empty());
    let message = message.ok_or_else(|| invalid("Empty message"))?;
    let subject = request.text("Subject");
    if subject.is_some_and(|subject| !is_subject(subject)) {
        return Err(invalid("Subject"));
    }
    let structure = request.text("MessageStructure");
    match structure {
        None => {}
        Some("json") => check_structure(message)?,
        Some(_) => return Err(invalid("MessageStructure")),
    }
    let attributes = attributes::checked(request)?;
    let carried: usize = attributes
        .iter()
        .map(|(name, attribute)| name.len() + attribute.kind.len() + attribute.value.len())
        .sum();
    if message.len() + carried > LARGEST {
        return Err(invalid("Message too long"));
    }
    let region = account.region(&request.region);
    let fifo = region.sns.topics.get(topic).and_then(|topic| topic.fifo.as_ref());
    let once = fifo.map(|fifo| fifo::checked(fifo, request, message)).transpose()?;
    if let Some(answer) = fifo.zip(once.as_ref()).and_then(|(fifo, id)| fifo::known(fifo, id, request)) {
        return Ok(answer);
    }
    let id = region.ids.uuid();
    let fifo = region.sns.topics.get_mut(topic).and_then(|topic| topic.fifo.as_mut());
    let answer = fifo.zip(once).map(|(fifo, once)| fifo::publish(fifo, once, &id, request));
    let answer = answer.unwrap_or_else(|| json!({ "MessageId": id }));
    account.published.push(Message {
        id,
        topic: topic.to_owned(),
        subject: subject.map(str::to_owned),
        message: message.to_owned(),
        structure: structure.map(str::to_owned),
        attributes,
        time: request.now,
    });
    Ok(answer)
}

/// A topic is reached only at its own region's endpoint, and only by its own account unless it has been shared.
fn check_topic(account: &mut Account, request: &Request, topic: &str) -> Result<(), AwsError> {
    let parts: Vec<&str> = topic.split(':').collect();
    let &[arn, _, "sns", region, owner, _] = parts.as_slice() else {
        return Err(invalid("TopicArn"));
    };
    if arn != "arn" || region != request.region {
        return Err(invalid("TopicArn"));
    }
    if owner != account.id {
        let message = format!("User is not authorized to perform: SNS:Publish on resource: {topic}");
        return Err(AwsError::new(403, "AuthorizationError", message));
    }
    if account.region(&request.region).sns.topics.contains_key(topic) {
        Ok(())
    } else {
        Err(AwsError::new(404, "NotFound", "Topic does not exist"))
    }
}

/// The older rule, which every endpoint accepts: printable ASCII, under 100 characters, no odd first character.
fn is_subject(subject: &str) -> bool {
    let first = subject
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || byte.is_ascii_punctuation());
    first && subject.len() < 100 && subject.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

fn check_structure(message: &str) -> Result<(), AwsError> {
    let why = "Message Structure - ";
    let bodies: Map<String, Value> = serde_json::from_str(message)
        .map_err(|_| invalid(format!("{why}JSON message body failed to parse")))?;
    match bodies.get("default") {
        Some(Value::String(_)) => Ok(()),
        Some(_) | None => Err(invalid(format!("{why}No default entry in JSON message body"))),
    }
}
