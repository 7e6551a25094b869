//! STS: who the caller is. An access key tells the account; the role is always the function's, as Lambda would have it.

use serde_json::json;

use crate::operation::{Answer, Operation, read};
use crate::request::Request;
use crate::state::{Account, partition};

pub(crate) const OPERATIONS: &[Operation] = &[read("GetCallerIdentity", caller_identity)];

fn caller_identity(account: &mut Account, request: &Request) -> Answer {
    Ok(json!({
        "UserId": "AROASANDBOXSANDBOXSAN:drift-healer",
        "Account": account.id,
        "Arn": format!(
            "arn:{}:sts::{}:assumed-role/drift-healer/drift-healer",
            partition(&request.region),
            account.id
        ),
    }))
}
