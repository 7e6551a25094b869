//! What comes first: a plan waits for the vaults that a run is about to make, and for no others.

use reconcile::call::Call;
use reconcile::resource::ResourceId;

use super::memory::{apply, drifted, outcomes};
use super::*;

const CUT: &str = "plan/retention-differs (rules.*.delete_after_days)";
const TEXT: &str = "key/description-differs (description)";

/// The operations of a run, each with its pass.
fn calls(report: &Report) -> Vec<(usize, &'static str)> {
    report.calls.iter().map(|made| (made.pass, made.call.operation())).collect()
}

fn with(desired: &Desired, codes: &[&str]) -> Observed {
    let mut observed = drifted(desired, codes[0]);
    codes[1..].iter().for_each(|code| apply(&mut observed, desired, code));
    observed
}

#[test]
fn a_plan_is_written_after_the_vaults_that_it_names_are_there() {
    let desired = desired();
    let (report, _) = heal(&desired, with(&desired, &["vault/missing", CUT]));
    let calls_of = |report: &Report, what: &[&str]| {
        calls(report).into_iter().filter(|(_, name)| what.contains(name)).collect::<Vec<_>>()
    };
    let made =
        ["CreateBackupVault", "UpdateBackupPlan", "CreateBackupPlan", "CancelKeyDeletion", "EnableKey"];
    assert_eq!(calls_of(&report, &made), [(1, "CreateBackupVault"), (2, "UpdateBackupPlan")]);
    // Also if the vault itself waits.
    let rescued = ["key/pending-deletion (state)", "vault/missing", CUT];
    let (report, _) = heal(&desired, with(&desired, &rescued));
    assert_eq!(
        calls_of(&report, &made),
        [(1, "CancelKeyDeletion"), (2, "EnableKey"), (3, "CreateBackupVault"), (4, "UpdateBackupPlan")]
    );
    let missing = ["key/disabled (state)", "vault/missing", "plan/missing"];
    let (report, _) = heal(&desired, with(&desired, &missing));
    assert_eq!(
        calls_of(&report, &made),
        [(1, "EnableKey"), (2, "CreateBackupVault"), (4, "CreateBackupPlan")],
        "a plan is made when a second look agrees that it is not there"
    );
}

#[test]
fn a_vault_that_cannot_be_made_does_not_hold_a_plan_up() {
    let desired = desired();
    let account = Changing::new(&desired, with(&desired, &["vault/missing", CUT]), |_, _| {}).that_refuses(
        |call, _| matches!(call, Call::CreateBackupVault { .. }).then_some("AccessDeniedException"),
    );
    let report = now(run(&account, &desired, &NO_LIMITS));
    assert_eq!(calls(&report), [(1, "CreateBackupVault"), (2, "UpdateBackupPlan")]);
    assert_eq!(outcomes(&report, CUT), [Outcome::Repaired]);
    // Nor one that waits for what nobody repairs.
    let (report, _) = heal(&desired, with(&desired, &["key/spec-differs (key_spec)", "vault/missing", CUT]));
    assert_eq!(calls(&report), [(1, "UpdateBackupPlan")]);
}

#[test]
fn a_vault_that_is_there_holds_no_plan_up_whatever_is_wrong_with_it() {
    let desired = desired();
    for code in [
        "vault/tags-differ (tags)",
        "vault/not-available (state)",
        "vault/key-differs (encryption_key)",
        "vault/type-differs (vault_type)",
    ] {
        let (report, _) = heal(&desired, with(&desired, &[code, TEXT, CUT]));
        let update = calls(&report).into_iter().find(|(_, name)| *name == "UpdateBackupPlan");
        assert_eq!(update, Some((1, "UpdateBackupPlan")), "{code}: {:?}", calls(&report));
    }
}

#[test]
fn a_plan_waits_for_no_vault_that_it_does_not_name() {
    let desired = desired();
    let mut observed = in_sync(&desired);
    observed.vaults.insert(place("us-east-1", "vault_prod_hourly"), Observation::Absent);
    for plan in ["prod_backups", "ec2_prod_backups"] {
        let candidates = observed.plans.get_mut(&place("us-east-1", plan)).unwrap().present_mut().unwrap();
        candidates[0].plan.present_mut().unwrap().document.rules[0].start_window_minutes += 1;
    }
    let (report, _) = heal(&desired, observed.clone());
    let updates = report.calls.iter().filter(|made| matches!(made.call, Call::UpdateBackupPlan { .. }));
    let updates: Vec<(usize, &str)> = updates.map(|made| (made.pass, made.resource.name.as_str())).collect();
    assert_eq!(updates, [(1, "ec2_prod_backups"), (2, "prod_backups")]);
    // Nor while such a vault waits for its key.
    apply(&mut observed, &desired, "key/disabled (state)");
    let (report, _) = heal(&desired, observed);
    let updates = report.calls.iter().filter(|made| matches!(made.call, Call::UpdateBackupPlan { .. }));
    let updates: Vec<(usize, &str)> = updates.map(|made| (made.pass, made.resource.name.as_str())).collect();
    assert_eq!(updates, [(1, "ec2_prod_backups"), (3, "prod_backups")]);
}

