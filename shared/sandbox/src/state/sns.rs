//! SNS in one region: topics. What is published to them is kept with the account.

use std::collections::BTreeMap;

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
    /// Its tags.
    pub tags: Tags,
}
