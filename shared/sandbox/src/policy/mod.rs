//! IAM's policy language, as far as documents are refused, kept and enforced here.

mod caller;
mod condition;
mod context;
mod document;
mod glob;
mod principals;
mod statement;

pub(crate) use caller::Caller;
pub(crate) use condition::{keys, unknown_operator};
pub(crate) use context::Context;
pub(crate) use document::{is_deny, parse, statements, strings};
pub(crate) use principals::{
    denies_everyone, lets_service_assume, names_account, names_everyone, unknown_principal, without_principal,
};
pub(crate) use statement::{applies, covers_action, covers_resource, is_action, is_unconditional};
