//! The room where IAM stands at the door: whether the policy of an access key lets a call through. Keys without a policy
//! may do everything, as most tests want it.

mod evaluate;
mod keys;
mod need;
mod needs;

use serde_json::Value;

use crate::error::AwsError;
use crate::policy;
use crate::request::Request;
use crate::state::Account;
use evaluate::Decision;
use need::Need;

/// Why documents cannot be enforced.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnenforceablePolicy {
    /// It is no policy.
    #[error("the policy cannot be read: {0}")]
    Unreadable(String),
    /// To ignore a condition would let through, or keep out, what AWS does not.
    #[error("the sandbox does not know the condition operator {0}; teach it in policy/condition.rs")]
    Operator(String),
}

/// The statements of all policies of one access key.
#[derive(Debug, Clone, Default)]
pub(crate) struct Statements(Vec<Value>);

impl Statements {
    pub(crate) fn parse(documents: &[&str]) -> Result<Statements, UnenforceablePolicy> {
        let mut all = Vec::new();
        for document in documents {
            let document = policy::parse(document).map_err(UnenforceablePolicy::Unreadable)?;
            for statement in policy::statements(&document) {
                if let Some(operator) = policy::unknown_operator(statement) {
                    return Err(UnenforceablePolicy::Operator(operator));
                }
                all.push(statement.clone());
            }
        }
        Ok(Statements(all))
    }

    /// A call goes through if each thing that it needs is allowed, and none is denied.
    pub(crate) fn admit(&self, account: &Account, request: &Request) -> Result<(), AwsError> {
        for need in needs::of(account, request) {
            let why = match evaluate::decide(&self.0, &need) {
                Decision::Allowed => continue,
                Decision::Denied => "with an explicit deny in an identity-based policy".to_owned(),
                Decision::NotAllowed => {
                    format!("because no identity-based policy allows the {} action", need.action)
                }
            };
            return Err(refusal(request, &need, &why));
        }
        Ok(())
    }
}

/// Service control policies bind everybody in an account, whatever IAM allows there.
pub(crate) fn admit_by_organization(account: &Account, request: &Request) -> Result<(), AwsError> {
    let denied = &request.settings.denied_by_organization;
    let needs = if denied.is_empty() { Vec::new() } else { needs::of(account, request) };
    let is_denied = |need: &&Need| denied.iter().any(|action| policy::is_action(action, &need.action));
    match needs.iter().find(is_denied) {
        Some(need) => Err(refusal(request, need, "with an explicit deny in a service control policy")),
        None => Ok(()),
    }
}

/// Each service has its own form of the same answer.
fn refusal(request: &Request, need: &Need, why: &str) -> AwsError {
    let (status, code) = request.service.denial();
    let message = format!(
        "User: {} is not authorized to perform: {} on resource: {} {why}",
        request.caller.arn, need.action, need.resource
    );
    AwsError::new(status, code, message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::OffsetDateTime;

    use super::*;
    use crate::policy::Caller;
    use crate::service::Service;
    use crate::settings::Settings;
    use crate::trail::Actor;

    fn admits(statements: Value, operation: &str, params: Value) -> Result<(), String> {
        let document = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
        let request = Request {
            service: Service::Backup,
            operation: operation.to_owned(),
            region: "us-east-1".to_owned(),
            account: "123456789012".to_owned(),
            access_key: "key".to_owned(),
            caller: Actor::session("client", "us-east-1", "123456789012"),
            principal: Caller::default(),
            params,
            now: OffsetDateTime::UNIX_EPOCH,
            clock_runs: false,
            settings: Settings::default(),
        };
        let statements = Statements::parse(&[&document]).expect("a policy");
        statements.admit(&Account::new("123456789012"), &request).map_err(|error| error.message)
    }

    fn vault(name: &str) -> Value {
        json!({ "BackupVaultName": name })
    }

    #[test]
    fn what_nothing_allows_is_denied() {
        let lists = json!({ "Effect": "Allow", "Action": "backup:List*", "Resource": "*" });
        assert_eq!(admits(lists.clone(), "ListBackupVaults", json!({})), Ok(()));
        let why = admits(lists, "DescribeBackupVault", vault("a")).expect_err("no statement allows it");
        assert!(
            why.contains("no identity-based policy allows the backup:DescribeBackupVault action"),
            "{why}"
        );
    }

    #[test]
    fn an_explicit_denial_wins() {
        let statements = json!([
            { "Effect": "Allow", "Action": "*", "Resource": "*" },
            { "Effect": "Deny", "Action": "backup:deletebackupvault", "Resource": "*:backup-vault:a" },
        ]);
        assert!(admits(statements.clone(), "DeleteBackupVault", vault("a")).is_err());
        assert_eq!(admits(statements, "DeleteBackupVault", vault("b")), Ok(()));
    }

    #[test]
    fn all_conditions_have_to_hold() {
        let region = |region: &str| {
            json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {
                "StringEquals": { "aws:requestedregion": [region, "eu-west-1"] },
                "Null": { "backup:MinRetentionDays": "true" },
            } })
        };
        assert_eq!(admits(region("us-east-1"), "DescribeBackupVault", vault("a")), Ok(()));
        assert!(admits(region("us-west-2"), "DescribeBackupVault", vault("a")).is_err());
        let params = json!({ "BackupVaultName": "a", "MinRetentionDays": 7 });
        assert!(admits(region("us-east-1"), "PutBackupVaultLockConfiguration", params).is_err());
    }

    #[test]
    fn a_condition_that_cannot_be_judged_is_refused() {
        let document = json!({ "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": { "IpAddress": { "aws:SourceIp": "192.0.2.0/24" } } }] });
        let refused = Statements::parse(&[&document.to_string()]).expect_err("an unknown operator");
        assert_eq!(refused, UnenforceablePolicy::Operator("IpAddress".to_owned()));
    }
}
