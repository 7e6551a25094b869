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

    /// Status and code of what comes too fast.
    pub(crate) fn throttling(self) -> (u16, &'static str) {
        match self {
            Service::Backup | Service::Kms | Service::Ssm | Service::CloudTrail => {
                (400, "ThrottlingException")
            }
            Service::Iam | Service::Sts => (400, "Throttling"),
            Service::Sns => (429, "Throttled"),
        }
    }

    /// Status and code of what IAM does not allow.
    pub(crate) fn denial(self) -> (u16, &'static str) {
        match self {
            Service::Backup => (403, "AccessDeniedException"),
            Service::Kms | Service::Ssm | Service::CloudTrail => (400, "AccessDeniedException"),
            Service::Iam | Service::Sts => (403, "AccessDenied"),
            Service::Sns => (403, "AuthorizationError"),
        }
    }

    /// The code of what the service itself does wrong.
    pub(crate) fn internal_error(self) -> &'static str {
        match self {
            Service::Backup | Service::Sts | Service::CloudTrail => "InternalFailure",
            Service::Kms => "KMSInternalException",
            Service::Iam => "ServiceFailure",
            Service::Sns => "InternalError",
            Service::Ssm => "InternalServerError",
        }
    }

    /// The code of a service that cannot answer for now.
    pub(crate) fn unavailable(self) -> &'static str {
        match self {
            Service::Backup => "ServiceUnavailableException",
            Service::Kms => "DependencyTimeoutException",
            Service::Iam | Service::Sts | Service::Sns | Service::Ssm | Service::CloudTrail => {
                "ServiceUnavailable"
            }
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
