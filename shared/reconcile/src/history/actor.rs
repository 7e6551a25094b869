//! Principals: the role behind a session, and whether a record is a call of our own.

use super::Write;

/// How this program calls itself in the user agent of its calls.
pub const APP: &str = "drift-healer";

/// A role, by what an assumed-role ARN keeps of it: the path is not among that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleName {
    /// The account's id.
    pub account: String,
    /// The name without path.
    pub name: String,
}

impl RoleName {
    /// From `arn:aws:iam::123456789012:role/some/path/name`, as CloudTrail names the issuer of a session.
    pub fn of_role(arn: &str) -> Option<Self> {
        let (account, resource) = resource(arn, "iam")?;
        let name = resource.strip_prefix("role/")?.rsplit('/').next()?;
        Some(Self { account, name: name.to_owned() })
    }

    /// From `arn:aws:sts::123456789012:assumed-role/name/session`, as STS names the caller.
    pub fn of_assumed_role(arn: &str) -> Option<Self> {
        let (account, resource) = resource(arn, "sts")?;
        let name = resource.strip_prefix("assumed-role/")?.split('/').next()?;
        Some(Self { account, name: name.to_owned() })
    }
}

fn resource<'a>(arn: &'a str, service: &str) -> Option<(String, &'a str)> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match parts.as_slice() {
        &["arn", _, of, _, account, resource] if of == service => Some((account.to_owned(), resource)),
        _ => None,
    }
}

/// Whose credentials a run uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// A session of a role, whatever it is called.
    Role(RoleName),
    /// A user, or root, by ARN.
    Other(String),
}

impl Principal {
    /// From the ARN that STS answers to the caller.
    pub fn of_caller(arn: &str) -> Self {
        RoleName::of_assumed_role(arn).map_or_else(|| Self::Other(arn.to_owned()), Self::Role)
    }

    /// Whether the call was made by this program under these credentials. The healer's role in somebody's shell is somebody, and
    /// has to be named.
    pub fn made(&self, write: &Write) -> bool {
        let same = match self {
            Self::Role(role) => write.role.as_ref() == Some(role),
            Self::Other(arn) => write.actor.as_ref() == Some(arn),
        };
        same && write.user_agent.as_ref().is_none_or(|agent| agent.contains(&format!("app/{APP}")))
    }
}
