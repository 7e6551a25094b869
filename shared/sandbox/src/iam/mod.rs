//! IAM: the roles of an account and their policies.

mod account_aliases;
mod find;
mod managed;
mod operations;
mod policies;
mod roles;
mod simulate;
mod tags;

pub(crate) use operations::OPERATIONS;
pub(crate) use roles::full as role_in_full;
