//! The role behind a session.

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
