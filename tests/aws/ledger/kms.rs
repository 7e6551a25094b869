#![allow(deprecated)] // the old members are members too

use aws_sdk_kms::operation::cancel_key_deletion::{CancelKeyDeletionInput, CancelKeyDeletionOutput};
use aws_sdk_kms::operation::create_alias::{CreateAliasInput, CreateAliasOutput};
use aws_sdk_kms::operation::create_key::{CreateKeyInput, CreateKeyOutput};
use aws_sdk_kms::operation::describe_key::{DescribeKeyInput, DescribeKeyOutput};
use aws_sdk_kms::operation::enable_key::{EnableKeyInput, EnableKeyOutput};
use aws_sdk_kms::operation::enable_key_rotation::{EnableKeyRotationInput, EnableKeyRotationOutput};
use aws_sdk_kms::operation::get_key_policy::{GetKeyPolicyInput, GetKeyPolicyOutput};
use aws_sdk_kms::operation::get_key_rotation_status::{
    GetKeyRotationStatusInput, GetKeyRotationStatusOutput,
};
use aws_sdk_kms::operation::list_aliases::{ListAliasesInput, ListAliasesOutput};
use aws_sdk_kms::operation::list_grants::{ListGrantsInput, ListGrantsOutput};
use aws_sdk_kms::operation::list_keys::{ListKeysInput, ListKeysOutput};
use aws_sdk_kms::operation::list_resource_tags::{ListResourceTagsInput, ListResourceTagsOutput};
use aws_sdk_kms::operation::put_key_policy::{PutKeyPolicyInput, PutKeyPolicyOutput};
use aws_sdk_kms::operation::tag_resource::{TagResourceInput, TagResourceOutput};
use aws_sdk_kms::operation::update_alias::{UpdateAliasInput, UpdateAliasOutput};
use aws_sdk_kms::operation::update_key_description::{UpdateKeyDescriptionInput, UpdateKeyDescriptionOutput};
use aws_sdk_kms::types::{
    AliasListEntry, GrantListEntry, GrantOperation, KeyListEntry, KeyManagerType, KeyMetadata, KeySpec,
    KeyState, KeyUsageType, MultiRegionConfiguration, MultiRegionKeyType, OriginType, Tag,
};

use super::Fate::{Compared, LeftOut, Sent, Used, Within};

const ASKED_BY: &str = "the question named it";
const PAGE_SIZE: &str = "the default page is as good as another";
const TRUNCATED: &str = "the marker says it";
const FOLLOWS_SPEC: &str = "the key spec says what the key can do";
const DEFAULT_KEY: &str =
    "the default is the key that the spec asks for: symmetric, of one region, made by KMS";

