//! The operations of SNS by name.

use super::{publish, topics};
use crate::operation::{Operation, read, write};

/// Publishing is no write: it changes no configuration, and a run that only reports publishes.
pub(crate) const OPERATIONS: &[Operation] = &[
    write("CreateTopic", topics::create),
    read("ListTopics", topics::list),
    read("Publish", publish::publish),
];
