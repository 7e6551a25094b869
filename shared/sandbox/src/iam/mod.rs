//! IAM: the roles of an account and their policies.

mod find;
mod operations;
mod policies;
mod roles;
mod tags;

pub(crate) use operations::OPERATIONS;
pub(crate) use roles::full as role_in_full;
