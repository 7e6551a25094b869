//! The reference deployment as Terraform leaves it, written down a second time on purpose: what the healer holds
//! to be right is checked against this and not against itself.

use sandbox::{AwsError, Change, Service};
use serde_json::{Value, json};
use time::Duration;

/// Where the reference deployment has its vaults and plans.
pub const PRIMARY_REGION: &str = "us-east-1";
/// Where it keeps its copies.
pub const DR_REGION: &str = "us-west-2";
/// Its topic, in the default account.
pub const TOPIC_ARN: &str = "arn:aws:sns:us-east-1:123456789012:drift-healer";

pub(crate) const ROLE: &str = "aws_backup_role";
pub(crate) const ALIAS: &str = "alias/aws_backup_key";
pub(crate) const FOR_BACKUP: &str =
    "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup";
const FOR_RESTORES: &str = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores";
const TOPIC: &str = "drift-healer";

/// The regions, and the vaults of each.
const REGIONS: [(&str, &[&str]); 2] = [
    (PRIMARY_REGION, &["vault_prod_hourly", "vault_prod_daily", "vault_prod_monthly"]),
    (DR_REGION, &["vault_disaster_recovery"]),
];

const TAGS: [(&str, &str); 5] = [
    ("terraform", "true"),
    ("created_by", "ThinkStack"),
    ("environment", "prod"),
    ("priority", "critical"),
    ("aws_backup", "true"),
];

/// Tags as AWS Backup takes them.
fn tag_map() -> Value {
    TAGS.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect()
}

/// Makes it in an account that holds nothing yet.
pub(crate) fn make(change: &mut Change<'_>) -> Result<(), AwsError> {
    let tags: Value = TAGS.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
    // Whoever deploys it makes keys and role first.
    let now = change.now;
    change.now -= Duration::days(1);
    let keys = REGIONS.map(|(region, vaults)| make_key(change, region).map(|key| (region, vaults, key)));
    let role = make_service_role(change, "/", ROLE, tags)?;
    change.now = now;
    for made in keys {
        let (region, vaults, key) = made?;
        for vault in vaults {
            make_vault(change, region, vault, &key)?;
        }
    }
    let copies =
        format!("arn:aws:backup:{DR_REGION}:{}:backup-vault:vault_disaster_recovery", change.account.id);
    make_plan(change, PRIMARY_REGION, prod_backups(&copies), tag_map(), all_except_ec2_and_s3(&role))?;
    make_plan(change, PRIMARY_REGION, ec2_prod_backups(&copies), tag_map(), all_ec2(&role))?;
    make_topic(change)
}

/// Makes its topic.
pub(crate) fn make_topic(change: &mut Change<'_>) -> Result<(), AwsError> {
    change.call(Service::Sns, PRIMARY_REGION, "CreateTopic", json!({ "Name": TOPIC }))?;
    Ok(())
}

/// Makes a role that AWS Backup can use; its ARN.
pub(crate) fn make_service_role(
    change: &mut Change<'_>,
    path: &str,
    name: &str,
    tags: Value,
) -> Result<String, AwsError> {
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Action": "sts:AssumeRole",
            "Effect": "Allow",
            "Principal": { "Service": "backup.amazonaws.com" },
        }],
    });
    let role = json!({
        "RoleName": name,
        "Path": path,
        "AssumeRolePolicyDocument": trust.to_string(),
        "Tags": tags,
    });
    let made = change.call(Service::Iam, PRIMARY_REGION, "CreateRole", role)?;
    for policy in [FOR_BACKUP, FOR_RESTORES] {
        let attached = json!({ "RoleName": name, "PolicyArn": policy });
        change.call(Service::Iam, PRIMARY_REGION, "AttachRolePolicy", attached)?;
    }
    Ok(text(&made, "/Role/Arn"))
}

/// A text of an answer.
pub(crate) fn text(answer: &Value, pointer: &str) -> String {
    answer.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Makes the region's key with its alias; its ARN.
fn make_key(change: &mut Change<'_>, region: &str) -> Result<String, AwsError> {
    let tags: Value = TAGS.iter().map(|(key, value)| json!({ "TagKey": key, "TagValue": value })).collect();
    let key = json!({ "Description": "AWS backups kms key used to encrypt backups", "Tags": tags });
    let made = change.call(Service::Kms, region, "CreateKey", key)?;
    let arn = text(&made, "/KeyMetadata/Arn");
    change.call(Service::Kms, region, "EnableKeyRotation", json!({ "KeyId": arn }))?;
    change.call(Service::Kms, region, "CreateAlias", json!({ "AliasName": ALIAS, "TargetKeyId": arn }))?;
    Ok(arn)
}

fn make_vault(change: &mut Change<'_>, region: &str, name: &str, key: &str) -> Result<(), AwsError> {
    let vault = json!({ "BackupVaultName": name, "EncryptionKeyArn": key, "BackupVaultTags": tag_map() });
    change.call(Service::Backup, region, "CreateBackupVault", vault)?;
    let policy = json!({
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
            "Resource": "*",
        }],
    });
    let policy = json!({ "BackupVaultName": name, "Policy": policy.to_string() });
    change.call(Service::Backup, region, "PutBackupVaultAccessPolicy", policy)?;
    let lock = json!({ "BackupVaultName": name, "ChangeableForDays": 3 });
    change.call(Service::Backup, region, "PutBackupVaultLockConfiguration", lock)?;
    Ok(())
}

/// Makes a plan with one selection.
pub(crate) fn make_plan(
    change: &mut Change<'_>,
    region: &str,
    plan: Value,
    tags: Value,
    selection: Value,
) -> Result<(), AwsError> {
    let plan = json!({ "BackupPlan": plan, "BackupPlanTags": tags });
    let made = change.call(Service::Backup, region, "CreateBackupPlan", plan)?;
    let selection = json!({ "BackupPlanId": made["BackupPlanId"], "BackupSelection": selection });
    change.call(Service::Backup, region, "CreateBackupSelection", selection)?;
    Ok(())
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
