//! What a run says beside its findings: what a call took away, what AWS says that this program does not know, and who else has the name.

use reconcile::call::Call;
use reconcile::repair::Review;

use super::liveness::each_plan;
use super::memory::{apply, drifted, outcomes};
use super::*;

fn notes(report: &Report) -> Vec<String> {
    report.notes.iter().map(ToString::to_string).collect()
}

/// The notes with these words.
fn with_words(report: &Report, words: &str) -> Vec<String> {
    notes(report).into_iter().filter(|note| note.contains(words)).collect()
}

#[test]
fn what_goes_with_a_selection_that_is_deleted_is_told_because_aws_does_not_keep_it() {
    let desired = desired();
    let words = "AWS does not keep it: Novelty.";
    for (code, is_deleted) in
        [("selection/resources-differ (resources)", true), ("vault/tags-differ (tags)", false)]
    {
        let mut observed = drifted(&desired, code);
        each_plan(&mut observed, |_, plan| {
            for selection in plan.selections.present_mut().unwrap() {
                selection.unknown_members = ["Novelty".to_owned()].into();
            }
        });
        let (report, _) = heal(&desired, observed);
        assert_eq!(report.verdict(), Verdict::Healed);
        assert_eq!(with_words(&report, words).len(), usize::from(is_deleted), "{:?}", notes(&report));
        // What no call took away is told as well: both selections, or the other one.
        let left = with_words(&report, "does not compare: Novelty.");
        assert_eq!(left.len(), if is_deleted { 1 } else { 2 }, "{:?}", notes(&report));
        assert_eq!(left.iter().any(|note| note.contains("all_except_ec2_and_s3")), !is_deleted, "{left:?}");
    }
    // Without anything unknown nothing is told.
    let (report, _) = heal(&desired, drifted(&desired, "selection/resources-differ (resources)"));
    assert_eq!(with_words(&report, "does not keep it"), Vec::<String>::new());
    assert_eq!(with_words(&report, "does not compare"), Vec::<String>::new());
}

#[test]
fn what_aws_says_of_a_plan_beyond_what_is_known_is_told_unless_an_update_takes_it_away() {
    let desired = desired();
    let cut = "plan/retention-differs (rules.*.delete_after_days)";
    let told = |refusal: Option<&'static str>| {
        let mut observed = drifted(&desired, cut);
        each_plan(&mut observed, |_, plan| {
            plan.unknown_members = ["Novelty".to_owned()].into();
            for selection in plan.selections.present_mut().unwrap() {
                selection.name.push_str("_of_others");
                selection.unknown_members = ["Other".to_owned()].into();
            }
        });
        let account = Changing::new(&desired, observed, |_, _| {})
            .that_refuses(move |call, _| refusal.filter(|_| matches!(call, Call::UpdateBackupPlan { .. })));
        let report = now(run(&account, &desired, &NO_LIMITS));
        assert_eq!(with_words(&report, "Other"), Vec::<String>::new(), "that selection is not the spec's");
        ["takes away what this program does not know", "AWS keeps the version", "does not compare: Novelty"]
            .map(|words| with_words(&report, words).len())
    };
    assert_eq!(told(None), [1, 1, 1], "of the other plan it is only told");
    assert_eq!(told(Some("AccessDeniedException")), [0, 0, 2]);
}

