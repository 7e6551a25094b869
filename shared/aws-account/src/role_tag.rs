//! One tag of one role.

use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use reconcile::call::CallError;

use crate::Clients;
use crate::error::refusal;
use crate::observe::NO_SUCH_ENTITY;

impl Clients {
    /// The value of a role's tag. A role that does not exist has none.
    ///
    /// # Errors
    /// What IAM answered instead.
    pub async fn role_tag(&self, role: &str, key: &str) -> Result<Option<String>, CallError> {
        let (iam, _permit) = self.iam.acquire().await;
        match iam.get_role().role_name(role).send().await {
            Ok(answer) => {
                let tags = answer.role().map(aws_sdk_iam::types::Role::tags).unwrap_or_default();
                Ok(tags.iter().find(|tag| tag.key() == key).map(|tag| tag.value().to_owned()))
            }
            Err(error) if error.code().is_some_and(|code| NO_SUCH_ENTITY.contains(&code)) => Ok(None),
            Err(error) => Err(refusal(&error)),
        }
    }
}
