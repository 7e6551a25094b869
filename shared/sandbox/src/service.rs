//! The services that the sandbox speaks, and how each says that a parameter is missing or wrong.

/// A service that the sandbox speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// AWS Backup.
    Backup,
    /// Key Management Service.
    Kms,
    /// Identity and Access Management.
    Iam,
    /// Security Token Service.
    Sts,
    /// Simple Notification Service.
    Sns,
    /// Systems Manager, of which there are parameters alone.
    Ssm,
    /// CloudTrail, of which there is the event history alone.
    CloudTrail,
}

impl Service {
    pub(crate) fn from_scope(name: &str) -> Option<Service> {
        match name {
            "backup" => Some(Service::Backup),
            "kms" => Some(Service::Kms),
            "iam" => Some(Service::Iam),
            "sts" => Some(Service::Sts),
            "sns" => Some(Service::Sns),
            "ssm" => Some(Service::Ssm),
            "cloudtrail" => Some(Service::CloudTrail),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Service::Backup => "backup",
            Service::Kms => "kms",
            Service::Iam => "iam",
            Service::Sts => "sts",
            Service::Sns => "sns",
            Service::Ssm => "ssm",
            Service::CloudTrail => "cloudtrail",
        }
    }

    pub(crate) fn missing_parameter(self) -> &'static str {
        match self {
            Service::Backup => "MissingParameterValueException",
            Service::Kms | Service::Ssm | Service::CloudTrail => "ValidationException",
            Service::Iam | Service::Sts => "ValidationError",
            Service::Sns => "InvalidParameter",
        }
    }

    pub(crate) fn invalid_parameter(self) -> &'static str {
        match self {
            Service::Backup => "InvalidParameterValueException",
            Service::Kms | Service::Ssm | Service::CloudTrail => "ValidationException",
            Service::Iam | Service::Sts => "ValidationError",
            Service::Sns => "InvalidParameter",
        }
    }
}
