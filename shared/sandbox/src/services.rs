//! Every operation of every service, by name.

use crate::operation::Operation;
use crate::service::Service;
use crate::{backup, iam, kms, sns, ssm, sts, trail};

pub(crate) fn find(service: Service, name: &str) -> Option<&'static Operation> {
    let table: &'static [Operation] = match service {
        Service::Backup => backup::OPERATIONS,
        Service::Kms => kms::OPERATIONS,
        Service::Iam => iam::OPERATIONS,
        Service::Sts => sts::OPERATIONS,
        Service::Sns => sns::OPERATIONS,
        Service::Ssm => ssm::OPERATIONS,
        Service::CloudTrail => trail::OPERATIONS,
    };
    table.iter().find(|operation| operation.name == name)
}
