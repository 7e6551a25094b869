//! Trust policies beside the spec's: which are narrower, which keep AWS Backup out, and what is put so that nothing is opened.

use reconcile::policy::{Policy, Trust, TrustedIn};
use serde_json::{Value, json};
use time::macros::datetime;

const ACCOUNT: &str = "123456789012";
const BACKUP: &str = "backup.amazonaws.com";

fn trust(statements: Value) -> String {
    json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
}

fn allow(principal: Value) -> Value {
    json!({ "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" })
}

fn with(mut statement: Value, condition: Value) -> Value {
    statement["Condition"] = condition;
    statement
}

fn deny(principal: Value) -> Value {
    json!({ "Effect": "Deny", "Principal": principal, "Action": "sts:AssumeRole" })
}

fn plain() -> Value {
    allow(json!({ "Service": BACKUP }))
}

fn on(condition: Value) -> Value {
    json!([with(plain(), condition)])
}

/// Where the role is, and when: backups in one region, copies to another.
fn here() -> TrustedIn<'static> {
    let at = datetime!(2026-11-27 12:00 UTC);
    TrustedIn {
        partition: "aws",
        account: ACCOUNT,
        regions: vec!["eu-west-1"],
        perhaps: vec!["us-west-2"],
        at,
    }
}

fn judge(desired: &Value, observed: &Value) -> Trust {
    Trust::of(&trust(desired.clone()), &trust(observed.clone()), &here())
}

#[test]
fn what_is_narrower_and_lets_aws_backup_in_is_stronger() {
    let of_account = |operator: &str| on(json!({ operator: { "aws:SourceAccount": ACCOUNT } }));
    let of_arn = |arns: Value| on(json!({ "ArnLike": { "aws:SourceArn": arns } }));
    let role = json!({ "AWS": "arn:aws:iam::123456789012:role/ops" });
    for narrower in [
        of_account("StringEquals"),
        of_account("StringLike"),
        of_account("StringEqualsIfExists"),
        of_arn(json!("arn:aws:backup:*:123456789012:*")),
        of_arn(json!(["arn:aws:backup:eu-west-1:123456789012:*", "arn:aws:backup:us-west-2:123456789012:*"])),
        of_arn(json!("arn:*:backup:*:*:*")),
        on(json!({ "StringEquals": { "aws:SourceAccount": [ACCOUNT, "210987654321"] } })),
        on(json!({ "StringEquals": { "AWS:sourceaccount": ACCOUNT },
            "ArnLike": { "aws:SourceArn": "arn:aws:backup:*:123456789012:*" } })),
        on(json!({ "Bool": { "aws:SecureTransport": "true" } })),
        on(json!({ "Null": { "aws:SourceAccount": "false" } })),
        on(json!({ "DateGreaterThan": { "aws:CurrentTime": "2020-01-01T00:00:00Z" } })),
        on(json!({ "NumericGreaterThan": { "aws:EpochTime": 1_577_836_800 } })),
        on(json!({ "Null": { "aws:CurrentTime": "false", "aws:UserAgent": "false" } })),
        on(json!({ "StringEquals": { "aws:RequestedRegion": ["eu-west-1", "us-west-2", "us-east-1"] } })),
        on(json!({ "StringNotEquals": { "aws:RequestedRegion": "eu-central-1" } })),
        on(json!({ "StringLikeIfExists": { "aws:PrincipalOrgID": "*" } })),
        on(json!({ "StringNotEquals": { "s3:prefix": "x" } })),
        on(json!({ "StringNotEquals": { "aws:SourceVpc": "vpc-1" } })),
        // One statement for each region.
        json!([
            with(
                plain(),
                json!({ "ArnLike": { "aws:SourceArn": "arn:aws:backup:eu-west-1:123456789012:*" } })
            ),
            with(
                plain(),
                json!({ "ArnLike": { "aws:SourceArn": "arn:aws:backup:us-west-2:123456789012:*" } })
            ),
        ]),
        json!([plain(), deny(role.clone())]),
        json!([plain(), deny(json!({ "Service": "ec2.amazonaws.com" }))]),
        json!([
            plain(),
            with(deny(json!("*")), json!({ "StringNotEquals": { "aws:SourceAccount": ACCOUNT } }))
        ]),
        json!([plain(), with(deny(json!("*")), json!({ "Bool": { "aws:PrincipalIsAWSService": "false" } }))]),
        json!([
            plain(),
            with(deny(json!("*")), json!({ "StringEquals": { "sts:RoleSessionName": "${aws:username}" } }))
        ]),
        json!([
            plain(),
            with(deny(json!("*")), json!({ "DateLessThan": { "aws:CurrentTime": "2020-01-01T00:00:00Z" } }))
        ]),
        json!([with(plain(), json!({ "StringEquals": { "aws:SourceAccount": ACCOUNT } })), deny(role)]),
    ] {
        let told = judge(&json!([plain()]), &narrower);
        assert_eq!(told, Trust::Narrower { certainly: true }, "{narrower}");
    }
}

