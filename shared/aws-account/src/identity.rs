//! Who and where we are: the account and partition that the spec's ARNs are written for.

use reconcile::call::CallError;

use crate::Clients;
use crate::error::refusal;
use crate::observe::told_role;

/// An account in a partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// As ARNs write it, such as `aws`.
    pub partition: String,
    /// Twelve digits.
    pub account: String,
}

/// Whose credentials we use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub identity: Identity,
    /// As STS writes it; a role's is `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`, without the role's path.
    pub arn: String,
}

impl Identity {
    /// From the ARN of a function. `None` for what is no ARN with an account, as `cargo lambda watch` sends.
    pub fn from_function_arn(arn: &str) -> Option<Self> {
        Self::from_arn(arn)
    }

    fn from_arn(arn: &str) -> Option<Self> {
        let mut parts = arn.split(':');
        let (prefix, partition) = (parts.next()?, parts.next()?);
        let account = parts.nth(2)?;
        let twelve_digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        (prefix == "arn" && !partition.is_empty() && twelve_digits)
            .then(|| Self { partition: partition.to_owned(), account: account.to_owned() })
    }
}

impl Clients {
    /// The account's alias, if it has one and we may know it.
    pub async fn account_alias(&self) -> Option<String> {
        let (iam, _permit) = self.iam.acquire().await;
        iam.list_account_aliases().send().await.ok()?.account_aliases().first().cloned()
    }

    /// Asks STS whose credentials these are.
    pub async fn caller(&self) -> Result<Caller, CallError> {
        let answer = self.sts().get_caller_identity().send().await.map_err(|error| refusal(&error))?;
        let arn = answer.arn().unwrap_or_default().to_owned();
        let identity = Identity::from_arn(&arn).ok_or_else(|| CallError {
            code: "UnknownCaller".to_owned(),
            message: format!("sts:GetCallerIdentity answered with no account: {arn:?}"),
        })?;
        Ok(Caller { identity, arn })
    }

    /// Asks IAM for the ARN of a role of the account, path included.
    pub async fn role_arn(&self, name: &str) -> Result<String, CallError> {
        let (iam, _permit) = self.iam.acquire().await;
        let answer = iam.get_role().role_name(name).send().await.map_err(|error| refusal(&error))?;
        Ok(told_role(&answer).ok_or_else(|| no_role(name))?.arn().to_owned())
    }
}

/// What is said of an answer that holds no role.
pub(crate) fn no_role(name: &str) -> CallError {
    let message = format!("iam:GetRole answered with no role: {name:?}");
    CallError { code: "UnknownRole".to_owned(), message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_and_partition_come_from_the_functions_arn() {
        let arn = "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:drift-healer:live";
        let identity = Identity::from_function_arn(arn).expect("an identity");
        assert_eq!((identity.partition.as_str(), identity.account.as_str()), ("aws-us-gov", "123456789012"));
    }

    #[test]
    fn a_local_run_has_no_function_arn() {
        assert_eq!(Identity::from_function_arn("function-arn"), None);
        assert_eq!(Identity::from_function_arn(""), None);
        assert_eq!(Identity::from_function_arn("arn:aws:lambda:us-east-1::function:x"), None);
    }
}
