//! [`Principal`]: whose credentials a run uses, and whether a record is a call of our own.

use super::actor::RoleName;
use super::recorded_call::RecordedCall;

/// How this program calls itself in the user agent of its calls.
pub const APP: &str = "drift-healer";

/// Whose credentials a run uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// A session of a role, whatever it is called.
    Role(RoleName),
    /// A user, or root, by ARN.
    Other(String),
}

impl Principal {
    /// From the ARN that STS answers to the caller.
    pub fn of_caller(arn: &str) -> Self {
        RoleName::of_assumed_role(arn).map_or_else(|| Self::Other(arn.to_owned()), Self::Role)
    }

    /// Whether the call was made by this program under these credentials. The healer's role in somebody's shell is somebody, and
    /// has to be named.
    pub fn made(&self, call: &RecordedCall) -> bool {
        let same = match self {
            Self::Role(role) => call.role.as_ref() == Some(role),
            Self::Other(arn) => call.actor.as_ref() == Some(arn),
        };
        same && call.user_agent.as_ref().is_none_or(|agent| agent.contains(&format!("app/{APP}")))
    }
}
