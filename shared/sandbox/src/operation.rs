//! One AWS operation: its name, whether it changes anything, and the function that answers it.

use serde_json::Value;

use crate::error::AwsError;
use crate::request::Request;
use crate::state::Account;

pub(crate) type Answer = Result<Value, AwsError>;

pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) write: bool,
    pub(crate) handle: fn(&mut Account, &Request) -> Answer,
}

pub(crate) const fn read(name: &'static str, handle: fn(&mut Account, &Request) -> Answer) -> Operation {
    Operation { name, write: false, handle }
}

pub(crate) const fn write(name: &'static str, handle: fn(&mut Account, &Request) -> Answer) -> Operation {
    Operation { name, write: true, handle }
}
