//! The reference deployment as Terraform leaves it, written down a second time on purpose: what the healer holds
//! to be right is checked against this and not against itself.

use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::backup::{plan_document, selection_document, store_version};
use crate::kms::new_key;
use crate::sns::ensure_topic;
use crate::state::{Account, Alias, Lock, Plan, Region, Role, Rotation, Selection, Tags, Vault};

/// Where the reference deployment has its vaults and plans.
pub const PRIMARY_REGION: &str = "us-east-1";
/// Where it keeps its copies.
pub const DR_REGION: &str = "us-west-2";

pub(crate) const ROLE: &str = "aws_backup_role";
pub(crate) const ALIAS: &str = "alias/aws_backup_key";
pub(crate) const KEY_DESCRIPTION: &str = "AWS backups kms key used to encrypt backups";
pub(crate) const TOPIC: &str = "drift-healer";
pub(crate) const FOR_BACKUP: &str =
    "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup";
pub(crate) const FOR_RESTORES: &str =
    "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores";
const LOCK_DAYS: i64 = 3;

/// Region and name of each vault.
pub(crate) const VAULTS: [(&str, &str); 4] = [
    (PRIMARY_REGION, "vault_prod_hourly"),
    (PRIMARY_REGION, "vault_prod_daily"),
    (PRIMARY_REGION, "vault_prod_monthly"),
    (DR_REGION, "vault_disaster_recovery"),
];

pub(crate) fn tags() -> Tags {
    let pairs = [
        ("terraform", "true"),
        ("created_by", "ThinkStack"),
        ("environment", "prod"),
        ("priority", "critical"),
        ("aws_backup", "true"),
    ];
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// Replaces whatever the account held by the reference deployment; published messages stay.
pub(crate) fn deploy(account: &mut Account, now: OffsetDateTime) {
    let published = std::mem::take(&mut account.published);
    *account = Account { published, ..Account::new(&account.id) };
    let role = deploy_role(account, now);
    for region in [PRIMARY_REGION, DR_REGION] {
        deploy_key(account.region(region), now);
    }
    for (region, name) in VAULTS {
        deploy_vault(account.region(region), name, now);
    }
    let copies = format!("arn:aws:backup:{DR_REGION}:{}:backup-vault:vault_disaster_recovery", account.id);
    let primary = account.region(PRIMARY_REGION);
    deploy_plan(primary, &prod_backups(&copies), &all_except_ec2_and_s3(&role), tags(), now);
    deploy_plan(primary, &ec2_prod_backups(&copies), &all_ec2(&role), tags(), now);
    ensure_topic(primary, TOPIC, Tags::new());
}

fn deploy_role(account: &mut Account, now: OffsetDateTime) -> String {
    deploy_service_role(account, "/", ROLE, tags(), now)
}

/// A role that AWS Backup can use, put into the account; its ARN.
pub(crate) fn deploy_service_role(
    account: &mut Account,
    path: &str,
    name: &str,
    tags: Tags,
    now: OffsetDateTime,
) -> String {
    let arn = format!("arn:aws:iam::{}:role{path}{name}", account.id);
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Action": "sts:AssumeRole",
            "Effect": "Allow",
            "Principal": { "Service": "backup.amazonaws.com" },
        }],
    });
    let role = Role {
        name: name.to_owned(),
        path: path.to_owned(),
        id: account.iam.ids.unique("AROA"),
        arn: arn.clone(),
        created: now,
        trust: trust.to_string(),
        description: None,
        max_session: 3600,
        boundary: None,
        tags,
        attached: vec![FOR_BACKUP.to_owned(), FOR_RESTORES.to_owned()],
        inline: Default::default(),
    };
    account.iam.roles.insert(name.to_lowercase(), role);
    arn
}

fn deploy_key(region: &mut Region, now: OffsetDateTime) {
    let id = new_key(region, now, KEY_DESCRIPTION, tags());
    if let Some(key) = region.kms.keys.get_mut(&id) {
        key.rotation = Some(Rotation { period: 365, since: now });
    }
    let arn = region.arn("kms", ALIAS);
    let alias = Alias { name: ALIAS.to_owned(), arn, target: id, created: now, updated: now };
    region.kms.aliases.insert(ALIAS.to_owned(), alias);
}

