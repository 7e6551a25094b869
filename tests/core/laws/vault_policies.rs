//! What is told of a vault's policy and what is put: a denial that somebody added stays, unless jobs or repairs suffer by it; and a policy
//! that could shut the function out goes on one vault first.

use reconcile::call::Call;
use reconcile::lockout::{denied_action, depends_on_role};

use reconcile::repair::Review;
use reconcile::resource::ResourceId;
use reconcile::state::Notifications;
use serde_json::{Value, json};

use super::memory::outcomes;
use super::*;

const DAILY: &str = "vault_prod_daily";
const ROLE: &str = "arn:aws:iam::123456789012:role/aws_backup_role";
const HEALER: &str = "arn:aws:iam::123456789012:role/ops/drift-healer";
const SOMEBODY: &str = "arn:aws:iam::123456789012:user/somebody";
const PARTNER: &str = "999999999999";

fn deny(who: Value, action: &str) -> Value {
    json!({ "Effect": "Deny", "Principal": who, "Action": [action], "Resource": "*" })
}

fn allow(who: &str, action: &str) -> Value {
    json!({ "Effect": "Allow", "Principal": { "AWS": who }, "Action": [action], "Resource": "*" })
}

fn no_deletes() -> Value {
    let actions =
        ["backup:DeleteBackupVault", "backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"];
    json!({ "Effect": "Deny", "Principal": "*", "Action": actions, "Resource": "*" })
}

fn policy(statements: &[Value]) -> String {
    json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
}

/// What is told of the daily vault's policy, and which statements are put.
fn judge(desired: &Desired, found: String) -> (String, Option<Vec<Value>>) {
    let mut observed = in_sync(desired);
    let daily =
        observed.vaults.get_mut(&place("us-east-1", DAILY)).and_then(Observation::present_mut).unwrap();
    daily.policy = Observation::Present(found);
    let findings = diff(desired, &observed);
    let told: Vec<String> = findings
        .iter()
        .map(|one| format!("{} {}", one.drift.code().code, one.drift.severity().as_str()))
        .collect();
    let repairs = plan_repairs(desired, &observed, &findings, &[], &NO_LIMITS);
    let put = repairs.steps.iter().find_map(|step| {
        let Call::PutBackupVaultAccessPolicy { policy, .. } = &step.call else { return None };
        let policy: Value = serde_json::from_str(policy).unwrap();
        Some(policy["Statement"].as_array().unwrap().clone())
    });
    (told.join(", "), put)
}

/// The reference, of which the daily vault alone has a policy.
fn with_policy(statements: &[Value]) -> Desired {
    let mut desired = Desired { healer_role: Some(HEALER.to_owned()), ..desired() };
    for vault in &mut desired.vaults {
        vault.policy = (vault.name == DAILY).then(|| policy(statements));
    }
    desired
}

fn aws(who: &str) -> Value {
    json!({ "AWS": who })
}

#[test]
fn a_denial_that_was_added_stays_unless_those_who_need_the_vault_suffer_by_it() {
    let base = no_deletes();
    let desired = with_policy(std::slice::from_ref(&base));
    let mut perhaps = deny(json!("*"), "backup:TagResource");
    perhaps["Condition"] = json!({ "StringNotLike": { "aws:userId": "AROAEXAMPLE:*" } });
    let whole = Some(vec![base.clone()]);
    for (added, told, put) in [
        (deny(aws(ROLE), "backup:StartBackupJob"), "blocks-backups critical", whole.clone()),
        (deny(aws(SOMEBODY), "backup:StartBackupJob"), "stronger low", None),
        (
            deny(json!({ "Service": "backup.amazonaws.com" }), "backup:StartCopyJob"),
            "blocks-backups critical",
            whole.clone(),
        ),
        (deny(json!({ "Service": "ec2.amazonaws.com" }), "backup:StartCopyJob"), "stronger low", None),
        // What it means is not documented.
        (deny(json!({ "Service": "*" }), "backup:StartCopyJob"), "blocks-backups high", None),
        (deny(aws(HEALER), "backup:TagResource"), "blocks-repairs high", whole.clone()),
        (deny(json!("*"), "backup:ListTags"), "blocks-repairs high", whole.clone()),
        (deny(aws(SOMEBODY), "backup:TagResource"), "stronger low", None),
        (perhaps, "blocks-repairs high", None),
        (deny(json!("*"), "backup:PutBackupVaultNotifications"), "stronger low", None),
        (deny(json!("*"), "backup:DeleteBackupVaultAccessPolicy"), "stronger low", None),
        (allow(PARTNER, "backup:CopyIntoBackupVault"), "lets-in high", whole.clone()),
        (allow("123456789012", "backup:ListTags"), "differs medium", whole.clone()),
    ] {
        assert_eq!(
            judge(&desired, policy(&[base.clone(), added.clone()])),
            (told.to_owned(), put),
            "{added}"
        );
    }
    // Where the spec says who is notified, the function needs that as well.
    let mut notified = desired.clone();
    for vault in &mut notified.vaults {
        vault.notifications = Some(Notifications {
            topic: "arn:aws:sns:us-east-1:123456789012:t".to_owned(),
            events: ["BACKUP_JOB_FAILED".to_owned()].into(),
        });
    }
    let quiet = policy(&[base, deny(json!("*"), "backup:PutBackupVaultNotifications")]);
    assert_eq!(judge(&notified, quiet).0, "blocks-repairs high");
}

