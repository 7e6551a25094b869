//! What several calls have in common: tags as each service takes them, and how an answer ends.

use std::collections::HashMap;

use aws_sdk_iam::types::Tag as IamTag;
use aws_sdk_kms::types::Tag as KmsTag;
use reconcile::call::CallError;
use reconcile::desired::Tags;

use crate::error::refusal;

pub(super) fn done<T, E, R>(answer: Result<T, crate::error::SdkError<E, R>>) -> Result<(), CallError>
where
    E: aws_smithy_types::error::metadata::ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    answer.map(|_| ()).map_err(|error| refusal(&error))
}

/// A request that the SDK's builder refuses: a member that AWS requires is missing.
pub(super) fn incomplete(error: impl std::fmt::Display) -> CallError {
    CallError { code: "InvalidRequest".to_owned(), message: error.to_string() }
}

pub(super) fn tag_map(tags: &Tags) -> Option<HashMap<String, String>> {
    (!tags.is_empty()).then(|| tags.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
}

pub(super) fn iam_tags(tags: &Tags) -> Result<Option<Vec<IamTag>>, CallError> {
    let tags: Result<Vec<_>, _> = tags
        .iter()
        .map(|(name, value)| IamTag::builder().key(name).value(value).build().map_err(incomplete))
        .collect();
    tags.map(|tags| (!tags.is_empty()).then_some(tags))
}

pub(super) fn kms_tags(tags: &Tags) -> Result<Option<Vec<KmsTag>>, CallError> {
    let tags: Result<Vec<_>, _> = tags
        .iter()
        .map(|(name, value)| KmsTag::builder().tag_key(name).tag_value(value).build().map_err(incomplete))
        .collect();
    tags.map(|tags| (!tags.is_empty()).then_some(tags))
}