#[test]
fn what_is_lost_because_aws_takes_a_policy_only_without_it_is_told() {
    let desired = desired();
    let code = "vault-policy/weakened";
    let rich = |call: &Call| matches!(call, Call::PutBackupVaultAccessPolicy { policy, .. } if policy.contains("DisassociateRecoveryPoint"));
    let is_put = |call: &Call| matches!(call, Call::PutBackupVaultAccessPolicy { .. });
    let mut observed = drifted(&desired, code);
    let daily = observed.vaults[&place("us-east-1", "vault_prod_daily")].present().unwrap().policy.clone();
    let with_more = daily.present().unwrap().replace("backup:ListTags", "backup:DisassociateRecoveryPoint");
    let daily =
        observed.vaults.get_mut(&place("us-east-1", "vault_prod_daily")).unwrap().present_mut().unwrap();
    daily.policy = Observation::Present(with_more);
    // Of another vault nothing was lost, and it is put at once.
    let monthly =
        observed.vaults.get_mut(&place("us-east-1", "vault_prod_monthly")).unwrap().present_mut().unwrap();
    monthly.policy = Observation::Absent;
    let words = "AWS refused the spec's policy with the denials that were found added";
    let account = Changing::new(&desired, observed.clone(), |_, _| {})
        .that_refuses(move |call, _| rich(call).then_some("MalformedPolicyDocument"));
    let report = now(run(&account, &desired, &NO_LIMITS));
    assert_eq!(report.verdict(), Verdict::Healed, "{report:#?}");
    assert_eq!(report.calls.iter().filter(|made| is_put(&made.call)).count(), 3);
    let told = with_words(&report, words);
    assert!(
        matches!(&told[..], [one] if one.contains("vault_prod_daily") && one.contains("(MalformedPolicyDocument)")),
        "{told:?}"
    );
    // Nothing is lost where AWS takes all of it, and nothing was put where it takes none.
    for refused in [None, Some("MalformedPolicyDocument")] {
        let account = Changing::new(&desired, observed.clone(), |_, _| {})
            .that_refuses(move |call, _| refused.filter(|_| is_put(call)));
        let report = now(run(&account, &desired, &NO_LIMITS));
        assert_eq!(with_words(&report, words), Vec::<String>::new());
    }
    // Nor is it lost because something else about the same key was refused.
    let acme = specs()[1].clone();
    let mut observed = drifted(&acme, "key/key-policy-differs (policy)");
    apply(&mut observed, &acme, "key/description-differs (description)");
    let account = Changing::new(&acme, observed, |_, _| {}).that_refuses(|call, _| {
        matches!(call, Call::UpdateKeyDescription { .. }).then_some("MalformedPolicyDocument")
    });
    let report = now(run(&account, &acme, &NO_LIMITS));
    assert!(report.calls.iter().any(|made| matches!(made.call, Call::PutKeyPolicy { .. })));
    assert_eq!(with_words(&report, words), Vec::<String>::new());
}

#[test]
fn a_refusal_that_a_later_reason_explains_is_told_by_that_reason() {
    let desired = desired();
    let cut = "plan/retention-differs (rules.*.delete_after_days)";
    let account = Changing::new(&desired, drifted(&desired, cut), |_, _| {}).that_refuses(|_, _| {
        Some("AccessDeniedException: healer is not authorized to perform: iam:PassRole on resource: scanner")
    });
    let report = now(run(&account, &desired, &NO_LIMITS));
    let scanner = Outcome::Blocked(BlockReason::NeedsReview(Review::ScannerRole));
    assert_eq!(outcomes(&report, cut), [scanner]);
    // The policy that would have followed is one call too many.
    let code = "vault-policy/weakened";
    let mut observed = drifted(&desired, code);
    let daily =
        observed.vaults.get_mut(&place("us-east-1", "vault_prod_daily")).unwrap().present_mut().unwrap();
    let policy = daily.policy.present_mut().unwrap();
    *policy = policy.replace("backup:ListTags", "backup:DisassociateRecoveryPoint");
    for (max_calls, expected) in [(1, false), (2, true)] {
        let account = Changing::new(&desired, observed.clone(), |_, _| {})
            .that_refuses(|_, before| before.is_empty().then_some("MalformedPolicyDocument"));
        let report = now(run(&account, &desired, &Limits { max_calls, ..NO_LIMITS }));
        let expected = if expected { Outcome::Repaired } else { Outcome::Blocked(BlockReason::OverLimit) };
        assert_eq!(outcomes(&report, code), [expected]);
    }
}

#[test]
fn a_vault_of_another_account_that_has_the_name_of_ours_is_told() {
    let desired = desired();
    let mut observed = in_sync(&desired);
    let theirs = "arn:aws:backup:us-east-1:999999999999:backup-vault:vault_prod_daily".to_owned();
    let daily =
        observed.vaults.get_mut(&place("us-east-1", "vault_prod_daily")).unwrap().present_mut().unwrap();
    daily.namesakes = [theirs.clone()].into();
    let (report, _) = heal(&desired, observed);
    let told = with_words(&report, "Another account shares a vault");
    assert!(
        matches!(&told[..], [one] if one.contains(&theirs) && one.contains("vault us-east-1/vault_prod_daily")),
        "{told:?}"
    );
}
