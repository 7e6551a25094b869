//! What happens to an account as a whole.

use sandbox::state::Pending;
use sandbox::{Change, Service};
use serde_json::json;
use time::Duration;

use super::key;
use super::named::Outcome;
use crate::reference::{DR_REGION, PRIMARY_REGION, make_plan, make_service_role};

/// The ARN of the role that AWS Backup's console makes for itself when it is first needed.
pub(super) fn default_role(change: &mut Change<'_>) -> Outcome<String> {
    const NAME: &str = "AWSBackupDefaultServiceRole";
    match change.account.iam.role(NAME) {
        Some(role) => Ok(role.arn.clone()),
        None => Ok(make_service_role(change, "/service-role/", NAME, json!([]))?),
    }
}

/// Resources of other people in the same regions; some have names much like ours.
pub(super) fn cluttered(change: &mut Change<'_>, _: &str) -> Outcome {
    let role = default_role(change)?;
    for region in [PRIMARY_REGION, DR_REGION] {
        let key = key::make(change, region, json!({ "Description": "team data" }))?;
        let alias = json!({ "AliasName": "alias/team_backup_key", "TargetKeyId": key });
        change.call(Service::Kms, region, "CreateAlias", alias)?;
        for (name, key) in [("Default", None), ("vault_prod", Some(&key))] {
            let vault = json!({ "BackupVaultName": name, "EncryptionKeyArn": key, "CreatorRequestId": name });
            change.call(Service::Backup, region, "CreateBackupVault", vault)?;
        }
        let plan = json!({
            "BackupPlanName": "team_backups",
            "Rules": [{ "RuleName": "daily_backup_rule", "TargetBackupVaultName": "vault_prod" }],
        });
        let selection = json!({
            "SelectionName": "all_ec2",
            "IamRoleArn": role,
            "ListOfTags": [{ "ConditionType": "STRINGEQUALS", "ConditionKey": "team", "ConditionValue": "data" }],
        });
        make_plan(change, region, plan, json!({}), selection)?;
    }
    Ok(())
}

/// Only keys cannot be deleted at once: they lose their aliases and wait.
pub(super) fn emptied(change: &mut Change<'_>, _: &str) -> Outcome {
    let (now, account) = (change.now, &mut *change.account);
    account.iam.roles.clear();
    for region in account.regions.values_mut() {
        region.backup.vaults.clear();
        for plan in region.backup.plans.values_mut().filter(|plan| plan.deleted.is_none()) {
            plan.selections.clear();
            plan.deleted = Some(now);
        }
        region.kms.aliases.retain(|name, _| name.starts_with("alias/aws/"));
        for key in region.kms.keys.values_mut().filter(|key| key.manager == "CUSTOMER") {
            key.pending.get_or_insert(Pending { date: now + Duration::days(7), days: 7 });
        }
    }
    Ok(())
}
