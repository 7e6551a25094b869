//! What becomes of policies that name a principal which is no more.

use serde_json::json;

use crate::client::{backup, iam};
use crate::{REGION, furnished};

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_names_a_deleted_role_shows_its_id() {
    let sandbox = furnished();
    let path = "/backup-vaults/v0/access-policy";
    let arn = "arn:aws:iam::123456789012:role/r";
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
    assert_eq!(backup(&sandbox, REGION, &format!("PUT {path}"), body.clone()).0, 200);
    assert_eq!(iam(&sandbox, "Action=DeleteRole&RoleName=r").0, 200);
    let (_, answer) = backup(&sandbox, REGION, &format!("GET {path}"), json!(null));
    let text = answer["Policy"].as_str().unwrap();
    assert!(text.contains("[\"AROA") && text.contains(&format!("\"aws:PrincipalArn\":\"{arn}\"")), "{text}");
    let (status, refusal) = backup(&sandbox, REGION, &format!("PUT {path}"), body);
    assert_eq!((status, refusal["Message"].as_str()), (400, Some("Provided principal is not valid")));
}
