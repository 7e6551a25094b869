//! Whom a key's policy shuts out, where the spec has none: by what AWS's guide asks a policy for, and by what attackers write.

use reconcile::call::Call;
use reconcile::drift::{Drift, KeyAccessDrift, Severity};
use reconcile::lockout::KeyUser;
use reconcile::state::Observation;
use serde_json::{Value, json};

use super::*;

const ROOT: &str = "arn:aws:iam::123456789012:root";
const ROLE: &str = "arn:aws:iam::123456789012:role/aws_backup_role";
const HEALER: &str = "arn:aws:iam::123456789012:role/ops/drift-healer";

fn allow(who: Value, actions: Value) -> Value {
    json!({ "Effect": "Allow", "Principal": who, "Action": actions, "Resource": "*" })
}

fn deny(who: Value, actions: Value) -> Value {
    json!({ "Effect": "Deny", "Principal": who, "Action": actions, "Resource": "*" })
}

fn on_condition(mut statement: Value, condition: Value) -> Value {
    statement["Condition"] = condition;
    statement
}

/// The findings about the key of the primary region, under a policy of these statements.
fn found(statements: Value) -> Vec<KeyAccessDrift> {
    let desired = Desired { healer_role: Some(HEALER.to_owned()), ..desired() };
    let mut observed = in_sync(&desired);
    let policy = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    let keys = observed.keys.values_mut().filter_map(Observation::present_mut);
    for key in keys.filter(|key| key.arn.contains(":us-east-1:")) {
        key.policy = Observation::Present(policy.clone());
    }
    let findings = diff(&desired, &observed).into_iter();
    findings
        .map(|one| if let Drift::KeyAccess(drift) = one.drift { drift } else { unreachable!("{one:?}") })
        .collect()
}

/// Who is shut out of something, and whether for sure.
fn shut_out(statements: Value) -> Vec<(KeyUser, bool)> {
    let mut who = Vec::new();
    for drift in found(statements) {
        if let KeyAccessDrift::PolicyShutsOut { who: these, .. } = &drift {
            let surely = these.iter().any(|one| one.certainly);
            assert_eq!(drift.severity(), if surely { Severity::Critical } else { Severity::High });
            who.extend(these.iter().map(|one| (one.user.clone(), one.certainly)));
        }
    }
    who
}

fn the_role() -> KeyUser {
    KeyUser::Role("aws_backup_role".to_owned())
}

/// What the guide asks a policy for that names the role, and not the account.
fn by_the_guide() -> Value {
    let of_backup = json!({
        "StringLike": { "kms:ViaService": "backup.*.amazonaws.com" },
        "ForAnyValue:StringEquals": { "kms:EncryptionContextKeys": "aws:backup:backup-vault" },
    });
    let actions = json!(["kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKey*"]);
    on_condition(allow(json!({ "AWS": ROLE }), actions), of_backup)
}

#[test]
fn who_is_let_in_by_the_account_or_by_name_is_not_shut_out() {
    let everything = allow(json!({ "AWS": ROOT }), json!("kms:*"));
    assert_eq!(shut_out(json!([everything])), []);
    let admin = allow(json!({ "AWS": [HEALER, "arn:aws:iam::123456789012:role/Admin"] }), json!("kms:*"));
    // Nothing is left to IAM policies, and a role of the account may still change the policy.
    assert_eq!(shut_out(json!([admin, by_the_guide()])), [(KeyUser::Account, false)]);
    let in_backup = json!({ "StringNotEquals": { "kms:ViaService": "backup.us-east-1.amazonaws.com" } });
    let directly = json!({ "Null": { "kms:ViaService": "true" } });
    let elsewhere = on_condition(deny(json!({ "AWS": ROLE }), json!("kms:Decrypt")), directly);
    assert_eq!(shut_out(json!([everything, elsewhere])), []);
    // What the guide asks for goes by way of AWS Backup. Of other ways it is not documented who needs them.
    let elsewhere = on_condition(deny(json!({ "AWS": ROLE }), json!("kms:Decrypt")), in_backup);
    assert_eq!(shut_out(json!([everything, elsewhere])), [(the_role(), false)]);
}

