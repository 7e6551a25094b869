//! IAM: the operations by name, and how a call finds the role that it means.

mod policies;
mod roles;
mod tags;

use crate::error::AwsError;
use crate::operation::{Operation, read, write};
use crate::request::Request;
use crate::state::{Account, Role};

pub(crate) use roles::full as role_in_full;

pub(crate) const OPERATIONS: &[Operation] = &[
    write("CreateRole", roles::create),
    read("GetRole", roles::read),
    read("ListRoles", roles::list),
    write("DeleteRole", roles::delete),
    write("UpdateAssumeRolePolicy", roles::update_trust),
    write("PutRolePermissionsBoundary", roles::put_boundary),
    write("DeleteRolePermissionsBoundary", roles::delete_boundary),
    write("AttachRolePolicy", policies::attach),
    write("DetachRolePolicy", policies::detach),
    read("ListAttachedRolePolicies", policies::list_attached),
    write("PutRolePolicy", policies::put_inline),
    read("GetRolePolicy", policies::read_inline),
    write("DeleteRolePolicy", policies::delete_inline),
    read("ListRolePolicies", policies::list_inline),
    write("TagRole", tags::add),
    write("UntagRole", tags::remove),
    read("ListRoleTags", tags::list),
];

fn no_such_entity(message: impl Into<String>) -> AwsError {
    AwsError::new(404, "NoSuchEntity", message)
}

fn malformed(message: impl Into<String>) -> AwsError {
    AwsError::bad("MalformedPolicyDocument", message)
}

/// The role that `RoleName` names, whatever its case.
fn role<'a>(account: &'a mut Account, request: &Request) -> Result<&'a mut Role, AwsError> {
    let name = request.required("RoleName")?;
    let found = account.iam.roles.get_mut(&name.to_lowercase());
    found.ok_or_else(|| no_such_entity(format!("The role with name {name} cannot be found.")))
}

/// IAM answers documents percent-encoded as RFC 3986 has it: only its unreserved characters stay.
fn percent_encoded(text: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(text, RESERVED).to_string()
}

fn is_name(name: &str, longest: usize) -> bool {
    (1..=longest).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte))
}
