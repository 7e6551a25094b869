//! KMS: keys and their states, aliases, policies, rotation and tags.

mod aliases;
mod find;
mod keys;
mod operations;
mod policies;
mod rotation;
mod tags;

pub(crate) use keys::{default_policy, managed_key, metadata};
pub(crate) use operations::OPERATIONS;