#[test]
fn what_may_be_needed_in_ways_that_are_not_documented_is_told_as_a_perhaps() {
    let everything = allow(json!({ "AWS": ROOT }), json!("kms:*"));
    let with = |denial: Value| shut_out(json!([everything, denial]));
    let by = |service: &str| json!({ "StringEquals": { "kms:ViaService": service } });
    let own = "arn:aws:iam::123456789012:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup";
    let own = |actions: &str| with(deny(json!({ "AWS": own }), json!(actions)));
    let perhaps = vec![(the_role(), false)];
    for (denial, told) in [
        (
            on_condition(deny(json!({ "AWS": ROLE }), json!("kms:*")), by("sqs.eu-west-1.amazonaws.com")),
            vec![],
        ),
        (
            on_condition(deny(json!({ "AWS": ROLE }), json!("kms:*")), by("ec2.us-east-1.amazonaws.com")),
            perhaps.clone(),
        ),
        (
            on_condition(
                deny(json!({ "AWS": ROLE }), json!("kms:CreateGrant")),
                by("rds.us-east-1.amazonaws.com"),
            ),
            perhaps.clone(),
        ),
        (deny(json!({ "AWS": ROLE }), json!("kms:ReEncrypt*")), perhaps.clone()),
        (deny(json!({ "AWS": ROLE }), json!("kms:GenerateDataKeyWithoutPlaintext")), perhaps),
        (deny(json!({ "AWS": ROLE }), json!("kms:Sign")), vec![]),
        (
            deny(json!({ "Service": "backup.amazonaws.com" }), json!("kms:Decrypt")),
            vec![(KeyUser::Backup, false)],
        ),
        (deny(json!({ "Service": "*" }), json!("kms:*")), vec![(KeyUser::Backup, false)]),
        (deny(json!({ "Service": "logs.us-east-1.amazonaws.com" }), json!("kms:*")), vec![]),
    ] {
        assert_eq!(with(denial.clone()), told, "{denial}");
    }
    let its_role = KeyUser::Role("AWSServiceRoleForBackup".to_owned());
    assert_eq!(own("kms:*"), [(its_role, false)]);
    assert_eq!(own("kms:PutKeyPolicy"), []);
}

#[test]
fn whoever_a_deny_reaches_is_shut_out() {
    let everything = allow(json!({ "AWS": ROOT }), json!("kms:*"));
    let with = |denial: Value| shut_out(json!([everything, denial]));
    let all = [(the_role(), true), (KeyUser::Healer, true), (KeyUser::Account, true)];
    assert_eq!(with(deny(json!("*"), json!("kms:*"))), all);
    assert_eq!(with(deny(json!({ "AWS": ROOT }), json!("KMS:*"))), all);
    assert_eq!(with(deny(json!({ "AWS": ROLE }), json!(["kms:GenerateDataKey*"]))), [(the_role(), true)]);
    assert_eq!(
        with(deny(json!({ "AWS": HEALER }), json!("kms:CancelKeyDeletion"))),
        [(KeyUser::Healer, true)]
    );
    assert_eq!(with(deny(json!({ "AWS": "arn:aws:iam::123456789012:user/x" }), json!("kms:*"))), []);
    let unless = json!({ "StringNotEquals": { "aws:PrincipalOrgID": "o-example" } });
    assert_eq!(
        with(on_condition(deny(json!("*"), json!("kms:Decrypt")), unless)),
        [(the_role(), false)],
        "a condition that nobody can judge here"
    );
}

#[test]
fn without_an_allow_everybody_is_shut_out() {
    let attacker = allow(json!({ "AWS": "arn:aws:iam::999999999999:root" }), json!("kms:*"));
    assert_eq!(
        shut_out(json!([attacker])),
        [(the_role(), true), (KeyUser::Healer, true), (KeyUser::Account, true)]
    );
    let codes: Vec<&str> = found(json!([attacker])).iter().map(|drift| drift.code().code).collect();
    assert_eq!(codes, ["policy-shuts-out", "policy-lets-in"]);
    let never = json!({ "StringEquals": { "aws:PrincipalArn": "nobody" } });
    let hollow = on_condition(allow(json!({ "AWS": ROOT }), json!("kms:*")), never);
    assert!(shut_out(json!([hollow])).contains(&(the_role(), true)));
}