#[test]
fn what_may_keep_aws_backup_out_is_left_and_told_so() {
    let to_all = |condition: Value| json!([plain(), with(deny(json!("*")), condition)]);
    for perhaps in [
        // These keys come with every call, or may: the value, or what is made of it, nobody knows.
        on(json!({ "IpAddress": { "aws:SourceIp": "192.0.2.1/32" } })),
        on(json!({ "NotIpAddress": { "aws:SourceIp": ["0.0.0.0/0", "::/0"] } })),
        on(json!({ "StringNotLike": { "sts:RoleSessionName": "*" } })),
        on(json!({ "StringNotEquals": { "aws:ResourceAccount": ACCOUNT } })),
        on(json!({ "BoolIfExists": { "aws:ViaAWSService": "true" } })),
        on(json!({ "ForAllValues:StringEquals": { "aws:PrincipalServiceNamesList": "x.amazonaws.com" } })),
        to_all(json!({ "StringLike": { "sts:RoleSessionName": "*" } })),
        to_all(json!({ "StringEquals": { "aws:ResourceAccount": ACCOUNT } })),
        to_all(json!({ "Bool": { "aws:ViaAWSService": "false" } })),
        to_all(json!({ "StringEquals": { "aws:ResourceTag/environment": "prod" } })),
        json!([plain(), deny(json!({ "Service": "*" }))]),
        on(json!({ "StringEquals": { "aws:SourceOrgID": "o-example" } })),
        // It ends, and jobs with it.
        on(json!({ "DateLessThan": { "aws:CurrentTime": "2030-01-01T00:00:00Z" } })),
        to_all(json!({ "DateGreaterThan": { "aws:CurrentTime": "2030-01-01T00:00:00Z" } })),
        on(json!({ "DateLessThan": { "aws:CurrentTime": "2026-11-27T12:01:00Z" } })),
        on(json!({ "DateLessThanEquals": { "aws:CurrentTime": "2026-11-27T11:55:00Z" } })),
        on(json!({ "DateLessThan": { "aws:CurrentTime": "2026-11-27T11:55:01Z" } })),
        on(json!({ "DateGreaterThan": { "aws:CurrentTime": "2026-11-27T12:04:59Z" } })),
        on(json!({ "DateLessThan": { "aws:CurrentTime": "once" } })),
        // To which region the request goes is not documented.
        on(json!({ "StringEquals": { "aws:RequestedRegion": "eu-west-1" } })),
        on(json!({ "StringEquals": { "aws:RequestedRegion": "us-east-1" } })),
        // What a list without values means, a variable in a negation, or a default is not documented, or in two ways.
        on(json!({ "StringEquals": { "aws:SourceAccount": [] } })),
        on(json!({ "Bool": { "aws:MultiFactorAuthPresent": [] } })),
        on(json!({ "StringNotEquals": { "aws:SourceAccount": "${aws:username}" } })),
        on(json!({ "StringEquals": { "aws:SourceAccount": "${aws:username, '123456789012'}" } })),
        on(json!({ "StringEquals": { "aws:SourceAccount": "${aws:PrincipalAccount}" } })),
        on(
            json!({ "StringEquals": { "aws:PrincipalOrgID": "o-1" }, "StringNotEquals": { "aws:PrincipalOrgID": "o-2" } }),
        ),
        on(
            json!({ "StringEqualsIfExists": { "aws:PrincipalOrgID": "o-1" }, "StringNotEquals": { "aws:PrincipalOrgID": "o-1" } }),
        ),
        on(
            json!({ "ForAnyValue:StringEquals": { "aws:TagKeys": "a" }, "ForAnyValue:StringNotEquals": { "aws:TagKeys": "a" } }),
        ),
        on(json!({ "ArnLike": { "aws:SourceArn": "arn:aws:backup:*:123456789012:backup-plan:*" } })),
        // Copies go to the other region.
        on(json!({ "ArnLike": { "aws:SourceArn": "arn:aws:backup:eu-west-1:123456789012:*" } })),
        json!([plain(), { "Effect": "Deny", "NotPrincipal": { "Service": BACKUP }, "Action": "sts:AssumeRole" }]),
    ] {
        let told = judge(&json!([plain()]), &perhaps);
        assert_eq!(told, Trust::Narrower { certainly: false }, "{perhaps}");
    }
}