super::ledger! {
    values(GrantOperation, KeyManagerType, KeySpec, KeyState, KeyUsageType, MultiRegionKeyType, OriginType);

    DescribeKeyInput {
        Sent => key_id;
        LeftOut("nobody gives this function a grant") => grant_tokens;
    }
    DescribeKeyOutput { Within => key_metadata; }
    KeyMetadata {
        Compared => arn, key_state, description, key_usage, key_spec, origin, valid_to, multi_region;
        Within => multi_region_configuration;
        Used => key_manager, creation_date, deletion_date;
        LeftOut("it is in the ARN") => aws_account_id, key_id;
        LeftOut("the state says it") => enabled;
        LeftOut("a rotation changes it") => current_key_material_id;
        LeftOut("the origin tells a key store from KMS") => custom_key_store_id, cloud_hsm_cluster_id, xks_key_configuration;
        LeftOut("the date says whether the material expires") => expiration_model;
        LeftOut("it is the key spec under its old name") => customer_master_key_spec;
        LeftOut(FOLLOWS_SPEC) => encryption_algorithms, signing_algorithms, key_agreement_algorithms,
            encapsulation_algorithms, mac_algorithms;
        LeftOut("such a key has no date yet: its replicas go first") => pending_deletion_window_in_days;
    }
    MultiRegionConfiguration {
        Used => multi_region_key_type;
        LeftOut("what a replica may do is the same wherever the others are") => primary_key, replica_keys;
    }

    GetKeyPolicyInput { Sent => key_id, policy_name; }
    GetKeyPolicyOutput {
        Compared => policy;
        LeftOut(ASKED_BY) => policy_name;
    }
    GetKeyRotationStatusInput { Sent => key_id; }
    GetKeyRotationStatusOutput {
        Compared => key_rotation_enabled, rotation_period_in_days;
        LeftOut(ASKED_BY) => key_id;
        LeftOut("it follows from the period") => next_rotation_date;
        LeftOut("a rotation by hand changes no setting") => on_demand_rotation_start_date;
    }
    ListGrantsInput {
        Sent => key_id, limit, marker;
        LeftOut("grants to everybody count") => grant_id, grantee_principal, grantee_service_principal;
    }
    ListGrantsOutput {
        Within => grants;
        Used => next_marker;
        LeftOut(TRUNCATED) => truncated;
    }
    GrantListEntry {
        Used => grant_id, grantee_principal, operations;
        LeftOut(ASKED_BY) => key_id;
        LeftOut("the id names the grant") => name;
        LeftOut("who may use the key counts, whenever and by whomever it was given") =>
            creation_date, issuing_account, retiring_principal, retiring_service_principal;
        LeftOut("a narrow grant to another account is one all the same") => constraints;
        LeftOut("how AWS Backup's own grants look is not documented, so those to services are not judged") =>
            grantee_service_principal;
    }
    ListAliasesInput {
        Sent => marker;
        LeftOut("the aliases of all keys are wanted") => key_id;
        LeftOut(PAGE_SIZE) => limit;
    }
    ListAliasesOutput {
        Within => aliases;
        Used => next_marker;
        LeftOut(TRUNCATED) => truncated;
    }
    AliasListEntry {
        Used => target_key_id;
        LeftOut("the list is asked which keys have any alias") =>
            alias_name, alias_arn, creation_date, last_updated_date;
    }
    ListKeysInput {
        Sent => marker;
        LeftOut(PAGE_SIZE) => limit;
    }
    ListKeysOutput {
        Within => keys;
        Used => next_marker;
        LeftOut(TRUNCATED) => truncated;
    }
    KeyListEntry { Used => key_id, key_arn; }
    ListResourceTagsInput {
        Sent => key_id, marker;
        LeftOut(PAGE_SIZE) => limit;
    }
    ListResourceTagsOutput {
        Within => tags;
        Used => next_marker;
        LeftOut(TRUNCATED) => truncated;
    }
    Tag { Compared => tag_key, tag_value; }

    CreateKeyInput {
        Sent => description, policy;
        Within => tags;
        LeftOut(DEFAULT_KEY) => key_usage, customer_master_key_spec, key_spec, origin, custom_key_store_id,
            multi_region, xks_key_id;
        LeftOut("the lock-out safety check stays on") => bypass_policy_lockout_safety_check;
    }
    CreateKeyOutput { Within => key_metadata; }
    CancelKeyDeletionInput { Sent => key_id; }
    CancelKeyDeletionOutput { LeftOut(ASKED_BY) => key_id; }
    EnableKeyInput { Sent => key_id; }
    EnableKeyOutput {}
    EnableKeyRotationInput { Sent => key_id, rotation_period_in_days; }
    EnableKeyRotationOutput {}
    UpdateKeyDescriptionInput { Sent => key_id, description; }
    UpdateKeyDescriptionOutput {}
    PutKeyPolicyInput {
        Sent => key_id, policy_name, policy;
        LeftOut("the lock-out safety check stays on") => bypass_policy_lockout_safety_check;
    }
    PutKeyPolicyOutput {}
    TagResourceInput {
        Sent => key_id;
        Within => tags;
    }
    TagResourceOutput {}
    CreateAliasInput { Sent => alias_name, target_key_id; }
    CreateAliasOutput {}
    UpdateAliasInput { Sent => alias_name, target_key_id; }
    UpdateAliasOutput {}
}
