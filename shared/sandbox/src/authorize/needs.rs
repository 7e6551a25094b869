//! What a call needs: actions on resources, the dependent ones of the Service Authorization Reference among them.

use serde_json::Value;

use super::keys;
use super::need::{Need, arn, itself};
use crate::backup::is_on_recovery_points;
use crate::partition::partition;
use crate::request::Request;
use crate::service::Service;
use crate::state::Account;

pub(super) fn of(account: &Account, request: &Request) -> Vec<Need> {
    match request.service {
        Service::Backup => of_backup(account, request),
        Service::Kms => keys::needs(account, request),
        Service::Iam => of_iam(account, request),
        Service::Sns => vec![itself(request, request.text("TopicArn").unwrap_or("*"))],
        Service::Ssm => {
            let name = request.text("Name").unwrap_or_default().trim_start_matches('/');
            let named = arn(request, "ssm", &format!("parameter/{name}"));
            vec![itself(request, if name.starts_with("arn:") { name.to_owned() } else { named })]
        }
        Service::CloudTrail => vec![itself(request, "*")],
        // Everybody may ask who they are.
        Service::Sts => Vec::new(),
    }
}

fn of_backup(account: &Account, request: &Request) -> Vec<Need> {
    let point = request.text("RecoveryPointArn").filter(|_| is_on_recovery_points(&request.operation));
    let resource = point.map_or_else(|| vault_or_plan(request), str::to_owned);
    let mut own = itself(request, &resource);
    for name in ["ChangeableForDays", "MinRetentionDays", "MaxRetentionDays"] {
        if let Some(days) = request.value(name) {
            own = own.with(&format!("backup:{name}"), [days.to_string().as_str()]);
        }
    }
    let mut needs = vec![own];
    if ["BackupVaultTags", "BackupPlanTags"].iter().any(|tags| !request.map(tags).is_empty()) {
        needs.push(Need::new(request, "backup:TagResource", &resource));
    }
    match request.operation.as_str() {
        "CreateBackupVault" => {
            needs.push(Need::new(request, "backup-storage:MountCapsule", "*"));
            needs.extend(keys::of_vault(account, request));
        }
        "CreateBackupSelection" => {
            let selection = request.map("BackupSelection");
            needs.extend(passed(request, selection.get("IamRoleArn").and_then(Value::as_str)));
        }
        "StartBackupJob" | "StartCopyJob" | "StartRestoreJob" => {
            needs.extend(passed(request, request.text("IamRoleArn")));
        }
        "CreateBackupPlan" | "UpdateBackupPlan" => needs.extend(scanner_roles(request)),
        _ => {}
    }
    needs
}

/// The role that AWS Backup is to work with.
fn passed(request: &Request, role: Option<&str>) -> Option<Need> {
    let passed = Need::new(request, "iam:PassRole", role?);
    Some(passed.with("iam:PassedToService", ["backup.amazonaws.com"]))
}

fn vault_or_plan(request: &Request) -> String {
    match (request.text("BackupVaultName"), request.text("BackupPlanId"), request.text("ResourceArn")) {
        (Some(vault), _, _) => arn(request, "backup", &format!("backup-vault:{vault}")),
        (_, Some(plan), _) => arn(request, "backup", &format!("backup-plan:{plan}")),
        (_, _, Some(arn)) => arn.to_owned(),
        _ if request.operation == "CreateBackupPlan" => arn(request, "backup", "backup-plan:*"),
        _ => "*".to_owned(),
    }
}

/// A plan that scans hands its scanner role to GuardDuty, whose service is the one in AWS's own AWSBackupFullAccess.
fn scanner_roles(request: &Request) -> Vec<Need> {
    let plan = request.map("BackupPlan");
    let settings = plan.get("ScanSettings").and_then(Value::as_array).into_iter().flatten();
    let roles = settings.filter_map(|setting| setting.get("ScannerRoleArn")?.as_str());
    let passed = |role| Need::new(request, "iam:PassRole", role);
    roles
        .map(|role| passed(role).with("iam:PassedToService", ["malware-protection.guardduty.amazonaws.com"]))
        .collect()
}

fn of_iam(account: &Account, request: &Request) -> Vec<Need> {
    let Some(name) = request.text("RoleName") else {
        return vec![itself(request, request.text("PolicySourceArn").unwrap_or("*"))];
    };
    let role = account.iam.roles.get(&name.to_lowercase()).map_or_else(
        || {
            let path = request.text("Path").unwrap_or("/");
            format!("arn:{}:iam::{}:role{path}{name}", partition(&request.region), request.account)
        },
        |role| role.arn.clone(),
    );
    let own = itself(request, &role).with("iam:PolicyARN", request.text("PolicyArn"));
    let mut needs = vec![own.with("iam:PermissionsBoundary", request.text("PermissionsBoundary"))];
    if request.operation == "CreateRole" && !request.list("Tags").is_empty() {
        needs.push(Need::new(request, "iam:TagRole", role));
    }
    needs
}