#[test]
fn backups_are_brought_back_to_a_vault_whatever_else_is_in_doubt() {
    let desired = desired();
    let target = "plan/target-vault-differs (rules.*.vault)";
    let copy = "plan/copy-missing (rules.*.copies.*)";
    for code in [
        "vault/not-available (state)",
        "vault/key-differs (encryption_key)",
        "vault-policy/hidden",
        "vault-lock/kept-changeable (lock_date)",
        "key/unusable (state)",
    ] {
        for moved in [target, copy] {
            let (report, _) = heal(&desired, with(&desired, &[code, moved]));
            assert_eq!(outcomes(&report, moved), [Outcome::Repaired], "{code}, {moved}");
        }
    }
    // What is unread of a vault, or of others, is no doubt about the vault.
    let unread = DRIFTS.iter().filter(|drift| drift.code == "any/unreadable");
    for drift in unread.filter(|drift| !["vault", "plan", "an older plan of the name"].contains(&drift.how)) {
        let mut observed = with(&desired, &[target]);
        (drift.apply)(&mut observed, &desired);
        let (report, _) = heal(&desired, observed);
        assert_eq!(outcomes(&report, target), [Outcome::Repaired], "{}", drift.name());
    }
    let whole = DRIFTS.iter().find(|drift| drift.name() == "any/unreadable vault").unwrap();
    let mut observed = with(&desired, &[target]);
    (whole.apply)(&mut observed, &desired);
    let (report, _) = heal(&desired, observed);
    assert!(
        matches!(&outcomes(&report, target)[..], [Outcome::Blocked(BlockReason::WaitingOn(_))]),
        "{report:#?}"
    );
}

#[test]
fn the_policies_of_a_role_that_is_made_come_after_it() {
    let desired = desired();
    let (report, _) = heal(&desired, with(&desired, &["role/missing"]));
    let made: Vec<(usize, &str)> = calls(&report);
    assert_eq!(made[0], (1, "CreateRole"));
    assert!(made[1..].iter().all(|call| *call == (2, "AttachRolePolicy")) && made.len() > 1, "{made:?}");
    let (report, _) = heal(&desired, with(&desired, &["role/policy-detached (managed_policies.*)"]));
    assert_eq!(calls(&report), [(1, "AttachRolePolicy")]);
}

#[test]
fn an_alias_waits_for_a_key_that_is_dying_and_for_no_other() {
    let desired = desired();
    for (key, expected) in [
        (
            "key/pending-deletion (state)",
            vec![(1, "CancelKeyDeletion"), (2, "EnableKey"), (2, "CreateAlias")],
        ),
        (
            "key/pending-replica-deletion (state)",
            vec![(1, "CancelKeyDeletion"), (2, "EnableKey"), (2, "CreateAlias")],
        ),
        ("key/disabled (state)", vec![(1, "EnableKey"), (1, "CreateAlias")]),
        ("key/description-differs (description)", vec![(1, "UpdateKeyDescription"), (1, "CreateAlias")]),
        ("key/unusable (state)", vec![]),
    ] {
        let (report, _) = heal(&desired, with(&desired, &["alias/missing", key]));
        assert_eq!(calls(&report), expected, "{key}");
    }
}

#[test]
fn a_key_that_is_not_trusted_is_replaced_with_the_consent_to_fill_the_region() {
    let desired = desired();
    let observed = with(&desired, &["alias/untrusted (target)"]);
    let (report, _) = heal(&desired, observed.clone());
    assert_eq!(outcomes(&report, "alias/untrusted (target)"), [Outcome::Blocked(BlockReason::Ambiguous)]);
    let limits = Limits { bootstrap: true, ..NO_LIMITS };
    let none = Limits { max_calls: 0, ..limits.clone() };
    let report = now(run(&Preview::new(&desired, observed.clone()), &desired, &none));
    let key = ResourceId::regional(Kind::Key, "us-east-1", "alias/aws_backup_key");
    let waits = Outcome::Blocked(BlockReason::WaitingOn(key));
    assert_eq!(outcomes(&report, "alias/untrusted (target)"), [waits]);
    let report = now(run(&Preview::new(&desired, observed), &desired, &limits));
    assert_eq!(outcomes(&report, "alias/untrusted (target)"), [Outcome::Repaired]);
    assert!(calls(&report).iter().any(|(_, name)| *name == "CreateKey"), "{:?}", calls(&report));
    assert!(calls(&report).iter().any(|(_, name)| *name == "UpdateAlias"), "{:?}", calls(&report));
}

