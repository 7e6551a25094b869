//! Topics that keep their messages in order, and publish each of them once.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::Duration;

use super::refusal::invalid;
use crate::error::AwsError;
use crate::request::Request;
use crate::state::Fifo;

/// A message that comes again within this time is not published again.
const REMEMBERED: Duration = Duration::minutes(5);

/// The deduplication id of a message, or why the topic does not take it.
pub(super) fn checked(fifo: &Fifo, request: &Request, message: &str) -> Result<String, AwsError> {
    if request.text("MessageGroupId").is_none_or(str::is_empty) {
        return Err(invalid("The MessageGroupId parameter is required for FIFO topics"));
    }
    let given = request.text("MessageDeduplicationId").filter(|id| !id.is_empty()).map(str::to_owned);
    let content = || Sha256::digest(message).iter().map(|byte| format!("{byte:02x}")).collect();
    given.or_else(|| fifo.by_content.then(content)).ok_or_else(|| {
        invalid(
            "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided \
             explicitly",
        )
    })
}

/// The answer to a message that is published already.
pub(super) fn known(fifo: &Fifo, id: &str, request: &Request) -> Option<Value> {
    let (published, message, number) = fifo.published.get(id)?;
    (*published + REMEMBERED > request.now).then(|| answer(message, *number))
}

/// Remembers a message; the answer to it.
pub(super) fn publish(fifo: &mut Fifo, id: String, message: &str, request: &Request) -> Value {
    let number = fifo.published.len() as u64 + 1;
    fifo.published.insert(id, (request.now, message.to_owned(), number));
    answer(message, number)
}

fn answer(message: &str, number: u64) -> Value {
    json!({ "MessageId": message, "SequenceNumber": format!("{:020}", 10_000_000_000_000_000_000 + number) })
}
