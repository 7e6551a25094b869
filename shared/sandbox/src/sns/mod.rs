//! SNS: topics, and the checks that a message has to pass before it counts as published.

mod attributes;

use serde_json::{Map, Value, json};

use crate::error::AwsError;
use crate::messages::Message;
use crate::operation::{Answer, Operation, read, write};
use crate::page;
use crate::request::{Request, without_nulls};
use crate::state::{Account, Region, Tags, Topic};

/// Publishing is no write: it changes no configuration, and a run that only reports publishes.
pub(crate) const OPERATIONS: &[Operation] =
    &[write("CreateTopic", create_topic), read("ListTopics", list_topics), read("Publish", publish)];

const LARGEST: usize = 262_144;

fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::bad("InvalidParameter", format!("Invalid parameter: {}", message.into()))
}

/// Makes the topic unless it is there already; either way its ARN.
pub(crate) fn ensure_topic(region: &mut Region, name: &str, tags: Tags) -> String {
    let arn = region.arn("sns", name);
    region.sns.topics.entry(arn.clone()).or_insert_with(|| Topic { arn: arn.clone(), tags });
    arn
}

fn create_topic(account: &mut Account, request: &Request) -> Answer {
    let name = request.required("Name")?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    if name.len() > 256 || !name.bytes().all(allowed) {
        return Err(invalid("Topic Name"));
    }
    let pairs = request.list("Tags").iter().filter_map(|tag| {
        let text = |member: &str| tag.get(member).and_then(Value::as_str).map(str::to_owned);
        Some((text("Key")?, text("Value")?))
    });
    let tags: Tags = pairs.collect();
    let region = account.region(&request.region);
    let arn = region.arn("sns", name);
    if region.sns.topics.get(&arn).is_some_and(|topic| !tags.is_empty() && topic.tags != tags) {
        return Err(invalid("Tags Reason: Topic already exists with different tags"));
    }
    Ok(json!({ "TopicArn": ensure_topic(region, name, tags) }))
}

fn list_topics(account: &mut Account, request: &Request) -> Answer {
    let topics = account.region(&request.region).sns.topics.values();
    let items = topics.map(|topic| (topic.arn.clone(), json!({ "TopicArn": topic.arn }))).collect();
    let page = request.page(items, &page::SNS)?;
    Ok(without_nulls(json!({ "Topics": page.items, "NextToken": page.next })))
}

fn publish(account: &mut Account, request: &Request) -> Answer {
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
    let id = account.region(&request.region).ids.uuid();
    account.published.push(Message {
        id: id.clone(),
        topic: topic.to_owned(),
        subject: subject.map(str::to_owned),
        message: message.to_owned(),
        structure: structure.map(str::to_owned),
        attributes,
        time: request.now,
    });
    Ok(json!({ "MessageId": id }))
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