#[test]
fn no_key_is_made_where_one_is_only_gone() {
    let desired = desired();
    let alias = place("us-east-1", "alias/aws_backup_key");
    let mut lost = in_sync(&desired);
    lost.aliases.remove(&alias);
    lost.keys.retain(|arn, _| !arn.contains(":us-east-1:"));
    let mut ours = lost.clone();
    for vault in lost.vaults.values_mut().filter_map(Observation::present_mut) {
        vault.key_arn = vault.key_arn.replace("123456789012", "999999999999");
    }
    ours.vaults.retain(|(region, _), _| region != "us-east-1");
    let arn = "arn:aws:kms:us-east-1:123456789012:key/gone";
    ours.aliases.insert(alias, Observation::Present(arn.to_owned()));
    ours.keys.insert(arn.to_owned(), Observation::Absent);
    ours.made_by_us.insert(arn.to_owned(), Observation::Present(true));
    for observed in [lost, ours] {
        for bootstrap in [false, true] {
            let limits = Limits { bootstrap, ..NO_LIMITS };
            let report = now(run(&Preview::new(&desired, observed.clone()), &desired, &limits));
            let here = |one: &&Reported| {
                one.finding.drift.code().id() == "key/missing"
                    && one.finding.resource.region.as_deref() == Some("us-east-1")
            };
            let outcomes: Vec<&Outcome> =
                report.findings.iter().filter(here).map(|one| &one.outcome).collect();
            assert_eq!(outcomes, [&Outcome::Blocked(BlockReason::Immutable)]);
            assert!(!calls(&report).iter().any(|(_, name)| *name == "CreateKey"), "{:?}", calls(&report));
        }
    }
}

#[test]
fn a_trust_that_iam_refuses_with_what_was_found_is_put_as_the_spec_has_it() {
    let desired = desired();
    let mut observed = in_sync(&desired);
    let role = observed.roles.values_mut().find_map(Observation::present_mut).unwrap();
    role.trust = serde_json::json!({ "Version": "2012-10-17", "Statement": {
        "Effect": "Allow",
        "Principal": { "Service": ["backup.amazonaws.com", "ec2.amazonaws.com"] },
        "Action": "sts:AssumeRole",
        "Condition": { "StringEquals": { "aws:SourceAccount": "123456789012" } },
    }})
    .to_string();
    let is_narrow = |call: &Call| matches!(call, Call::UpdateAssumeRolePolicy { trust, .. } if trust.contains("SourceAccount"));
    for refused in [false, true] {
        let account = Changing::new(&desired, observed.clone(), |_, _| {})
            .that_refuses(move |call, _| (refused && is_narrow(call)).then_some("MalformedPolicyDocument"));
        let report = now(run(&account, &desired, &NO_LIMITS));
        let puts: Vec<bool> = report.calls.iter().map(|made| is_narrow(&made.call)).collect();
        assert_eq!(puts, if refused { vec![true, false] } else { vec![true] });
        assert_eq!(report.verdict() == Verdict::Healed, refused, "what is narrower stays, and is told");
    }
}

#[test]
fn of_selections_of_one_name_the_right_one_stays() {
    let desired = desired();
    for (right, wrong) in [(1, 0), (1, 1), (2, 0), (2, 1), (0, 2), (0, 1), (3, 2)] {
        let mut observed = in_sync(&desired);
        let candidates =
            observed.plans.get_mut(&place("us-east-1", "prod_backups")).unwrap().present_mut().unwrap();
        let all = candidates[0].plan.present_mut().unwrap().selections.present_mut().unwrap();
        let like = all.remove(0);
        for index in 0..right + wrong {
            let mut one = like.clone();
            one.id = index.to_string();
            if index >= right {
                one.document.present_mut().unwrap().resources = ["arn:aws:ec2:*".to_owned()].into();
            }
            all.push(one);
        }
        let (report, healed) = heal(&desired, observed);
        let made =
            report.calls.iter().filter(|made| made.call.operation() == "CreateBackupSelection").count();
        let deleted =
            report.calls.iter().filter(|made| made.call.operation() == "DeleteBackupSelection").count();
        assert_eq!(
            (made, deleted),
            (usize::from(right == 0), (right + wrong).max(1) - usize::from(right > 0))
        );
        assert_eq!(diff(&desired, &healed), [], "{right} {wrong}");
    }
}