#[test]
fn a_put_for_another_reason_takes_the_added_denials_along_but_for_what_does_harm() {
    let base = no_deletes();
    let desired = with_policy(std::slice::from_ref(&base));
    let harmless = deny(aws(SOMEBODY), "backup:StartBackupJob");
    let mixed = json!({ "Effect": "Deny", "Principal": "*", "Action": ["backup:StartRestoreJob", "backup:DeleteBackupVaultAccessPolicy"], "Resource": "*" });
    let left = deny(json!("*"), "backup:DeleteBackupVaultAccessPolicy");
    let outsider = allow(PARTNER, "backup:CopyIntoBackupVault");
    let (told, put) = judge(&desired, policy(&[base.clone(), harmless.clone(), outsider]));
    assert_eq!((told.as_str(), put), ("lets-in high", Some(vec![base.clone(), harmless.clone()])));
    let (told, put) = judge(&desired, policy(std::slice::from_ref(&harmless)));
    assert_eq!((told.as_str(), put), ("weakened critical", Some(vec![base.clone(), harmless])));
    let (told, put) = judge(&desired, policy(&[base.clone(), mixed]));
    assert_eq!((told.as_str(), put), ("blocks-backups critical", Some(vec![base.clone(), left])));
    // What denies repairs, and not for sure, is put with nothing either.
    let mut perhaps = deny(json!("*"), "backup:TagResource");
    perhaps["Condition"] = json!({ "StringNotLike": { "aws:userId": "AROAEXAMPLE:*" } });
    let (told, put) =
        judge(&desired, policy(&[base.clone(), perhaps, allow("123456789012", "backup:ListTags")]));
    assert_eq!((told.as_str(), put), ("blocks-repairs high", None));
    let (told, put) = judge(&desired, "{}".to_owned());
    assert_eq!((told.as_str(), put), ("weakened critical", Some(vec![base])));
}

#[test]
fn whom_the_spec_lets_in_needs_the_vault_too() {
    let partner = allow(PARTNER, "backup:CopyIntoBackupVault");
    let desired = with_policy(&[no_deletes(), partner.clone()]);
    let with = |added: Value| judge(&desired, policy(&[no_deletes(), partner.clone(), added])).0;
    assert_eq!(with(deny(aws(PARTNER), "backup:CopyIntoBackupVault")), "blocks-backups critical");
    assert_eq!(with(deny(aws(PARTNER), "backup:StartCopyJob")), "stronger low");
    assert_eq!(with(deny(aws(PARTNER), "backup:DeleteBackupVaultAccessPolicy")), "stronger low");
    let mut elsewhere = deny(aws(PARTNER), "backup:CopyIntoBackupVault");
    elsewhere["Resource"] = json!("arn:aws:backup:us-east-1:123456789012:backup-vault:other");
    assert_eq!(with(elsewhere), "differs medium", "of another vault: nothing is denied here");
}

#[test]
fn what_the_spec_denies_to_those_who_need_the_vault_is_not_held_against_the_account() {
    let own = deny(aws(ROLE), "backup:StartRestoreJob");
    let also = deny(aws(SOMEBODY), "backup:StartBackupJob");
    let desired = with_policy(&[no_deletes(), own.clone()]);
    assert_eq!(
        judge(&desired, policy(&[no_deletes(), own.clone(), also.clone()])),
        ("stronger low".to_owned(), None)
    );
    let (told, put) = judge(&desired, policy(&[own.clone(), also.clone()]));
    assert_eq!((told.as_str(), put), ("weakened critical", Some(vec![no_deletes(), own, also])));
}

#[test]
fn it_is_stronger_only_if_nothing_else_differs() {
    let partner = allow(PARTNER, "backup:CopyIntoBackupVault");
    let desired = with_policy(&[no_deletes(), partner.clone()]);
    let also = deny(aws(SOMEBODY), "backup:StartBackupJob");
    let told = |found: String| judge(&desired, found).0;
    assert_eq!(told(policy(&[no_deletes(), partner.clone(), also.clone()])), "stronger low");
    assert_eq!(told(policy(&[no_deletes(), also.clone()])), "differs high", "somebody is let in no more");
    let ours = allow("123456789012", "backup:ListTags");
    assert_eq!(told(policy(&[no_deletes(), partner.clone(), also.clone(), ours.clone()])), "differs medium");
    assert_eq!(told(policy(&[no_deletes(), partner.clone(), ours])), "differs medium");
    let old = json!({ "Statement": [no_deletes(), partner.clone(), also] });
    assert_eq!(told(old.to_string()), "differs medium");
    let labelled = json!({ "Version": "2012-10-17", "Id": "another", "Statement": [no_deletes(), partner] });
    assert_eq!(told(labelled.to_string()), "differs low");
}

