//! The operations of KMS by name.

use super::{aliases, grants, keys, making, material, policies, replicas, rotation, tags};
use crate::operation::{Operation, read, write};

pub(crate) const OPERATIONS: &[Operation] = &[
    write("CreateKey", making::create),
    read("DescribeKey", keys::describe),
    read("ListKeys", keys::list),
    write("EnableKey", keys::enable),
    write("DisableKey", keys::disable),
    write("ScheduleKeyDeletion", keys::schedule_deletion),
    write("CancelKeyDeletion", keys::cancel_deletion),
    write("UpdateKeyDescription", keys::update_description),
    write("ReplicateKey", replicas::replicate),
    write("ImportKeyMaterial", material::import),
    write("DeleteImportedKeyMaterial", material::delete),
    write("CreateGrant", grants::create),
    read("ListGrants", grants::list),
    write("RevokeGrant", grants::revoke),
    write("RetireGrant", grants::retire),
    read("ListAliases", aliases::list),
    write("CreateAlias", aliases::create),
    write("UpdateAlias", aliases::update),
    write("DeleteAlias", aliases::delete),
    write("EnableKeyRotation", rotation::enable),
    write("DisableKeyRotation", rotation::disable),
    read("GetKeyRotationStatus", rotation::status),
    read("ListKeyPolicies", policies::list),
    read("GetKeyPolicy", policies::read),
    write("PutKeyPolicy", policies::put),
    read("ListResourceTags", tags::list),
    write("TagResource", tags::add),
    write("UntagResource", tags::remove),
];