fn deploy_vault(region: &mut Region, name: &str, now: OffsetDateTime) {
    let arn = region.arn("backup", &format!("backup-vault:{name}"));
    let key = region.kms.aliases.get(ALIAS).map(|alias| alias.target.clone()).unwrap_or_default();
    let vault = Vault {
        name: name.to_owned(),
        policy: Some(vault_policy(&arn).to_string()),
        arn,
        kind: "BACKUP_VAULT",
        key: region.arn("kms", &format!("key/{key}")),
        key_kind: "CUSTOMER_MANAGED_KMS_KEY",
        created: now,
        creator_request_id: None,
        lock: Some(Lock { min: None, max: None, date: Some(now + Duration::days(LOCK_DAYS)) }),
        tags: tags(),
        recovery_points: Default::default(),
    };
    region.backup.vaults.insert(name.to_owned(), vault);
}

pub(crate) fn vault_policy(arn: &str) -> Value {
    json!({
        "Version": "2012-10-17",
        "Id": "default",
        "Statement": [{
            "Sid": "deny_all_delete",
            "Effect": "Deny",
            "Principal": { "AWS": "*" },
            "Action": [
                "backup:DeleteBackupVault",
                "backup:DeleteRecoveryPoint",
                "backup:UpdateRecoveryPointLifecycle",
            ],
            "Resource": arn,
        }],
    })
}

fn rule(name: &str, vault: &str, schedule: &str, days: i64, copies: Option<&str>) -> Value {
    let copy =
        |arn: &str| json!({ "DestinationBackupVaultArn": arn, "Lifecycle": { "DeleteAfterDays": days } });
    json!({
        "RuleName": name,
        "TargetBackupVaultName": vault,
        "ScheduleExpression": schedule,
        "StartWindowMinutes": 60,
        "CompletionWindowMinutes": 1440,
        "Lifecycle": { "DeleteAfterDays": days },
        "CopyActions": copies.map(copy).into_iter().collect::<Vec<_>>(),
        "EnableContinuousBackup": false,
    })
}

fn plan(name: &str, rules: Vec<Value>) -> Value {
    json!({
        "BackupPlanName": name,
        "Rules": rules,
        "AdvancedBackupSettings": [{ "ResourceType": "EC2", "BackupOptions": { "WindowsVSS": "enabled" } }],
    })
}

fn prod_backups(copies: &str) -> Value {
    let rules = vec![
        rule("hourly_backup_rule", "vault_prod_hourly", "cron(20 * * * ? *)", 3, None),
        rule("daily_backup_rule", "vault_prod_daily", "cron(20 7 * * ? *)", 30, Some(copies)),
        rule("monthly_backup_rule", "vault_prod_monthly", "cron(20 7 1 * ? *)", 365, None),
    ];
    plan("prod_backups", rules)
}

fn ec2_prod_backups(copies: &str) -> Value {
    let daily = rule("daily_backup_rule", "vault_prod_daily", "cron(20 9 * * ? *)", 30, Some(copies));
    plan("ec2_prod_backups", vec![daily])
}

fn all_except_ec2_and_s3(role: &str) -> Value {
    json!({
        "SelectionName": "all_except_ec2_and_s3",
        "IamRoleArn": role,
        "Resources": ["*"],
        "NotResources": ["arn:aws:ec2:*:*:instance/*", "arn:aws:s3:*"],
    })
}

fn all_ec2(role: &str) -> Value {
    json!({ "SelectionName": "all_ec2", "IamRoleArn": role, "Resources": ["arn:aws:ec2:*:*:instance/*"] })
}

/// Puts a plan with one selection into the region. Documents that AWS would refuse are not written here.
pub(crate) fn deploy_plan(
    region: &mut Region,
    plan: &Value,
    selection: &Value,
    tags: Tags,
    now: OffsetDateTime,
) {
    let (Ok(version), Ok(selection)) = (plan_document(plan), selection_document(selection)) else { return };
    let version = store_version(region, version, now);
    let id = region.ids.uuid();
    let selection =
        Selection { id: region.ids.uuid(), created: now, creator_request_id: None, document: selection };
    let plan = Plan {
        arn: region.arn("backup", &format!("backup-plan:{id}")),
        id: id.clone(),
        creator_request_id: None,
        versions: vec![version],
        deleted: None,
        tags,
        selections: [(selection.id.clone(), selection)].into(),
    };
    region.backup.plans.insert(id, plan);
}
