//! An error as AWS would answer it; each protocol writes it in its own form.

use serde_json::{Map, Value};

/// A refused call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct AwsError {
    /// The HTTP status.
    pub status: u16,
    /// The code on the wire, such as `ResourceNotFoundException`.
    pub code: String,
    /// The message.
    pub message: String,
    /// What the modelled error carries besides its message, such as the ARN of the plan that already exists.
    pub members: Map<String, Value>,
}

impl AwsError {
    pub(crate) fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> AwsError {
        AwsError { status, code: code.into(), message: message.into(), members: Map::new() }
    }

    pub(crate) fn bad(code: &str, message: impl Into<String>) -> AwsError {
        AwsError::new(400, code, message)
    }

    /// AWS Backup's answer both to a real denial and to a vault that does not exist.
    pub(crate) fn denied() -> AwsError {
        AwsError::new(403, "AccessDeniedException", "Insufficient privileges to perform this action.")
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> AwsError {
        self.members.insert(name.to_owned(), value.into());
        self
    }
}
