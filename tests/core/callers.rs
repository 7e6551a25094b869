//! Whom a Deny binds: by whom it names, and on what it is conditional. What cannot be told is neither yes nor no.

use reconcile::policy::{Caller, Policy, no_longer_denied, with_denials_of};

const VAULT: &str = "arn:aws:backup:us-east-1:123456789012:backup-vault:vault_prod_daily";
const HEALER: &str = "arn:aws:iam::123456789012:role/ops/drift_healer";
const ACCOUNT: &str = "123456789012";

const BOUND: Option<bool> = Some(true);
const SPARED: Option<bool> = Some(false);
const UNSURE: Option<bool> = None;

fn binds(caller: &Caller, who: &str, condition: &str) -> Option<bool> {
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Deny",{who},"Action":"backup:DeleteBackupVault","Resource":"*","Condition":{condition}}}}}"#
    );
    let policy = Policy::parse(&policy).unwrap_or_else(|error| panic!("{error}: {policy}"));
    policy.denies_to(caller, "backup:DeleteBackupVault", VAULT)
}

fn callers() -> [Caller; 4] {
    [
        Caller::role(HEALER),
        Caller::some_role_of("aws", ACCOUNT),
        Caller::some_role_later("aws", ACCOUNT),
        Caller::service("backup.amazonaws.com"),
    ]
}

