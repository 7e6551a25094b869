//! The key state table of the KMS guide: which state refuses what, and with which words.

use crate::error::AwsError;
use crate::state::{Key, KeyState, Origin};

/// The rows of the table that differ. What is not among them is allowed in every state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// EnableKey and DisableKey.
    Switch,
    /// EnableKeyRotation and DisableKeyRotation.
    Rotate,
    /// The key that an alias is to point to, tags and the description.
    Describe,
    CreateGrant,
    CancelDeletion,
    ScheduleDeletion,
    ImportMaterial,
    DeleteMaterial,
    Replicate,
}

fn invalid_state(key: &Key, what: &str) -> AwsError {
    AwsError::bad("KMSInvalidStateException", format!("{} {what}.", key.arn))
}

/// The key as it is, or why its state does not allow the use.
pub(super) fn allow(key: &Key, wanted: Use) -> Result<(), AwsError> {
    let state = key.state();
    let disabled = || Err(AwsError::bad("DisabledException", format!("{} is disabled.", key.arn)));
    let invalid = |what| Err(invalid_state(key, what));
    match (state, wanted) {
        (KeyState::PendingDeletion | KeyState::PendingReplicaDeletion, Use::CancelDeletion) => Ok(()),
        (_, Use::CancelDeletion) => invalid("is not pending deletion"),
        (KeyState::PendingDeletion | KeyState::PendingReplicaDeletion, Use::DeleteMaterial) => Ok(()),
        (KeyState::PendingDeletion, _) => invalid("is pending deletion"),
        (KeyState::PendingReplicaDeletion, _) => invalid("is pending replica deletion"),
        (KeyState::Disabled, Use::Rotate | Use::CreateGrant | Use::Replicate) => disabled(),
        (KeyState::PendingImport, Use::Switch | Use::CreateGrant | Use::Replicate) => {
            invalid("is pending import")
        }
        (
            KeyState::Creating,
            Use::Switch
            | Use::Rotate
            | Use::CreateGrant
            | Use::ImportMaterial
            | Use::DeleteMaterial
            | Use::Replicate,
        ) => invalid("is creating"),
        (KeyState::Updating, Use::Switch | Use::ScheduleDeletion | Use::DeleteMaterial | Use::Replicate) => {
            invalid("is updating")
        }
        (
            KeyState::Enabled
            | KeyState::Disabled
            | KeyState::PendingImport
            | KeyState::Unavailable
            | KeyState::Creating
            | KeyState::Updating,
            _,
        ) => Ok(()),
    }
}

fn unsupported(message: String) -> AwsError {
    AwsError::bad("UnsupportedOperationException", message)
}

/// Only symmetric keys whose material KMS made rotate by themselves.
pub(super) fn allow_rotation(key: &Key) -> Result<(), AwsError> {
    match key.origin {
        Origin::Kms => {}
        Origin::External { .. } | Origin::CloudHsm(_) | Origin::ExternalKeyStore(_) => {
            return Err(of_wrong_origin(key));
        }
    }
    if key.spec != "SYMMETRIC_DEFAULT" {
        return Err(unsupported(format!(
            "{} is {}: only symmetric encryption keys rotate",
            key.arn, key.spec
        )));
    }
    if key.is_replica() {
        return Err(unsupported(format!("{} is a replica: rotation is set on its primary key", key.arn)));
    }
    Ok(())
}

/// The words of the guide for a key whose origin does not suit an operation.
pub(super) fn of_wrong_origin(key: &Key) -> AwsError {
    unsupported(format!("{} origin is {} which is not valid for this operation.", key.arn, key.origin.name()))
}