#[test]
fn what_is_said_of_another_key_is_of_no_use_here() {
    let everything = allow(json!({ "AWS": ROOT }), json!("kms:*"));
    let of = |mut statement: Value, resource: Value| {
        statement["Resource"] = resource;
        statement
    };
    let other = json!("arn:aws:kms:us-east-1:123456789012:key/other");
    let all = [(the_role(), true), (KeyUser::Healer, true), (KeyUser::Account, true)];
    assert_eq!(shut_out(json!([of(everything.clone(), other.clone())])), all);
    let denial = deny(json!("*"), json!("kms:*"));
    assert_eq!(shut_out(json!([everything, of(denial.clone(), other)])), []);
    let here = json!("arn:aws:kms:us-east-1:123456789012:key/*");
    assert_eq!(shut_out(json!([everything, of(denial, here)])), all);
}

#[test]
fn a_report_holds_who_is_shut_out_of_what() {
    let everything = allow(json!({ "AWS": ROOT }), json!("kms:*"));
    let denials = json!([
        everything,
        deny(json!({ "AWS": ROLE }), json!(["kms:Decrypt", "kms:CreateGrant"])),
        deny(json!({ "AWS": HEALER }), json!("kms:EnableKey")),
    ]);
    let [drift] = &found(denials)[..] else { panic!("one finding") };
    let told = Drift::from(drift.clone()).observed();
    let who = json!([
        { "who": "role aws_backup_role", "actions": ["kms:CreateGrant", "kms:Decrypt"], "certain": true },
        { "who": "function", "actions": ["kms:EnableKey"], "certain": true },
    ]);
    assert!(told.to_string().contains(&who.to_string()), "{told}");
}

#[test]
fn who_is_kept_to_the_account_is_not_let_in_from_outside() {
    let everything = allow(json!({ "AWS": ROOT }), json!("kms:*"));
    let kept = json!({ "StringEquals": { "kms:CallerAccount": "123456789012" } });
    for (added, is_told) in [
        (on_condition(allow(json!("*"), json!("kms:Decrypt")), kept), false),
        (allow(json!("*"), json!("kms:Decrypt")), true),
        (allow(json!({ "Service": "logs.amazonaws.com" }), json!("kms:Decrypt")), false),
        (allow(json!({ "Service": "*" }), json!("kms:Decrypt")), true),
        (allow(json!({ "AWS": "999999999999" }), json!("kms:Decrypt")), true),
    ] {
        let told = found(json!([everything, added]));
        let expected: &[&str] = if is_told { &["policy-lets-in"] } else { &[] };
        assert_eq!(told.iter().map(|drift| drift.code().code).collect::<Vec<_>>(), expected, "{added}");
    }
}

#[test]
fn a_policy_that_cannot_be_read_is_unreadable_and_not_in_sync() {
    let desired = desired();
    let mut observed = in_sync(&desired);
    for key in observed.keys.values_mut().filter_map(Observation::present_mut) {
        key.policy = Observation::Present(json!({ "Statement": [{ "Effect": "Perhaps" }] }).to_string());
    }
    let codes: Vec<&str> = diff(&desired, &observed).iter().map(|one| one.drift.code().code).collect();
    assert_eq!(codes, ["unreadable", "unreadable"]);
}

