//! What happens to an account as a whole.

use serde_json::json;
use time::{Duration, OffsetDateTime};

use super::role_of_service;
use crate::kms::{managed_key, new_key};
use crate::reference::{ALIAS, DR_REGION, PRIMARY_REGION, deploy_plan};
use crate::state::{Account, Alias, Pending, Tags, Vault};

type Outcome = Result<(), &'static str>;

/// Resources of other people in the same regions; some have names much like ours.
pub(super) fn cluttered(account: &mut Account, _: &str, now: OffsetDateTime) -> Outcome {
    let role = role_of_service(account, "AWSBackupDefaultServiceRole", now);
    for region in [PRIMARY_REGION, DR_REGION] {
        let region = account.region(region);
        let key = new_key(region, now, "team data", Tags::new());
        let (name, arn) = ("alias/team_backup_key", region.arn("kms", "alias/team_backup_key"));
        let alias = Alias { name: name.to_owned(), arn, target: key.clone(), created: now, updated: now };
        region.kms.aliases.insert(name.to_owned(), alias);
        let own = (region.arn("kms", &format!("key/{key}")), "CUSTOMER_MANAGED_KMS_KEY");
        let aws = (managed_key(region, now), "AWS_OWNED_KMS_KEY");
        for (name, (key, key_kind)) in [("Default", aws), ("vault_prod", own)] {
            let vault = Vault {
                name: name.to_owned(),
                arn: region.arn("backup", &format!("backup-vault:{name}")),
                kind: "BACKUP_VAULT",
                key,
                key_kind,
                created: now,
                creator_request_id: Some(name.to_owned()),
                policy: None,
                lock: None,
                tags: Tags::new(),
                recovery_points: Default::default(),
            };
            region.backup.vaults.insert(name.to_owned(), vault);
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
        deploy_plan(region, &plan, &selection, Tags::new(), now);
    }
    Ok(())
}

/// Only keys cannot be deleted at once: they lose their alias and wait.
pub(super) fn emptied(account: &mut Account, _: &str, now: OffsetDateTime) -> Outcome {
    account.iam.roles.clear();
    for region in account.regions.values_mut() {
        region.backup.vaults.clear();
        for plan in region.backup.plans.values_mut().filter(|plan| plan.deleted.is_none()) {
            plan.selections.clear();
            plan.deleted = Some(now);
        }
        region.kms.aliases.remove(ALIAS);
        for key in region.kms.keys.values_mut().filter(|key| key.manager == "CUSTOMER") {
            key.pending.get_or_insert(Pending { date: now + Duration::days(7), days: 7 });
        }
    }
    Ok(())
}
