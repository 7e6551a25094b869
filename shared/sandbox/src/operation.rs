//! One AWS operation: its name, whether it changes anything, and the function that answers it.

use serde_json::Value;

use crate::error::AwsError;
use crate::request::{Request, Service};
use crate::state::Account;
use crate::{backup, iam, kms, sns, sts, trail};

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

pub(crate) fn find(service: Service, name: &str) -> Option<&'static Operation> {
    let table: &'static [Operation] = match service {
        Service::Backup => backup::OPERATIONS,
        Service::Kms => kms::OPERATIONS,
        Service::Iam => iam::OPERATIONS,
        Service::Sts => sts::OPERATIONS,
        Service::Sns => sns::OPERATIONS,
        Service::CloudTrail => trail::OPERATIONS,
    };
    table.iter().find(|operation| operation.name == name)
}
