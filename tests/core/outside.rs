//! Who is let in from outside of the account, and which conditions keep them out.

use reconcile::policy::{Policy, is_default};

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
        r#"{"StringLike": {"aws:PrincipalAccount": "123456789012"}}"#,
        r#"{"StringEqualsIgnoreCase": {"aws:SourceAccount": "123456789012"}}"#,
        r#"{"ArnEquals": {"aws:SourceArn": "arn:*:sns:*:123456789012:*"}}"#,
        r#"{"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/x", "aws:PrincipalTag/a": "b"}}"#,
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
        // These keys may be absent, and then it holds.
        r#"{"StringEqualsIfExists": {"aws:SourceAccount": "123456789012"}}"#,
        r#"{"ArnLikeIfExists": {"aws:SourceArn": "arn:aws:sns:us-east-1:123456789012:topic"}}"#,
        r#"{"StringEquals": {"aws:PrincipalAccount": []}}"#,
        r#"{"StringLike": {"aws:PrincipalArn": "arn:aws:*::123456789012:role/backup_*"}}"#,
        r#"{"StringLike": {"aws:PrincipalArn": "arn:aws:iam:*:123456789012:role/backup_*"}}"#,
        r#"{"StringEquals": {"aws:PrincipalArn": "123456789012"}}"#,
        r#"{"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/x"}}"#,
        r#"{"StringEquals": {"aws:PrincipalTag/account": "123456789012"}}"#,
    ] {
        assert!(lets_everybody_in(condition), "{condition}");
    }
}

#[test]
fn whoever_is_named_is_outside_by_the_account_in_the_name() {
    let outside = |principal: &str| {
        let policy = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Principal":{principal},"Action":"kms:*","Resource":"*"}}}}"#
        );
        Policy::parse(&policy).unwrap().lets_in(ACCOUNT).into_iter().collect::<Vec<_>>().join(" ")
    };
    for (principal, told) in [
        (r#"{"AWS": "123456789012"}"#, ""),
        (r#"{"AWS": "999999999999"}"#, "999999999999"),
        (r#"{"AWS": "arn:aws:iam::123456789012:root"}"#, ""),
        (r#"{"AWS": "arn:aws:iam::999999999999:user/x"}"#, "arn:aws:iam::999999999999:user/x"),
        // The id of somebody who was deleted.
        (r#"{"AWS": "AIDAEXAMPLE"}"#, ""),
        (r#"{"Service": "backup.amazonaws.com"}"#, ""),
        (r#"{"Service": "*.amazonaws.com"}"#, "Service *.amazonaws.com"),
        (r#"{"Federated": "arn:aws:iam::123456789012:saml-provider/ours"}"#, ""),
        (
            r#"{"Federated": "arn:aws:iam::999999999999:saml-provider/theirs"}"#,
            "arn:aws:iam::999999999999:saml-provider/theirs",
        ),
        (
            r#"{"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}"#,
            "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be",
        ),
    ] {
        assert_eq!(outside(principal), told, "{principal}");
    }
}

#[test]
fn the_policy_that_kms_gives_a_key_is_told_by_its_meaning() {
    let policy = |who: &str, action: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Id":"any","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{who}"}},"Action":"{action}","Resource":"*"}}]}}"#
        )
    };
    for (text, expected) in [
        (policy("arn:aws:iam::123456789012:root", "kms:*"), true),
        (policy("123456789012", "KMS:*"), true),
        (policy("arn:aws:iam::999999999999:root", "kms:*"), false),
        (policy("arn:aws:iam::123456789012:root", "kms:Decrypt"), false),
        ("no policy".to_owned(), false),
    ] {
        assert_eq!(is_default(&text, ACCOUNT, "aws"), expected, "{text}");
    }
}
