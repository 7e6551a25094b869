//! What a selection demands of its role, and how IAM writes documents.

use serde_json::json;

use crate::client::{backup, iam, plan_id, reference};

#[tokio::test(flavor = "multi_thread")]
async fn a_selection_needs_a_role_that_backup_can_assume_and_use() {
    let attempt = |drifts: &[&str]| {
        let sandbox = reference();
        drifts.iter().for_each(|drift| sandbox.drift(drift).unwrap());
        for policy in ["Backup", "Restores"].iter().filter(|_| drifts.contains(&"role-untagged")) {
            let arn = format!("arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyFor{policy}");
            iam(&sandbox, &format!("Action=DetachRolePolicy&RoleName=aws_backup_role&PolicyArn={arn}"));
        }
        let path = format!("PUT /backup/plans/{}/selections/", plan_id(&sandbox, "prod_backups"));
        let role = "arn:aws:iam::123456789012:role/aws_backup_role";
        let selection = json!({ "SelectionName": "s", "IamRoleArn": role, "Resources": ["*"] });
        let (_, body) = backup(&sandbox, "us-east-1", &path, json!({ "BackupSelection": selection }));
        body["Message"].as_str().unwrap_or("made").to_owned()
    };
    assert_eq!(attempt(&[]), "made");
    assert!(attempt(&["role-deleted"]).ends_with("cannot be assumed by AWS Backup"));
    assert!(attempt(&["role-trust-changed"]).ends_with("cannot be assumed by AWS Backup"));
    assert_eq!(attempt(&["role-policy-detached"]), "made");
    assert!(attempt(&["role-untagged"]).ends_with("is not authorized to call tag:GetResources"));
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_are_percent_encoded_and_names_have_no_case() {
    let (status, xml) = iam(&reference(), "Action=GetRole&RoleName=AWS_Backup_Role");
    assert_eq!(status, 200);
    assert!(xml.contains("<RoleName>aws_backup_role</RoleName>"), "{xml}");
    assert!(xml.contains("%22sts%3AAssumeRole%22"), "{xml}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_with_policies_cannot_be_deleted() {
    let (status, xml) = iam(&reference(), "Action=DeleteRole&RoleName=aws_backup_role");
    assert_eq!(status, 409);
    assert!(xml.contains("<Code>DeleteConflict</Code>"), "{xml}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_names_a_deleted_role_shows_its_id() {
    let sandbox = reference();
    let path = "/backup-vaults/vault_prod_daily/access-policy";
    let arn = "arn:aws:iam::123456789012:role/aws_backup_role";
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Deny",
            "Principal": { "AWS": [arn] },
            "Action": "backup:DeleteRecoveryPoint",
            "Resource": "*",
            "Condition": { "StringEquals": { "aws:PrincipalArn": arn } },
        },
    });
    let body = json!({ "Policy": policy.to_string() });
    assert_eq!(backup(&sandbox, "us-east-1", &format!("PUT {path}"), body.clone()).0, 200);
    sandbox.drift("role-deleted").unwrap();
    let (_, answer) = backup(&sandbox, "us-east-1", &format!("GET {path}"), json!(null));
    let text = answer["Policy"].as_str().unwrap();
    assert!(text.contains("[\"AROA") && text.contains(&format!("\"aws:PrincipalArn\":\"{arn}\"")), "{text}");
    let (status, refusal) = backup(&sandbox, "us-east-1", &format!("PUT {path}"), body);
    assert_eq!((status, refusal["Message"].as_str()), (400, Some("Provided principal is not valid")));
}
