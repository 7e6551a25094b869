//! Systems Manager: Parameter Store, as far as single parameters are read, put and deleted.

mod operations;
mod parameters;

pub(crate) use operations::OPERATIONS;
