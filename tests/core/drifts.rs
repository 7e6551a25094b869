//! How bad a difference is, and in which words, where one code has several answers.

use std::collections::BTreeSet;

use reconcile::call::CallError;
use reconcile::drift::{
    AliasDrift, Drift, Finding, Part, RuleDrift, SelectionDrift, Severity, VaultPolicyDrift, unreadable,
};
use reconcile::read::{Read, Refusal};
use reconcile::repair::BlockReason;
use reconcile::report::{Outcome, Reported};
use reconcile::resource::{Kind, ResourceId};
use time::OffsetDateTime;

fn one(drift: impl Into<Drift>, outcome: Outcome) -> Reported {
    let resource = ResourceId::regional(Kind::Vault, "us-east-1", "vault");
    Reported {
        finding: Finding { resource, drift: drift.into() },
        outcome,
        calls: Vec::new(),
        immutable_at: None,
        seen_at: OffsetDateTime::UNIX_EPOCH,
        repaired_at: None,
    }
}

/// How bad it is, what it means, and whether a person should look after the repair.
fn told(drift: impl Into<Drift> + Clone) -> (Severity, String, bool) {
    let open = one(drift.clone(), Outcome::Blocked(BlockReason::OverLimit));
    let look = one(drift, Outcome::Repaired).look().is_some();
    (open.finding.drift.severity(), open.impact().to_string(), look)
}

fn set(all: &[&str]) -> BTreeSet<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

#[test]
fn a_selection_of_less_is_worse_than_one_of_more() {
    let of = |expected: &[&str], observed: &[&str]| {
        told(SelectionDrift::ResourcesDiffer {
            selection_id: "1".to_owned(),
            expected: set(expected),
            observed: set(observed),
            superseded: false,
        })
    };
    let (nothing, a_part, more) = (
        "Nothing that the spec selects is backed up by it.".to_owned(),
        "A part of what the spec selects is not backed up.".to_owned(),
        "More is backed up than designed.".to_owned(),
    );
    assert_eq!(of(&["a", "b"], &["c"]), (Severity::Critical, nothing.clone(), true));
    assert_eq!(of(&["a", "b"], &[]), (Severity::Critical, nothing, true));
    assert_eq!(of(&["a", "b"], &["a", "c"]), (Severity::High, a_part, true));
    assert_eq!(of(&["a"], &["a", "c"]), (Severity::Medium, more.clone(), false));
    assert_eq!(of(&[], &["c"]), (Severity::Medium, more.clone(), false));
    let without = |expected: &[&str], observed: &[&str]| {
        told(SelectionDrift::NotResourcesDiffer {
            selection_id: "1".to_owned(),
            expected: set(expected),
            observed: set(observed),
            superseded: false,
        })
    };
    let left_out = "The resources that it leaves out in addition are not backed up.".to_owned();
    let (s3, rds) = ("arn:aws:s3:*", "arn:aws:rds:*");
    assert_eq!(without(&[s3], &[s3, rds]), (Severity::High, left_out.clone(), true));
    for everything in ["*", "arn:aws:*", "arn:aws:*:us-east-1:*", "arn:aws:?3:*", "anything"] {
        assert_eq!(
            without(&[s3], &[s3, everything]),
            (Severity::Critical, left_out.clone(), true),
            "{everything}"
        );
    }
    // It was left out by the spec as well.
    assert_eq!(without(&["*", s3], &["*", rds]), (Severity::High, left_out, true));
    assert_eq!(without(&[s3, rds], &[s3]), (Severity::Medium, more, false));
}

#[test]
fn what_a_lost_denial_lets_somebody_do_is_told() {
    let of = |lost: &[&str]| {
        told(VaultPolicyDrift::Weakened {
            no_longer_denied: set(lost),
            expected: String::new(),
            observed: String::new(),
        })
        .1
    };
    for (lost, deeds) in [
        (&["backup:DeleteRecoveryPoint"][..], "delete recovery points"),
        (&["backup:deleterecoverypoint"], "delete recovery points"),
        (&["backup:UpdateRecoveryPointLifecycle"], "shorten the retention of recovery points"),
        (&["backup:DeleteBackupVault"], "delete the empty vault"),
        (&["backup:StartRestoreJob"], "restore recovery points"),
        (&["backup:DisassociateRecoveryPoint"], "do to recovery points what the policy denied"),
        (&["backup:PutBackupVaultAccessPolicy"], "do to the vault what the policy denied"),
        (&["s3:GetObject"], "do what the policy denied"),
        (
            &[
                "backup:DeleteBackupVault",
                "backup:DeleteRecoveryPoint",
                "backup:UpdateRecoveryPointLifecycle",
            ],
            "delete the empty vault, delete recovery points and shorten the retention of recovery points",
        ),
        (
            &["backup:DeleteBackupVaultAccessPolicy", "backup:PutBackupVaultAccessPolicy"],
            "do to the vault what the policy denied",
        ),
    ] {
        let told = of(lost);
        assert!(told.starts_with(&format!("Somebody with the permission could {deeds} in vault")), "{told}");
    }
}