/// A spec whose policy denies everybody but the function what the function needs.
fn that_could_shut_out() -> Desired {
    let mut own = deny(json!("*"), "backup:PutBackupVaultAccessPolicy");
    own["Condition"] = json!({ "ArnNotEquals": { "aws:PrincipalArn": HEALER } });
    let mut desired = Desired { healer_role: Some(HEALER.to_owned()), ..desired() };
    desired.vaults.iter_mut().for_each(|vault| vault.policy = Some(policy(&[no_deletes(), own.clone()])));
    desired
}

fn without_policies(desired: &Desired) -> Observed {
    let mut observed = in_sync(desired);
    for vault in observed.vaults.values_mut().filter_map(Observation::present_mut) {
        vault.policy = Observation::Absent;
    }
    observed
}

/// The passes in which policies were put.
fn passes(report: &Report) -> Vec<usize> {
    let puts =
        report.calls.iter().filter(|made| matches!(made.call, Call::PutBackupVaultAccessPolicy { .. }));
    puts.map(|made| made.pass).collect()
}

#[test]
fn a_policy_that_could_shut_the_function_out_goes_on_one_vault_first() {
    for (desired, expected) in [(that_could_shut_out(), [1, 2, 2, 2]), (desired(), [1, 1, 1, 1])] {
        let (report, _) = heal(&desired, without_policies(&desired));
        assert_eq!((report.verdict(), &passes(&report)[..]), (Verdict::Healed, &expected[..]));
    }
    // Where it is on one already it can go on the others at once.
    let desired = that_could_shut_out();
    let mut observed = without_policies(&desired);
    let one = in_sync(&desired).vaults[&place("us-east-1", DAILY)].clone();
    observed.vaults.insert(place("us-east-1", DAILY), one);
    let (report, _) = heal(&desired, observed);
    assert_eq!(passes(&report), [1, 1, 1]);
    // Where it is on one that was weakened that one comes first.
    let mut observed = without_policies(&desired);
    let daily = observed.vaults.get_mut(&place("us-east-1", DAILY)).unwrap().present_mut().unwrap();
    daily.policy = Observation::Present(policy(&[deny(json!("*"), "backup:DeleteBackupVault")]));
    let (report, _) = heal(&desired, observed);
    assert_eq!(passes(&report), [1, 2, 2, 2]);
    // Until it is read back the others wait.
    let account = Changing::new(&desired, without_policies(&desired), |_, _| {}).where_only(|_| false);
    let report = now(run(&account, &desired, &NO_LIMITS));
    assert_eq!(passes(&report), [1]);
    let waits = outcomes(&report, "vault-policy/missing");
    let first = ResourceId::regional(Kind::VaultPolicy, "us-east-1", DAILY);
    let waiting = waits.iter().filter(|one| **one == Outcome::Blocked(BlockReason::WaitingOn(first.clone())));
    assert_eq!(waiting.count(), 3, "{waits:#?}");
    // Other policies are no example of it.
    let mut mixed = that_could_shut_out();
    mixed
        .vaults
        .iter_mut()
        .filter(|vault| vault.name == DAILY)
        .for_each(|vault| vault.policy = Some(policy(&[no_deletes()])));
    let (report, _) = heal(&mixed, without_policies(&mixed));
    assert_eq!(passes(&report), [1, 1, 2, 2]);
}

#[test]
fn a_policy_that_is_not_sure_to_spare_the_function_is_never_put() {
    let desired = that_could_shut_out();
    for (healer, is_put) in
        [(Some(HEALER), true), (Some("arn:aws:iam::123456789012:role/drift-healer"), false), (None, false)]
    {
        let desired = Desired { healer_role: healer.map(str::to_owned), ..desired.clone() };
        let (report, _) = heal(&desired, without_policies(&desired));
        assert_eq!(!passes(&report).is_empty(), is_put, "{healer:?}");
        if !is_put {
            let reason = Outcome::Blocked(BlockReason::NeedsReview(Review::ShutsOutTheHealer));
            assert!(
                outcomes(&report, "vault-policy/missing").iter().all(|one| *one == reason),
                "{report:#?}"
            );
        }
    }
}

#[test]
fn it_matters_who_the_function_is_where_the_spec_denies_what_the_function_needs_to_all_but_one() {
    let needed = "backup:PutBackupVaultAccessPolicy";
    let desired = that_could_shut_out();
    let denied = |desired: &Desired| denied_action(desired, &desired.vaults[0]);
    assert_eq!((denied(&desired), depends_on_role(&desired)), (None, false));
    let unknown = Desired { healer_role: None, ..desired };
    assert_eq!((denied(&unknown), depends_on_role(&unknown)), (Some(needed), true));
    let plain = Desired { healer_role: None, ..super::desired() };
    assert_eq!((denied(&plain), depends_on_role(&plain)), (None, false));
}