#[test]
fn what_keeps_aws_backup_out_is_put_back() {
    let nobody = json!({ "AWS": "arn:aws:iam::123456789012:role/mallory" });
    for out in [
        json!([]),
        json!([allow(json!({ "Service": "ec2.amazonaws.com" }))]),
        on(json!({ "StringEquals": { "aws:SourceAccount": "210987654321" } })),
        on(json!({ "StringNotEquals": { "aws:SourceAccount": ACCOUNT } })),
        on(json!({ "ArnLike": { "aws:SourceArn": "arn:aws:backup:*:210987654321:*" } })),
        on(json!({ "ArnLike": { "aws:SourceArn": "arn:aws:s3:::bucket" } })),
        on(json!({ "ArnLike": { "aws:SourceArn": "arn:aws:backup:us-west-2:123456789012:*" } })),
        on(json!({ "StringEquals": { "sts:ExternalId": "secret" } })),
        on(json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } })),
        on(json!({ "Bool": { "aws:SecureTransport": "false" } })),
        on(json!({ "Bool": { "aws:PrincipalIsAWSService": "false" } })),
        on(json!({ "ForAnyValue:StringNotEquals": { "sts:ExternalId": "secret" } })),
        on(json!({ "Null": { "aws:SourceAccount": "true" } })),
        // It never holds any more, or does not yet.
        on(json!({ "DateLessThan": { "aws:CurrentTime": "2026-11-01T00:00:00Z" } })),
        on(json!({ "DateGreaterThan": { "aws:CurrentTime": "2999-01-01T00:00:00Z" } })),
        // The clocks differ by five minutes at most.
        on(json!({ "DateLessThan": { "aws:CurrentTime": "2026-11-27T11:55:00Z" } })),
        on(json!({ "DateGreaterThan": { "aws:CurrentTime": "2026-11-27T12:05:00Z" } })),
        on(json!({ "DateEquals": { "aws:CurrentTime": "2026-11-27" , "aws:EpochTime": "0" } })),
        on(json!({ "NumericLessThan": { "aws:EpochTime": "1" } })),
        on(json!({ "Null": { "aws:CurrentTime": "true" } })),
        on(json!({ "Null": { "aws:UserAgent": "true" } })),
        on(json!({ "Null": { "aws:RequestedRegion": "true" } })),
        on(json!({ "StringEquals": { "aws:RequestedRegion": "eu-central-1" } })),
        on(json!({ "StringEqualsIfExists": { "aws:RequestedRegion": ["nowhere", "EU-WEST-1"] } })),
        on(json!({ "StringNotLike": { "aws:RequestedRegion": "*" } })),
        on(json!({ "StringEquals": { "aws:SourceAccount": "${aws:username}" } })),
        on(json!({ "StringLike": { "sts:RoleSessionName": "x-${s3:prefix}-*" } })),
        on(json!({ "StringEquals": { "s3:prefix": "x" } })),
        on(json!({ "Null": { "token.actions.githubusercontent.com:sub": "false" } })),
        // Whatever the key has.
        on(
            json!({ "StringEquals": { "aws:PrincipalOrgID": "o-1" }, "StringNotEquals": { "aws:PrincipalOrgID": ["o-1", "o-2"] } }),
        ),
        on(json!({ "StringLike": { "aws:SourceOrgID": "*" }, "Null": { "aws:SourceOrgID": "true" } })),
        on(
            json!({ "IpAddress": { "aws:SourceIp": "192.0.2.1/32" }, "NotIpAddress": { "aws:SourceIp": "192.0.2.1/32" } }),
        ),
        json!([
            plain(),
            with(
                deny(json!("*")),
                json!({ "DateGreaterThan": { "aws:CurrentTime": "2020-01-01T00:00:00Z" } })
            )
        ]),
        json!([
            plain(),
            with(deny(json!("*")), json!({ "DateLessThan": { "aws:CurrentTime": "2999-01-01T00:00:00Z" } }))
        ]),
        json!([
            plain(),
            with(deny(json!("*")), json!({ "StringNotEquals": { "aws:RequestedRegion": "nowhere" } }))
        ]),
        json!([
            plain(),
            with(deny(json!("*")), json!({ "StringLikeIfExists": { "aws:PrincipalOrgID": "*" } }))
        ]),
        json!([plain(), deny(json!({ "Service": BACKUP }))]),
        json!([plain(), deny(json!("*"))]),
        json!([plain(), with(deny(json!("*")), json!({ "StringEquals": { "aws:SourceAccount": ACCOUNT } }))]),
        json!([plain(), { "Effect": "Deny", "NotPrincipal": nobody, "Action": "sts:AssumeRole" }]),
        json!([plain(), { "Effect": "Deny", "Principal": "*", "NotAction": "sts:TagSession" }]),
        json!([allow(nobody)]),
        json!([{ "Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole" }]),
        json!([{ "Effect": "Allow", "NotPrincipal": { "AWS": ACCOUNT }, "Action": "sts:AssumeRole" }]),
        json!([{ "Effect": "Allow", "Principal": { "Service": BACKUP }, "NotAction": "sts:TagSession" }]),
    ] {
        let told = judge(&json!([plain()]), &out);
        assert_eq!(told, Trust::Differs { put: trust(json!([plain()])) }, "{out}");
    }
}

