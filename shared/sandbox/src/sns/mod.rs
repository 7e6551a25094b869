//! SNS: topics, and messages that nobody gets but the tests.

mod attributes;
mod fifo;
mod operations;
mod publish;
mod refusal;
mod topics;

pub(crate) use operations::OPERATIONS;
