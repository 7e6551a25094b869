//! Who calls: an ARN, and all that CloudTrail and STS say of whoever has it.

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::clock::iso;
use crate::ids::Ids;
use crate::partition::partition;

/// Who an access key belongs to, or who changes an account from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The ARN of a session of a role, of an IAM user, or of the account's root.
    pub arn: String,
    /// The client that the records name; none leaves it to each call's own User-Agent header.
    pub user_agent: Option<String>,
    /// The address that the calls come from.
    pub source_ip: String,
}

/// What an ARN says, name by name.
enum Principal<'a> {
    Session { role: &'a str, session: &'a str },
    User(&'a str),
    Root,
    Other(&'a str),
}

const BROWSER: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) \
                       Chrome/142.0.0.0 Safari/537.36";

impl Actor {
    /// A session that is called like its role, as those of Lambda functions often are.
    pub(crate) fn session(role: &str, region: &str, account: &str) -> Actor {
        Actor {
            arn: format!("arn:{}:sts::{account}:assumed-role/{role}/{role}", partition(region)),
            user_agent: None,
            source_ip: "127.0.0.1".to_owned(),
        }
    }

    /// An administrator who signed in to the console.
    pub(crate) fn administrator(account: &str) -> Actor {
        let role = "AWSReservedSSO_AdministratorAccess_4f9a1c7be2d05836";
        Actor {
            arn: format!("arn:aws:sts::{account}:assumed-role/{role}/maria.lopez@example.com"),
            user_agent: Some(BROWSER.to_owned()),
            source_ip: "203.0.113.77".to_owned(),
        }
    }

    /// Of the ARN: its partition, its account and what comes after them.
    fn parts(&self) -> (&str, &str, &str) {
        let mut parts = self.arn.splitn(6, ':');
        let mut part = |skipped| parts.nth(skipped).unwrap_or_default();
        (part(1), part(2), part(0))
    }

    fn principal(&self) -> Principal<'_> {
        let (_, _, rest) = self.parts();
        let mut names = rest.split('/');
        match (names.next(), names.next(), names.next_back()) {
            (Some("assumed-role"), Some(role), Some(session)) => Principal::Session { role, session },
            // A user may have a path before the name.
            (Some("user"), Some(_), Some(name)) | (Some("user"), Some(name), None) => Principal::User(name),
            (Some("root"), None, None) => Principal::Root,
            _ => Principal::Other(rest),
        }
    }

    /// The account that its ARN names.
    pub(crate) fn account(&self) -> &str {
        self.parts().1
    }

    /// The name of the role that it is a session of.
    pub(crate) fn role(&self) -> Option<&str> {
        match self.principal() {
            Principal::Session { role, .. } => Some(role),
            Principal::User(_) | Principal::Root | Principal::Other(_) => None,
        }
    }

    /// The name of the session.
    pub(crate) fn session_name(&self) -> Option<&str> {
        match self.principal() {
            Principal::Session { session, .. } => Some(session),
            Principal::User(_) | Principal::Root | Principal::Other(_) => None,
        }
    }

    /// The name of the IAM user.
    pub(crate) fn user(&self) -> Option<&str> {
        match self.principal() {
            Principal::User(name) => Some(name),
            Principal::Session { .. } | Principal::Root | Principal::Other(_) => None,
        }
    }

    /// `aws:PrincipalArn`: the role of a session, as far as the ARN of the session tells it.
    pub(crate) fn principal_arn(&self) -> String {
        self.role().map_or_else(|| self.arn.clone(), |role| self.role_arn(role))
    }

    /// `aws:PrincipalType`.
    pub(crate) fn kind(&self) -> &'static str {
        match self.principal() {
            Principal::Session { .. } => "AssumedRole",
            Principal::User(_) => "User",
            Principal::Root => "Account",
            Principal::Other(_) => "Anonymous",
        }
    }

    fn role_arn(&self, role: &str) -> String {
        let (partition, account, _) = self.parts();
        format!("arn:{partition}:iam::{account}:role/{role}")
    }

    /// The unique id, with the name of the session after the one of a role: STS calls it UserId.
    pub(crate) fn principal_id(&self) -> String {
        let (_, account, _) = self.parts();
        match self.principal() {
            Principal::Session { role, session } => {
                format!("{}:{session}", unique("AROA", &self.role_arn(role)))
            }
            Principal::User(_) => unique("AIDA", &self.arn),
            Principal::Root => account.to_owned(),
            Principal::Other(rest) => rest.to_owned(),
        }
    }

    /// An access key for whoever never signed a call here. Those of sessions begin differently.
    pub(crate) fn access_key(&self) -> String {
        let prefix = match self.principal() {
            Principal::User(_) => "AKIA",
            Principal::Session { .. } | Principal::Root | Principal::Other(_) => "ASIA",
        };
        unique(prefix, &self.arn).chars().take(20).collect()
    }

    /// The console sends the browser's own name.
    pub(super) fn is_in_console(&self) -> bool {
        self.user_agent.as_deref().is_some_and(|agent| agent.starts_with("Mozilla/"))
    }

    /// `userIdentity` of the CloudTrail record contents page.
    pub(super) fn identity(&self, access_key: &str, time: OffsetDateTime) -> Value {
        let (_, account, _) = self.parts();
        let mut identity = json!({
            "principalId": self.principal_id(),
            "arn": self.arn,
            "accountId": account,
            "accessKeyId": access_key,
        });
        let (kind, name) = match self.principal() {
            Principal::Session { role, .. } => {
                let arn = self.role_arn(role);
                identity["sessionContext"] = json!({
                    "sessionIssuer": {
                        "type": "Role",
                        "principalId": unique("AROA", &arn),
                        "arn": arn,
                        "accountId": account,
                        "userName": role,
                    },
                    "webIdFederationData": {},
                    "attributes": { "creationDate": iso(time), "mfaAuthenticated": "false" },
                });
                ("AssumedRole", None)
            }
            Principal::User(name) => ("IAMUser", Some(name)),
            Principal::Root => ("Root", None),
            Principal::Other(_) => ("Unknown", None),
        };
        identity["type"] = kind.into();
        if let Some(name) = name {
            identity["userName"] = name.into();
        }
        identity
    }
}

/// The same for the same ARN, whenever it is asked for.
fn unique(prefix: &str, arn: &str) -> String {
    Ids::new(arn).unique(prefix)
}

/// The name under which the event history lists whoever a record is about: the session's, the user's or `root`.
pub(super) fn user_name(record: &Value) -> Option<&str> {
    let text = |pointer: &str| record.pointer(pointer).and_then(Value::as_str);
    match text("/userIdentity/type")? {
        "Root" => Some("root"),
        "AssumedRole" => text("/userIdentity/principalId")?.split_once(':').map(|(_, session)| session),
        _ => text("/userIdentity/userName"),
    }
}
