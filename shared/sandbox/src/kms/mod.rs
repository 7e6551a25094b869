//! KMS: keys and their states, aliases, policies, grants, rotation and tags.

mod aliases;
mod find;
mod grants;
mod keys;
mod making;
mod material;
mod metadata;
mod operations;
mod policies;
mod replicas;
mod rotation;
mod states;
mod tags;

pub(crate) use making::{default_policy, managed_key};
pub(crate) use metadata::metadata;
pub(crate) use operations::OPERATIONS;
