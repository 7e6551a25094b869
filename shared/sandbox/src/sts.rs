//! STS: who the caller is, as far as an access key tells.

use serde_json::json;

use crate::operation::{Answer, Operation, read};
use crate::request::Request;
use crate::state::{Account, partition};

pub(crate) const OPERATIONS: &[Operation] = &[read("GetCallerIdentity", caller_identity)];

fn caller_identity(account: &mut Account, request: &Request) -> Answer {
    Ok(json!({
        "UserId": "AIDASANDBOXSANDBOXSAN",
        "Account": account.id,
        "Arn": format!("arn:{}:iam::{}:user/sandbox", partition(&request.region), account.id),
    }))
}
