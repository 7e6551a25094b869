//! Who is let in from outside of the account, and which conditions keep them out.

use reconcile::policy::Policy;

const ACCOUNT: &str = "123456789012";

/// Whether everybody is let in by an Allow for everybody under this condition.
fn lets_everybody_in(condition: &str) -> bool {
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*","Condition":{condition}}}}}"#
    );
    let found = Policy::parse(&policy).unwrap().lets_in(ACCOUNT);
    assert!(found.is_empty() || found.iter().eq(["*"]), "{found:?}");
    !found.is_empty()
}

#[test]
fn a_condition_on_the_account_keeps_everybody_else_out() {
    for condition in [
        r#"{"StringEquals": {"aws:PrincipalAccount": "123456789012"}}"#,
        r#"{"StringEquals": {"kms:CallerAccount": ["123456789012"]}}"#,
        r#"{"StringEqualsIfExists": {"kms:CallerAccount": "123456789012"}}"#,
        r#"{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/*"}}"#,
        r#"{"StringLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/backup_*"}}"#,
        r#"{"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:PrincipalAccount": "123456789012"}}"#,
    ] {
        assert!(!lets_everybody_in(condition), "{condition}");
    }
}

#[test]
fn any_other_condition_lets_somebody_in() {
    for condition in [
        "{}",
        r#"{"StringEquals": {"aws:PrincipalAccount": ["123456789012", "111111111111"]}}"#,
        r#"{"StringLike": {"aws:PrincipalAccount": "1*"}}"#,
        r#"{"StringNotEquals": {"aws:PrincipalAccount": "111111111111"}}"#,
        r#"{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/*"}}"#,
        r#"{"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/backup_*"}}"#,
        r#"{"StringLike": {"aws:PrincipalArn": "arn:*:iam::123456789012:role/backup_*"}}"#,
        r#"{"Bool": {"aws:SecureTransport": "true"}}"#,
    ] {
        assert!(lets_everybody_in(condition), "{condition}");
    }
}
