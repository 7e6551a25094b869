//! The operations of IAM by name.

use super::{account_aliases, policies, roles, simulate, tags};
use crate::operation::{Operation, read, write};

pub(crate) const OPERATIONS: &[Operation] = &[
    write("CreateAccountAlias", account_aliases::create),
    read("ListAccountAliases", account_aliases::list),
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
    read("SimulatePrincipalPolicy", simulate::principal),
    write("TagRole", tags::add),
    write("UntagRole", tags::remove),
    read("ListRoleTags", tags::list),
];
