//! Makes the calls: one match, each arm the operation of the variant's name.

use std::collections::BTreeSet;

use aws_config::retry::RetryConfig;
use reconcile::call::{Call, CallError};

use super::documents;
use super::parts::{done, iam_tags, kms_tags, tag_map};
use crate::Clients;
use crate::memory::Memory;

/// For calls that do something more each time: without an answer it is not known whether it was done, and the next look tells.
macro_rules! once {
    ($service:ident) => {
        $service::config::Builder::new().retry_config(RetryConfig::disabled())
    };
}

/// Makes one call.
pub(crate) async fn apply(clients: &Clients, memory: &Memory, call: &Call) -> Result<(), CallError> {
    match call {
        Call::CreateRole { role, path, trust, boundary, tags } => {
            let (iam, _permit) = clients.iam.acquire().await;
            let request = iam.create_role().role_name(role).path(path).assume_role_policy_document(trust);
            let request = request.set_permissions_boundary(boundary.clone());
            done(request.set_tags(iam_tags(tags)?).send().await)
        }
        Call::UpdateAssumeRolePolicy { role, trust } => {
            let (iam, _permit) = clients.iam.acquire().await;
            done(iam.update_assume_role_policy().role_name(role).policy_document(trust).send().await)
        }
        Call::AttachRolePolicy { role, policy_arn } => {
            let (iam, _permit) = clients.iam.acquire().await;
            done(iam.attach_role_policy().role_name(role).policy_arn(policy_arn).send().await)
        }
        Call::TagRole { role, tags } => {
            let (iam, _permit) = clients.iam.acquire().await;
            done(iam.tag_role().role_name(role).set_tags(iam_tags(tags)?).send().await)
        }
        Call::CreateKey { region, description, policy, tags } => {
            let client = clients.region(region);
            let (kms, _permit) = client.kms.acquire().await;
            let request = kms.create_key().description(description).set_policy(policy.clone());
            let request = request.set_tags(kms_tags(tags)?).customize();
            let answer = request.config_override(once!(aws_sdk_kms)).send().await;
            if let Ok(made) = &answer
                && let Some(arn) = made.key_metadata().and_then(|key| key.arn())
            {
                memory.made_key(arn);
            }
            done(answer)
        }
        Call::CancelKeyDeletion { region, key_arn } => {
            let client = clients.region(region);
            let (kms, _permit) = client.kms.acquire().await;
            done(kms.cancel_key_deletion().key_id(key_arn).send().await)
        }
        Call::EnableKey { region, key_arn } => {
            let client = clients.region(region);
            let (kms, _permit) = client.kms.acquire().await;
            done(kms.enable_key().key_id(key_arn).send().await)
        }
        Call::EnableKeyRotation { region, key_arn, period_days } => {
            let client = clients.region(region);
            let (kms, _permit) = client.kms.acquire().await;
            let period = period_days.and_then(|days| i32::try_from(days).ok());
            done(kms.enable_key_rotation().key_id(key_arn).set_rotation_period_in_days(period).send().await)
        }
        Call::UpdateKeyDescription { region, key_arn, description } => {
            let client = clients.region(region);
            let (kms, _permit) = client.kms.acquire().await;
            done(kms.update_key_description().key_id(key_arn).description(description).send().await)
        }
        Call::PutKeyPolicy { region, key_arn, policy } => {
            let client = clients.region(region);
            let (kms, _permit) = client.kms.acquire().await;
            // The lock-out safety check stays on: a policy that would shut us out is refused by KMS.
            done(kms.put_key_policy().key_id(key_arn).policy_name("default").policy(policy).send().await)
        }
        Call::TagKey { region, key_arn, tags } => {
            let client = clients.region(region);
            let (kms, _permit) = client.kms.acquire().await;
            done(kms.tag_resource().key_id(key_arn).set_tags(kms_tags(tags)?).send().await)
        }
        Call::CreateAlias { region, alias, key_arn } => {
            let client = clients.region(region);
            let (kms, _permit) = client.kms.acquire().await;
            done(kms.create_alias().alias_name(alias).target_key_id(key_arn).send().await)
        }
        Call::UpdateAlias { region, alias, key_arn } => {
            let client = clients.region(region);
            let (kms, _permit) = client.kms.acquire().await;
            done(kms.update_alias().alias_name(alias).target_key_id(key_arn).send().await)
        }
        Call::CreateBackupVault { region, vault, key_arn, tags } => {
            let client = clients.region(region);
            let (backup, _permit) = client.backup.acquire().await;
            let request =
                backup.create_backup_vault().backup_vault_name(vault).set_encryption_key_arn(key_arn.clone());
            done(request.set_backup_vault_tags(tag_map(tags)).send().await)
        }
        Call::PutBackupVaultAccessPolicy { region, vault, policy } => {
            let client = clients.region(region);
            let (backup, _permit) = client.backup.acquire().await;
            done(backup.put_backup_vault_access_policy().backup_vault_name(vault).policy(policy).send().await)
        }
        Call::PutBackupVaultLockConfiguration {
            region,
            vault,
            changeable_for_days,
            min_retention_days,
            max_retention_days,
        } => {
            let client = clients.region(region);
            let (backup, _permit) = client.backup.acquire().await;
            done(
                backup
                    .put_backup_vault_lock_configuration()
                    .backup_vault_name(vault)
                    .set_changeable_for_days(*changeable_for_days)
                    .set_min_retention_days(*min_retention_days)
                    .set_max_retention_days(*max_retention_days)
                    .customize()
                    // Each put moves the date on.
                    .config_override(once!(aws_sdk_backup))
                    .send()
                    .await,
            )
        }
        Call::PutBackupVaultNotifications { region, vault, notifications } => {
            let client = clients.region(region);
            let (backup, _permit) = client.backup.acquire().await;
            let events = notifications.events.iter().map(|event| event.as_str().into()).collect();
            done(
                backup
                    .put_backup_vault_notifications()
                    .backup_vault_name(vault)
                    .sns_topic_arn(&notifications.topic)
                    .set_backup_vault_events(Some(events))
                    .send()
                    .await,
            )
        }
        Call::CreateBackupPlan { region, document, tags } => {
            let client = clients.region(region);
            let (backup, _permit) = client.backup.acquire().await;
            let request = backup.create_backup_plan().backup_plan(documents::plan(document)?);
            let request = request.set_backup_plan_tags(tag_map(tags)).customize();
            done(request.config_override(once!(aws_sdk_backup)).send().await)
        }
        Call::UpdateBackupPlan { region, plan_id, document, replaces: _ } => {
            let client = clients.region(region);
            let (backup, _permit) = client.backup.acquire().await;
            let plan = documents::plan(document)?;
            done(backup.update_backup_plan().backup_plan_id(plan_id).backup_plan(plan).send().await)
        }
        Call::CreateBackupSelection { region, plan_id, document } => {
            let client = clients.region(region);
            let (backup, _permit) = client.backup.acquire().await;
            let selection = documents::selection(document)?;
            done(
                backup
                    .create_backup_selection()
                    .backup_plan_id(plan_id)
                    .backup_selection(selection)
                    .customize()
                    .config_override(once!(aws_sdk_backup))
                    .send()
                    .await,
            )
        }
        Call::DeleteBackupSelection { region, plan_id, selection_id, unknown_members: _ } => {
            let client = clients.region(region);
            let (backup, _permit) = client.backup.acquire().await;
            done(
                backup
                    .delete_backup_selection()
                    .backup_plan_id(plan_id)
                    .selection_id(selection_id)
                    .send()
                    .await,
            )
        }
        Call::UpdateRegionSettings { region, opt_in, management } => {
            let client = clients.region(region);
            let (backup, _permit) = client.backup.acquire().await;
            // What is not named stays as it is.
            let on = |types: &BTreeSet<String>| {
                (!types.is_empty()).then(|| types.iter().map(|kind| (kind.clone(), true)).collect())
            };
            done(
                backup
                    .update_region_settings()
                    .set_resource_type_opt_in_preference(on(opt_in))
                    .set_resource_type_management_preference(on(management))
                    .send()
                    .await,
            )
        }
        Call::TagBackupResource { region, arn, tags } => {
            let client = clients.region(region);
            let (backup, _permit) = client.backup.acquire().await;
            done(backup.tag_resource().resource_arn(arn).set_tags(tag_map(tags)).send().await)
        }
    }
}
