//! Where the events of a vault go.

use serde_json::{Value, json};

use super::admission::admitted;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::request::Request;
use crate::state::{Account, Notifications};

/// The events of the guide, and those that the model has since. Others of the model are no longer sent, and refused.
const EVENTS: [&str; 25] = [
    "BACKUP_JOB_STARTED",
    "BACKUP_JOB_COMPLETED",
    "COPY_JOB_STARTED",
    "COPY_JOB_SUCCESSFUL",
    "COPY_JOB_FAILED",
    "RESTORE_JOB_STARTED",
    "RESTORE_JOB_COMPLETED",
    "RECOVERY_POINT_MODIFIED",
    "S3_BACKUP_OBJECT_FAILED",
    "S3_RESTORE_OBJECT_FAILED",
    "CONTINUOUS_BACKUP_INTERRUPTED",
    "RECOVERY_POINT_INDEX_COMPLETED",
    "RECOVERY_POINT_INDEX_DELETED",
    "RECOVERY_POINT_INDEXING_FAILED",
    "EKS_RESTORE_OBJECT_FAILED",
    "EKS_RESTORE_OBJECT_SKIPPED",
    "EKS_BACKUP_OBJECT_FAILED",
    "EKS_RESTORE_MODIFICATION_SUCCESS",
    "EKS_RESTORE_MODIFICATION_FAILED",
    "ACCESS_POINT_AVAILABLE",
    "ACCESS_POINT_CREATION_FAILED",
    "ACCESS_POINT_DELETED",
    "ACCESS_POINT_DELETION_FAILED",
    "ACCESS_POINT_EXPIRED",
    "ACCESS_POINT_DISASSOCIATED",
];

pub(super) fn put(account: &mut Account, request: &Request) -> Answer {
    let vault = admitted(&mut account.region(&request.region).backup, request)?;
    let topic = request.required("SNSTopicArn")?;
    if !(topic.starts_with("arn:") && topic.split(':').nth(2) == Some("sns")) {
        return Err(request.invalid(format!("SNSTopicArn {topic} is not the ARN of a topic")));
    }
    let events: Vec<String> =
        request.list("BackupVaultEvents").iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if events.is_empty() {
        return Err(request.missing("BackupVaultEvents"));
    }
    if events.iter().any(|event| !EVENTS.contains(&event.as_str())) {
        let known = EVENTS.join(", ");
        return Err(
            request.invalid(format!("Please select from the following list of notifications {known}"))
        );
    }
    vault.notifications = Some(Notifications { topic: topic.to_owned(), events });
    Ok(Value::Null)
}

pub(super) fn read(account: &mut Account, request: &Request) -> Answer {
    let vault = admitted(&mut account.region(&request.region).backup, request)?;
    let Notifications { topic, events } = vault.notifications.as_ref().ok_or_else(|| {
        let message = format!("Backup vault {} has no notifications", vault.name);
        AwsError::bad("ResourceNotFoundException", message)
    })?;
    Ok(json!({
        "BackupVaultName": vault.name,
        "BackupVaultArn": vault.arn,
        "SNSTopicArn": topic,
        "BackupVaultEvents": events,
    }))
}

/// Whether AWS minds that there are none is not documented.
pub(super) fn delete(account: &mut Account, request: &Request) -> Answer {
    admitted(&mut account.region(&request.region).backup, request)?.notifications = None;
    Ok(Value::Null)
}
