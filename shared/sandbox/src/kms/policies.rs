//! Key policies, of which a key has exactly one, called `default`.

use serde_json::{Value, json};

use super::find::key;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::page::{self, Paging};
use crate::policy;
use crate::request::{Request, without_nulls};
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

const DEFAULT: &str = "default";
/// The policy that RAM keeps for a key that is shared through it; nobody can put it.
const OF_RAM: &str = "AWS_RAM";

fn no_such_policy(name: &str) -> AwsError {
    AwsError::bad("NotFoundException", format!("No such policy exists: {name}"))
}

pub(super) fn read(account: &mut Account, request: &Request) -> Answer {
    let key = key(account.region(&request.region), request)?;
    let name = request.text("PolicyName").unwrap_or(DEFAULT);
    let policy = match name {
        DEFAULT => Some(&key.policy),
        OF_RAM => key.ram_policy.as_ref(),
        _ => None,
    };
    Ok(json!({ "Policy": policy.ok_or_else(|| no_such_policy(name))?, "PolicyName": name }))
}

pub(super) fn put(account: &mut Account, request: &Request) -> Answer {
    match request.text("PolicyName").unwrap_or(DEFAULT) {
        DEFAULT => {}
        OF_RAM => {
            let why = "The AWS_RAM key policy is managed by AWS Resource Access Manager";
            return Err(AwsError::bad("UnsupportedOperationException", why));
        }
        other => return Err(no_such_policy(other)),
    }
    let (region, iam) = account.with_iam(&request.region);
    let key = key(region, request)?;
    key.policy = checked(request.required("Policy")?, request, iam)?;
    Ok(Value::Null)
}

pub(super) fn list(account: &mut Account, request: &Request) -> Answer {
    let key = key(account.region(&request.region), request)?;
    let names = [Some(DEFAULT), key.ram_policy.as_ref().map(|_| OF_RAM)];
    let items = names.into_iter().flatten().map(|name| (name.to_owned(), json!(name))).collect();
    let page = request.page(items, &Paging { default: 100, ..page::KMS })?;
    Ok(without_nulls(
        json!({ "PolicyNames": page.items, "Truncated": page.next.is_some(), "NextMarker": page.next }),
    ))
}
