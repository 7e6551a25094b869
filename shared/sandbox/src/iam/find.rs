//! How a call finds the role that it means, which names IAM takes, and how it refuses and writes.

use crate::error::AwsError;
use crate::request::Request;
use crate::state::{Account, Role};

pub(super) fn no_such_entity(message: impl Into<String>) -> AwsError {
    AwsError::new(404, "NoSuchEntity", message)
}

pub(super) fn malformed(message: impl Into<String>) -> AwsError {
    AwsError::bad("MalformedPolicyDocument", message)
}

/// The role that `RoleName` names, whatever its case.
pub(super) fn role<'a>(account: &'a mut Account, request: &Request) -> Result<&'a mut Role, AwsError> {
    let name = request.required("RoleName")?;
    account
        .iam
        .role(name)
        .ok_or_else(|| no_such_entity(format!("The role with name {name} cannot be found.")))
}

/// IAM answers documents percent-encoded as RFC 3986 has it: only its unreserved characters stay.
pub(super) fn percent_encoded(text: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(text, RESERVED).to_string()
}

pub(super) fn is_name(name: &str, longest: usize) -> bool {
    (1..=longest).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte))
}
