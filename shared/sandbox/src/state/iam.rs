//! IAM of one account: its roles.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::tags::Tags;
use crate::ids::Ids;

#[derive(Debug, Clone)]
pub(crate) struct Iam {
    /// By name in lower case: IAM names keep their case but do not differ by it.
    pub(crate) roles: BTreeMap<String, Role>,
    pub(crate) ids: Ids,
}

impl Iam {
    pub(crate) fn new(account: &str) -> Iam {
        Iam { roles: BTreeMap::new(), ids: Ids::new(format!("{account}/iam")) }
    }

    pub(crate) fn role_by_arn(&self, arn: &str) -> Option<&Role> {
        self.roles.values().find(|role| role.arn == arn)
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) created: OffsetDateTime,
    pub(crate) trust: String,
    pub(crate) description: Option<String>,
    pub(crate) max_session: i64,
    pub(crate) boundary: Option<String>,
    pub(crate) tags: Tags,
    /// ARNs of managed policies.
    pub(crate) attached: Vec<String>,
    /// Inline policies, name to document.
    pub(crate) inline: BTreeMap<String, String>,
}