/// What a look says of the policy of a key that has one in the spec, and what it puts.
fn against(spec: Value, statements: Value) -> (Vec<String>, Option<Value>) {
    let policy = |statements: &Value| json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    let mut desired = Desired { healer_role: Some(HEALER.to_owned()), ..desired() };
    for key in desired.keys.iter_mut().filter(|key| key.region == "us-east-1") {
        key.policy = Some(policy(&spec));
    }
    let mut observed = in_sync(&desired);
    let keys = observed.keys.values_mut().filter_map(Observation::present_mut);
    for key in keys.filter(|key| key.arn.contains(":us-east-1:")) {
        key.policy = Observation::Present(policy(&statements));
    }
    let findings = diff(&desired, &observed);
    let told =
        findings.iter().map(|one| format!("{} {}", one.drift.code().code, one.drift.severity().as_str()));
    let told: Vec<String> = told.collect();
    let repairs = plan_repairs(&desired, &observed, &findings, &[], &NO_LIMITS);
    let put = repairs.steps.iter().rev().find_map(|step| {
        let Call::PutKeyPolicy { policy, .. } = &step.call else { return None };
        Some(serde_json::from_str::<Value>(policy).unwrap()["Statement"].clone())
    });
    if let Some(put) = &put {
        // What was put stays.
        let (told, again) = against(spec, put.clone());
        assert_eq!(again, None, "{told:?} {put}");
    }
    (told, put)
}

#[test]
fn a_key_policy_that_is_narrower_than_the_spec_and_shuts_nobody_out_is_left() {
    let everything = allow(json!({ "AWS": ROOT }), json!("kms:*"));
    let partner = allow(json!({ "AWS": "arn:aws:iam::999999999999:root" }), json!("kms:Decrypt"));
    let mallory = allow(json!({ "AWS": "arn:aws:iam::888888888888:root" }), json!("kms:Decrypt"));
    // All but what ends the key.
    let most = allow(
        json!({ "AWS": ROOT }),
        json!([
            "kms:Ca*", "kms:Cr*", "kms:De*", "kms:En*", "kms:G*", "kms:L*", "kms:P*", "kms:R*", "kms:T*",
            "kms:U*"
        ]),
    );
    let own =
        on_condition(everything.clone(), json!({ "StringEquals": { "kms:CallerAccount": "123456789012" } }));
    let spec = json!([everything, partner]);
    for narrower in [json!([most, partner]), json!([own, partner])] {
        assert_eq!(
            against(spec.clone(), narrower.clone()),
            (vec!["policy-stronger low".to_owned()], None),
            "{narrower}"
        );
    }
    let by_ec2 = json!({ "StringEquals": { "kms:ViaService": "ec2.us-east-1.amazonaws.com" } });
    let denied = on_condition(deny(json!({ "AWS": ROLE }), json!("kms:CreateGrant")), by_ec2);
    assert_eq!(
        against(spec.clone(), json!([most, partner, denied])),
        (vec!["policy-stronger high".to_owned()], None)
    );

    // Each of those whom one statement names is looked at alone.
    let of_both = allow(json!({ "AWS": [ROOT, "arn:aws:iam::999999999999:root"] }), json!("kms:*"));
    let whole = allow(json!({ "AWS": "arn:aws:iam::999999999999:root" }), json!("kms:*"));
    assert_eq!(
        against(json!([of_both]), json!([most, whole])),
        (vec!["policy-stronger low".to_owned()], None)
    );

    // Whom the spec does not let in either is not asked for.
    let admin = allow(json!({ "AWS": ROOT }), json!(["kms:PutKeyPolicy", "kms:GetKeyPolicy"]));
    let some =
        allow(json!({ "AWS": ROLE }), json!(["kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKey"]));
    let role = allow(json!({ "AWS": ROLE }), json!("kms:*"));
    let (told, put) = against(json!([admin, role]), json!([admin, some]));
    assert_eq!((told, put), (vec!["policy-stronger low".to_owned()], None));

    // Somebody else goes, and what is narrower stays.
    let (told, put) = against(spec.clone(), json!([most, partner, mallory, denied]));
    assert_eq!(
        (told, put),
        (vec!["key-policy-differs high".to_owned()], Some(json!([most, partner, denied])))
    );

    // Who is gone comes back, and who is shut out.
    for lacking in [
        json!([most]),
        json!([allow(json!({ "AWS": ROOT }), json!(["kms:De*", "kms:G*", "kms:L*"])), partner]),
        json!([
            on_condition(
                everything.clone(),
                json!({ "StringEquals": { "kms:CallerAccount": "999999999999" } })
            ),
            partner
        ]),
    ] {
        assert_eq!(against(spec.clone(), lacking.clone()).1, Some(spec.clone()), "{lacking}");
    }
}
