//! The command that goes with a finding is one that can be run, and runs where it has to.
#![allow(clippy::expect_used, reason = "this is a test")]

use reconcile::call::{Call, CallError};
use reconcile::drift::{Drift, Finding};
use reconcile::repair::BlockReason;
use reconcile::report::{Outcome, Reported};
use reconcile::resource::{Kind, ResourceId};
use time::OffsetDateTime;

fn command(resource: ResourceId, drift: Drift, outcome: Outcome, call: Option<Call>) -> Option<String> {
    let one = Reported {
        finding: Finding { resource, drift },
        outcome,
        calls: call.into_iter().collect(),
        immutable_at: None,
        seen_at: OffsetDateTime::UNIX_EPOCH,
        repaired_at: None,
        attribution: None,
        contention: None,
    };
    one.command("us-gov-west-1")
}

#[test]
fn what_was_refused_about_the_role_is_looked_up_where_iam_records() {
    let call = Call::AttachRolePolicy {
        role: "aws_backup_role".into(),
        policy_arn: "arn:aws:iam::aws:policy/x".into(),
    };
    let refused = CallError { code: "AccessDenied".to_owned(), message: "no".to_owned() };
    let drift = Drift::PolicyDetached { policy_arn: "arn:aws:iam::aws:policy/x".to_owned() };
    let command = command(ResourceId::role("aws_backup_role"), drift, Outcome::Failed(refused), Some(call));
    assert_eq!(
        command.as_deref(),
        Some(
            "aws cloudtrail lookup-events --region us-gov-west-1 --lookup-attributes AttributeKey=EventName,AttributeValue=AttachRolePolicy"
        )
    );
}

#[test]
fn what_could_not_be_read_is_read_by_the_same_call_or_looked_up() {
    let vault = |kind| ResourceId::regional(kind, "us-east-1", "vault_prod_daily");
    let lookup = |region: &str, event: &str| {
        format!(
            "aws cloudtrail lookup-events --region {region} --lookup-attributes AttributeKey=EventName,AttributeValue={event}"
        )
    };
    let key = || ResourceId::regional(Kind::Key, "us-east-1", "alias/aws_backup_key");
    for (resource, action, expected) in [
        (
            vault(Kind::VaultPolicy),
            "backup:GetBackupVaultAccessPolicy",
            "aws backup get-backup-vault-access-policy --region us-east-1 --backup-vault-name vault_prod_daily".to_owned(),
        ),
        (vault(Kind::Vault), "backup:ListTags", lookup("us-east-1", "ListTags")),
        (key(), "kms:DescribeKey", "aws kms describe-key --region us-east-1 --key-id alias/aws_backup_key".to_owned()),
        // It takes no alias.
        (key(), "kms:GetKeyRotationStatus", lookup("us-east-1", "GetKeyRotationStatus")),
        (
            ResourceId::regional(Kind::Selection, "us-east-1", "prod_backups/all"),
            "backup:GetBackupSelection",
            lookup("us-east-1", "GetBackupSelection"),
        ),
        (
            ResourceId::role("aws_backup_role"),
            "iam:ListAttachedRolePolicies",
            "aws iam list-attached-role-policies --role-name aws_backup_role".to_owned(),
        ),
    ] {
        let drift = Drift::Unreadable { attribute: "any", error: format!("{action}: AccessDeniedException: no") };
        let command = command(resource, drift, Outcome::Blocked(BlockReason::Unreadable), None);
        assert_eq!(command.expect(action), expected);
    }
}
