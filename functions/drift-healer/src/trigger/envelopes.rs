//! Takes off what AWS's services put around an event on its way: SNS, SQS, Pipes and the destinations of Lambda.

use serde_json::{Map, Value};

/// One event of an invocation.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Enveloped {
    pub(super) payload: Value,
    /// The SNS topic that carried it.
    pub(super) topic: Option<String>,
}

/// Envelopes within envelopes: SNS by way of SQS in the record of a failed invocation are three.
const MOST_LAYERS: usize = 6;

/// More events than a batch of SQS can hold are no batch.
const MOST_EVENTS: usize = 10_000;

/// The events of a payload, at least one. What is no envelope is an event itself.
pub(super) fn opened(payload: Value) -> Vec<Enveloped> {
    let mut events = Vec::new();
    open(payload, None, MOST_LAYERS, &mut events);
    events
}

fn open(payload: Value, topic: Option<String>, layers: usize, events: &mut Vec<Enveloped>) {
    let Some(layers) = layers.checked_sub(1) else {
        return events.push(Enveloped { payload, topic });
    };
    match layer(payload) {
        Layer::None(payload) => events.push(Enveloped { payload, topic }),
        Layer::One(inside) => open(inside, topic, layers, events),
        Layer::Sns(inside, own) => open(inside, own.or(topic), layers, events),
        Layer::Batch(batch) => batch.into_iter().for_each(|one| open(one, topic.clone(), layers, events)),
    }
}

enum Layer {
    /// No envelope.
    None(Value),
    /// One event.
    One(Value),
    /// One that SNS sent, and its topic.
    Sns(Value, Option<String>),
    /// Several.
    Batch(Vec<Value>),
}

fn layer(payload: Value) -> Layer {
    let mut members = match payload {
        Value::Array(batch) if is_batch(&batch) => return Layer::Batch(batch),
        Value::Object(members) => members,
        other => return Layer::None(other),
    };
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    // A message of a queue, one of Lambda's batch or of a pipe's.
    if text("eventSource") == Some("aws:sqs") && members.get("body").is_some_and(Value::is_string) {
        return Layer::One(read(members.remove("body")));
    }
    if text("EventSource") == Some("aws:sns")
        && let Some(Value::Object(sns)) = members.get("Sns")
        && sns.get("Message").is_some_and(Value::is_string)
    {
        return notification(sns.clone());
    }
    // What SNS puts around a message for queues.
    if text("Type") == Some("Notification") && text("TopicArn").is_some() && text("Message").is_some() {
        return notification(members);
    }
    // The record of an invocation that failed before, sent again ("Capturing records of Lambda asynchronous invocations").
    if members.get("requestContext").is_some_and(Value::is_object) && members.contains_key("requestPayload") {
        return Layer::One(members.remove("requestPayload").unwrap_or_default());
    }
    match members.remove("Records") {
        Some(Value::Array(batch)) if is_batch(&batch) && batch.iter().all(is_message) => Layer::Batch(batch),
        None => Layer::None(Value::Object(members)),
        Some(other) => {
            members.insert("Records".to_owned(), other);
            Layer::None(Value::Object(members))
        }
    }
}

fn notification(mut sns: Map<String, Value>) -> Layer {
    let topic = sns.get("TopicArn").and_then(Value::as_str).map(str::to_owned);
    Layer::Sns(read(sns.remove("Message")), topic)
}

fn is_batch(items: &[Value]) -> bool {
    (1..=MOST_EVENTS).contains(&items.len()) && items.iter().all(Value::is_object)
}

/// Other services send records too, of files and tables: these are no messages.
fn is_message(record: &Value) -> bool {
    let from = |name: &str, source: &str| record.get(name).and_then(Value::as_str) == Some(source);
    from("eventSource", "aws:sqs") || from("EventSource", "aws:sns")
}

/// What a message says, as JSON if it is JSON.
fn read(message: Option<Value>) -> Value {
    let Some(Value::String(text)) = message else { return message.unwrap_or_default() };
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}
