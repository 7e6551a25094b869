//! The operations of Systems Manager by name.

use super::parameters;
use crate::operation::{Operation, read, write};

pub(crate) const OPERATIONS: &[Operation] = &[
    read("GetParameter", parameters::read),
    write("PutParameter", parameters::put),
    write("DeleteParameter", parameters::delete),
];
