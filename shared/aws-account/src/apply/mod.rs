//! Makes the calls.

mod calls;
mod documents;
mod parts;

pub(crate) use calls::apply;