/// What was put, and that it stays: a look after it finds nothing that would be put again.
fn put(desired: &Value, observed: &Value) -> Policy {
    let Trust::Differs { put } = judge(desired, observed) else { return Policy::parse("").unwrap() };
    let again = Trust::of(&trust(desired.clone()), &put, &here());
    assert!(!matches!(again, Trust::Differs { .. }), "{put} {again:?}");
    Policy::parse(&put).unwrap()
}

#[test]
fn what_is_opened_is_closed_and_what_is_closed_stays() {
    let narrow = with(plain(), json!({ "StringEquals": { "aws:SourceAccount": ACCOUNT } }));
    let mallory = json!("arn:aws:iam::210987654321:role/mallory");
    let denied = deny(json!({ "AWS": "arn:aws:iam::123456789012:role/ops" }));
    let desired = json!([plain()]);
    let means = |statements: Value| Policy::parse(&trust(statements)).unwrap();
    for (observed, expected) in [
        (json!([narrow, allow(json!({ "AWS": mallory }))]), json!([narrow])),
        (
            json!([with(
                allow(json!({ "Service": [BACKUP, "ec2.amazonaws.com"], "AWS": mallory })),
                narrow["Condition"].clone()
            )]),
            json!([narrow]),
        ),
        (
            json!([{ "Effect": "Allow", "Principal": { "Service": BACKUP }, "Action": ["sts:AssumeRole", "sts:TagSession"],
                "Condition": narrow["Condition"] }]),
            json!([narrow]),
        ),
        (json!([narrow, allow(json!({ "AWS": mallory })), denied]), json!([narrow, denied])),
        // What lets AWS Backup in again is the spec's, and the Deny of others stays.
        (json!([denied]), json!([plain(), denied])),
        (
            json!([
                with(plain(), json!({ "StringEquals": { "aws:SourceAccount": "210987654321" } })),
                denied
            ]),
            json!([plain(), denied]),
        ),
        // A condition that keeps AWS Backup out goes, and the others beside it stay.
        (
            json!([
                with(
                    plain(),
                    json!({ "StringEquals": { "aws:SourceAccount": ACCOUNT, "aws:RequestedRegion": "nowhere" },
                    "DateLessThan": { "aws:CurrentTime": "2020-01-01T00:00:00Z" } })
                ),
                denied
            ]),
            json!([narrow, denied]),
        ),
        (
            json!([with(
                plain(),
                json!({ "StringEquals": { "aws:SourceAccount": "210987654321", "aws:SourceOrgID": "o-1" } })
            )]),
            // What is left has to let it in for sure.
            json!([plain()]),
        ),
        // Only one is needed: the other one stays closed.
        (
            json!([
                with(
                    plain(),
                    json!({ "StringEquals": { "aws:SourceAccount": ACCOUNT, "sts:ExternalId": "x" } })
                ),
                with(plain(), json!({ "StringEquals": { "sts:ExternalId": "y" } }))
            ]),
            json!([narrow, with(plain(), json!({ "StringEquals": { "sts:ExternalId": "y" } }))]),
        ),
        // One that was deleted since binds nobody, and IAM does not take its id.
        (
            json!([
                narrow,
                allow(json!({ "AWS": mallory })),
                deny(json!({ "AWS": "AROAEXAMPLEEXAMPLE123" }))
            ]),
            json!([narrow]),
        ),
    ] {
        assert_eq!(put(&desired, &observed), means(expected.clone()), "{observed}");
    }
}

