//! The tags of one role.

use std::collections::BTreeMap;

use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use reconcile::call::CallError;

use crate::Clients;
use crate::error::refusal;
use crate::identity::no_role;
use crate::observe::{NO_SUCH_ENTITY, told_role};

impl Clients {
    /// A role's tags. A role that does not exist has none.
    ///
    /// # Errors
    /// What IAM answered instead.
    pub async fn role_tags(&self, role: &str) -> Result<BTreeMap<String, String>, CallError> {
        let (iam, _permit) = self.iam.acquire().await;
        match iam.get_role().role_name(role).send().await {
            Ok(answer) => {
                let tags = told_role(&answer).ok_or_else(|| no_role(role))?.tags();
                Ok(tags.iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned())).collect())
            }
            Err(error) if error.code().is_some_and(|code| NO_SUCH_ENTITY.contains(&code)) => {
                Ok(BTreeMap::new())
            }
            Err(error) => Err(refusal(&error)),
        }
    }
}
