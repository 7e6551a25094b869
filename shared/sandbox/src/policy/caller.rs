//! Who calls, as policies name principals.

use serde_json::Value;

use super::context::Context;
use super::document::{is_deny, statements, strings};
use super::statement::applies;

/// A caller under all the names that policies may call it by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The ARN of the session of a role, else the same as the principal's.
    pub(crate) session: String,
    /// `aws:PrincipalArn`: the role with its path, the user, or the account's root.
    pub(crate) principal: String,
    pub(crate) account: String,
    /// The unique id of role or user, which policies show when it is deleted.
    pub(crate) id: String,
    /// `aws:userid`.
    pub(crate) user_id: String,
    /// `aws:PrincipalType`.
    pub(crate) kind: &'static str,
    /// `aws:username`, for users.
    pub(crate) user: Option<String>,
}

impl Caller {
    pub(crate) fn context(&self) -> Context {
        Context::default()
            .with("aws:PrincipalArn", [self.principal.as_str()])
            .with("aws:PrincipalAccount", [self.account.as_str()])
            .with("aws:PrincipalType", [self.kind])
            .with("aws:userid", [self.user_id.as_str()])
            .with("aws:username", self.user.as_deref())
    }

    fn is_account(&self, named: &str) -> bool {
        let root = format!(":iam::{}:root", self.account);
        named == self.account || (named.starts_with("arn:") && named.ends_with(&root))
    }

    fn is_itself(&self, named: &str) -> bool {
        [&self.principal, &self.session, &self.id].iter().any(|own| **own == named)
    }

    /// Whether Principal or NotPrincipal means this caller. In NotPrincipal every name of the caller has to stand, by the
    /// guide's page of it: an account that is left out takes its roles with it, and a role its sessions.
    fn is_meant(&self, statement: &Value) -> bool {
        let Some(others) = statement.get("NotPrincipal") else {
            return statement.get("Principal").is_some_and(|named| self.is_among(named));
        };
        let named = strings(others, "AWS");
        let has = |own: &str| named.contains(&own);
        let spared = others == "*"
            || has("*")
            || (named.iter().any(|named| self.is_account(named))
                && has(&self.principal)
                && has(&self.session));
        !spared
    }

    fn is_among(&self, named: &Value) -> bool {
        let names = strings(named, "AWS");
        named == "*" || names.iter().any(|name| *name == "*" || self.is_account(name) || self.is_itself(name))
    }

    /// Whether a policy of a resource denies an action to this caller.
    pub(crate) fn is_denied(
        &self,
        document: &Value,
        action: &str,
        resource: &str,
        context: &Context,
    ) -> bool {
        let context = context.clone().and(&self.context());
        statements(document).into_iter().any(|statement| {
            is_deny(statement) && self.is_meant(statement) && applies(statement, action, resource, &context)
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn caller() -> Caller {
        Caller {
            session: "arn:aws:sts::111122223333:assumed-role/Admin/ada".to_owned(),
            principal: "arn:aws:iam::111122223333:role/ops/Admin".to_owned(),
            account: "111122223333".to_owned(),
            id: "AROAEXAMPLE".to_owned(),
            user_id: "AROAEXAMPLE:ada".to_owned(),
            kind: "AssumedRole",
            user: None,
        }
    }

    #[test]
    fn a_caller_is_meant_by_each_of_its_names() {
        let (root, role) = ("arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/ops/Admin");
        let session = "arn:aws:sts::111122223333:assumed-role/Admin/ada";
        for (member, named, meant) in [
            ("Principal", json!("*"), true),
            ("Principal", json!({ "AWS": "*" }), true),
            ("Principal", json!({ "AWS": "111122223333" }), true),
            ("Principal", json!({ "AWS": ["x", root] }), true),
            ("Principal", json!({ "AWS": role }), true),
            ("Principal", json!({ "AWS": session }), true),
            ("Principal", json!({ "AWS": "AROAEXAMPLE" }), true),
            ("Principal", json!({ "AWS": "arn:aws:iam::111122223333:role/Admin" }), false),
            ("Principal", json!({ "AWS": "arn:aws:iam::444455556666:root" }), false),
            ("Principal", json!({ "Service": "backup.amazonaws.com" }), false),
            ("NotPrincipal", json!({ "AWS": "arn:aws:iam::444455556666:root" }), true),
            ("NotPrincipal", json!({ "AWS": role }), true),
            ("NotPrincipal", json!({ "AWS": [root, role] }), true),
            ("NotPrincipal", json!({ "AWS": [root, role, session] }), false),
        ] {
            assert_eq!(caller().is_meant(&json!({ member: named })), meant, "{member} {named}");
        }
    }
}
