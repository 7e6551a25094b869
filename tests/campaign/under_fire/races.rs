//! Somebody else is at work at the same time: another function, Terraform in the middle of an apply, an attacker.

use std::time::Duration;

use drift_tests::campaign::{Case, Meddling};
use sandbox_reference::DRIFTS;

use super::stand::{Stand, outcomes};

#[tokio::test(start_paused = true)]
async fn two_functions_at_once_repair_everything_once() {
    for drift in [
        "vault-policy-deleted",
        "vault-lock-deleted",
        "plan-deleted",
        "selection-emptied",
        "key-pending-deletion",
        "alias-deleted",
        "role-deleted",
        "vault-deleted",
    ] {
        for later in [40, 11_100] {
            let case = Case { drifts: vec![drift], latency: Duration::from_millis(40), ..Case::quiet() };
            let stand = Stand::on(case).await;
            let (first, other) = stand.invoke_twice(later).await;
            let last = stand.settles().await;
            assert_eq!(
                last["verdict"],
                "in_sync",
                "{drift} {later} {:#?}\n{first}\n{other}",
                outcomes(&last)
            );
        }
    }
}

/// What is done just before which call, and what the run that met it and the ones after it come to.
#[tokio::test(start_paused = true)]
async fn what_somebody_does_between_a_look_and_a_call_is_met_by_the_next_look() {
    for (drift, before, meddled) in [
        ("rule-retention-cut", "UpdateBackupPlan", "plan-deleted"),
        ("rule-retention-cut", "UpdateBackupPlan", "copy-dropped"),
        ("selection-emptied", "CreateBackupSelection", "plan-deleted"),
        ("selection-emptied", "CreateBackupSelection", "selection-deleted"),
        ("selection-emptied", "DeleteBackupSelection", "selection-emptied"),
        ("selection-emptied", "DeleteBackupSelection", "plan-deleted"),
        ("vault-policy-deleted", "PutBackupVaultAccessPolicy", "vault-deleted"),
        ("vault-policy-deleted", "PutBackupVaultAccessPolicy", "vault-policy-weakened"),
        ("vault-lock-deleted", "PutBackupVaultLockConfiguration", "vault-lock-governance"),
        ("key-disabled", "EnableKey", "key-pending-deletion"),
        ("key-pending-deletion", "EnableKey", "key-pending-deletion"),
        ("alias-deleted", "CreateAlias", "alias-repointed"),
        ("plan-deleted", "CreateBackupSelection", "role-deleted"),
        ("role-deleted", "AttachRolePolicy", "role-deleted"),
        ("vault-deleted", "CreateBackupVault", "key-disabled"),
    ] {
        assert!(DRIFTS.iter().any(|known| known.name == meddled), "{meddled}");
        let meddling = vec![Meddling { before, nth: 1, drift: meddled }];
        let stand = Stand::on(Case { drifts: vec![drift], meddling, ..Case::quiet() }).await;
        let first = stand.invoke().await;
        let last = stand.settles().await;
        assert_eq!(last["verdict"], "in_sync", "{meddled} before {before} {:#?}\n{first}", outcomes(&last));
    }
}

/// Terraform replaces a selection by deleting it and making it anew, and a plan's rules by one update.
#[tokio::test(start_paused = true)]
async fn an_apply_of_terraform_in_the_middle_of_a_run_is_not_doubled() {
    for nth in [2] {
        for before in ["ListBackupPlans", "ListBackupSelections", "GetBackupSelection", "GetBackupPlan"] {
            let meddling = vec![
                Meddling { before, nth, drift: "selection-deleted" },
                Meddling { before: "CreateBackupSelection", nth: 1, drift: "selection-excludes-more" },
            ];
            let stand = Stand::on(Case { drifts: vec!["rule-added"], meddling, ..Case::quiet() }).await;
            let first = stand.invoke().await;
            let last = stand.settles().await;
            assert_eq!(last["verdict"], "in_sync", "{before} {nth} {:#?}\n{first}", outcomes(&last));
        }
    }
}
