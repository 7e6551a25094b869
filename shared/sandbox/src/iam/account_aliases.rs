//! The account's alias, of which there is at most one ("Your AWS account identifiers" in the IAM guide).

use serde_json::{Value, json};

use crate::error::AwsError;
use crate::operation::Answer;
use crate::request::Request;
use crate::state::Account;

pub(super) fn create(account: &mut Account, request: &Request) -> Answer {
    let alias = request.required("AccountAlias")?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let bounds = !alias.starts_with('-') && !alias.ends_with('-') && !alias.contains("--");
    if !(3..=63).contains(&alias.len()) || !bounds || !alias.chars().all(plain) {
        return Err(AwsError::bad("ValidationError", format!("{alias:?} is no account alias")));
    }
    account.iam.alias = Some(alias.to_owned());
    Ok(Value::Null)
}

pub(super) fn list(account: &mut Account, _: &Request) -> Answer {
    let aliases: Vec<&String> = account.iam.alias.iter().collect();
    Ok(json!({ "AccountAliases": aliases, "IsTruncated": false }))
}
