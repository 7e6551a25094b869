//! SNS in one region: topics. What is published to them is kept with the account.

use std::collections::BTreeMap;

use super::tags::Tags;

#[derive(Debug, Clone, Default)]
pub(crate) struct Sns {
    pub(crate) topics: BTreeMap<String, Topic>,
}

#[derive(Debug, Clone)]
pub(crate) struct Topic {
    pub(crate) arn: String,
    pub(crate) tags: Tags,
}