#[test]
fn a_spec_with_a_condition_is_kept_to_it() {
    let narrow = with(plain(), json!({ "StringEquals": { "aws:SourceAccount": ACCOUNT } }));
    let means = |statements: Value| Policy::parse(&trust(statements)).unwrap();
    // Without the condition it is open to more.
    assert_eq!(put(&json!([narrow]), &json!([plain()])), means(json!([narrow])));
    let both = with(
        plain(),
        json!({ "StringEquals": { "aws:SourceAccount": ACCOUNT },
        "ArnLike": { "aws:SourceArn": "arn:aws:backup:*:123456789012:*" } }),
    );
    assert_eq!(judge(&json!([narrow]), &json!([both])), Trust::Narrower { certainly: true });
    // A Deny of the spec that is gone comes back, beside what is narrower.
    let denied = deny(json!({ "AWS": "arn:aws:iam::123456789012:role/ops" }));
    assert_eq!(put(&json!([plain(), denied]), &json!([narrow])), means(json!([narrow, denied])));
    // Somebody beside the service: who is gone comes back, and what is narrower stays.
    let ops = allow(json!({ "AWS": "arn:aws:iam::123456789012:role/ops" }));
    assert_eq!(put(&json!([plain(), ops]), &json!([narrow])), means(json!([narrow, ops])));
    let with_mfa = with(ops.clone(), json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } }));
    assert_eq!(
        judge(&json!([plain(), ops]), &json!([plain(), with_mfa])),
        Trust::Narrower { certainly: false }
    );
}

#[test]
fn people_whom_the_spec_names_are_let_in_as_long_as_a_statement_says_so() {
    let role = || allow(json!({ "AWS": "arn:aws:iam::123456789012:role/ops" }));
    let of_account = json!({ "StringEquals": { "aws:SourceAccount": ACCOUNT } });
    let desired = json!([plain(), role()]);
    assert_eq!(
        judge(&desired, &json!([with(plain(), of_account), role()])),
        Trust::Narrower { certainly: true }
    );
    assert!(matches!(judge(&desired, &json!([plain()])), Trust::Differs { .. }));
    // Whom a provider lets in is shut out by a Deny for everybody as well.
    let web = json!({
        "Effect": "Allow", "Principal": { "Federated": "arn:aws:iam::123456789012:saml-provider/ours" },
        "Action": "sts:AssumeRoleWithSAML",
    });
    let closed = json!({ "Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRoleWithSAML" });
    let desired = json!([plain(), web]);
    assert_eq!(judge(&desired, &json!([plain(), web])), Trust::Same);
    assert!(matches!(judge(&desired, &json!([plain(), web, closed])), Trust::Differs { .. }));
}
