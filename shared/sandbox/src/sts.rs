//! STS: who the caller is, which is what the trail says of the same access key.

use serde_json::json;

use crate::operation::{Answer, Operation, read};
use crate::request::Request;
use crate::state::Account;

pub(crate) const OPERATIONS: &[Operation] = &[read("GetCallerIdentity", caller_identity)];

fn caller_identity(account: &mut Account, request: &Request) -> Answer {
    let caller = &request.principal;
    Ok(json!({ "UserId": caller.user_id, "Account": account.id, "Arn": caller.session }))
}