#[test]
fn what_could_not_be_read_of_a_vault_is_told_by_its_part() {
    let told = |part: Part, code: &str| {
        let resource = ResourceId::regional(Kind::Vault, "us-east-1", "vault");
        let error = CallError { code: code.to_owned(), message: "no".to_owned() };
        let drift = unreadable(&resource, part, &Refusal::of(Read::DescribeKey, error));
        one(drift, Outcome::Blocked(BlockReason::Unreadable))
    };
    let denied = "AccessDeniedException";
    assert_eq!(
        told(Part::Key, denied).impact().to_string(),
        "We do not know who holds the key of the vault, and whether backups can still be restored."
    );
    assert_eq!(
        told(Part::Whole, denied).impact().to_string(),
        "We do not know whether the vault is still there, and as designed."
    );
    assert_eq!(told(Part::Tags, denied).finding.drift.severity(), Severity::Low);
    assert_eq!(told(Part::Key, denied).finding.drift.severity(), Severity::High);
    let next = |code: &str| told(Part::Whole, code).next_step().unwrap().to_string();
    assert!(
        next(denied).ends_with("Check the function's rights and service control policies."),
        "{}",
        next(denied)
    );
    let passes = next("ServiceUnavailableException");
    assert!(passes.ends_with("The next run looks again; if that fails too, read AWS's words."), "{passes}");
}

#[test]
fn a_policy_that_only_lets_somebody_in_is_told_by_whom_it_lets_in_no_more() {
    let policy = |effect: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"{effect}","Principal":"*","Action":"backup:CopyIntoBackupVault","Resource":"*"}}]}}"#
        )
    };
    let told = |effect: &str| told(VaultPolicyDrift::Missing { expected: policy(effect) });
    let (severity, impact, _) = told("Allow");
    assert_eq!(severity, Severity::High);
    assert!(impact.contains("calls of those who rely on it for backup:CopyIntoBackupVault fail"), "{impact}");
    assert_eq!(told("Deny").0, Severity::Critical);
}

#[test]
fn an_alias_that_may_mean_either_key_is_left_to_people_with_both() {
    let both = vec!["arn:one".to_owned(), "arn:other".to_owned()];
    for drift in [
        AliasDrift::Missing { key_arn: None, candidates: both.clone() },
        AliasDrift::TargetDiffers { expected: None, observed: "arn:third".to_owned(), candidates: both },
    ] {
        let open = one(drift, Outcome::Blocked(BlockReason::Ambiguous));
        assert_eq!(
            open.next_step().unwrap().to_string(),
            "More than one key may be meant (arn:one, arn:other). Point the alias to the right one by hand."
        );
        assert!(open.command("us-east-1").unwrap().to_string().ends_with("--key-id arn:one"));
    }
}

#[test]
fn a_schedule_stands_as_it_is_if_it_looks_like_one_and_is_no_link() {
    let summary = |observed: &str| {
        let drift = RuleDrift::ScheduleDiffers {
            rule: "daily".to_owned(),
            expected: "cron(20 7 ? * MON-FRI *)".to_owned(),
            observed: observed.to_owned(),
            rests: false,
        };
        one(drift, Outcome::Blocked(BlockReason::OverLimit)).summary().to_string()
    };
    for plain in ["cron(20 7 ? * 6#2 *)", "cron(0/15 * L * ? 2030-2040)", "rate(1 day)"] {
        assert!(summary(plain).contains(plain), "{}", summary(plain));
    }
    for link in ["cron(https://evil.example)", "cron(20 7 * * ? www.evil.example)", "https://evil.example"] {
        assert!(!summary(link).contains(link), "{}", summary(link));
    }
}
