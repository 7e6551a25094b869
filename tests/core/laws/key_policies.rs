//! Whom a key's policy shuts out, where the spec has none: by what AWS's guide asks a policy for, and by what attackers write.

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
    let elsewhere = on_condition(deny(json!({ "AWS": ROLE }), json!("kms:Decrypt")), in_backup);
    assert_eq!(shut_out(json!([everything, elsewhere])), []);
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
fn who_is_kept_to_the_account_is_not_let_in_from_outside() {
    let everything = allow(json!({ "AWS": ROOT }), json!("kms:*"));
    let kept = json!({ "StringEquals": { "kms:CallerAccount": "123456789012" } });
    for (added, is_told) in [
        (on_condition(allow(json!("*"), json!("kms:Decrypt")), kept), false),
        (allow(json!("*"), json!("kms:Decrypt")), true),
        (allow(json!({ "Service": "logs.amazonaws.com" }), json!("kms:Decrypt")), false),
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
