//! How SNS says that a parameter is wrong.

use crate::error::AwsError;

pub(super) fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::bad("InvalidParameter", format!("Invalid parameter: {}", message.into()))
}
