//! Published SNS messages, kept so that tests can read them back.

use std::collections::BTreeMap;

use serde::Serialize;
use time::OffsetDateTime;

/// One message as it was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// The id that SNS answered.
    pub id: String,
    /// ARN of the topic.
    pub topic: String,
    /// The subject line, if one was given.
    pub subject: Option<String>,
    /// The whole body; with a structure of `json`, the object that holds one text for each protocol.
    pub message: String,
    /// `json`, or nothing for one text for all.
    pub structure: Option<String>,
    /// Attributes for filter policies, name to data type and value.
    pub attributes: BTreeMap<String, Attribute>,
    /// When it was published, by the sandbox's clock.
    #[serde(with = "time::serde::rfc3339")]
    pub time: OffsetDateTime,
}

/// One message attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attribute {
    /// `String`, `Number`, `String.Array` or `Binary`.
    pub kind: String,
    /// The value as it was sent; base64 for binary ones.
    pub value: String,
}