#[test]
fn a_deny_binds_those_whom_it_names() {
    for (who, [role, some_role, a_role_later, service]) in [
        (r#""*""#, [BOUND, BOUND, BOUND, BOUND]),
        (r#"{"AWS": "*"}"#, [BOUND, BOUND, BOUND, BOUND]),
        (r#"{"AWS": "123456789012"}"#, [BOUND, BOUND, BOUND, SPARED]),
        (r#"{"AWS": "111111111111"}"#, [SPARED, SPARED, UNSURE, SPARED]),
        (r#"{"AWS": "arn:aws:iam::123456789012:root"}"#, [BOUND, BOUND, BOUND, SPARED]),
        (r#"{"AWS": "arn:aws:iam::111111111111:root"}"#, [SPARED, SPARED, UNSURE, SPARED]),
        (r#"{"AWS": "arn:aws:iam::123456789012:role/ops/drift_healer"}"#, [BOUND, UNSURE, UNSURE, SPARED]),
        (r#"{"AWS": "arn:aws:iam::123456789012:role/drift_healer"}"#, [SPARED, UNSURE, UNSURE, SPARED]),
        (r#"{"AWS": "arn:aws:iam::123456789012:user/drift_healer"}"#, [SPARED, SPARED, SPARED, SPARED]),
        (r#"{"AWS": "arn:aws:iam::111111111111:role/ops/drift_healer"}"#, [SPARED, SPARED, SPARED, SPARED]),
        // The id of a role that was deleted may have been anybody's; a user's cannot be a role's.
        (r#"{"AWS": "AROAEXAMPLE"}"#, [UNSURE, UNSURE, UNSURE, SPARED]),
        (r#"{"AWS": "AIDAEXAMPLE"}"#, [SPARED, SPARED, SPARED, SPARED]),
        (r#"{"AWS": "12345678901"}"#, [UNSURE, UNSURE, UNSURE, SPARED]),
        (r#"{"AWS": "abcdefghijkl"}"#, [UNSURE, UNSURE, UNSURE, SPARED]),
        (
            r#"{"AWS": "arn:aws:sts::123456789012:assumed-role/drift_healer/s"}"#,
            [UNSURE, UNSURE, UNSURE, SPARED],
        ),
        (r#"{"AWS": "arn:aws:sts::123456789012:assumed-role/other/s"}"#, [SPARED, UNSURE, UNSURE, SPARED]),
        (
            r#"{"AWS": "arn:aws:sts::111111111111:assumed-role/drift_healer/s"}"#,
            [SPARED, SPARED, UNSURE, SPARED],
        ),
        (
            r#"{"AWS": "arn:aws:sts::123456789012:federated-user/drift_healer"}"#,
            [SPARED, SPARED, SPARED, SPARED],
        ),
        (r#"{"Service": "backup.amazonaws.com"}"#, [SPARED, SPARED, SPARED, BOUND]),
        (r#"{"Service": "ec2.amazonaws.com"}"#, [SPARED, SPARED, SPARED, SPARED]),
        (r#"{"Service": "*"}"#, [SPARED, SPARED, SPARED, UNSURE]),
        (r#"{"Federated": "cognito-identity.amazonaws.com"}"#, [SPARED, SPARED, SPARED, SPARED]),
    ] {
        let told = callers().map(|caller| binds(&caller, &format!("\"Principal\": {who}"), "{}"));
        assert_eq!(told, [role, some_role, a_role_later, service], "{who}");
    }
    // Who is spared by name is not sure to be: role, session and account have to be named.
    let all_but = format!("\"NotPrincipal\": {{\"AWS\": \"{HEALER}\"}}");
    assert_eq!(callers().map(|caller| binds(&caller, &all_but, "{}")), [UNSURE; 4]);
}

#[test]
fn a_condition_binds_by_what_every_request_of_a_role_has() {
    for (condition, [role, some_role, a_role_later, service]) in [
        ("{}", [BOUND, BOUND, BOUND, BOUND]),
        (r#"{"StringEquals": {"aws:PrincipalType": "AssumedRole"}}"#, [BOUND, BOUND, BOUND, UNSURE]),
        (r#"{"StringEquals": {"aws:PrincipalType": "User"}}"#, [SPARED, SPARED, SPARED, UNSURE]),
        (r#"{"Bool": {"aws:PrincipalIsAWSService": "true"}}"#, [SPARED, SPARED, SPARED, UNSURE]),
        (r#"{"Bool": {"aws:PrincipalIsAWSService": "false"}}"#, [BOUND, BOUND, BOUND, UNSURE]),
        (r#"{"Bool": {"aws:SecureTransport": "false"}}"#, [SPARED, SPARED, SPARED, UNSURE]),
        (r#"{"Bool": {"aws:SecureTransport": "true"}}"#, [BOUND, BOUND, BOUND, UNSURE]),
        (r#"{"StringEquals": {"aws:PrincipalAccount": "123456789012"}}"#, [BOUND, BOUND, BOUND, UNSURE]),
        (r#"{"StringEquals": {"aws:PrincipalAccount": "111111111111"}}"#, [SPARED, SPARED, UNSURE, UNSURE]),
        (r#"{"StringEquals": {"kms:CallerAccount": "111111111111"}}"#, [SPARED, SPARED, UNSURE, UNSURE]),
        (
            r#"{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/ops/*"}}"#,
            [BOUND, UNSURE, UNSURE, UNSURE],
        ),
        (
            r#"{"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/*"}}"#,
            [SPARED, SPARED, UNSURE, UNSURE],
        ),
        (
            r#"{"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/*"}}"#,
            [SPARED, SPARED, SPARED, UNSURE],
        ),
        (r#"{"StringEquals": {"aws:PrincipalOrgID": "o-example"}}"#, [UNSURE; 4]),
        // What contradicts itself never holds.
        (
            r#"{"StringEquals": {"aws:SourceAccount": "1"}, "Null": {"aws:SourceAccount": "true"}}"#,
            [UNSURE, UNSURE, UNSURE, SPARED],
        ),
    ] {
        let told = callers().map(|caller| binds(&caller, r#""Principal": "*""#, condition));
        assert_eq!(told, [role, some_role, a_role_later, service], "{condition}");
    }
    // An account is no role.
    let root = Caller::role("arn:aws:iam::123456789012:root");
    let is_role = r#"{"StringEquals": {"aws:PrincipalType": "AssumedRole"}}"#;
    assert_eq!(binds(&root, r#""Principal": "*""#, is_role), UNSURE);
}

#[test]
fn a_deny_of_a_part_is_no_deny_of_the_whole() {
    const POINT: &str = "arn:aws:backup:us-east-1:123456789012:recovery-point:*";
    for (action, resource, [asked, all, role]) in [
        ("backup:DeleteRecoveryPoint", "*", ["backup:DeleteRecoveryPoint", "yes", "yes"]),
        ("backup:Delete*", "*", ["backup:DeleteRecoveryPoint", "yes", "yes"]),
        ("backup:DeleteRecoveryPoint", "*", ["backup:Delete*", "no", "perhaps"]),
        ("backup:DeleteRecoveryPoint", "*", ["backup:StartBackupJob", "no", "no"]),
        ("backup:${aws:username}", "*", ["backup:${aws:username}", "no", "perhaps"]),
        ("?ackup:DeleteBackupVault", "*", ["*:DeleteBackupVault", "no", "perhaps"]),
        ("backup:DeleteRecoveryPoint", POINT, ["backup:DeleteRecoveryPoint", "no", "perhaps"]),
        (
            "backup:DeleteRecoveryPoint",
            "arn:aws:ec2:us-east-1::snapshot/snap-0*",
            ["backup:DeleteRecoveryPoint", "no", "perhaps"],
        ),
        // By AWS's documentation it does not reach them, and nobody has to rely on that.
        ("backup:DeleteRecoveryPoint", VAULT, ["backup:DeleteRecoveryPoint", "no", "perhaps"]),
        ("backup:DeleteBackupVault", VAULT, ["backup:DeleteBackupVault", "yes", "yes"]),
        (
            "backup:DeleteBackupVault",
            "arn:aws:backup:us-east-1:123456789012:backup-vault:vault_*",
            ["backup:DeleteBackupVault", "yes", "yes"],
        ),
        (
            "backup:DeleteBackupVault",
            "arn:aws:backup:us-east-1:123456789012:backup-vault:${aws:username}",
            ["backup:DeleteBackupVault", "no", "perhaps"],
        ),
        (
            "backup:DeleteBackupVault",
            "arn:aws:backup:us-east-1:123456789012:backup-vault:other",
            ["backup:DeleteBackupVault", "no", "no"],
        ),
    ] {
        let policy = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Deny","Principal":"*","Action":"{action}","Resource":"{resource}"}}}}"#
        );
        let policy = Policy::parse(&policy).unwrap();
        let told = |answer| match answer {
            Some(true) => "yes",
            None => "perhaps",
            Some(false) => "no",
        };
        let binds = policy.denies_to(&Caller::role(HEALER), asked, VAULT);
        let everyone = policy.denies_everyone(asked, VAULT);
        assert_eq!(
            [told(Some(everyone)), told(binds)],
            [all, role],
            "{action} on {resource}, asked of {asked}"
        );
        assert_eq!(policy.mentions(asked, VAULT), role != "no", "{action} on {resource}");
    }
}

#[test]
fn whom_an_allow_lets_do_something_is_somebody() {
    let allows = |effect: &str, action: &str| {
        let policy = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"{effect}","Principal":"*","Action":"{action}","Resource":"*"}}}}"#
        );
        Policy::parse(&policy).unwrap().allows_somebody("backup:StartCopyJob")
    };
    assert!(allows("Allow", "backup:StartCopyJob") && allows("Allow", "backup:start*"));
    assert!(!allows("Allow", "backup:StartBackupJob") && !allows("Deny", "backup:StartCopyJob"));
}

#[test]
fn a_denial_of_another_version_of_the_language_is_carried_unless_it_has_a_variable() {
    let deny = |action: &str, resource: &str| {
        format!(r#"{{"Effect":"Deny","Principal":"*","Action":"{action}","Resource":"{resource}"}}"#)
    };
    let policy = |version: &str, statements: &str| format!(r#"{{{version}"Statement":[{statements}]}}"#);
    let current = r#""Version":"2012-10-17","#;
    let desired = policy(current, &deny("backup:DeleteBackupVault", "*"));
    let plain = deny("backup:DeleteRecoveryPoint", "*");
    let variable = deny(
        "backup:DeleteRecoveryPoint",
        "arn:aws:backup:us-east-1:123456789012:recovery-point:${aws:username}",
    );
    for (version, added, is_carried) in
        [(current, &plain, true), ("", &plain, true), (current, &variable, true), ("", &variable, false)]
    {
        let put = with_denials_of(&desired, &policy(version, added), VAULT, |_| Default::default());
        let is_there = put.as_ref().is_some_and(|put| put.contains("backup:DeleteRecoveryPoint"));
        assert_eq!(is_there, is_carried, "{version} {added}: {put:?}");
    }
}

#[test]
fn a_policy_keeps_what_it_says_whatever_is_added_and_loses_what_is_not_sure_to_be_the_same() {
    let deny = |members: &str| format!(r#"{{"Effect":"Deny","Principal":"*",{members}}}"#);
    let (current, old) = (r#""Version":"2012-10-17","#, "");
    let policy = |version: &str, statement: &str| {
        Policy::parse(&format!(r#"{{{version}"Statement":[{statement}]}}"#)).unwrap()
    };
    let more = deny(r#""Action":"backup:ListTags","Resource":"*""#);
    let with_more = |version: &str, statement: &str| policy(version, &format!("{statement},{more}"));
    for members in [
        r#""Action":"backup:DeleteBackupVault","Resource":"*""#,
        r#""Action":"backup:${aws:username}","Resource":"*""#,
        r#""Action":"backup:DeleteBackupVault","Resource":"arn:aws:backup:us-east-1:123456789012:backup-vault:${aws:username}""#,
        r#""NotAction":"backup:StartBackupJob","Resource":"*""#,
        r#""Action":"backup:DeleteBackupVault","NotResource":"arn:aws:backup:us-east-1:123456789012:backup-vault:other""#,
    ] {
        let one = policy(current, &deny(members));
        assert!(no_longer_denied(&one, &with_more(current, &deny(members)), VAULT).is_empty(), "{members}");
        let lost = no_longer_denied(&one, &with_more(old, &deny(members)), VAULT);
        assert_eq!(lost.is_empty(), !members.contains("${"), "a variable is plain text there: {members}");
    }
    for (one, other, is_kept) in [
        // Who spares less denies more.
        (
            r#""NotAction":"backup:Start*","Resource":"*""#,
            r#""NotAction":"backup:StartBackupJob","Resource":"*""#,
            true,
        ),
        (
            r#""NotAction":"backup:StartBackupJob","Resource":"*""#,
            r#""NotAction":"backup:Start*","Resource":"*""#,
            false,
        ),
        (
            r#""Action":"backup:x","NotResource":"arn:aws:x:*""#,
            r#""Action":"backup:x","NotResource":"arn:aws:x:y""#,
            true,
        ),
        (
            r#""Action":"backup:x","NotResource":"arn:aws:x:y""#,
            r#""Action":"backup:x","NotResource":"arn:aws:backup:*""#,
            false,
        ),
    ] {
        let lost = no_longer_denied(&policy(current, &deny(one)), &with_more(current, &deny(other)), VAULT);
        assert_eq!(lost.is_empty(), is_kept, "{one} {other}");
    }
}
