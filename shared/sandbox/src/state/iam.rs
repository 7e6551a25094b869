//! IAM of one account: its roles.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::tags::Tags;
use crate::ids::Ids;

/// What IAM keeps for an account.
#[derive(Debug, Clone)]
pub struct Iam {
    /// By name in lower case: IAM names keep their case but do not differ by it.
    pub roles: BTreeMap<String, Role>,
    /// Documents of managed policies by their ARN, besides those of AWS that the sandbox knows.
    pub policies: BTreeMap<String, String>,
    pub(crate) alias: Option<String>,
    pub(crate) ids: Ids,
}

impl Iam {
    pub(super) fn new(account: &str) -> Iam {
        Iam {
            roles: BTreeMap::new(),
            policies: BTreeMap::new(),
            alias: None,
            ids: Ids::new(format!("{account}/iam")),
        }
    }

    /// The role of this name, in whatever case.
    pub fn role(&mut self, name: &str) -> Option<&mut Role> {
        self.roles.get_mut(&name.to_lowercase())
    }

    pub(crate) fn role_by_arn(&self, arn: &str) -> Option<&Role> {
        self.roles.values().find(|role| role.arn == arn)
    }
}

/// A role.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its name, in the case in which it was made.
    pub name: String,
    /// Its path, with a slash at both ends.
    pub path: String,
    /// Its unique id, which is another one when it is made again.
    pub id: String,
    /// Its ARN, with the path.
    pub arn: String,
    /// When it was made.
    pub created: OffsetDateTime,
    /// The trust policy, as JSON.
    pub trust: String,
    /// The description.
    pub description: Option<String>,
    /// The longest session, in seconds.
    pub max_session: i64,
    /// When somebody last used it, as IAM tells with a delay.
    pub last_used: Option<LastUsed>,
    /// The ARN of the permissions boundary.
    pub boundary: Option<String>,
    /// Its tags.
    pub tags: Tags,
    /// ARNs of managed policies.
    pub attached: Vec<String>,
    /// Inline policies, name to document.
    pub inline: BTreeMap<String, String>,
}

/// The last use of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastUsed {
    /// When it was.
    pub date: OffsetDateTime,
    /// The region in which it was.
    pub region: String,
}
