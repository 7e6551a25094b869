//! Key policies, of which a key has exactly one, called `default`.

use serde_json::{Value, json};

use super::find::key;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::policy;
use crate::request::Request;
use crate::state::{Account, Iam};

/// The document as KMS stores it. KMS refuses one after which nobody could change it again, and one that names
/// principals that it cannot see.
pub(super) fn checked(text: &str, request: &Request, iam: &Iam) -> Result<String, AwsError> {
    let malformed = |why: &str| AwsError::bad("MalformedPolicyDocumentException", why);
    if text.len() > 32 * 1024 {
        return Err(AwsError::bad("LimitExceededException", "The key policy is larger than 32 KB"));
    }
    let document =
        policy::parse(text).map_err(|why| malformed(&format!("The key policy is not valid: {why}")))?;
    if policy::unknown_principal(&document, &request.account, iam).is_some() {
        return Err(malformed("Policy contains a statement with one or more invalid principals."));
    }
    let touches = |statement: &&Value| policy::covers_action(statement, "kms:PutKeyPolicy");
    let (denials, grants): (Vec<&Value>, Vec<&Value>) = policy::statements(&document)
        .into_iter()
        .filter(touches)
        .partition(|statement| policy::is_deny(statement));
    let denied =
        |statement: &&Value| policy::names_everyone(statement) && policy::is_unconditional(statement);
    let granted = grants.iter().any(|statement| policy::names_account(statement, &request.account));
    let locked_out = !granted || denials.iter().any(denied);
    if locked_out && !request.flag("BypassPolicyLockoutSafetyCheck") {
        return Err(malformed(
            "The new key policy will not allow you to update the key policy in the future.",
        ));
    }
    // What comes back is not the text that was sent: key order and white space are KMS's own.
    Ok(document.to_string())
}

fn refuse_other_names(request: &Request) -> Result<(), AwsError> {
    match request.text("PolicyName") {
        None | Some("default") => Ok(()),
        Some(other) => Err(AwsError::bad("NotFoundException", format!("No such policy exists: {other}"))),
    }
}

pub(super) fn read(account: &mut Account, request: &Request) -> Answer {
    refuse_other_names(request)?;
    let key = key(account.region(&request.region), request)?;
    Ok(json!({ "Policy": key.policy, "PolicyName": "default" }))
}

pub(super) fn put(account: &mut Account, request: &Request) -> Answer {
    refuse_other_names(request)?;
    let (region, iam) = account.with_iam(&request.region);
    let key = key(region, request)?;
    key.policy = checked(request.required("Policy")?, request, iam)?;
    Ok(Value::Null)
}
