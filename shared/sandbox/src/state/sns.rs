//! SNS in one region: topics. What is published to them is kept with the account.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::tags::Tags;

/// What SNS keeps in one region.
#[derive(Debug, Clone, Default)]
pub struct Sns {
    /// By ARN.
    pub topics: BTreeMap<String, Topic>,
}

/// A topic.
#[derive(Debug, Clone)]
pub struct Topic {
    /// Its ARN, which ends in its name.
    pub arn: String,
    /// Set for a topic that keeps its messages in order.
    pub fifo: Option<Fifo>,
    /// Its tags.
    pub tags: Tags,
}

/// What a topic that keeps its messages in order knows of them.
#[derive(Debug, Clone, Default)]
pub struct Fifo {
    /// Whether the content of a message tells whether it has been published before.
    pub by_content: bool,
    /// By deduplication id: when the message was published, and the id and number that it got.
    pub published: BTreeMap<String, (OffsetDateTime, String, u64)>,
}
